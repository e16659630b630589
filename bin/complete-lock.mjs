// Adds to package-lock.json the optional packages of other platforms that npm left out, as it does when it
// cannot fetch them: `npm ci` refuses a lock file without them. Run after every change of dependencies.
import { readFileSync, writeFileSync } from "node:fs";

const lockFile = new URL("../package-lock.json", import.meta.url);
const platform =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|loong64|ppc64|riscv64|s390x)(?:-(musl|gnu))?/;

/** Is a package installed for another one, beside it or in any folder above? */
function isListed(packages, where, name) {
  const parts = where.split("/node_modules/");
  return parts.some((_, up) => {
    const folder = parts.slice(0, parts.length - up).join("/node_modules/");
    return `${folder}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
  });
}

function entry(name, version, owner) {
  const [, os, cpu, libc] =
    platform.exec(name.replace("armeabi", "arm-eabi").replace("arm-eabi", "arm")) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`${name}: its name does not tell its platform.`);
  return {
    version,
    cpu: [cpu],
    ...(owner.dev ? { dev: true } : {}),
    ...(os === "linux" && libc ? { libc: [libc === "musl" ? "musl" : "glibc"] } : {}),
    optional: true,
    os: [os],
  };
}

const lock = JSON.parse(readFileSync(lockFile, "utf8"));
const added = [];
for (const [where, owner] of Object.entries(lock.packages)) {
  if (where === "") continue;
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    if (isListed(lock.packages, where, name)) continue;
    added.push([`node_modules/${name}`, entry(name, version, owner)]);
  }
}
lock.packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...added].sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages of other platforms were added.\n`);
