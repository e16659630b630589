// Where the trial's clock can be moved to, and where it begins.
import { whenWorking } from "../core/hours.ts";
import { DAY_MS, instantMs, localDay, MINUTE_MS, minutesOf, weekdayIndex } from "../core/local-time.ts";
import type { Calendar, Instant, PersonHours } from "../core/types.ts";

export const MOMENTS = ["friday", "saturday", "monday", "morning", "hour"] as const;
export type MomentId = (typeof MOMENTS)[number];

export interface Moment {
  readonly id: MomentId;
  readonly label: string;
  readonly at: Instant;
}

/** The school's calendar and the hours of everyone who has none of their own. */
export interface SchoolTime {
  readonly calendar: Calendar;
  readonly hours: PersonHours;
}

const FRIDAY = 4;
const longestSearchDays = 400;

const iso = (ms: number): Instant => new Date(ms).toISOString();

const isSchoolDay = (day: number, { calendar, hours }: SchoolTime): boolean =>
  whenWorking(iso(instantMs(day, 12 * 60, calendar.zone)), calendar, hours).working === true;

/** The first day from `from` on that the test accepts, at a time of day after `now`; null when none does. */
function findDay(now: Instant, time: string, zone: string, accept: (day: number) => boolean): Instant | null {
  const nowMs = Date.parse(now);
  const first = localDay(nowMs, zone);
  for (let day = first; day < first + longestSearchDays; day += 1) {
    const ms = instantMs(day, minutesOf(time), zone);
    if (ms > nowMs && accept(day)) return iso(ms);
  }
  return null;
}

/** A Friday at 21:00 with school on it and on the Monday after: this week's or a coming one, never an earlier one. */
export function firstFriday(today: Instant, school: SchoolTime): Instant | null {
  const { zone } = school.calendar;
  const midnight = instantMs(localDay(Date.parse(today), zone), 0, zone);
  return findDay(iso(midnight - 1), "21:00", zone, (day) => isFridayOfTerm(day, school));
}

const isFridayOfTerm = (day: number, school: SchoolTime): boolean =>
  weekdayIndex(day) === FRIDAY && isSchoolDay(day, school) && isSchoolDay(day + 3, school);

/** The buttons beside the clock, all of them later than `now`, soonest first; no two for the same instant. */
export function momentsAfter(now: Instant, school: SchoolTime): readonly Moment[] {
  const { calendar, hours } = school;
  const { zone } = calendar;
  const onWeekday = (index: number) => (day: number) => weekdayIndex(day) === index;
  const friday =
    findDay(now, "21:00", zone, (day) => isFridayOfTerm(day, school)) ??
    findDay(now, "21:00", zone, onWeekday(FRIDAY));
  const found: readonly { readonly id: MomentId; readonly label: string; readonly at: Instant | null }[] = [
    { id: "friday", label: "Friday 21:00", at: friday },
    { id: "saturday", label: "Saturday 09:00", at: findDay(now, "09:00", zone, onWeekday(5)) },
    { id: "monday", label: "Monday 08:00", at: findDay(now, "08:00", zone, onWeekday(0)) },
    { id: "morning", label: "Next working morning", at: whenWorking(now, calendar, hours).nextWorkingMoment },
    { id: "hour", label: "One hour later", at: iso(Date.parse(now) + 60 * MINUTE_MS) },
  ];
  const moments = found.flatMap(({ id, label, at }) => (at === null ? [] : [{ id, label, at }]));
  return moments
    .filter(({ at }, index) => moments.findIndex((other) => other.at === at) === index)
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** A year: beyond it the calendar ends, and the trial has nothing more to show. */
export const furthestMoveMs = 366 * DAY_MS;

/**
 * What stands in the page's date and time field, as an instant.
 * @param text "2026-11-30T08:00", in the school's zone
 * @returns null when it is no date and time
 */
export function readLocalTime(text: string, zone: string): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)/.exec(text.trim());
  const day = match ? Date.parse(`${match[1]}T00:00:00Z`) / DAY_MS : Number.NaN;
  if (!match || Number.isNaN(day)) return null;
  return iso(instantMs(day, Number(match[2]) * 60 + Number(match[3]), zone));
}
