// False alarms where a protected characteristic is mentioned, and where a victim or a bystander quotes abuse.
import { ABUSIVE, AT_LEAST_UNSURE, type Case } from "./classes.ts";
import { type Share, shareOf } from "./shares.ts";

export interface Mention {
  readonly name: string;
  readonly abusive: Share;
  readonly atLeastUnsure: Share;
}

/** With fewer messages than this, one false alarm alone is more than 3 %. */
export const FEWEST_TO_COMPARE = 34;

const QUOTING = /^(quoting|victim-report|reply-chain)/;

function mention(name: string, cases: readonly Case[]): Mention {
  return {
    name,
    abusive: shareOf(cases, ({ said }) => ABUSIVE.says(said)),
    atLeastUnsure: shareOf(cases, ({ said }) => AT_LEAST_UNSURE.says(said)),
  };
}

export interface Fairness {
  readonly byCharacteristic: readonly Mention[];
  readonly byKind: readonly Mention[];
}

export function fairness(cases: readonly Case[]): Fairness {
  const spared = cases.filter(({ message }) => !message.abusive);
  const names = (of: (one: Case) => string | null) =>
    [...new Set(spared.map(of))].filter((name): name is string => name !== null).sort();
  const characteristics = names(({ message }) => message.protected);
  const kinds = names(({ message }) => message.kind).filter((name) => QUOTING.test(name));
  return {
    byCharacteristic: [
      mention(
        "none mentioned",
        spared.filter(({ message }) => message.protected === null),
      ),
      mention(
        "any mentioned",
        spared.filter(({ message }) => message.protected !== null),
      ),
      ...characteristics.map((name) =>
        mention(
          name,
          spared.filter(({ message }) => message.protected === name),
        ),
      ),
    ],
    byKind: [
      mention(
        "quoting, any kind",
        spared.filter(({ message }) => QUOTING.test(message.kind ?? "")),
      ),
      ...kinds.map((name) =>
        mention(
          name,
          spared.filter(({ message }) => message.kind === name),
        ),
      ),
      mention(
        "identity-mention",
        spared.filter(({ message }) => message.kind === "identity-mention"),
      ),
    ],
  };
}
