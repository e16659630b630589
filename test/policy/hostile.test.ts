// Whatever a file holds, loading ends in a configuration or in problems with file and line, never in a crash.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a school writes.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readContacts } from "../../src/directory/csv.ts";
import { ConfigError } from "../../src/policy/load.ts";
import { nearest } from "../../src/policy/nearest.ts";
import type { Problem } from "../../src/policy/problem.ts";
import { formatProblems } from "../../src/policy/report.ts";
import {
  ENV,
  SCHOOL,
  type SchoolFolder,
  SHIPPED,
  SHIPPED_HOURS,
  STAFF,
  schoolFolder,
} from "./school-folder.ts";

let folder: SchoolFolder;
beforeAll(() => {
  folder = schoolFolder();
});
afterAll(() => folder.discard());

const problemsOf = (): readonly Problem[] => {
  try {
    return folder.load().warnings;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

const expectSound = (problems: readonly Problem[], text: string, name: string): void => {
  const lines = text.split("\n").length;
  for (const problem of problems) {
    expect(problem.file).not.toBe("");
    expect(problem.message).not.toBe("");
    expect(Number.isInteger(problem.line) && problem.line >= 1).toBe(true);
    if (problem.file.endsWith(name)) expect(problem.line).toBeLessThanOrEqual(lines);
    for (const secret of Object.values(ENV)) expect(problem.message).not.toContain(secret);
  }
};

const FILES = [
  ["school.yaml", SCHOOL],
  ["staff.yaml", STAFF],
  ["rules/own.yaml", SHIPPED_HOURS],
  ["rules/own.yaml", SHIPPED],
] as const;

/** One line of the file put in place of another, cut, doubled, or swapped for what YAML reads otherwise. */
const ODD = [
  "",
  "~",
  "no",
  "0123",
  "1e9",
  "[",
  "{",
  "*a",
  "&a",
  "!t",
  "- - -",
  "? a",
  "'",
  '"',
  "\t",
  "\u0000",
  "💥",
  "__proto__: 1",
  "<<: *a",
  "${",
  "${X}",
  "|",
  "9".repeat(400),
];

describe.each(FILES)("%s with one line spoilt", (name, text) => {
  const lines = text.split("\n");
  test("gives problems with a file and a line", () => {
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.constantFrom("after the colon", "whole", "before"),
        fc.constantFrom(...ODD),
        (index, where, odd) => {
          const line = lines[index] ?? "";
          const colon = line.indexOf(":");
          const kept =
            where === "after the colon" && colon !== -1 ? `${line.slice(0, colon + 1)} ${odd}` : odd;
          const spoilt = lines.with(index, where === "before" ? `${odd}${line}` : kept).join("\n");
          folder.write(name, spoilt);
          expectSound(problemsOf(), spoilt, name);
        },
      ),
      { numRuns: 30 },
    );
    if (name.startsWith("rules/")) folder.remove(name);
    else folder.write(name, text);
  });
});

test("any text at all in school.yaml", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      folder.write("school.yaml", text);
      expect(problemsOf().some(({ severity }) => severity === "error")).toBe(true);
    }),
    { numRuns: 25 },
  );
  folder.write("school.yaml", SCHOOL);
});

test("brackets ten thousand deep", () => {
  folder.write("staff.yaml", `staff: ${"[".repeat(10_000)}`);
  expect(problemsOf()).toMatchObject([{ line: 1, severity: "error" }]);
  folder.write("staff.yaml", STAFF);
});

test("aliases that would unfold without end", () => {
  const levels = Array.from({ length: 30 }, (_, index) =>
    index === 0 ? "a0: &a0 [x, x]" : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
  );
  folder.write("school.yaml", levels.join("\n"));
  const problems = problemsOf();
  expect(problems.some(({ severity, file }) => severity === "error" && file.endsWith("school.yaml"))).toBe(
    true,
  );
  folder.write("school.yaml", SCHOOL);
});

test("the same configuration always reports the same", () => {
  folder.write("school.yaml", SCHOOL.replaceAll("2026", "1926"));
  expect(formatProblems(problemsOf())).toBe(formatProblems(problemsOf()));
  folder.write("school.yaml", SCHOOL);
});

test("any octets at all in contacts.csv", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      for (const bytes of [octets, Buffer.concat([Buffer.from("id,name,email,mobile\n"), octets])]) {
        const { contacts, problems } = readContacts(bytes, "contacts.csv");
        for (const problem of problems) expect(problem.line).toBeGreaterThanOrEqual(1);
        for (const contact of contacts) expect(contact.id).not.toBe("");
      }
    }),
    { numRuns: 100 },
  );
});

test("the nearest word is always one of the known", () => {
  const known = ["name", "nation", "zone", "office"];
  fc.assert(
    fc.property(fc.string(), (word) => {
      const found = nearest(word, known);
      expect(found === null || known.includes(found)).toBe(true);
    }),
  );
  expect(nearest("nmae", known)).toBe("name");
  expect(nearest("whiteboard", known)).toBeNull();
});
