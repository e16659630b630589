// A school year of the usual English shape, for a trial in a year that the example school does not cover.
import { DAY_MS, localDate, mondayOf } from "../core/local-time.ts";
import type { LocalDate } from "../core/types.ts";

export interface TrialYear {
  readonly name: string;
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly terms: readonly { readonly first: LocalDate; readonly last: LocalDate; readonly name: string }[];
  readonly inset: readonly LocalDate[];
  readonly closures: readonly never[];
}

type Day = number;
const day = (year: number, month: number, date: number): Day => Date.UTC(year, month - 1, date) / DAY_MS;

/** Easter Sunday by the anonymous Gregorian algorithm. */
export function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const m = Math.floor((a + 11 * h) / 319);
  const r = (2 * (b % 4) + 2 * Math.floor(c / 4) - (c % 4) - h + m + 32) % 7;
  const month = Math.floor((h - m + r + 90) / 25);
  return day(year, month, (h - m + r + month + 19) % 32);
}

/** The year that begins on 1 September of `year`: six half-terms, a week between two, two weeks at Easter. */
export function usualYear(year: number): TrialYear {
  const next = year + 1;
  const start = mondayOf(day(year, 9, 7));
  const octoberBreak = mondayOf(day(year, 10, 28));
  const christmas = mondayOf(day(year, 12, 17));
  const januaryStart = mondayOf(day(next, 1, 8));
  const februaryBreak = mondayOf(day(next, 2, 18));
  const easterBreak = mondayOf(easterSunday(next));
  const mayBreak = mondayOf(day(next, 5, 31));
  const julyEnd = mondayOf(day(next, 7, 24)) + 2;
  const spans: readonly (readonly [Day, Day, string])[] = [
    [start, octoberBreak - 3, "Autumn term, first half"],
    [octoberBreak + 7, christmas + 4, "Autumn term, second half"],
    [januaryStart, februaryBreak - 3, "Spring term, first half"],
    [februaryBreak + 7, easterBreak - 3, "Spring term, second half"],
    [easterBreak + 14, mayBreak - 3, "Summer term, first half"],
    [mayBreak + 7, julyEnd, "Summer term, second half"],
  ];
  return {
    name: `${year}-${String(next).slice(2)}`,
    first: `${year}-09-01`,
    last: `${next}-08-31`,
    terms: spans.map(([first, last, name]) => ({ first: localDate(first), last: localDate(last), name })),
    inset: [localDate(start), localDate(januaryStart)],
    closures: [],
  };
}

/** The school years in which `today` and the 14 months after it lie, by the year in which each begins. */
export function yearsNeeded(today: LocalDate): readonly number[] {
  const [year = 0, month = 0] = today.split("-").map(Number);
  const begins = month >= 9 ? year : year - 1;
  return month >= 7 && month <= 8 ? [begins, begins + 1, begins + 2] : [begins, begins + 1];
}
