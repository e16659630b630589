// The report on the judge of words, as a person reads it at a terminal.
import { kindWords } from "../../cases/words.ts";
import type { Overruled, OverruledExample, WordingReport } from "./report.ts";

type Row = readonly (string | number)[];

/** The first column to the left, numbers to the right. */
function table(head: Row, rows: readonly Row[]): readonly string[] {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
      )
      .join(""),
  );
}

function verdictTable({ messages, judged }: WordingReport): readonly string[] {
  const rows = (["abusive", "unsure", "ok"] as const).map((verdict) => [
    verdict,
    messages[verdict],
    judged[verdict].abuse,
    judged[verdict].notAbuse,
  ]);
  return table(["The judge said", "messages", "head: abuse", "head: not abuse"], rows);
}

function overruledLines(title: string, { count, byCategory, byRule }: Overruled): readonly string[] {
  if (count === 0) return [`${title}: none.`];
  const named = Object.entries(byCategory).map(([name, n]) => [kindWords(name), n]);
  return [
    `${title}: ${count}`,
    ...table(
      ["  by category", ""],
      named.map(([name, n]) => [`    ${name}`, n ?? 0]),
    ),
    ...table(
      ["  by rule", ""],
      Object.entries(byRule).map(([id, n]) => [`    ${id}`, n]),
    ),
  ].map((line) => line.trimEnd());
}

const longestShownChars = 200;

/** Words that came from outside: no control character reaches the terminal. */
function shown(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= longestShownChars
    ? line
    : `${characters.slice(0, longestShownChars).join("")}…`;
}

function exampleLines({
  at,
  verdict,
  score,
  abusive,
  category,
  text,
  words,
}: OverruledExample): readonly string[] {
  const head = abusive ? `abuse (${category ?? "no category"})` : "not abuse";
  const marked = words.length > 0 ? [`    marked: ${words.map(shown).join("; ")}`] : [];
  return [
    `  ${at.slice(0, 10)}  judge: ${verdict} ${score.toFixed(2)}, headteacher: ${head}`,
    `    ${shown(text)}`,
    ...marked,
  ];
}

function nothingYet({ learning }: WordingReport): string {
  return learning === "off"
    ? "Nothing is kept of what the headteacher says about words: wording.learning is off in school.yaml."
    : "The headteacher has not judged any words yet: that is done by closing a case as abuse or as not abuse.";
}

function agreementLine({ agreement, total, judged }: WordingReport): string {
  const unsure = judged.unsure.abuse + judged.unsure.notAbuse;
  const sure = total.judged - unsure;
  const asked = unsure > 0 ? ` It was unsure of ${unsure}.` : "";
  if (agreement === null) return `Of what the headteacher has judged, the judge was sure of nothing.${asked}`;
  return `The headteacher agreed with ${total.agreed} of ${sure} that the judge was sure of (${Math.round(100 * agreement)} %).${asked}`;
}

function withheldWords({ learning, falseAlarms, misses, overruled }: WordingReport): readonly string[] {
  const count = falseAlarms.count + misses.count;
  if (overruled.length > 0)
    return ["", "Where it was overruled, the last first:", ...overruled.flatMap(exampleLines)];
  if (count === 0) return [];
  return [
    "",
    learning === "texts"
      ? "The words of these were not kept: they were judged before wording.learning was texts."
      : `No words are shown, since none are kept: wording.learning is ${learning}.`,
  ];
}

/** Several lines, the last one ended. */
export function formatReport(report: WordingReport): string {
  const { total, byWeek } = report;
  if (total.judged === 0) return `${[...verdictTable(report), "", nothingYet(report)].join("\n")}\n`;
  const weeks = byWeek.map(({ week, judged, agreed, falseAlarms, misses }) => [
    week,
    judged,
    agreed,
    falseAlarms,
    misses,
  ]);
  const lines = [
    ...verdictTable(report),
    "",
    agreementLine(report),
    "",
    ...overruledLines("False alarms (called abusive, and were not)", report.falseAlarms),
    "",
    ...overruledLines("Misses (abuse that was called unsure or ok)", report.misses),
    "",
    ...table(["Week from", "judged", "agreed", "false alarms", "misses"], weeks),
    ...withheldWords(report),
  ];
  return `${lines.join("\n")}\n`;
}
