// Instants as people say them, in the school's own zone.
import { formatInTimeZone } from "date-fns-tz";
import type { Instant } from "../core/types.ts";

const dayMs = 24 * 60 * 60 * 1000;
const format = (instant: Instant | number, zone: string, pattern: string) =>
  formatInTimeZone(new Date(instant), zone, pattern);

/** How many calendar days `instant` lies after today: -1 is yesterday. */
function daysFromToday(instant: Instant, now: Instant, zone: string): number {
  const day = (at: Instant) => Date.parse(`${format(at, zone, "yyyy-MM-dd")}T00:00:00Z`);
  return Math.round((day(instant) - day(now)) / dayMs);
}

const nearDays: Readonly<Record<number, string>> = { [-1]: "Yesterday", 0: "Today", 1: "Tomorrow" };

/** "Today 21:04", "Yesterday 21:04", "Friday 20 November 21:04", "3 July 2025 21:04". */
export function whenLabel(instant: Instant, now: Instant, zone: string): string {
  const days = daysFromToday(instant, now, zone);
  const near = nearDays[days];
  if (near) return `${near} ${format(instant, zone, "HH:mm")}`;
  const sameYear = format(instant, zone, "yyyy") === format(now, zone, "yyyy");
  return format(instant, zone, sameYear ? "EEEE d MMMM HH:mm" : "d MMMM yyyy HH:mm");
}

/** The same inside a sentence: "today at 21:04", "on Monday 23 November at 08:00". */
export function whenInSentence(instant: Instant, now: Instant, zone: string): string {
  const near = nearDays[daysFromToday(instant, now, zone)];
  const time = format(instant, zone, "HH:mm");
  if (near) return `${near.toLowerCase()} at ${time}`;
  const sameYear = format(instant, zone, "yyyy") === format(now, zone, "yyyy");
  return `on ${format(instant, zone, sameYear ? "EEEE d MMMM" : "d MMMM yyyy")} at ${time}`;
}
