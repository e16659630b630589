// The nights on which the clocks change, 2026 to 2030, and machines that keep another time.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { whenWorking } from "../../src/core/hours.ts";
import { instantMs } from "../../src/core/local-time.ts";
import type { Calendar } from "../../src/core/types.ts";
import { quarterMs, sightings, verdict } from "./hours-oracle.ts";
import { oakhill, person, week, year2026 } from "./hours-sample.ts";

const always: Calendar = {
  ...oakhill,
  bankHolidays: [],
  years: [
    {
      ...year2026,
      first: "2025-09-01",
      last: "2031-08-31",
      terms: [{ first: "2025-09-01", last: "2031-08-31", name: "" }],
      closures: [],
    },
  ],
};

/** The Sundays on which Britain's clocks change, each at 01:00 UTC. */
const changes = [
  "2026-03-29",
  "2026-10-25",
  "2027-03-28",
  "2027-10-31",
  "2028-03-26",
  "2028-10-29",
  "2029-03-25",
  "2029-10-28",
  "2030-03-31",
  "2030-10-27",
];

describe("over a weekend on which the clocks change", () => {
  const term = person({ weeks: [week({ mon: "08:00-16:30", fri: "08:00-16:30" })] });

  test("spring: Friday's message is there on Monday at 08:00 summer time", () => {
    expect(whenWorking("2027-03-26T21:00:00.000Z", always, term)).toEqual({
      working: false,
      nextWorkingMoment: "2027-03-29T07:00:00.000Z",
      nextWorkingDay: "2027-03-29T07:00:00.000Z",
      closedSince: "2027-03-26T16:30:00.000Z",
    });
  });

  test("autumn: Friday's message is there on Monday at 08:00 winter time", () => {
    expect(whenWorking("2027-10-29T20:00:00.000Z", always, term)).toEqual({
      working: false,
      nextWorkingMoment: "2027-11-01T08:00:00.000Z",
      nextWorkingDay: "2027-11-01T08:00:00.000Z",
      closedSince: "2027-10-29T15:30:00.000Z",
    });
  });
});

describe("in the night itself", () => {
  const sunday = (text: string) => person({ weeks: [week({ sun: text })] });

  test("01:30 that comes twice means the second one", () => {
    const early = sunday("01:30-05:00");
    expect(whenWorking("2026-10-25T00:45:00.000Z", always, early)).toMatchObject({
      working: false,
      nextWorkingMoment: "2026-10-25T01:30:00.000Z",
    });
    expect(whenWorking("2026-10-25T01:30:00.000Z", always, early).working).toBe(true);
    const short = sunday("00:15-01:30");
    expect(whenWorking("2026-10-25T01:29:00.000Z", always, short).working).toBe(true);
    expect(whenWorking("2026-10-25T01:30:00.000Z", always, short).working).toBe(false);
  });

  test("01:30 that never comes means the jump from 01:00 to 02:00", () => {
    const early = sunday("01:30-05:00");
    expect(whenWorking("2027-03-28T00:59:59.999Z", always, early)).toMatchObject({
      working: false,
      nextWorkingMoment: "2027-03-28T01:00:00.000Z",
    });
    expect(whenWorking("2027-03-28T01:00:00.000Z", always, early).working).toBe(true);
    expect(whenWorking("2027-03-28T04:00:00.000Z", always, early)).toMatchObject({
      working: false,
      closedSince: "2027-03-28T04:00:00.000Z",
    });
  });

  test("a block inside the skipped hour is not worked, and the next one is the next week's", () => {
    const skipped = sunday("01:10-01:50");
    expect(whenWorking("2027-03-28T00:59:00.000Z", always, skipped)).toMatchObject({
      working: false,
      nextWorkingMoment: "2027-04-04T00:10:00.000Z",
    });
  });

  test("a night shift ends when the clock says so: seven hours in March, nine in October", () => {
    const nights = person({ weeks: [week({ sat: "22:00-06:00" })] });
    const hours = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
    const march = whenWorking("2027-03-28T05:00:00.000Z", always, nights);
    expect(march).toMatchObject({ working: false, closedSince: "2027-03-28T05:00:00.000Z" });
    expect(hours("2027-03-27T22:00:00.000Z", march.closedSince ?? "")).toBe(7);
    const october = whenWorking("2026-10-25T06:00:00.000Z", always, nights);
    expect(october).toMatchObject({ working: false, closedSince: "2026-10-25T06:00:00.000Z" });
    expect(hours("2026-10-24T21:00:00.000Z", october.closedSince ?? "")).toBe(9);
  });
});

describe("against a clock that is looked at every quarter of an hour", () => {
  const everyNight = person({
    weeks: [
      week({
        fri: "08:00-15:30, 22:00-06:00",
        sat: "00:30-01:15, 23:00-01:30",
        sun: "00:15-00:45, 01:15-01:45, 01:30-02:30, 02:00-03:00, 09:00-12:00",
        mon: "08:00-16:30",
      }),
    ],
  });

  test.each(changes)("%s: every quarter from Saturday to Monday", (sunday) => {
    const middleMs = Date.parse(`${sunday}T01:00:00.000Z`);
    const seen = sightings(middleMs - 700 * quarterMs, middleMs + 900 * quarterMs, always, everyNight);
    for (let ms = middleMs - 96 * quarterMs; ms < middleMs + 160 * quarterMs; ms += quarterMs) {
      for (const nowMs of ms % (4 * quarterMs) === 0 ? [ms - 1, ms] : [ms]) {
        const now = new Date(nowMs).toISOString();
        expect({ now, ...whenWorking(now, always, everyNight) }).toEqual({
          now,
          ...verdict(nowMs, seen, always),
        });
      }
    }
  });
});

describe("other zones' habits", () => {
  const day = (date: string) => Date.parse(date) / 86_400_000;

  test.each([
    ["Australia/Lord_Howe", "2026-10-04", 2 * 60 + 15, "2026-10-03T15:30:00.000Z"],
    ["Australia/Lord_Howe", "2027-04-04", 1 * 60 + 45, "2027-04-03T15:15:00.000Z"],
    ["America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00.000Z"],
    ["Asia/Kathmandu", "2026-09-06", 8 * 60, "2026-09-06T02:15:00.000Z"],
    ["Pacific/Auckland", "2026-09-27", 2 * 60 + 30, "2026-09-26T14:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-09-27", 24 * 60, "2026-09-27T10:00:00.000Z"],
  ])("%s, %s, %i minutes after midnight", (zone, date, minutes, instant) => {
    expect(new Date(instantMs(day(date), minutes, zone)).toISOString()).toBe(instant);
  });
});

describe("a machine that keeps another time", () => {
  const root = join(import.meta.dirname, "../..");
  const script = `
    import { whenWorking } from "./src/core/hours.ts";
    const [calendar, person, instants] = JSON.parse(process.argv[1]);
    console.log(JSON.stringify(instants.map((now) => whenWorking(now, calendar, person))));
  `;
  const nights = person({ weeks: [week({ sat: "22:00-01:30", sun: "01:30-04:00", mon: "08:00-16:30" })] });
  // Around Britain's changes, and around those of the machines' own zones.
  const instants = [...changes, "2026-09-26", "2026-09-27", "2027-03-14", "2026-11-01", "2027-04-03"].flatMap(
    (date) =>
      Array.from({ length: 24 }, (_, hour) => new Date(Date.parse(date) + hour * 3_599_999).toISOString()),
  );

  test.each(["Pacific/Auckland", "America/New_York", "Pacific/Kiritimati"])("TZ=%s changes nothing", (TZ) => {
    const given = JSON.stringify([always, nights, instants]);
    const answer = execFileSync(process.execPath, ["--input-type=module", "--eval", script, given], {
      cwd: root,
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
    expect(JSON.parse(answer)).toEqual(instants.map((now) => whenWorking(now, always, nights)));
  });
});
