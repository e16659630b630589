// Counts the batches of the corpus as the table in README.md: node training/count.ts, with --write into README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEV_BATCHES, type Labelled, readCorpus } from "./corpus.ts";

const START = "<!-- counts: node training/count.ts --write -->\n";
const END = "<!-- end of counts -->";
const HEAD = [
  "batch",
  "messages",
  "e-mail",
  "abusive",
  "safeguarding",
  "must not wait",
  "none of these",
  "in pairs",
  "not English",
];

const isEnglish = ({ language }: Labelled): boolean => language === undefined || language === "en";

function row(name: string, messages: readonly Labelled[]): readonly string[] {
  const count = (is: (message: Labelled) => boolean): string =>
    messages.filter(is).length.toLocaleString("en-GB");
  return [
    name,
    count(() => true),
    count(({ channel }) => channel === "email"),
    count(({ abusive }) => abusive),
    count(({ safeguarding }) => safeguarding),
    count(({ mustNotWait }) => mustNotWait !== null),
    count(({ abusive, safeguarding, mustNotWait }) => !abusive && !safeguarding && mustNotWait === null),
    count(({ pair }) => pair !== null),
    count((message) => !isEnglish(message)),
  ];
}

/** The table in Markdown: a row for each batch, then sums of those that are learnt from, measured on, and all. */
export function countTable(messages: readonly Labelled[]): string {
  const isDev = ({ batch }: Labelled): boolean => DEV_BATCHES.includes(batch);
  const batches = [...new Set(messages.map(({ batch }) => batch))];
  const rows = [
    HEAD,
    HEAD.map((_, column) => (column === 0 ? "---" : "---:")),
    ...batches.map((name) =>
      row(
        DEV_BATCHES.includes(name) ? `${name} (measuring)` : name,
        messages.filter(({ batch }) => batch === name),
      ),
    ),
    row(
      "**to learn from**",
      messages.filter((message) => !isDev(message)),
    ),
    row("**to measure on**", messages.filter(isDev)),
    row("**all**", messages),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** @throws Error when the text has no place for the table */
export function withTable(text: string, table: string): string {
  const from = text.indexOf(START);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error("training/README.md has no place for the counts: put it back.");
  return `${text.slice(0, from + START.length)}\n${table}\n${text.slice(to)}`;
}

if (import.meta.main) {
  const readme = join(import.meta.dirname, "README.md");
  const table = countTable(readCorpus(join(import.meta.dirname, "corpus")));
  if (process.argv.includes("--write")) writeFileSync(readme, withTable(readFileSync(readme, "utf8"), table));
  else process.stdout.write(table);
}
