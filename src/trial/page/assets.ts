// The files that the trial's pages load: the product's own, and a little more.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Assets, loadAssets } from "../../web/assets.ts";

const types = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" } as const;

function own(name: string, type: string): Assets[string] {
  const plain = readFileSync(new URL(`assets/${name}`, import.meta.url));
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 10);
  const [stem, extension] = name.split(".");
  return { url: `/assets/${stem}.${hash}.${extension}`, type, plain, gzipped: gzipSync(plain) };
}

/** By the name that a template uses. */
export const loadTrialAssets = (): Assets => ({
  ...loadAssets(),
  "trial.css": own("trial.css", types.css),
  "trial.js": own("trial.js", types.js),
});
