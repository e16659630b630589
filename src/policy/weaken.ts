// Does a school's change to a safeguarding rule make it catch or do less than the shipped one?
import { type Condition, type Consequence, OUTCOMES, type Rule } from "../core/types.ts";

/** A rule whose weakening needs `i_understand: true`. */
export const isSafeguarding = (rule: Rule): boolean =>
  rule.family === "safeguarding" || rule.when.safeguarding === true || rule.then.alert.includes("dsl");

const lacks = (before: readonly string[], after: readonly string[]): boolean =>
  before.some((entry) => !after.includes(entry));

/** One condition: absent or "any" holds always; a list holds more often the longer it is. */
const narrower = (before: unknown, after: unknown): boolean => {
  if (after === null || after === "any") return false;
  if (before === null || before === "any") return true;
  if (Array.isArray(before) && Array.isArray(after)) return lacks(before, after);
  return before !== after;
};

const catchesLess = (before: Condition, after: Condition): boolean => {
  const keys = Object.keys(before) as (keyof Condition)[];
  return keys.some((key) => narrower(before[key], after[key]));
};

const doesLess = (before: Consequence, after: Consequence): boolean =>
  OUTCOMES.indexOf(after.outcome) < OUTCOMES.indexOf(before.outcome) ||
  lacks(before.never, after.never) ||
  lacks(before.alert, after.alert) ||
  lacks(before.forward, after.forward) ||
  (before.openCase !== null && after.openCase === null) ||
  (before.openCase?.severity === "serious" && after.openCase?.severity === "normal");

/** A barred "escalate" or "divert" is a protection lost; "hold" is what safeguarding bars itself. */
const barsMore = (before: Consequence, after: Consequence): boolean =>
  lacks(
    after.never.filter((outcome) => outcome !== "hold"),
    before.never,
  );

export const isWeaker = (before: Rule, after: Rule): boolean =>
  catchesLess(before.when, after.when) ||
  doesLess(before.then, after.then) ||
  barsMore(before.then, after.then) ||
  (after.then.outcome === "hold" && before.then.outcome !== "hold");
