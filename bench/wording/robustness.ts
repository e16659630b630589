// What is still found when the deciding words are hidden in ten ways, and what ok messages look like then.
import type { Assessment } from "../../src/core/types.ts";
import { OBFUSCATIONS, obfuscate } from "../obfuscations.ts";
import { ABUSIVE, AT_LEAST_UNSURE, type Case, isOk, MUST_NOT_WAIT, SAFEGUARDING } from "./classes.ts";
import { type Share, shareOf } from "./shares.ts";

export interface Robustness {
  readonly name: string;
  readonly recall: {
    readonly abusive: Share;
    readonly atLeastUnsure: Share;
    readonly safeguarding: Share;
    readonly mustNotWait: Share;
  };
  readonly falseAlarms: {
    readonly abusive: Share;
    readonly atLeastUnsure: Share;
    readonly safeguarding: Share;
    readonly mustNotWait: Share;
  };
}

function figures(name: string, cases: readonly Case[]): Robustness {
  const classes = {
    abusive: ABUSIVE,
    atLeastUnsure: AT_LEAST_UNSURE,
    safeguarding: SAFEGUARDING,
    mustNotWait: MUST_NOT_WAIT,
  };
  const of = (isWanted: (one: (typeof classes)["abusive"], { message }: Case) => boolean) => {
    const shares = Object.entries(classes).map(([key, one]) => {
      const wanted = cases.filter((each) => isWanted(one, each));
      return [key, shareOf(wanted, ({ said }) => one.says(said))];
    });
    return Object.fromEntries(shares) as Robustness["recall"];
  };
  return {
    name,
    recall: of((one, { message }) => one.is(message)),
    falseAlarms: of((_, { message }) => isOk(message)),
  };
}

/** The plain messages first, then each of the ten. */
export function robustness(
  cases: readonly Case[],
  judge: (text: string) => Assessment,
): readonly Robustness[] {
  return [
    figures("as written", cases),
    ...OBFUSCATIONS.map((way) =>
      figures(
        way.name,
        cases.map(({ message }) => ({ message, said: judge(obfuscate(way, message)) })),
      ),
    ),
  ];
}
