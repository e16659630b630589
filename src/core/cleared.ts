// What the headteacher has read once and found to be no abuse: the same words of the same sender are no abuse again.
import type { Facts, Reason } from "./types.ts";

const ruleId = "wording.cleared";
const clause = "3.1";

/** A possible disclosure, what must not wait, limits and pauses are no matter of abuse: they count as before. */
function changesSomething({ cleared, wording }: Facts): boolean {
  return cleared !== undefined && cleared !== null && wording.verdict !== "ok";
}

/** The facts by which the rules go: the words are in order when the headteacher has said so of these very words. */
export function withClearance(facts: Facts): Facts {
  if (!changesSomething(facts)) return facts;
  return { ...facts, wording: { ...facts.wording, verdict: "ok", categories: {} } };
}

/** @param facts as they were given, before withClearance */
export function clearedReason(facts: Facts): readonly Reason[] {
  const { cleared } = facts;
  if (!cleared || !changesSomething(facts)) return [];
  const why = "The same words of this sender were found to be no abuse before, so they are not taken for it.";
  const evidence = `case ${cleared.caseNumber}, closed as not abuse at ${cleared.at}`;
  return [{ rule: ruleId, clause, why, evidence }];
}
