// The Friday that the trial begins with: a few messages through the day, so that there is something to see.
import { instantMs, localDay, minutesOf } from "../core/local-time.ts";
import type { Instant } from "../core/types.ts";
import { examples } from "./examples.ts";
import type { Draft } from "./post.ts";
import type { Sender } from "./senders.ts";

export interface Occasion {
  readonly at: Instant;
  readonly draft: Draft;
}

/** Ids of examples.ts by the time at which they are sent. */
const day: readonly (readonly [string, string])[] = [
  ["08:12", "absence"],
  ["10:05", "supplier"],
  ["11:30", "newsletter"],
  ["16:10", "complaint"],
  ["19:42", "abuse"],
  ["20:15", "disclosure"],
  ["20:31", "text"],
  ["20:48", "many"],
];

/** When the clock begins: before the first message of that Friday. */
export const openingTime = (friday: Instant, zone: string): Instant => onThatDay(friday, "08:00", zone);

const onThatDay = (friday: Instant, time: string, zone: string): Instant =>
  new Date(instantMs(localDay(Date.parse(friday), zone), minutesOf(time), zone)).toISOString();

/** @param friday 21:00 of the day */
export function openingDay(friday: Instant, zone: string, senders: readonly Sender[]): readonly Occasion[] {
  return day.flatMap(([time, id]) => {
    const example = examples.find((one) => one.id === id);
    const sender = senders.find((one) => one.id === example?.sender);
    if (example === undefined || sender === undefined) return [];
    const { channel, to, subject, text } = example;
    return [{ at: onThatDay(friday, time, zone), draft: { sender, channel, to, subject, text } }];
  });
}
