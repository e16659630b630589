// When does this person work: now, next, on the next day, and since when have they been away.
import {
  type DayNumber,
  dayNumber,
  instantMs,
  localDate,
  localDay,
  minutesOf,
  mondayOf,
  toInstant,
  weekdayIndex,
} from "./local-time.ts";
import {
  type Block,
  type Calendar,
  type DateRange,
  type Instant,
  type LocalDate,
  type PersonHours,
  type SchoolYear,
  WEEKDAYS,
} from "./types.ts";

export interface WorkingTimes {
  /** null: today is in no school year, so nobody can tell. */
  readonly working: boolean | null;
  /** The start of the next block strictly after now; null when the calendar ends before one is found. */
  readonly nextWorkingMoment: Instant | null;
  /** The start of the first block on a later day than today; null as above. */
  readonly nextWorkingDay: Instant | null;
  /** The end of the last block before now; null while working or unknown. */
  readonly closedSince: Instant | null;
}

const unknown: WorkingTimes = {
  working: null,
  nextWorkingMoment: null,
  nextWorkingDay: null,
  closedSince: null,
};

/** Longer than any holiday; who has been away for longer has been away since then. */
const longestLookBackDays = 120;

/** One block on one day, as instants in ms since the epoch: from `startMs`, up to but without `endMs`. */
interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}
/** The stretches that begin on a day, in order of their starts; null for a day in no school year. */
type Timetable = (day: DayNumber) => readonly Stretch[] | null;

/**
 * Where `now` stands in a person's working hours.
 *
 * A block belongs to the day on which it starts, and that day alone decides whether it is worked.
 * `closedSince` looks back 120 days at most; where the school years begin later than that, or no block is
 * found, it is the local midnight at which that stretch begins. On the nights when clocks change, blocks
 * run by the clock on the wall: see `instantMs` in local-time.ts.
 * An instant or zone that cannot be read gives the same as a day without a calendar: null everywhere.
 */
export function whenWorking(now: Instant, calendar: Calendar, person: PersonHours): WorkingTimes {
  const nowMs = Date.parse(now);
  const today = localDay(nowMs, calendar.zone);
  const timetable: Timetable = (day) => stretchesOn(day, calendar, person);
  const ofToday = Number.isFinite(today) ? timetable(today) : null;
  if (!ofToday) return unknown;

  const inReach = [...(timetable(today - 1) ?? []), ...ofToday];
  const working = inReach.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs);
  const laterToday = ofToday.find(({ startMs }) => startMs > nowMs)?.startMs ?? null;
  const nextDay = firstStart(timetable, today + 1);
  return {
    working,
    nextWorkingMoment: instantOrNull(laterToday ?? nextDay),
    nextWorkingDay: instantOrNull(nextDay),
    closedSince: working ? null : toInstant(lastEnd(timetable, today, nowMs, calendar.zone)),
  };
}

function firstStart(timetable: Timetable, from: DayNumber): number | null {
  for (let day = from; ; day += 1) {
    const stretches = timetable(day);
    if (!stretches) return null;
    if (stretches[0]) return stretches[0].startMs;
  }
}

function lastEnd(timetable: Timetable, today: DayNumber, nowMs: number, zone: string): number {
  const bound = today - longestLookBackDays;
  // One day beyond the bound, since its night may run on past it.
  for (let day = today; day >= bound - 1; day -= 1) {
    const stretches = timetable(day);
    if (!stretches) return instantMs(day + 1, 0, zone);
    const ended = stretches.filter(({ endMs }) => endMs <= nowMs);
    if (ended.length > 0) {
      // The night before may run on past the first short block of a day.
      const nightBefore = timetable(day - 1) ?? [];
      return Math.max(...[...ended, ...nightBefore].map(({ endMs }) => endMs));
    }
  }
  return instantMs(bound, 0, zone);
}

function stretchesOn(day: DayNumber, calendar: Calendar, person: PersonHours): readonly Stretch[] | null {
  const date = localDate(day);
  const year = calendar.years.find((one) => contains(one, date));
  if (!year) return null;
  const blocks = blocksOn(day, year, person);
  if (blocks.length === 0 || !isWorkedDay(date, year, calendar, person)) return [];
  return (
    blocks
      .map((block) => stretch(day, block, calendar.zone))
      // Nothing is left of a block that lies in the hour that March skips.
      .filter(({ startMs, endMs }) => startMs < endMs)
      .sort((a, b) => a.startMs - b.startMs)
  );
}

function stretch(day: DayNumber, block: Block, zone: string): Stretch {
  const start = minutesOf(block.start);
  const end = minutesOf(block.end);
  const endDay = end <= start ? day + 1 : day;
  return { startMs: instantMs(day, start, zone), endMs: instantMs(endDay, end, zone) };
}

/** Without a `weekOne`, the first of several weeks is the one in which the school year begins. */
function blocksOn(day: DayNumber, year: SchoolYear, person: PersonHours): readonly Block[] {
  const count = person.weeks.length;
  const firstMonday = mondayOf(dayNumber(person.weekOne ?? year.first));
  const weeksSince = Math.floor((day - firstMonday) / 7);
  const index = count < 2 ? 0 : ((weeksSince % count) + count) % count;
  const weekday = WEEKDAYS[weekdayIndex(day)];
  return (weekday && person.weeks[index]?.[weekday]) ?? [];
}

function isWorkedDay(date: LocalDate, year: SchoolYear, calendar: Calendar, person: PersonHours): boolean {
  return (
    (person.allYear || isSchoolDay(date, year, calendar.staffWorkOnInset)) &&
    !calendar.bankHolidays.some((holiday) => holiday.date === date) &&
    !isIn(year.closures, date) &&
    !isIn(person.leave, date)
  );
}

/** INSET days may lie inside a term or in a holiday: the setting decides about both. */
function isSchoolDay(date: LocalDate, year: SchoolYear, staffWorkOnInset: boolean): boolean {
  return year.inset.includes(date) ? staffWorkOnInset : isIn(year.terms, date);
}

function isIn(ranges: readonly DateRange[], date: LocalDate): boolean {
  return ranges.some((range) => contains(range, date));
}

function contains(range: Pick<DateRange, "first" | "last">, date: LocalDate): boolean {
  return range.first <= date && date <= range.last;
}

function instantOrNull(ms: number | null): Instant | null {
  return ms === null ? null : toInstant(ms);
}
