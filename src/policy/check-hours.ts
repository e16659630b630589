// What the schema cannot see in working hours and leave: overlaps, also past midnight, and weeks that alternate.
import { WEEKDAYS, type Weekday } from "../core/types.ts";
import { checkRange, weekday } from "./check-calendar.ts";
import type { Problem } from "./problem.ts";
import type { SchoolFile, StaffMember } from "./schema.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

type Hours = SchoolFile["hours"];

const dayMs = 86_400_000;

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
