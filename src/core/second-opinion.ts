// What a second opinion changes: words that may be abuse become abuse, or need no look; and it is always said.
import type { Facts, Reason, Rule, SecondOpinion } from "./types.ts";

const ruleId = "wording.second-opinion";
const clause = "3.1";
/** Cases of this kind are the headteacher's list of messages that were delivered and may be abuse. */
export const lookKind = "please-look";
/** What a category must reach for a rule to go by it: see rules.ts. */
const categoryFloor = 0.5;

function isAboutAbuse({ when }: Rule): boolean {
  return when.verdict?.includes("abusive") === true;
}

/** What an opinion may call a message: each category of abuse, and why the school minds it. */
export function abuseCategories(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const named = rules
    .filter(isAboutAbuse)
    .flatMap(({ when, why }) => (when.category ?? []).map((name): [string, string] => [name, why]));
  // The first rule that names a category speaks for it.
  return new Map(named.toReversed());
}

/** An opinion counts only where the wording is unsure, and never about a possible disclosure. */
export function isInDoubt({ wording }: Pick<Facts, "wording">): boolean {
  return wording.verdict === "unsure" && !wording.safeguarding.hit;
}

function heard(facts: Facts): SecondOpinion | null {
  return isInDoubt(facts) ? facts.secondOpinion : null;
}

/** null also for a category on which no rule acts: the message then stays on the headteacher's list. */
function abuseFound(facts: Facts, rules: readonly Rule[]): string | null {
  const opinion = heard(facts);
  if (opinion?.verdict !== "abusive" || opinion.category === null) return null;
  const { category } = opinion;
  const acts = rules.filter(isAboutAbuse).some(({ when: { category: named, sender } }) => {
    const isMeant = sender === "any" || sender.includes(facts.sender.role);
    return isMeant && (named === null || named.includes(category));
  });
  return acts ? category : null;
}

/** The facts by which the rules go: the wording's own, unless the opinion is that it is abuse. */
export function withOpinion(facts: Facts, rules: readonly Rule[]): Facts {
  const category = abuseFound(facts, rules);
  if (category === null) return facts;
  const { categories } = facts.wording;
  const weight = Math.max(categoryFloor, ...Object.values(categories));
  const wording = {
    ...facts.wording,
    verdict: "abusive" as const,
    // It was asked because the judge was unsure: its guesses at a kind go with its doubt.
    categories: { [category]: weight },
  };
  return { ...facts, wording };
}

/** The rule would only ask the headteacher to look at what the opinion found to be in order. */
export function mayLookAway({ when, then }: Rule, facts: Facts): boolean {
  return (
    heard(facts)?.verdict === "ok" &&
    then.openCase?.kind === lookKind &&
    when.verdict?.includes("unsure") === true
  );
}

function whyOf(opinion: SecondOpinion, abuse: string | null): string {
  if (abuse !== null)
    return `The words may be abusive, and the second opinion that was asked takes them for abuse (${abuse}).`;
  if (opinion.verdict === "abusive")
    return "The second opinion that was asked takes the words for abuse, but no rule acts on its category.";
  if (opinion.verdict === "ok")
    return "The second opinion that was asked finds no abuse, so the headteacher need not look.";
  return "The second opinion that was asked is unsure as well.";
}

/** @param facts as they were given, before withOpinion */
export function opinionReason(facts: Facts, rules: readonly Rule[]): readonly Reason[] {
  const opinion = heard(facts);
  if (opinion === null) return [];
  const why = whyOf(opinion, abuseFound(facts, rules));
  return [{ rule: ruleId, clause, why, evidence: `${opinion.model}: ${opinion.because}` }];
}
