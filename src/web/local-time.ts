// Instants as people say them, in the school's own zone.
import type { Instant } from "../core/types.ts";

const dayMs = 24 * 60 * 60 * 1000;

interface LocalParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly weekday: string;
  readonly hour: string;
  readonly minute: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, made);
  return made;
}

function local(instant: Instant, zone: string): LocalParts {
  const parts = formatFor(zone).formatToParts(new Date(instant));
  return Object.fromEntries(parts.map(({ type, value }) => [type, value])) as unknown as LocalParts;
}

/** How many calendar days `instant` lies after today: -1 is yesterday. */
function daysFromToday(instant: LocalParts, now: LocalParts): number {
  const day = (at: LocalParts) => Date.parse(`${at.day} ${at.month} ${at.year} UTC`);
  return Math.round((day(instant) - day(now)) / dayMs);
}

const nearDays: Readonly<Record<number, string>> = { [-1]: "Yesterday", 0: "Today", 1: "Tomorrow" };

function said(instant: Instant, now: Instant, zone: string) {
  const at = local(instant, zone);
  const today = local(now, zone);
  const far =
    at.year === today.year ? `${at.weekday} ${at.day} ${at.month}` : `${at.day} ${at.month} ${at.year}`;
  return { near: nearDays[daysFromToday(at, today)], far, time: `${at.hour}:${at.minute}` };
}

/** "Today 21:04", "Yesterday 21:04", "Friday 20 November 21:04", "3 July 2025 21:04". */
export function whenLabel(instant: Instant, now: Instant, zone: string): string {
  const { near, far, time } = said(instant, now, zone);
  return `${near ?? far} ${time}`;
}

/** The same inside a sentence: "today at 21:04", "on Monday 23 November at 08:00". */
export function whenInSentence(instant: Instant, now: Instant, zone: string): string {
  const { near, far, time } = said(instant, now, zone);
  return near ? `${near.toLowerCase()} at ${time}` : `on ${far} at ${time}`;
}
