// What the schema cannot see in the calendar and in working hours: order, overlaps, days that contradict.
import { WEEKDAYS, type Weekday } from "../core/types.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { SchoolFile, StaffMember } from "./schema.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

type Year = SchoolFile["calendar"]["years"][number];
type Range = Year["terms"][number];
export type Hours = SchoolFile["hours"];

const dayMs = 86_400_000;
const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

export const checkZone = (yaml: YamlFile, zone: string): readonly Problem[] => {
  try {
    if (/^[A-Za-z]/.test(zone)) {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return [];
    }
  } catch {}
  const near = nearest(zone, Intl.supportedValuesOf("timeZone"));
  const hint = near === null ? "" : `; did you mean ${near}?`;
  return [problemAt(yaml, ["school", "zone"], `is not a time zone: write one such as Europe/London${hint}`)];
};

export const checkRange = (
  yaml: YamlFile,
  path: Path,
  range: Pick<Range, "first" | "last">,
): readonly Problem[] =>
  range.first <= range.last
    ? []
    : [
        problemAt(
          yaml,
          [...path, "last"],
          `${range.last} is before the first day, ${range.first}: swap or correct them`,
        ),
      ];

const inside = (date: string, year: Year): boolean => year.first <= date && date <= year.last;

const checkTerm = (yaml: YamlFile, path: Path, year: Year, index: number): readonly Problem[] => {
  const term = year.terms[index];
  const before = year.terms[index - 1];
  if (term === undefined) return [];
  const at = [...path, "terms", index];
  const outside = (["first", "last"] as const)
    .filter((end) => !inside(term[end], year))
    .map((end) =>
      problemAt(yaml, [...at, end], `${term[end]} is outside the school year, ${year.first} to ${year.last}`),
    );
  const order =
    before !== undefined && term.first <= before.last
      ? [
          problemAt(
            yaml,
            [...at, "first"],
            `${term.first} is not after the end of the term before, ${before.last}: put the terms in order, without overlap`,
          ),
        ]
      : [];
  return [...checkRange(yaml, at, term), ...outside, ...order];
};

const checkYear = (yaml: YamlFile, year: Year, index: number): readonly Problem[] => {
  const path = ["calendar", "years", index];
  const within = `the school year, ${year.first} to ${year.last}`;
  const inset = year.inset.flatMap((date, at) => {
    const place = [...path, "inset", at];
    if (!inside(date, year)) return [problemAt(yaml, place, `${date} is outside ${within}`)];
    if (![0, 6].includes(weekday(date))) return [];
    return [problemAt(yaml, place, `${date} is a day of a weekend: is the date right?`, "warning")];
  });
  const closures = year.closures.flatMap((range, at) => [
    ...checkRange(yaml, [...path, "closures", at], range),
    ...(inside(range.first, year) && inside(range.last, year)
      ? []
      : [problemAt(yaml, [...path, "closures", at], `this closure is not inside ${within}`)]),
  ]);
  const terms = year.terms.flatMap((_, at) => checkTerm(yaml, path, year, at));
  return [...checkRange(yaml, path, year), ...terms, ...inset, ...closures];
};

const checkYearOverlap = (yaml: YamlFile, years: readonly Year[]): readonly Problem[] =>
  years.flatMap((year, index) => {
    const other = years.slice(0, index).find((one) => one.first <= year.last && year.first <= one.last);
    if (other === undefined) return [];
    const message = `${year.name} overlaps ${other.name}, ${other.first} to ${other.last}: no day may be in two school years`;
    return [problemAt(yaml, ["calendar", "years", index, "first"], message)];
  });

/** The day on the school's wall; the zone may be wrong, and is then named elsewhere. */
const localDay = (now: Date, zone: string): string => {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(now);
  } catch {
    return now.toISOString().slice(0, 10);
  }
};

/** @param lastKnown the last day for which bank holidays are known */
export const checkCalendar = (
  yaml: YamlFile,
  calendar: SchoolFile["calendar"],
  zone: string,
  now: Date,
  lastKnown: string | null,
): readonly Problem[] => {
  const today = localDay(now, zone);
  const missing = calendar.years.some((year) => inside(today, year))
    ? []
    : [
        problemAt(
          yaml,
          ["calendar", "years"],
          `no school year covers today, ${today}: nothing is held, and every message is delivered at once, until one is added`,
          "warning",
        ),
      ];
  const unknown = calendar.years.flatMap((year, index) =>
    lastKnown === null || year.last.slice(0, 4) <= lastKnown.slice(0, 4)
      ? []
      : [
          problemAt(
            yaml,
            ["calendar", "years", index, "last"],
            `bank holidays are known until ${lastKnown} only: bring bank-holidays.json up to date`,
            "warning",
          ),
        ],
  );
  return [
    ...calendar.years.flatMap((year, index) => checkYear(yaml, year, index)),
    ...checkYearOverlap(yaml, calendar.years),
    ...missing,
    ...unknown,
  ];
};

interface Stretch {
  readonly day: Weekday;
  readonly index: number;
  readonly week: number;
  readonly text: string;
  /** Minutes from the start of the first week. */
  readonly start: number;
  readonly end: number;
}

const dayMinutes = 24 * 60;
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const stretches = (hours: Hours): readonly Stretch[] =>
  hours.weeks.flatMap((week, weekIndex) =>
    WEEKDAYS.flatMap((day, dayIndex) =>
      (week[day] ?? []).map((text, index): Stretch => {
        const [first = "", last = ""] = text.split("-");
        const start = (weekIndex * 7 + dayIndex) * dayMinutes + minutes(first);
        const length = minutes(last) - minutes(first);
        const end = start + (length > 0 ? length : length + dayMinutes);
        return { day, index, week: weekIndex, text, start, end };
      }),
    ),
  );

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

const checkOverlap = (yaml: YamlFile, path: Path, hours: Hours): readonly Problem[] => {
  const cycle = hours.weeks.length * 7 * dayMinutes;
  const all = [...stretches(hours)].sort((a, b) => a.start - b.start);
  return all.flatMap((block, index) => {
    const next = all[index + 1] ?? all[0];
    if (next === undefined || all.length === 1) return [];
    const nextStart = next.start + (index + 1 < all.length ? 0 : cycle);
    if (block.end <= nextStart) return [];
    const message = `${next.text} on ${DAY_NAMES[next.day]} overlaps ${block.text} on ${DAY_NAMES[block.day]}: no minute may be worked twice`;
    return [problemAt(yaml, [...path, "weeks", next.week, next.day, next.index], message)];
  });
};

/** @param path where the hours stand: ["hours"], or ["staff", 3, "hours"] */
export const checkHours = (yaml: YamlFile, path: Path, hours: Hours): readonly Problem[] => {
  const at = [...path, "week_one"];
  const problems: Problem[] = [];
  if (hours.week_one === undefined && hours.weeks.length > 1) {
    problems.push(
      problemAt(
        yaml,
        at,
        "is missing: with several weeks, write the date of a Monday in which the first one applies",
      ),
    );
  }
  if (hours.week_one !== undefined && weekday(hours.week_one) !== 1) {
    const monday = new Date(
      Date.parse(`${hours.week_one}T00:00:00Z`) - ((weekday(hours.week_one) + 6) % 7) * dayMs,
    );
    const which = monday.toISOString().slice(0, 10);
    problems.push(
      problemAt(yaml, at, `${hours.week_one} is not a Monday: write the Monday of that week, ${which}`),
    );
  }
  if (stretches(hours).length === 0) {
    problems.push(
      problemAt(
        yaml,
        [...path, "weeks"],
        "no day is worked, so nothing is ever held: write hours such as mon: 08:15-16:30",
        "warning",
      ),
    );
  }
  return [...problems, ...checkOverlap(yaml, path, hours)];
};

export const checkLeave = (yaml: YamlFile, path: Path, member: StaffMember): readonly Problem[] =>
  member.leave.flatMap((range, index) => checkRange(yaml, [...path, "leave", index], range));
