// How good the judge of wording is, on messages that it was never trained on: npm run bench:wording.
// Every figure is measured in this run; the microseconds are this machine's, and only ratios may be compared.
import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { assess } from "../src/core/wording/assess.ts";
import { wordingModel } from "../src/policy/wording-model.ts";
import { DEV_BATCHES, type Labelled, readCorpus } from "../training/corpus.ts";
import { shippedLexicon } from "../training/lexicon.ts";
import { measure } from "./wording/figures.ts";
import { inWords } from "./wording/print.ts";

const usage = "Usage: npm run bench:wording -- [--batch NAME]… [--json]";
const root = join(import.meta.dirname, "..");

function messagesOf(wanted: readonly string[]): readonly Labelled[] {
  const corpus = readCorpus(join(root, "training/corpus"));
  const known = new Set(corpus.map(({ batch }) => batch));
  const missing = wanted.find((name) => !known.has(name));
  if (missing !== undefined)
    throw new Error(`There is no batch "${missing}" in training/corpus: choose of ${[...known].join(", ")}.`);
  return corpus.filter(({ batch }) => wanted.includes(batch));
}

function run(): string {
  const { values } = parseArgs({
    options: { batch: { type: "string", multiple: true }, json: { type: "boolean", default: false } },
  });
  // Before anything else, so that it is the first load of this process.
  const began = performance.now();
  const model = wordingModel();
  const loadMs = performance.now() - began;
  const megabytes = statSync(join(root, "src/core/wording/weights.bin")).size / 1e6;
  const messages = messagesOf(values.batch ?? DEV_BATCHES);
  const lexicon = shippedLexicon();
  const figures = measure(messages, (text) => assess(text, lexicon, model), { loadMs, megabytes });
  return values.json ? `${JSON.stringify(figures, null, 2)}\n` : inWords(figures);
}

try {
  process.stdout.write(run());
} catch (error) {
  const isUsage =
    error instanceof TypeError && "code" in error && `${error.code}`.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${isUsage ? `${usage}\n` : ""}`);
  process.exitCode = 2;
}
