// Working hours on calendars, people and instants that nobody thought of, 2026 to 2030.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { whenWorking } from "../../src/core/hours.ts";
import { type Calendar, type PersonHours, WEEKDAYS } from "../../src/core/types.ts";
import { quarterMs, sightings, verdict } from "./hours-oracle.ts";

const dayMs = 24 * 60 * 60_000;
const runs = 100;
const windowDays = 8;

const changesMs = [2026, 2027, 2028, 2029, 2030].flatMap((year) =>
  [3, 10].map((month) => {
    const last = Date.UTC(year, month, 0, 1);
    return last - new Date(last).getUTCDay() * dayMs;
  }),
);

const nowMs = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) - 1 }),
  fc
    .tuple(fc.constantFrom(...changesMs), fc.integer({ min: -2 * dayMs, max: 2 * dayMs }))
    .map(([change, away]) => change + away),
);

const two = (value: number) => String(value).padStart(2, "0");
const times = (everyMinutes: number) =>
  fc
    .integer({ min: 0, max: (24 * 60) / everyMinutes - 1 })
    .map((index) => index * everyMinutes)
    .map((minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`);
const blocks = (everyMinutes: number) => {
  const time = times(everyMinutes);
  return fc.record({ start: time, end: fc.oneof({ weight: 9, arbitrary: time }, fc.constant("24:00")) });
};
const weeks = (everyMinutes: number) =>
  fc.record(
    Object.fromEntries(WEEKDAYS.map((day) => [day, fc.array(blocks(everyMinutes), { maxLength: 3 })])),
    { requiredKeys: [] },
  );

/** A date some days from `now`, so that what is random is also near. */
const near = (now: number, days: number) =>
  fc
    .integer({ min: -days, max: days })
    .map((away) => new Date(now + away * dayMs).toISOString().slice(0, 10));
const range = (now: number, days: number) =>
  fc.tuple(near(now, days), near(now, days)).map(([a, b]) => {
    const [first = a, last = b] = [a, b].sort();
    return { first, last, name: "" };
  });

const calendars = (now: number, zone: string): fc.Arbitrary<Calendar> =>
  fc.record({
    zone: fc.constant(zone),
    years: fc.array(
      fc
        .record({
          bounds: fc.oneof(
            range(now, 40),
            fc.constant({ first: "2025-01-01", last: "2031-12-31", name: "" }),
          ),
          terms: fc.array(range(now, 12), { minLength: 1, maxLength: 3 }),
          inset: fc.array(near(now, 5), { maxLength: 3 }),
          closures: fc.array(range(now, 4), { maxLength: 1 }),
        })
        .map(({ bounds, ...rest }) => ({ ...bounds, ...rest })),
      { minLength: 1, maxLength: 2 },
    ),
    bankHolidays: fc.array(
      near(now, 5).map((date) => ({ date, name: "A holiday" })),
      { maxLength: 2 },
    ),
    staffWorkOnInset: fc.boolean(),
  });

const people = (now: number, everyMinutes: number): fc.Arbitrary<PersonHours> =>
  fc.record({
    weeks: fc.array(weeks(everyMinutes), { minLength: 1, maxLength: 3 }),
    weekOne: fc.option(near(now, 60)),
    leave: fc.array(range(now, 4), { maxLength: 1 }),
    allYear: fc.boolean(),
  });

const zones = fc.oneof(
  { weight: 4, arbitrary: fc.constant("Europe/London") },
  fc.constantFrom("Europe/Paris", "Pacific/Auckland", "America/New_York"),
);

const scenes = (everyMinutes: number) =>
  fc.tuple(nowMs, zones).chain(([now, zone]) =>
    fc.record({
      now: fc.constant(now),
      calendar: calendars(now, zone),
      person: people(now, everyMinutes),
    }),
  );
/** The oracle looks every quarter of an hour, so nothing may happen in between. */
const scene = scenes(15);

function isStart(ms: number, calendar: Calendar, person: PersonHours): boolean {
  const [before, from] = sightings(ms - quarterMs, ms, calendar, person);
  const earlier = new Set(before?.running.map(({ id }) => id));
  return from?.ms === ms && from.running.some(({ id }) => !earlier.has(id));
}

describe("whatever the calendar, the person and the instant", () => {
  test("the answer is the one that looking at the clock gives", () => {
    fc.assert(
      fc.property(scene, ({ now, calendar, person }) => {
        const given = whenWorking(new Date(now).toISOString(), calendar, person);
        const reachMs = windowDays * dayMs;
        const expected = verdict(now, sightings(now - reachMs, now + reachMs, calendar, person), calendar);
        expect(given.working).toBe(expected.working);
        for (const key of ["nextWorkingMoment", "nextWorkingDay"] as const) {
          if (expected[key] !== undefined) expect({ [key]: given[key] }).toEqual({ [key]: expected[key] });
          else if (given[key] !== null) {
            expect(Date.parse(given[key])).toBeGreaterThan(now + reachMs - quarterMs);
          }
        }
        if (expected.closedSince !== undefined) expect(given.closedSince).toBe(expected.closedSince);
        else expect(Date.parse(given.closedSince ?? "")).toBeLessThan(now - reachMs + quarterMs);
      }),
      { numRuns: runs },
    );
  });

  test("the next moment is later, is worked, and is where a block begins", () => {
    fc.assert(
      fc.property(scene, ({ now, calendar, person }) => {
        const { nextWorkingMoment, nextWorkingDay } = whenWorking(
          new Date(now).toISOString(),
          calendar,
          person,
        );
        for (const moment of [nextWorkingMoment, nextWorkingDay]) {
          if (moment === null) continue;
          const ms = Date.parse(moment);
          expect(ms).toBeGreaterThan(now);
          expect(whenWorking(moment, calendar, person).working).toBe(true);
          expect(isStart(ms, calendar, person)).toBe(true);
          const justBefore = new Date(ms - 1).toISOString();
          if (ms - 1 > now) {
            expect(whenWorking(justBefore, calendar, person).nextWorkingMoment).toBe(moment);
          }
        }
        if (nextWorkingMoment && nextWorkingDay) expect(nextWorkingMoment <= nextWorkingDay).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  test("nobody works between the end of the last block and the start of the next", () => {
    fc.assert(
      fc.property(
        scenes(1),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
        (given, places) => {
          const { now, calendar, person } = given;
          const { working, closedSince, nextWorkingMoment } = whenWorking(
            new Date(now).toISOString(),
            calendar,
            person,
          );
          if (working !== false || closedSince === null || nextWorkingMoment === null) return;
          const fromMs = Date.parse(closedSince);
          const lastMoment = whenWorking(new Date(fromMs - 1).toISOString(), calendar, person);
          // Where no block's end was found, how far one looks back moves with the day.
          const isEnd = lastMoment.working === true;
          const toMs = Date.parse(nextWorkingMoment);
          for (const place of places) {
            const ms = Math.min(Math.floor(fromMs + place * (toMs - fromMs)), toMs - 1);
            const between = whenWorking(new Date(ms).toISOString(), calendar, person);
            expect(between).toMatchObject({ working: false, nextWorkingMoment });
            if (isEnd) expect(between.closedSince).toBe(closedSince);
          }
        },
      ),
      { numRuns: runs },
    );
  });
});
