// Turns the inner loops that are written in WebAssembly's text format into bytes that the program reads:
// node bin/assemble.mjs          writes them; after a change of a .wat file
// node bin/assemble.mjs --check  only says whether they are current (exit status 1 when not)
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import wabt from "wabt";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = [
  ["src/core/wording/kernels.wat", "KERNELS", "so that the core reads no file"],
  ["training/products.wat", "PRODUCTS", "so that every thread has them"],
];
const WIDTH = 100;

const tools = await wabt();
const stale = SOURCES.filter(([source, name, why]) => {
  const module = tools.parseWat(source, readFileSync(join(root, source), "utf8"), { simd: true });
  const bytes = Buffer.from(module.toBinary({}).buffer).toString("base64");
  const lines = bytes.match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [];
  const text = `// The bytes of ${source.split("/").at(-1)}, ${why}. Written by node bin/assemble.mjs.

export const ${name} = [
${lines.map((line) => `  "${line}",\n`).join("")}].join("");
`;
  const target = join(root, source.replace(/\.wat$/, ".ts"));
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {
    // Not there yet: as good as stale.
  }
  if (before === text) return false;
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  return true;
});
for (const [source] of stale) console.log(`${source}: the bytes were not those of this text.`);
if (stale.length > 0 && process.argv.includes("--check")) process.exitCode = 1;
