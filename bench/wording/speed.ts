// Microseconds a message of 1 kB, and whether 1 MB in one go costs a thousand times as much.
import { random, shuffle } from "../../training/random.ts";
import { median } from "./shares.ts";

const MESSAGE_BYTES = 1000;
const ROUNDS = 5;
const MESSAGES = 200;
const LONG_ROUNDS = 3;
const MESSAGES_IN_LONG = 1000;
const SEED = 20_261_123;

/** Messages of 1,000 bytes made of whole texts in an order of their own; the last text is cut. */
function messages(texts: readonly string[], count: number, next: () => number): readonly string[] {
  const bytes = new Uint8Array(MESSAGE_BYTES);
  let left: string[] = [];
  const draw = () => {
    if (left.length === 0) {
      left = [...texts];
      shuffle(left, next);
    }
    return left.pop() ?? "";
  };
  return Array.from({ length: count }, () => {
    let made = draw();
    while (made.length < MESSAGE_BYTES) made += `\n\n${draw()}`;
    return made.slice(0, new TextEncoder().encodeInto(made, bytes).read);
  });
}

/** New messages for each round, the same in every run and for everyone. */
export interface SpeedTexts {
  readonly rounds: readonly (readonly string[])[];
  readonly long: readonly string[];
}

export function speedTexts(texts: readonly string[]): SpeedTexts {
  const next = random(SEED);
  return {
    rounds: Array.from({ length: ROUNDS + 1 }, () => messages(texts, MESSAGES, next)),
    long: messages(texts, MESSAGES_IN_LONG, next),
  };
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/**
 * Microseconds for each message, the median of the rounds; the first round warms up. All take their turn in each
 * round, so that a busy machine is busy for all of them.
 */
export function microseconds(
  judges: readonly ((text: string) => unknown)[],
  { rounds }: SpeedTexts,
): readonly number[] {
  const times = rounds.map((round) =>
    judges.map((judge) => timed(() => round.forEach((text) => void judge(text)))),
  );
  return judges.map((_, at) => (median(times.slice(1).map((round) => round[at] ?? 0)) * 1000) / MESSAGES);
}

/** 1 MB in one go to the same in a thousand messages: 1 when it is linear. */
export function longToShort(judge: (text: string) => unknown, { long }: SpeedTexts): number {
  const whole = long.join("\n");
  const ratios = Array.from({ length: LONG_ROUNDS }, () => {
    const apart = timed(() => long.forEach((text) => void judge(text)));
    return timed(() => void judge(whole)) / apart;
  });
  return median(ratios);
}
