// How well each class is found at the shipped thresholds, and at a given share of false alarms.
import type { Assessment } from "../../src/core/types.ts";
import { ABUSE_CATEGORIES, MUST_NOT_WAIT_KINDS } from "../../src/core/wording/categories.ts";
import type { Labelled } from "../../training/corpus.ts";
import { type AtFalseAlarms, recallAt, type Share, shareOf } from "./shares.ts";

export interface Case {
  readonly message: Labelled;
  readonly said: Assessment;
}

/** A question with a yes or no: what the label says, what the judge says, and how likely it thinks it. */
export interface Class {
  readonly name: string;
  readonly is: (message: Labelled) => boolean;
  readonly says: (said: Assessment) => boolean;
  readonly score: (said: Assessment) => number;
}

const abusive = (message: Labelled) => message.abusive;
export const ABUSIVE: Class = {
  name: "abusive",
  is: abusive,
  says: ({ verdict }) => verdict === "abusive",
  score: ({ score }) => score,
};
export const AT_LEAST_UNSURE: Class = {
  ...ABUSIVE,
  name: "abusive or unsure",
  says: ({ verdict }) => verdict !== "ok",
};
export const SAFEGUARDING: Class = {
  name: "safeguarding",
  is: ({ safeguarding }) => safeguarding,
  says: ({ safeguarding }) => safeguarding.hit,
  score: ({ safeguarding }) => safeguarding.score,
};
export const MUST_NOT_WAIT: Class = {
  name: "must not wait",
  is: ({ mustNotWait }) => mustNotWait !== null,
  says: ({ mustNotWait }) => mustNotWait.hit,
  score: ({ mustNotWait }) => mustNotWait.score,
};
export const CLASSES: readonly Class[] = [ABUSIVE, AT_LEAST_UNSURE, SAFEGUARDING, MUST_NOT_WAIT];

/** Neither abusive nor a disclosure nor anything that must not wait. */
export const isOk = (message: Labelled): boolean =>
  !message.abusive && !message.safeguarding && message.mustNotWait === null;

export interface ClassFigures {
  readonly name: string;
  readonly precision: Share;
  readonly recall: Share;
  /** On messages that are not of the class, and on those that are plainly in order. */
  readonly falseAlarms: Share;
  readonly falseAlarmsOnOk: Share;
}

export function classFigures(cases: readonly Case[], { name, is, says }: Class): ClassFigures {
  const isSaid = ({ said }: Case) => says(said);
  return {
    name,
    precision: shareOf(cases.filter(isSaid), ({ message }) => is(message)),
    recall: shareOf(
      cases.filter(({ message }) => is(message)),
      isSaid,
    ),
    falseAlarms: shareOf(
      cases.filter(({ message }) => !is(message)),
      isSaid,
    ),
    falseAlarmsOnOk: shareOf(
      cases.filter(({ message }) => isOk(message)),
      isSaid,
    ),
  };
}

export interface Named {
  readonly name: string;
  readonly recall: Share;
  /** Of those found: the name given is the right one. */
  readonly right: Share;
}

/** The category that scores highest, the first named of equals; null without one. */
export function categoryOf({ categories }: Assessment): string | null {
  const [first] = Object.entries(categories).sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

export function categoryFigures(cases: readonly Case[]): readonly Named[] {
  return ABUSE_CATEGORIES.map((name) => {
    const own = cases.filter(({ message }) => message.abusive && message.category === name);
    const found = own.filter(({ said }) => ABUSIVE.says(said));
    return {
      name,
      recall: shareOf(own, ({ said }) => ABUSIVE.says(said)),
      right: shareOf(found, ({ said }) => categoryOf(said) === name),
    };
  });
}

export function kindFigures(cases: readonly Case[]): readonly Named[] {
  return MUST_NOT_WAIT_KINDS.map((name) => {
    const own = cases.filter(({ message }) => message.mustNotWait === name);
    const found = own.filter(({ said }) => said.mustNotWait.hit);
    return {
      name,
      recall: shareOf(own, ({ said }) => said.mustNotWait.hit),
      right: shareOf(found, ({ said }) => said.mustNotWait.kind === name),
    };
  });
}

export function targetFigures(cases: readonly Case[]): readonly Named[] {
  return (["staff", "parent", "pupil", "school"] as const).map((name) => {
    const own = cases.filter(({ message }) => message.abusive && message.target === name);
    const found = own.filter(({ said }) => ABUSIVE.says(said));
    return {
      name,
      recall: shareOf(own, ({ said }) => ABUSIVE.says(said)),
      right: shareOf(found, ({ said }) => said.target === name),
    };
  });
}

export interface Reach {
  readonly name: string;
  readonly on: string;
  readonly at: AtFalseAlarms;
}

/** The figures to reach: recall where false alarms are held down, whatever threshold that takes. */
export function reachFigures(cases: readonly Case[]): readonly Reach[] {
  const rows: readonly (readonly [Class, string, (message: Labelled) => boolean, number])[] = [
    [ABUSIVE, "all that is not abusive", (message) => !message.abusive, 0.03],
    [ABUSIVE, "plain ok messages", isOk, 0.03],
    [SAFEGUARDING, "plain ok messages", isOk, 0.04],
    [MUST_NOT_WAIT, "plain ok messages", isOk, 0.04],
  ];
  return rows.map(([{ name, is, score }, on, isNegative, atMost]) => {
    const scores = (wanted: (message: Labelled) => boolean) =>
      cases.filter(({ message }) => wanted(message)).map(({ said }) => score(said));
    return { name, on, at: recallAt(scores(is), scores(isNegative), atMost) };
  });
}
