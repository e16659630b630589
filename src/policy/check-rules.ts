// What the schema cannot see in rules and lexicon: patterns, names of limits, kinds and categories.
import { RE2JS } from "re2js";
import { ABUSE_CATEGORIES, MUST_NOT_WAIT_KINDS } from "../core/wording/categories.ts";
import { termProblem } from "../core/wording/term.ts";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { PlacedRule, RuleSet } from "./rule-files.ts";

const patternProblem = (source: string): string | null => {
  try {
    RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return null;
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "cannot be read";
    return `is not a pattern (${why}): RE2 has no look-ahead and no back-references`;
  }
};

const unknown = (
  placed: PlacedRule,
  key: string,
  written: readonly string[],
  known: readonly string[],
  say: (word: string) => string,
): readonly Problem[] =>
  written.flatMap((word, index) => {
    if (known.includes(word)) return [];
    return [placed.problem(["when", key, index], say(word) + didYouMean(word, known))];
  });

/** Ids that are no limit's; without limits to compare with, nothing can be said. */
const unknownLimits = (placed: PlacedRule, limits: readonly string[] | null): readonly Problem[] => {
  if (limits === null) return [];
  const { when, examples } = placed.rule;
  const overLimit = when.overLimit === "any" ? [] : (when.overLimit ?? []);
  const given = (["match", "pass"] as const).flatMap((kind) =>
    examples[kind].flatMap((example, index) => {
      const id = example.given["over_limit"];
      // With "any" a school may have called its limits otherwise.
      if (typeof id !== "string" || when.overLimit === "any" || limits.includes(id)) return [];
      const message = `"${id}" is no limit of school.yaml${didYouMean(id, limits)}`;
      return [placed.problem(["examples", kind, index, "given", "over_limit"], message)];
    }),
  );
  return [
    ...unknown(placed, "over_limit", overLimit, limits, (id) => `"${id}" is no limit of school.yaml`),
    ...given,
  ];
};

const checkPatterns = (placed: PlacedRule): readonly Problem[] =>
  (placed.rule.when.patterns ?? []).flatMap((source, index) => {
    const message = patternProblem(source);
    return message === null ? [] : [placed.problem(["when", "patterns", index], message)];
  });

const noCategory = (name: string): string => `no word of the lexicon is of the category "${name}"`;
const noKind = (kind: string): string => `"${kind}" is not a kind: use ${MUST_NOT_WAIT_KINDS.join(", ")}`;

/** @param limits ids of the limits in school.yaml; null when those could not be read */
export const checkRules = (set: RuleSet, limits: readonly string[] | null): readonly Problem[] => {
  const categories = [...new Set([...ABUSE_CATEGORIES, ...set.terms.map(({ entry }) => entry.category)])];
  const ofTerms = set.terms.flatMap(({ entry, problem }) => {
    const message = termProblem(entry.term);
    return message === null ? [] : [problem(message.replace(/\.$/, ""))];
  });
  const ofRules = set.rules
    .filter(({ enabled }) => enabled)
    .flatMap((placed) => [
      ...checkPatterns(placed),
      ...unknownLimits(placed, limits),
      ...unknown(placed, "category", placed.rule.when.category ?? [], categories, noCategory),
      ...unknown(placed, "must_not_wait", placed.rule.when.mustNotWait ?? [], MUST_NOT_WAIT_KINDS, noKind),
    ]);
  return [...ofTerms, ...ofRules];
};
