// What the schema cannot see in the calendar: order, overlaps, days outside their year.
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { SchoolFile } from "./schema.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

type Year = SchoolFile["calendar"]["years"][number];
type Range = Year["terms"][number];

/** 0 is Sunday. */
export const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

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
