// Where the trial's clock begins and can be moved to, in term, in the holidays and when clocks change.
import { describe, expect, test } from "@jest/globals";
import type { Calendar, PersonHours } from "../../src/core/types.ts";
import { easterSunday, usualYear, yearsNeeded } from "../../src/trial/calendar.ts";
import { firstFriday, momentsAfter, readLocalTime } from "../../src/trial/moments.ts";

const day = "08:00-17:00".split("-");
const block = [{ start: day[0] ?? "", end: day[1] ?? "" }];
const hours: PersonHours = {
  weeks: [{ mon: block, tue: block, wed: block, thu: block, fri: block }],
  weekOne: null,
  leave: [],
  allYear: false,
};
const calendar: Calendar = {
  zone: "Europe/London",
  years: [2026, 2027].map(usualYear),
  bankHolidays: [{ date: "2027-05-03", name: "Early May bank holiday" }],
  staffWorkOnInset: true,
};
const school = { calendar, hours };
const labels = (now: string) => momentsAfter(now, school).map(({ id, at }) => `${id} ${at}`);

describe("the first Friday", () => {
  test("is this week's, also when today is that Friday and it is late", () => {
    expect(firstFriday("2026-11-23T09:00:00.000Z", school)).toBe("2026-11-27T21:00:00.000Z");
    expect(firstFriday("2026-11-27T23:30:00.000Z", school)).toBe("2026-11-27T21:00:00.000Z");
    expect(firstFriday("2026-11-28T09:00:00.000Z", school)).toBe("2026-12-04T21:00:00.000Z");
  });

  test("has school on the Monday after it: not before half-term, a holiday or a bank holiday", () => {
    expect(firstFriday("2026-10-20T09:00:00.000Z", school)).toBe("2026-11-06T21:00:00.000Z");
    expect(firstFriday("2027-08-01T09:00:00.000Z", school)).toBe("2027-09-10T20:00:00.000Z");
    expect(firstFriday("2027-04-28T09:00:00.000Z", school)).toBe("2027-05-07T20:00:00.000Z");
  });

  test("is nowhere without a calendar", () => {
    expect(firstFriday("2040-01-01T09:00:00.000Z", school)).toBeNull();
  });
});

describe("the buttons", () => {
  test("are later than now, soonest first, and no two say the same", () => {
    expect(labels("2026-11-27T21:00:00.000Z")).toEqual([
      "hour 2026-11-27T22:00:00.000Z",
      "saturday 2026-11-28T09:00:00.000Z",
      "monday 2026-11-30T08:00:00.000Z",
      "friday 2026-12-04T21:00:00.000Z",
    ]);
    expect(labels("2026-11-24T10:00:00.000Z")).toEqual([
      "hour 2026-11-24T11:00:00.000Z",
      "morning 2026-11-25T08:00:00.000Z",
      "friday 2026-11-27T21:00:00.000Z",
      "saturday 2026-11-28T09:00:00.000Z",
      "monday 2026-11-30T08:00:00.000Z",
    ]);
  });

  test("name the time on the school's wall when the clocks change between", () => {
    const calendarOf = { ...calendar, years: [usualYear(2026)] };
    const over = momentsAfter("2027-03-26T21:00:00.000Z", { calendar: calendarOf, hours });
    expect(over.find(({ id }) => id === "monday")?.at).toBe("2027-03-29T07:00:00.000Z");
  });
});

test("what is typed is read in the school's zone, and nonsense is refused", () => {
  expect(readLocalTime("2026-11-30T08:00", "Europe/London")).toBe("2026-11-30T08:00:00.000Z");
  expect(readLocalTime("2027-06-30T08:00", "Europe/London")).toBe("2027-06-30T07:00:00.000Z");
  for (const text of ["", "tomorrow", "2026-13-40T08:00", "2026-11-30T25:00", "2026-11-30"]) {
    expect(readLocalTime(text, "Europe/London")).toBeNull();
  }
});

describe("a school year of the usual shape", () => {
  test("has its terms in order, on school days, inside the year", () => {
    for (let year = 2024; year <= 2060; year += 1) {
      const { terms, first, last } = usualYear(year);
      const days = terms.flatMap((term) => [term.first, term.last]);
      expect(days).toEqual([...days].sort());
      expect((days[0] ?? "") >= first && (days.at(-1) ?? "") <= last).toBe(true);
      for (const date of days) expect([1, 2, 3, 4, 5]).toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
    }
  });

  test("leaves out Easter, whose date is right", () => {
    const dates = {
      2026: "04-05",
      2027: "03-28",
      2028: "04-16",
      2029: "04-01",
      2030: "04-21",
      2038: "04-25",
    };
    for (const [year, date] of Object.entries(dates)) {
      const found = new Date(easterSunday(Number(year)) * 86_400_000).toISOString().slice(0, 10);
      expect(found).toBe(`${year}-${date}`);
      const { terms } = usualYear(Number(year) - 1);
      expect(terms.some(({ first, last }) => first <= found && found <= last)).toBe(false);
    }
  });

  test("is needed for today and the year to come", () => {
    expect(yearsNeeded("2028-11-23")).toEqual([2028, 2029]);
    expect(yearsNeeded("2028-03-01")).toEqual([2027, 2028]);
    expect(yearsNeeded("2028-08-15")).toEqual([2027, 2028, 2029]);
  });
});
