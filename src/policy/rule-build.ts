// From what a rule's YAML says to the Rule that core decides by: names in core's spelling, absences as null.
import type { z } from "zod";
import type { Condition, Consequence, Example, Rule } from "../core/types.ts";
import type { ruleSchema } from "./schema.ts";

export type WrittenRule = z.output<typeof ruleSchema>;
type WrittenExample = WrittenRule["examples"]["match"][number];
export type Source = Rule["source"];

const conditionOf = (when: WrittenRule["when"]): Condition => ({
  sender: when.sender ?? ["parent", "probably-parent"],
  machine: when.machine ?? "no",
  channel: when.channel ?? null,
  fromDomain: when.from_domain?.map((domain) => domain.toLowerCase()) ?? null,
  words: when.words ?? null,
  patterns: when.patterns ?? null,
  verdict: when.verdict ?? null,
  category: when.category ?? null,
  safeguarding: when.safeguarding ?? null,
  mustNotWait: when.must_not_wait ?? null,
  offDuty: when.off_duty ?? null,
  overLimit: when.over_limit ?? null,
  paused: when.paused ?? null,
  namesContact: when.names_contact ?? null,
});

const consequenceOf = (then: WrittenRule["then"]): Consequence => ({
  outcome: then.outcome,
  never: then.never,
  reply: then.reply ?? null,
  forward: then.forward,
  alert: then.alert,
  openCase: then.open_case ?? null,
  batch: then.batch,
});

const exampleOf = (written: WrittenExample, source: Source): Example => {
  if (typeof written === "string")
    return { text: written, subject: "", from: null, headers: {}, given: {}, source };
  const given = Object.entries(written.given).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return {
    text: written.text,
    subject: written.subject,
    from: written.from ?? null,
    headers: written.headers,
    given: Object.fromEntries(given),
    source,
  };
};

/** @param at where a key of the rule is written: it may be a school's file for one and a shipped one for another */
export const buildRule = (
  written: WrittenRule,
  family: string,
  at: (path: readonly (string | number)[]) => Source,
): Rule => ({
  id: written.id,
  family,
  clause: written.clause,
  why: written.why,
  when: conditionOf(written.when),
  // biome-ignore lint/suspicious/noThenProperty: a rule's consequence; never awaited.
  then: consequenceOf(written.then),
  examples: {
    match: written.examples.match.map((one, index) => exampleOf(one, at(["examples", "match", index]))),
    pass: written.examples.pass.map((one, index) => exampleOf(one, at(["examples", "pass", index]))),
  },
  source: at([]),
});
