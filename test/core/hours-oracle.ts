// A slow second opinion on working hours: it looks at a wall clock every quarter of an hour and counts.
import type { Calendar, PersonHours } from "../../src/core/types.ts";

export const quarterMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;
const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

interface Wall {
  readonly formatter: Intl.DateTimeFormat;
  readonly seen: Map<number, number>;
}
const walls = new Map<string, Wall>();

function wallIn(zone: string): Wall {
  const known = walls.get(zone);
  if (known) return known;
  // Swedes write 2026-11-23 08:00:00, which Date.parse almost reads.
  const formatter = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const made = { formatter, seen: new Map<number, number>() };
  walls.set(zone, made);
  return made;
}

/** What the clock on the wall shows, as the UTC instant that would be written the same way. */
function wallClock(ms: number, zone: string): number {
  const { formatter, seen } = wallIn(zone);
  const known = seen.get(ms);
  if (known !== undefined) return known;
  const shown = Date.parse(`${formatter.format(ms).replace(" ", "T")}Z`);
  seen.set(ms, shown);
  return shown;
}

function text(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

function worked(date: string, calendar: Calendar, person: PersonHours): boolean {
  const covers = (range: { first: string; last: string }) => !(date < range.first || date > range.last);
  const year = calendar.years.find(covers);
  if (!year) return false;
  if (calendar.bankHolidays.map((holiday) => holiday.date).includes(date)) return false;
  if (person.leave.some(covers) || year.closures.some(covers)) return false;
  if (person.allYear) return true;
  if (year.inset.includes(date)) return calendar.staffWorkOnInset;
  return year.terms.some(covers);
}

/** Walks from the first week's Monday to the date, turning the weeks over one at a time. */
function weekIndex(date: string, calendar: Calendar, person: PersonHours): number {
  const year = calendar.years.find((one) => one.first <= date && date <= one.last);
  let monday = Date.parse(person.weekOne ?? year?.first ?? date);
  while (new Date(monday).getUTCDay() !== 1) monday -= dayMs;
  const target = Date.parse(date);
  let index = 0;
  for (; target >= monday + 7 * dayMs; monday += 7 * dayMs) index = (index + 1) % person.weeks.length;
  for (; target < monday; monday -= 7 * dayMs) index = index === 0 ? person.weeks.length - 1 : index - 1;
  return index;
}

interface WallBlock {
  readonly id: string;
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

function blocksOfDate(date: string, calendar: Calendar, person: PersonHours): WallBlock[] {
  if (!worked(date, calendar, person)) return [];
  const midnight = Date.parse(date);
  const week = person.weeks[weekIndex(date, calendar, person)];
  const blocks = week?.[names[new Date(midnight).getUTCDay()] ?? "sun"] ?? [];
  return blocks.map(({ start, end }, index) => {
    const at = (time: string) => midnight + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
    const to = end > start ? at(end) : at(end) + dayMs;
    return { id: `${date}#${index}`, date, from: at(start), to };
  });
}

export interface Sighting {
  readonly ms: number;
  readonly wall: number;
  /** The blocks that somebody who looked at the clock would say are running. */
  readonly running: readonly WallBlock[];
}

/**
 * Every quarter of an hour from `fromMs` to `toMs`. A time is reached when the clock shows it or a later
 * one, and will show neither it nor an earlier one again; a block runs from when its start is reached until its
 * end is.
 * Right for blocks and clock changes that lie on quarters of an hour.
 */
export function sightings(
  fromMs: number,
  toMs: number,
  calendar: Calendar,
  person: PersonHours,
): readonly Sighting[] {
  const blocks = new Map<string, WallBlock[]>();
  const found: Sighting[] = [];
  for (let ms = Math.floor(fromMs / quarterMs) * quarterMs; ms <= toMs; ms += quarterMs) {
    const wall = wallClock(ms, calendar.zone);
    let lowestLater = Number.POSITIVE_INFINITY;
    for (let ahead = 1; ahead <= 12; ahead += 1) {
      lowestLater = Math.min(lowestLater, wallClock(ms + ahead * quarterMs, calendar.zone));
    }
    const reached = (time: number) => wall >= time && lowestLater > time;
    const near = [-2, -1, 0, 1].map((days) => text(wall + days * dayMs));
    const running = near.flatMap((date) => {
      const known = blocks.get(date) ?? blocksOfDate(date, calendar, person);
      blocks.set(date, known);
      return known.filter(({ from, to }) => reached(from) && !reached(to));
    });
    found.push({ ms, wall, running });
  }
  return found;
}

export interface Verdict {
  readonly working: boolean | null;
  /** undefined: not inside the window that was looked at. */
  readonly nextWorkingMoment: string | null | undefined;
  readonly nextWorkingDay: string | null | undefined;
  readonly closedSince: string | null | undefined;
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** What whenWorking should say at `nowMs`, as far as `all` reaches before and after. */
export function verdict(nowMs: number, all: readonly Sighting[], calendar: Calendar): Verdict {
  const covered = (wallMs: number) => {
    const date = text(wallMs);
    return calendar.years.some((year) => year.first <= date && date <= year.last);
  };
  const nowIndex = all.findLastIndex(({ ms }) => ms <= nowMs);
  const here = all[nowIndex];
  if (!here || !covered(here.wall)) {
    return { working: null, nextWorkingMoment: null, nextWorkingDay: null, closedSince: null };
  }
  const today = text(here.wall);
  const working = here.running.length > 0;
  const next = (counts: (block: WallBlock) => boolean): string | null | undefined => {
    for (let index = nowIndex + 1; index < all.length; index += 1) {
      const { ms, wall, running } = all[index] ?? here;
      if (!covered(wall)) return null;
      const before = all[index - 1]?.running.map(({ id }) => id) ?? [];
      if (running.some((block) => !before.includes(block.id) && counts(block))) return iso(ms);
    }
    return undefined;
  };
  const closedSince = (): string | null | undefined => {
    if (working) return null;
    for (let index = nowIndex; index > 0; index -= 1) {
      const { running, wall } = all[index - 1] ?? here;
      // The last block's end, or the midnight at which the calendar begins.
      if (running.length > 0 || !covered(wall)) return iso(all[index]?.ms);
    }
    return undefined;
  };
  return {
    working,
    nextWorkingMoment: next(() => true),
    nextWorkingDay: next(({ date }) => date > today),
    closedSince: closedSince(),
  };
}
