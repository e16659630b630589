// Every example beside a rule, judged by its words alone, with the lexicon of all shipped rule files.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { Assessment } from "../../../src/core/types.ts";
import { assess } from "../../../src/core/wording/assess.ts";
import { termProblem } from "../../../src/core/wording/term.ts";
import { type RuleFile, ruleFile } from "../../../src/policy/schema.ts";
import { wordingModel } from "../../../src/policy/wording-model.ts";
import { files, lexicon } from "./shipped.ts";

const model = wordingModel();

type ShippedRule = RuleFile["rules"][number];

/** Whether the word-driven conditions of a rule hold. */
function holds(when: ShippedRule["when"], judged: Assessment): boolean {
  const { verdict, category, safeguarding, must_not_wait: kinds } = when;
  if (verdict && !verdict.includes(judged.verdict)) return false;
  if (category && !category.some((name) => (judged.categories[name] ?? 0) >= 0.5)) return false;
  if (safeguarding !== undefined && judged.safeguarding.hit !== safeguarding) return false;
  return !kinds || (judged.mustNotWait.hit && kinds.includes(judged.mustNotWait.kind ?? ""));
}

const isByWords = ({ when }: ShippedRule): boolean =>
  Boolean(when.verdict || when.category || when.safeguarding !== undefined || when.must_not_wait);

const rows = files.flatMap(({ rules }) =>
  rules.filter(isByWords).flatMap((rule) =>
    (["match", "pass"] as const).flatMap((kind) =>
      rule.examples[kind].map((example) => {
        const text = typeof example === "string" ? example : `${example.text}\n${example.subject}`;
        return { rule, kind, text, name: `${rule.id} ${kind}: ${text}` };
      }),
    ),
  ),
);

describe("the shipped rules", () => {
  test("every file is well formed, and named after its family", () => {
    for (const name of readdirSync("rules")) {
      const read = ruleFile.parse(parse(readFileSync(`rules/${name}`, "utf8")));
      expect(`${read.family}.yaml`).toBe(name);
    }
    expect(files.map((file) => file.family).sort()).toEqual(
      "abuse complaint frequency languages machine-mail must-not-wait out-of-hours paused safeguarding social-network".split(
        " ",
      ),
    );
  });

  test("every rule has at least four examples of each sort", () => {
    const short = files
      .flatMap((file) => file.rules)
      .filter((rule) => rule.examples.match.length < 4 || rule.examples.pass.length < 4);
    expect(short.map((rule) => rule.id)).toEqual([]);
  });

  test("every term can be read", () => {
    expect(lexicon.map((entry) => termProblem(entry.term)).filter((problem) => problem !== null)).toEqual([]);
  });

  test.each(rows)("$name", ({ rule, kind, text }) => {
    const judged = assess(text, lexicon, model);
    const shown = judged.spans.map((span) => `${span.category}: ${text.slice(span.start, span.end)}`);
    expect({
      holds: holds(rule.when, judged),
      judged: holds(rule.when, judged) === (kind === "match") || { judged, shown },
    }).toEqual({ holds: kind === "match", judged: true });
  });
});
