// Gets a clean clone ready, then does the job: dependencies, the pinned Node, and for tests the system's packages.
// Plain JavaScript, since it runs on whatever Node the machine has (20 or newer).
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const testPackages = { dovecot: "dovecot-imapd", "redis-server": "redis-server", chromium: "chromium" };

/** Ends with one sentence that says what to do. */
function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Installs from the lock file when node_modules is absent or older than it. */
function installDependencies() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write("Installing the dependencies (once, about a minute) …\n");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0)
    stop("The dependencies could not be installed: mend what npm says above, then run the command again.");
}

/** The Node that the lock file pins, or this one when it is new enough. */
function pinnedNode() {
  const pinned = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return stop(
    `Afterbell needs Node 24 and this is ${process.version}: run "npm rebuild node" here, or install Node 24.`,
  );
}

function onPath(command) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, command)));
}

/** The servers and the browser that the tests talk to; they come from Debian. */
function installTestPackages() {
  const missing = Object.keys(testPackages).filter((command) => !onPath(command));
  if (missing.length === 0) return;
  const names = missing.map((command) => testPackages[command]).join(" ");
  if (process.getuid?.() !== 0 || !onPath("apt-get")) {
    stop(
      `The tests need these Debian packages: ${names}. Install them with "sudo apt-get install ${names}", then run npm test again.`,
    );
  }
  process.stderr.write(`Installing ${names} for the tests …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = { env, stdio: ["ignore", "ignore", "inherit"] };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  const apt = spawnSync(
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...names.split(" ")],
    quiet,
  );
  if (apt.status !== 0)
    stop(`apt-get could not install ${names}: mend what it says above, then run npm test again.`);
}

/** Runs a command with the pinned Node first in PATH; resolves to its exit status. */
function run(command, args, extraEnv = {}) {
  const env = { ...process.env, ...extraEnv, PATH: [bin, process.env.PATH].join(delimiter) };
  const child = spawn(command, args, { cwd: process.cwd(), env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("error", (error) => stop(`${command} did not start: ${error.message}.`));
    child.on("close", (code, signal) =>
      resolve(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)),
    );
  });
}

const [job, ...args] = process.argv.slice(2);
installDependencies();
const node = pinnedNode();

if (job === "run") {
  const [script, ...rest] = args;
  process.exit(await run(node, ["--disable-warning=ExperimentalWarning", join(root, script), ...rest]));
}
if (job === "train") {
  // All messages and their features are held at once.
  const main = join(root, "training/main.ts");
  process.exit(await run(node, ["--max-old-space-size=8192", main, ...args]));
}
if (job === "test") {
  installTestPackages();
  const check = args.length === 0 ? await run("npm", ["run", "--silent", "check"]) : 0;
  const jest = [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    join(root, "node_modules/jest/bin/jest.js"),
    ...args,
  ];
  const tests = await run(node, jest);
  if (check !== 0) stop("npm run check failed: see above.");
  process.exit(tests);
}
stop(`bin/setup.mjs knows "run", "train" and "test", not "${job}".`);
