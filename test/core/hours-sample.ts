// The sample school's calendar and people that the tests of working hours share.
import type { Block, Calendar, PersonHours, SchoolYear, Week } from "../../src/core/types.ts";

export function block(text: string): Block {
  const [start = "", end = ""] = text.split("-");
  return { start, end };
}

export function week(days: Readonly<Partial<Record<keyof Week, string>>>): Week {
  return Object.fromEntries(
    Object.entries(days).map(([day, text]) => [day, text.split(", ").map((one) => block(one))]),
  );
}

export const schoolWeek = week({
  mon: "08:00-16:30",
  tue: "08:00-16:30",
  wed: "08:00-16:30",
  thu: "08:00-16:30",
  fri: "08:00-15:30",
});

export function person(changes: Partial<PersonHours> = {}): PersonHours {
  return { weeks: [schoolWeek], weekOne: null, leave: [], allYear: false, ...changes };
}

const named = (first: string, last: string, name = "") => ({ first, last, name });

export const year2026: SchoolYear = {
  name: "2026-27",
  first: "2026-09-01",
  last: "2027-08-31",
  terms: [
    named("2026-09-03", "2026-10-23", "Autumn 1"),
    named("2026-11-02", "2026-12-18", "Autumn 2"),
    named("2027-01-05", "2027-02-12", "Spring 1"),
    named("2027-02-22", "2027-03-25", "Spring 2"),
    named("2027-04-12", "2027-05-28", "Summer 1"),
    named("2027-06-07", "2027-07-21", "Summer 2"),
  ],
  inset: ["2026-09-02", "2026-11-27"],
  closures: [named("2026-12-02", "2026-12-03", "Burst pipe")],
};

export const oakhill: Calendar = {
  zone: "Europe/London",
  years: [year2026],
  bankHolidays: [
    { date: "2026-12-25", name: "Christmas Day" },
    { date: "2026-12-28", name: "Boxing Day (substitute day)" },
    { date: "2027-01-01", name: "New Year’s Day" },
    { date: "2027-03-26", name: "Good Friday" },
    { date: "2027-03-29", name: "Easter Monday" },
    { date: "2027-05-03", name: "Early May bank holiday" },
    { date: "2027-05-31", name: "Spring bank holiday" },
  ],
  staffWorkOnInset: true,
};
