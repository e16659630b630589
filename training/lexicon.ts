// The rules as they are shipped: their lexicon, and their examples, which the model must get right.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Lexicon } from "../src/core/types.ts";
import { type RuleFile, ruleFile } from "../src/policy/schema.ts";

const folder = join(import.meta.dirname, "../rules");

function ruleFiles(): readonly RuleFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => ruleFile.parse(parse(readFileSync(join(folder, name), "utf8"))));
}

export function shippedLexicon(): Lexicon {
  return ruleFiles()
    .flatMap(({ lexicon }) => lexicon)
    .flatMap(({ terms, ...entry }) => terms.map((term) => ({ term, ...entry })));
}

export interface RuleExample {
  readonly text: string;
  /** What the example says of each task, in the order of TASKS; null where it says nothing. */
  readonly answers: readonly [boolean | null, boolean | null, boolean | null];
  readonly category: string | null;
  readonly kind: string | null;
}

/** An example of a doubt comes twice, as a yes and as a no. */
export function ruleExamples(): readonly RuleExample[] {
  return ruleFiles().flatMap(({ rules }) =>
    rules.flatMap(({ when, examples }) => {
      const [category = null] = when.category ?? [];
      const [kind = null] = when.must_not_wait ?? [];
      const isDoubt = when.verdict?.includes("unsure") ?? false;
      const task = when.verdict ? 0 : when.safeguarding === true ? 1 : kind ? 2 : null;
      if (task === null) return [];
      const example = (given: string | { readonly text: string }, answer: boolean): RuleExample => {
        const answers: [boolean | null, boolean | null, boolean | null] = [null, null, null];
        answers[task] = answer;
        const text = typeof given === "string" ? given : given.text;
        return { text, answers, category: answer ? category : null, kind: answer ? kind : null };
      };
      return [
        ...examples.match.flatMap((one) =>
          isDoubt ? [example(one, true), example(one, false)] : [example(one, true)],
        ),
        ...examples.pass.map((one) => example(one, false)),
      ].filter(({ text }) => text !== "");
    }),
  );
}
