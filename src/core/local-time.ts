// The clock on the school's wall: which day an instant falls on, and which instant a time of day names.
//
// Intl is asked directly. date-fns-tz 3.2 works through the machine's own zone: under TZ=Pacific/Auckland
// or America/New_York it misreads hours that the machine's clock skips or repeats, and it places
// a skipped 01:30 at 00:30, which would release a message early.
import type { Instant, LocalDate, LocalTime } from "./types.ts";

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Days since 1 January 1970, which was a Thursday. Counts days on a calendar, whatever the zone. */
export type DayNumber = number;

/** NaN when the text is no date. */
export function dayNumber(date: LocalDate): DayNumber {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

export function localDate(day: DayNumber): LocalDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayIndex(day: DayNumber): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function mondayOf(day: DayNumber): DayNumber {
  return day - weekdayIndex(day);
}

/** Minutes since midnight; "24:00" is 1440. NaN when the text is no time. */
export function minutesOf(time: LocalTime): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

export function toInstant(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** The local day of an instant. NaN when the instant or the zone is unreadable. */
export function localDay(ms: number, zone: string): DayNumber {
  return Math.floor((ms + offsetMs(ms, zone)) / DAY_MS);
}

/**
 * The instant, in ms since the epoch, at which the clock shows `minutes` after midnight of `day`.
 * A time that comes twice (01:30 in October) means its second coming, and a time that never comes
 * (01:30 in March) means the jump over it: no time is reached early, and later times never come sooner.
 */
export function instantMs(day: DayNumber, minutes: number, zone: string): number {
  const wallMs = day * DAY_MS + minutes * MINUTE_MS;
  const utcDay = Math.floor(wallMs / DAY_MS);
  const beforeMs = midnightOffsetMs(utcDay - 1, zone);
  const afterMs = midnightOffsetMs(utcDay + 2, zone);
  const byNewClock = wallMs - afterMs;
  if (beforeMs === afterMs || offsetMs(byNewClock, zone) === afterMs) return byNewClock;
  const byOldClock = wallMs - beforeMs;
  if (offsetMs(byOldClock, zone) === beforeMs) return byOldClock;
  return changeOfClocksMs(byNewClock, byOldClock, zone);
}

/** The first millisecond of the new offset, between one instant before the change and one at or after it. */
function changeOfClocksMs(before: number, after: number, zone: string): number {
  const oldOffsetMs = offsetMs(before, zone);
  let low = before;
  let high = after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle, zone) === oldOffsetMs) low = middle;
    else high = middle;
  }
  return high;
}

/** What to add to UTC to get the clock's time. NaN when the instant or the zone is unreadable. */
export function offsetMs(ms: number, zone: string): number {
  const utcDay = Math.floor(ms / DAY_MS);
  const offset = midnightOffsetMs(utcDay, zone);
  // No zone changes twice in a day, so equal ends mean no change between them.
  return offset === midnightOffsetMs(utcDay + 1, zone) ? offset : readOffsetMs(ms, zone);
}

// Two memories of pure answers: making a formatter takes 50 µs or more, asking it 2 µs.
const formatters = new Map<string, Intl.DateTimeFormat | null>();
const midnightOffsets = new Map<string, Map<DayNumber, number>>();
const mostDaysRemembered = 20_000;
/** The last instant that a Date can hold (ECMA-262, time values). */
const lastDateMs = 8.64e15;

function midnightOffsetMs(utcDay: DayNumber, zone: string): number {
  const known = midnightOffsets.get(zone)?.get(utcDay);
  if (known !== undefined) return known;
  const offset = readOffsetMs(utcDay * DAY_MS, zone);
  let ofZone = midnightOffsets.get(zone);
  if (!ofZone || ofZone.size >= mostDaysRemembered) {
    ofZone = new Map();
    midnightOffsets.set(zone, ofZone);
  }
  ofZone.set(utcDay, offset);
  return offset;
}

function readOffsetMs(ms: number, zone: string): number {
  const formatter = formatterOf(zone);
  if (!formatter || !(Math.abs(ms) <= lastDateMs)) return Number.NaN;
  const [day, month, year, hours, minutes, seconds] = (formatter.format(ms).match(/\d+/g) ?? []).map(Number);
  const shownMs = Date.UTC(
    year ?? Number.NaN,
    (month ?? Number.NaN) - 1,
    day ?? Number.NaN,
    hours ?? Number.NaN,
    minutes ?? Number.NaN,
    seconds ?? Number.NaN,
  );
  return shownMs - Math.floor(ms / 1000) * 1000;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = makeFormatter(zone);
  formatters.set(zone, made);
  return made;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  const twoDigits = "2-digit";
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: twoDigits,
      day: twoDigits,
      hour: twoDigits,
      minute: twoDigits,
      second: twoDigits,
    });
  } catch {
    // An unknown zone: nothing can be said about time there, and doubt delivers.
    return null;
  }
}
