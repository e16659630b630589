// The corpus is what its README says: every line well formed, no twin on both sides of the split, no class left out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ABUSE_CATEGORIES } from "../../src/core/wording/categories.ts";
import {
  DEV_BATCHES,
  KINDS,
  type Labelled,
  readBatch,
  readCorpus,
  readPublic,
  TARGETS,
} from "../../training/corpus.ts";
import { countTable, withTable } from "../../training/count.ts";

const messages = readCorpus("training/corpus");
const byId = new Map(messages.map((message) => [message.id, message]));
const ids = (of: readonly Labelled[]): readonly string[] => of.map(({ id }) => id);
const isFlagged = ({ abusive, safeguarding, mustNotWait }: Labelled): boolean =>
  abusive || safeguarding || mustNotWait !== null;
/** What is left of a text when only its words count. */
const wordsOf = ({ text }: Labelled): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\s]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();

const folder = mkdtempSync(join(tmpdir(), "ab-corpus-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("every message", () => {
  test("has an id of its own that names its batch", () => {
    expect(byId.size).toBe(messages.length);
    expect(ids(messages.filter(({ id, batch }) => !id.startsWith(`${batch}-`)))).toEqual([]);
  });

  test("marks only words that stand in it, and none when it is ordinary", () => {
    const marksOthers = messages.filter(({ text, words }) =>
      words.some((one) => one === "" || !text.includes(one)),
    );
    expect(ids(marksOthers)).toEqual([]);
  });

  test("has a category exactly when it is abusive, and no target when it is not", () => {
    expect(ids(messages.filter(({ abusive, category }) => abusive !== (category !== null)))).toEqual([]);
    expect(ids(messages.filter(({ abusive, target }) => !abusive && target !== null))).toEqual([]);
  });
});

test("pairs are mutual and stay within their batch", () => {
  const broken = messages.filter(({ id, batch, pair }) => {
    if (pair === null) return false;
    const other = byId.get(pair);
    return other === undefined || other.id === id || other.pair !== id || other.batch !== batch;
  });
  expect(ids(broken)).toEqual([]);
});

test("no text to measure on occurs among those to learn from", () => {
  const learnt = new Set(messages.filter(({ batch }) => !DEV_BATCHES.includes(batch)).map(wordsOf));
  const dev = messages.filter(({ batch }) => DEV_BATCHES.includes(batch));
  expect(dev.length).toBeGreaterThan(500);
  // Emoji alone have no words and could be equal.
  expect(ids(dev.filter((message) => wordsOf(message) !== "" && learnt.has(wordsOf(message))))).toEqual([]);
});

test("the same words never have two labels", () => {
  const labels = new Map<string, Labelled>();
  const unlike = messages.filter((message) => {
    const words = wordsOf(message);
    const other = labels.get(words);
    if (!other) labels.set(words, message);
    return (
      other &&
      words !== "" &&
      (other.abusive !== message.abusive || other.safeguarding !== message.safeguarding)
    );
  });
  expect(ids(unlike)).toEqual([]);
});

describe("what the corpus holds", () => {
  const holds = (is: (message: Labelled) => boolean): number => messages.filter(is).length;

  test("at least 4,000 messages, of which at least 4,000 are to learn from", () => {
    expect(messages.length).toBeGreaterThanOrEqual(4000);
    expect(holds(({ batch }) => !DEV_BATCHES.includes(batch))).toBeGreaterThanOrEqual(4000);
    expect(new Set(messages.map(({ batch }) => batch)).size).toBeGreaterThanOrEqual(7);
  });

  test.each(ABUSE_CATEGORIES)("abuse: %s", (name) => {
    expect(holds(({ category }) => category === name)).toBeGreaterThanOrEqual(100);
  });

  test.each(TARGETS)("abuse of %s", (name) => {
    expect(holds(({ target }) => target === name)).toBeGreaterThanOrEqual(100);
  });

  test.each(KINDS)("must not wait: %s", (name) => {
    expect(holds(({ mustNotWait }) => mustNotWait === name)).toBeGreaterThanOrEqual(50);
  });

  test.each(["direct", "veiled", "conditional", "open", "coded", "obfuscated"])(
    "abuse that is %s",
    (name) => {
      expect(holds(({ abusive, kind }) => abusive && kind === name)).toBeGreaterThanOrEqual(20);
    },
  );

  test.each(["direct", "euphemistic", "third-hand", "buried"])("disclosures that are %s", (name) => {
    expect(holds(({ safeguarding, kind }) => safeguarding && kind === name)).toBeGreaterThanOrEqual(20);
  });

  test.each([
    "furious-but-fair",
    "criticism",
    "lawful-step",
    "swearing-at-nothing",
    "quoting-a-child",
    "quoting-another-adult",
    "victim-report",
    "identity-mention",
    "joke",
    "figure-of-speech",
    "place-name",
    "bereavement",
    "stress",
    "near-miss",
    "ordinary",
  ])("no abuse: %s", (name) => {
    expect(holds(({ abusive, kind }) => !abusive && kind === name)).toBeGreaterThanOrEqual(20);
  });

  // The characteristics of the Equality Act 2010, section 4.
  test.each([
    "age",
    "disability",
    "gender-reassignment",
    "marriage",
    "pregnancy",
    "race",
    "religion",
    "sex",
    "sexual-orientation",
  ])("mentions of %s that are no abuse", (name) => {
    expect(holds((message) => !message.abusive && message.protected === name)).toBeGreaterThanOrEqual(10);
  });

  test("ordinary mail without any flag, mail and texts, long and short, and pairs", () => {
    expect(holds((message) => !isFlagged(message))).toBeGreaterThanOrEqual(1000);
    expect(holds(({ channel }) => channel === "email")).toBeGreaterThanOrEqual(1000);
    expect(holds(({ channel }) => channel === "sms")).toBeGreaterThanOrEqual(1000);
    expect(holds(({ text }) => text.split(/\s+/).length > 80)).toBeGreaterThanOrEqual(200);
    expect(holds(({ pair }) => pair !== null)).toBeGreaterThanOrEqual(1000);
  });
});

describe("README", () => {
  const readme = readFileSync("training/README.md", "utf8");

  test("has the counts of today: node training/count.ts --write", () => {
    expect(readme).toBe(withTable(readme, countTable(messages)));
  });

  test("names every batch that is measured on, and every kind and category", () => {
    for (const name of [...DEV_BATCHES, ...KINDS, ...ABUSE_CATEGORIES])
      expect(readme).toContain(`\`${name}\``);
  });

  test("has the seed that is used", () => {
    const [, seed = "none"] = /const SEED = ([\d_]+)/.exec(readFileSync("training/train.ts", "utf8")) ?? [];
    expect(readme).toContain(`seed ${seed.replaceAll("_", "")} (`);
  });

  test("a text without a place for the counts is refused", () => {
    expect(() => withTable("# No counts", "| |\n")).toThrow(/no place for the counts/);
  });
});

describe("a file that is not well formed", () => {
  const good = {
    id: "oakhill-1",
    text: "Thank you for a lovely trip.",
    channel: "email",
    abusive: false,
    category: null,
    kind: "ordinary",
    target: null,
    safeguarding: false,
    mustNotWait: null,
    words: [],
    protected: null,
    pair: null,
  };
  const write = (...lines: readonly string[]): string => {
    const file = join(folder, "oakhill.jsonl");
    writeFileSync(file, lines.join("\n"));
    return file;
  };

  test("a good one is read, with its batch, empty lines left out", () => {
    expect(readBatch(write(JSON.stringify(good), "", ""))).toEqual([{ ...good, batch: "oakhill" }]);
  });

  test("what is not JSON is named by its line", () => {
    expect(() => readBatch(write(JSON.stringify(good), "{"))).toThrow(/oakhill\.jsonl, line 2 is not JSON/);
  });

  test.each([
    ["category", "rudeness"],
    ["mustNotWait", "holiday"],
    ["target", "headteacher"],
    ["channel", "letter"],
    ["abusive", "yes"],
    ["text", ""],
  ])("a wrong %s is named", (field, value) => {
    const file = write(JSON.stringify({ ...good, [field]: value }));
    expect(() => readBatch(file)).toThrow(new RegExp(`oakhill\\.jsonl, line 1: ${field}: `));
  });
});

test("a public set: abuse where the source says so, else hate; what says neither is left out", () => {
  const rows = [
    { text: "one", hate: 0, abuse: 1 },
    { text: "two", hate: 1, abuse: 0 },
    { text: "three", hate: 1, abuse: null },
    { text: "four", hate: null, abuse: null },
  ];
  writeFileSync(
    join(folder, "tiny.jsonl.gz"),
    gzipSync(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n`),
  );
  expect(readPublic(folder, "tiny")).toEqual([
    { text: "one", abusive: true },
    { text: "two", abusive: false },
    { text: "three", abusive: true },
  ]);
});
