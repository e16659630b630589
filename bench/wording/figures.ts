// All figures of one run, as `--json` prints them.
import { newText } from "../../src/core/quoting.ts";
import type { Assessment } from "../../src/core/types.ts";
import { DEV_BATCHES, type Labelled } from "../../training/corpus.ts";
import {
  ABUSIVE,
  type Case,
  CLASSES,
  type ClassFigures,
  categoryFigures,
  classFigures,
  isOk,
  kindFigures,
  MUST_NOT_WAIT,
  type Named,
  type Reach,
  reachFigures,
  SAFEGUARDING,
  targetFigures,
} from "./classes.ts";
import { type Compared, compared } from "./compared.ts";
import { type Evidence, evidence } from "./evidence.ts";
import { type Fairness, fairness } from "./fairness.ts";
import { peers } from "./peers.ts";
import { type Robustness, robustness } from "./robustness.ts";
import { type Calibration, calibration, type Share, shareOf } from "./shares.ts";
import { longToShort, speedTexts } from "./speed.ts";

export interface Figures {
  readonly messages: readonly {
    readonly batch: string;
    readonly count: number;
    readonly isLearntFrom: boolean;
  }[];
  readonly counts: readonly { readonly name: string; readonly count: number }[];
  readonly atShipped: readonly ClassFigures[];
  readonly categories: readonly Named[];
  readonly targets: readonly Named[];
  readonly kinds: readonly Named[];
  readonly reach: readonly Reach[];
  /** False alarms of messages that quote: judged whole, and without what they quote. */
  readonly quoting: { readonly whole: Share; readonly newOnly: Share };
  readonly fairness: Fairness;
  readonly robustness: readonly Robustness[];
  readonly calibration: readonly { readonly name: string; readonly figures: Calibration }[];
  readonly speed: { readonly microseconds: number; readonly longToShort: number };
  readonly loadMs: number;
  readonly megabytes: number;
  readonly evidence: readonly Evidence[];
  readonly compared: readonly Compared[];
}

type Judge = (text: string) => Assessment;

function quoting(messages: readonly Labelled[], judge: Judge): Figures["quoting"] {
  const quotes = messages.filter(({ abusive, text }) => !abusive && /^\s*>/m.test(text));
  return {
    whole: shareOf(quotes, ({ text }) => ABUSIVE.says(judge(text))),
    newOnly: shareOf(quotes, ({ text }) => ABUSIVE.says(judge(newText(text)))),
  };
}

/** Judges all messages, plain and hidden, and times it: about a minute or two. */
export function measure(
  messages: readonly Labelled[],
  judge: Judge,
  model: Pick<Figures, "loadMs" | "megabytes">,
): Figures {
  const cases: readonly Case[] = messages.map((message) => ({ message, said: judge(message.text) }));
  const texts = speedTexts(messages.map(({ text }) => text));
  const libraries = compared(cases, judge, peers(), texts);
  return {
    messages: [...new Set(messages.map(({ batch }) => batch))].map((batch) => ({
      batch,
      count: messages.filter((one) => one.batch === batch).length,
      isLearntFrom: !DEV_BATCHES.includes(batch),
    })),
    counts: [
      ...[ABUSIVE, SAFEGUARDING, MUST_NOT_WAIT].map(({ name, is }) => ({
        name,
        count: messages.filter(is).length,
      })),
      { name: "plain ok", count: messages.filter(isOk).length },
    ],
    atShipped: CLASSES.map((one) => classFigures(cases, one)),
    categories: categoryFigures(cases),
    targets: targetFigures(cases),
    kinds: kindFigures(cases),
    reach: reachFigures(cases),
    quoting: quoting(messages, judge),
    fairness: fairness(cases),
    robustness: robustness(cases, judge),
    calibration: [ABUSIVE, SAFEGUARDING, MUST_NOT_WAIT].map(({ name, is, score }) => ({
      name,
      figures: calibration(cases.map(({ message, said }) => ({ score: score(said), is: is(message) }))),
    })),
    speed: { microseconds: libraries[0]?.microseconds ?? 0, longToShort: longToShort(judge, texts) },
    ...model,
    evidence: evidence(cases),
    compared: libraries,
  };
}
