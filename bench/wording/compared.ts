// The judge beside the libraries: what each finds of abuse, its false alarms, and its time.
import { ABUSIVE, AT_LEAST_UNSURE, type Case, isOk } from "./classes.ts";
import type { Peer } from "./peers.ts";
import { recallAt, type Share, shareOf } from "./shares.ts";
import { microseconds, type SpeedTexts } from "./speed.ts";

export interface Compared {
  readonly name: string;
  readonly version: string;
  readonly precision: Share;
  readonly recall: Share;
  readonly falseAlarms: Share;
  readonly falseAlarmsOnOk: Share;
  /** Recall of the judge when its threshold is moved to this one's share of false alarms. */
  readonly oursAtItsFalseAlarms: number | null;
  readonly microseconds: number;
}

/** The judge as shipped, and with what it is unsure of, first. */
export function compared(
  cases: readonly Case[],
  judge: (text: string) => unknown,
  libraries: readonly Peer[],
  texts: SpeedTexts,
): readonly Compared[] {
  const [ours = 0, ...theirs] = microseconds([judge, ...libraries.map(({ isAbusive }) => isAbusive)], texts);
  const scores = (isWanted: boolean) =>
    cases.filter(({ message }) => message.abusive === isWanted).map(({ said }) => said.score);
  const row = (name: string, version: string, says: (one: Case) => boolean, cost: number): Compared => {
    const isSaid = new Map(cases.map((one) => [one, says(one)]));
    const said = (one: Case) => isSaid.get(one) === true;
    const falseAlarms = shareOf(
      cases.filter(({ message }) => !message.abusive),
      said,
    );
    return {
      name,
      version,
      precision: shareOf(cases.filter(said), ({ message }) => message.abusive),
      recall: shareOf(
        cases.filter(({ message }) => message.abusive),
        said,
      ),
      falseAlarms,
      falseAlarmsOnOk: shareOf(
        cases.filter(({ message }) => isOk(message)),
        said,
      ),
      oursAtItsFalseAlarms: recallAt(scores(true), scores(false), falseAlarms.share ?? 0).recall.share,
      microseconds: cost,
    };
  };
  return [
    row("Afterbell, abusive", "", ({ said }) => ABUSIVE.says(said), ours),
    row("Afterbell, abusive or unsure", "", ({ said }) => AT_LEAST_UNSURE.says(said), ours),
    ...libraries.map(({ name, version, isAbusive }, at) =>
      row(name, version, ({ message }) => isAbusive(message.text), theirs[at] ?? 0),
    ),
  ];
}
