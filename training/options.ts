// The arguments of npm run train, checked before anything is fetched or computed.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readArgs, UsageError } from "../src/commands/command.ts";
import { PUBLIC_SETS, readBatch } from "./corpus.ts";

const here = import.meta.dirname;
/** Beside this project: the sets are not part of it. */
const publicBesides = join(here, "../../shared/data/wording");

export const help = `Usage: npm run train -- [--with FILE]… [--public DIR | --no-public] [--all] [--out FILE]

Makes the model of wording, src/core/wording/weights.bin, from the corpus, the classes of words, word vectors
and public sets. The same input gives the same file. Takes minutes; training/README.md says what happens.
The first time it fetches the word vectors: about 110 MB, 300 MB when unpacked.

  --with FILE    also learn from a school's own examples, as afterbell wording export writes them;
                 may be given several times
  --public DIR   where the public sets lie (otherwise in shared/data/wording beside this project)
  --no-public    do without the public sets
  --all          also learn from the batches that npm run bench:wording measures on: its figures then
                 say nothing any more
  --out FILE     write the model there instead
  --help         show this
`;

export interface Options {
  readonly help: boolean;
}

/** Names that train.ts gives a meaning of its own. */
const reserved = ["rules"];

/**
 * Only checks: train.ts reads its arguments itself.
 * @throws UsageError in one sentence
 */
export function checkOptions(args: readonly string[]): Options {
  const { values, positionals } = readArgs(args, {
    with: { type: "string", multiple: true },
    public: { type: "string" },
    "no-public": { type: "boolean" },
    all: { type: "boolean" },
    out: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) return { help: true };
  const [stray] = positionals;
  if (stray !== undefined)
    throw new UsageError(`${stray} is no option: a file to learn from is given as --with ${stray}.`);
  if (values["no-public"] && values.public !== undefined)
    throw new UsageError("Give --public DIR or --no-public, not both.");
  if (!values["no-public"]) checkPublic(values.public ?? publicBesides);
  checkExamples(values.with ?? []);
  if (values.out !== undefined) checkOut(values.out);
  return { help: false };
}

function checkPublic(folder: string): void {
  const missing = PUBLIC_SETS.find((name) => !existsSync(join(folder, `${name}.jsonl.gz`)));
  if (missing === undefined) return;
  const what = existsSync(folder) ? `${missing}.jsonl.gz in ${folder}` : folder;
  throw new UsageError(
    `${what} is missing: give the folder of the public sets with --public DIR (training/README.md says where each comes from), or --no-public.`,
  );
}

/**
 * A school's own examples teach abuse only: their safeguarding and mustNotWait are what the judge itself had said
 * (src/commands/wording/export.ts), and a judge that learns from its own answers learns its mistakes.
 */
function checkExamples(files: readonly string[]): void {
  const corpus = readdirSync(join(here, "corpus")).map((name) => basename(name, ".jsonl"));
  const taken = new Set([...corpus, ...reserved]);
  for (const file of files) {
    if (!isFile(file))
      throw new UsageError(
        `${file} is missing or no file: name one that afterbell wording export has written.`,
      );
    if (readExamples(file).length === 0)
      throw new UsageError(`${file} holds no examples: name one that afterbell wording export has written.`);
    const batch = basename(file, ".jsonl");
    // The batch is what keeps one author's messages on one side of a split: two may not share a name.
    if (taken.has(batch))
      throw new UsageError(`There is a batch named ${batch} already: give ${file} another name.`);
    taken.add(batch);
  }
}

function readExamples(file: string) {
  try {
    return readBatch(file);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Found out after minutes of training it would be a pity. */
function checkOut(file: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (file === "" || there?.isDirectory() || file.endsWith("/"))
    throw new UsageError(`--out needs a file and "${file}" is none: name the file to write.`);
  const above = nearestAbove(dirname(file));
  if (!statSync(above).isDirectory())
    throw new UsageError(`${file} cannot be written: ${above} is a file and not a folder.`);
}

const nearestAbove = (folder: string): string =>
  existsSync(folder) ? folder : nearestAbove(dirname(folder));
