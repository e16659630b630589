// What the clock and the calendar on the school's wall show at an instant, whatever the machine's own zone.
import type { Instant } from "../core/types.ts";

export interface WallClock {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly weekday: string;
  /** "08:00" */
  readonly time: string;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  formatters.set(zone, made);
  return made;
}

export function wallClock(at: Instant, zone: string): WallClock {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    weekday: part("weekday"),
    time: `${part("hour")}:${part("minute")}`,
  };
}

/** "Friday 27 November 2026" */
export function longDay(at: Instant, zone: string): string {
  const { weekday, day, month, year } = wallClock(at, zone);
  return `${weekday} ${day} ${month} ${year}`;
}

/** "Mon 30 Nov, 08:00" */
export function shortMoment(at: Instant, zone: string): string {
  const { weekday, day, month, time } = wallClock(at, zone);
  return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)}, ${time}`;
}
