// When a member of staff works next, told as a school would tell it.
import { describe, expect, test } from "@jest/globals";
import { whenWorking } from "../../src/core/hours.ts";
import type { Calendar, PersonHours } from "../../src/core/types.ts";
import { oakhill, person, schoolWeek, week, year2026 } from "./hours-sample.ts";

const at = (now: string, who: PersonHours = person(), calendar: Calendar = oakhill) =>
  whenWorking(now, calendar, who);

const nowhere = { working: null, nextWorkingMoment: null, nextWorkingDay: null, closedSince: null };

describe("an ordinary week", () => {
  test("Friday at 21:00 waits for Monday's first block", () => {
    expect(at("2026-11-20T21:00:00.000Z")).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-23T08:00:00.000Z",
      nextWorkingDay: "2026-11-23T08:00:00.000Z",
      closedSince: "2026-11-20T15:30:00.000Z",
    });
  });

  test("in the middle of a day nothing waits; the next block is tomorrow's", () => {
    expect(at("2026-11-18T10:00:00.000Z")).toEqual({
      working: true,
      nextWorkingMoment: "2026-11-19T08:00:00.000Z",
      nextWorkingDay: "2026-11-19T08:00:00.000Z",
      closedSince: null,
    });
  });

  test("before school, the next moment is today and the next day is tomorrow", () => {
    expect(at("2026-11-18T06:59:00.000Z")).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-18T08:00:00.000Z",
      nextWorkingDay: "2026-11-19T08:00:00.000Z",
      closedSince: "2026-11-17T16:30:00.000Z",
    });
  });

  test("a block includes its first millisecond and not its last", () => {
    expect(at("2026-11-18T07:59:59.999Z").working).toBe(false);
    expect(at("2026-11-18T08:00:00.000Z")).toMatchObject({
      working: true,
      nextWorkingMoment: "2026-11-19T08:00:00.000Z",
    });
    expect(at("2026-11-18T16:29:59.999Z").working).toBe(true);
    expect(at("2026-11-18T16:30:00.000Z")).toMatchObject({
      working: false,
      closedSince: "2026-11-18T16:30:00.000Z",
    });
  });

  test("summer time: 08:00 in September is 07:00 UTC", () => {
    expect(at("2026-09-18T20:00:00.000Z")).toMatchObject({
      nextWorkingMoment: "2026-09-21T07:00:00.000Z",
      closedSince: "2026-09-18T14:30:00.000Z",
    });
  });

  test("several blocks a day: the break at noon is not working time", () => {
    const office = person({ weeks: [week({ wed: "13:00-17:00, 08:00-12:00", thu: "09:00-12:00" })] });
    expect(at("2026-11-18T12:30:00.000Z", office)).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-18T13:00:00.000Z",
      nextWorkingDay: "2026-11-19T09:00:00.000Z",
      closedSince: "2026-11-18T12:00:00.000Z",
    });
    expect(at("2026-11-18T09:00:00.000Z", office)).toMatchObject({
      working: true,
      nextWorkingMoment: "2026-11-18T13:00:00.000Z",
      nextWorkingDay: "2026-11-19T09:00:00.000Z",
    });
  });
});

describe("a part-time teacher", () => {
  const midweek = person({ weeks: [week({ wed: "08:30-15:30", thu: "08:30-12:00" })] });

  test("gets Friday's message on Wednesday", () => {
    expect(at("2026-11-20T21:00:00.000Z", midweek)).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-25T08:30:00.000Z",
      nextWorkingDay: "2026-11-25T08:30:00.000Z",
      closedSince: "2026-11-19T12:00:00.000Z",
    });
  });

  test("on alternate weeks, Monday and Tuesday come every second week", () => {
    const jobShare = person({
      weeks: [week({ mon: "08:00-16:00" }), week({ thu: "09:00-16:00" })],
      weekOne: "2026-11-09",
    });
    expect(at("2026-11-09T17:00:00.000Z", jobShare).nextWorkingMoment).toBe("2026-11-19T09:00:00.000Z");
    expect(at("2026-11-19T17:00:00.000Z", jobShare).nextWorkingMoment).toBe("2026-11-23T08:00:00.000Z");
    expect(at("2026-11-12T10:00:00.000Z", jobShare).working).toBe(false);
    expect(at("2026-11-05T10:00:00.000Z", jobShare).working).toBe(true);
    // Weeks before the first one alternate too: 12 October is four weeks earlier.
    expect(at("2026-10-12T10:00:00.000Z", jobShare).working).toBe(true);
    expect(at("2026-10-05T10:00:00.000Z", jobShare).working).toBe(false);
  });

  test("without a first week, the weeks alternate from the Monday in whose week the school year begins", () => {
    const jobShare = person({ weeks: [week({ fri: "08:00-16:00" }), week({ mon: "08:00-16:00" })] });
    expect(at("2026-09-04T10:00:00.000Z", jobShare).working).toBe(true);
    expect(at("2026-09-07T10:00:00.000Z", jobShare).working).toBe(true);
    expect(at("2026-09-11T10:00:00.000Z", jobShare).working).toBe(false);
    expect(at("2026-09-14T10:00:00.000Z", jobShare).working).toBe(false);
    expect(at("2026-09-18T10:00:00.000Z", jobShare).working).toBe(true);
  });
});

describe("days on which the school is not as usual", () => {
  test("half-term: from the last Friday to the Monday after, over the clocks' change", () => {
    expect(at("2026-10-23T20:00:00.000Z")).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-02T08:00:00.000Z",
      nextWorkingDay: "2026-11-02T08:00:00.000Z",
      closedSince: "2026-10-23T14:30:00.000Z",
    });
    expect(at("2026-10-28T11:00:00.000Z").nextWorkingMoment).toBe("2026-11-02T08:00:00.000Z");
  });

  test("an INSET day is worked, inside a term and before one", () => {
    expect(at("2026-11-27T10:00:00.000Z").working).toBe(true);
    expect(at("2026-09-01T10:00:00.000Z").nextWorkingMoment).toBe("2026-09-02T07:00:00.000Z");
  });

  test("where staff do not work on INSET days, they are not worked", () => {
    const pupilsOnly = { ...oakhill, staffWorkOnInset: false };
    expect(at("2026-11-26T18:00:00.000Z", person(), pupilsOnly).nextWorkingMoment).toBe(
      "2026-11-30T08:00:00.000Z",
    );
    expect(at("2026-09-01T10:00:00.000Z", person(), pupilsOnly).nextWorkingMoment).toBe(
      "2026-09-03T07:00:00.000Z",
    );
  });

  test("the Early May bank holiday moves Monday to Tuesday", () => {
    expect(at("2027-04-30T20:00:00.000Z").nextWorkingMoment).toBe("2027-05-04T07:00:00.000Z");
    expect(at("2027-05-03T10:00:00.000Z").working).toBe(false);
  });

  test("a closure is not worked, by the office either", () => {
    expect(at("2026-12-02T10:00:00.000Z")).toMatchObject({
      working: false,
      nextWorkingMoment: "2026-12-04T08:00:00.000Z",
      closedSince: "2026-12-01T16:30:00.000Z",
    });
    expect(at("2026-12-02T10:00:00.000Z", person({ allYear: true })).working).toBe(false);
  });

  test("leave is that person's alone, and its last day counts", () => {
    const away = person({ leave: [{ first: "2026-11-16", last: "2026-11-18", name: "" }] });
    expect(at("2026-11-16T10:00:00.000Z", away)).toEqual({
      working: false,
      nextWorkingMoment: "2026-11-19T08:00:00.000Z",
      nextWorkingDay: "2026-11-19T08:00:00.000Z",
      closedSince: "2026-11-13T15:30:00.000Z",
    });
  });

  test("the office works in the holidays, but not on bank holidays", () => {
    const office = person({ allYear: true });
    expect(at("2026-10-28T11:00:00.000Z", office).working).toBe(true);
    expect(at("2026-12-24T20:00:00.000Z", office).nextWorkingMoment).toBe("2026-12-29T08:00:00.000Z");
    expect(at("2026-12-24T20:00:00.000Z").nextWorkingMoment).toBe("2027-01-05T08:00:00.000Z");
  });
});

describe("blocks past midnight", () => {
  const caretaker = person({ weeks: [week({ fri: "22:00-06:00", mon: "18:00-24:00" })] });

  test("Friday night's block is worked until Saturday at six", () => {
    expect(at("2026-11-20T23:30:00.000Z", caretaker).working).toBe(true);
    expect(at("2026-11-21T05:59:00.000Z", caretaker)).toMatchObject({
      working: true,
      closedSince: null,
      nextWorkingMoment: "2026-11-23T18:00:00.000Z",
    });
    expect(at("2026-11-21T06:00:00.000Z", caretaker)).toMatchObject({
      working: false,
      closedSince: "2026-11-21T06:00:00.000Z",
    });
  });

  test("24:00 ends a day, and so does 00:00", () => {
    for (const end of ["24:00", "00:00"]) {
      const late = person({ weeks: [week({ mon: `18:00-${end}` })] });
      expect(at("2026-11-23T23:59:59.999Z", late).working).toBe(true);
      expect(at("2026-11-24T00:00:00.000Z", late)).toMatchObject({
        working: false,
        closedSince: "2026-11-24T00:00:00.000Z",
      });
    }
  });

  test("the day on which a block starts decides about all of it", () => {
    // Friday 23 October ends the half-term; Saturday is holiday and the block still runs into it.
    expect(at("2026-10-24T03:00:00.000Z", caretaker).working).toBe(true);
    // Easter Monday is a bank holiday: Monday's evening is not worked.
    expect(at("2027-03-29T19:00:00.000Z", { ...caretaker, allYear: true }).working).toBe(false);
    // Good Friday neither, and so the small hours of Saturday.
    expect(at("2027-03-27T03:00:00.000Z", { ...caretaker, allYear: true }).working).toBe(false);
  });

  test("a long night counts as closed only when it ends, whatever short block lies inside it", () => {
    const overlapping = person({ weeks: [week({ thu: "22:00-06:00", fri: "00:30-01:00" })] });
    expect(at("2026-11-20T12:00:00.000Z", overlapping).closedSince).toBe("2026-11-20T06:00:00.000Z");
  });

  test("a block that starts when it ends lasts a day", () => {
    const onCall = person({ weeks: [week({ tue: "08:00-08:00" })] });
    expect(at("2026-11-18T07:59:00.000Z", onCall).working).toBe(true);
    expect(at("2026-11-18T08:00:00.000Z", onCall).working).toBe(false);
  });
});

describe("where the calendar is silent", () => {
  test("a day outside every school year is unknown", () => {
    expect(at("2027-09-01T10:00:00.000Z")).toEqual(nowhere);
    expect(at("2026-08-31T10:00:00.000Z")).toEqual(nowhere);
    expect(at("2026-11-18T10:00:00.000Z", person(), { ...oakhill, years: [] })).toEqual(nowhere);
  });

  test("the last days before the end are known, what follows them is not", () => {
    expect(at("2027-07-21T17:00:00.000Z")).toEqual({
      working: false,
      nextWorkingMoment: null,
      nextWorkingDay: null,
      closedSince: "2027-07-21T15:30:00.000Z",
    });
    expect(at("2027-07-21T09:00:00.000Z")).toMatchObject({ working: true, nextWorkingMoment: null });
  });

  test("a gap between two years is not jumped over", () => {
    const next = {
      ...year2026,
      first: "2027-09-02",
      last: "2028-08-31",
      terms: [{ first: "2027-09-02", last: "2027-10-22", name: "" }],
    };
    const gap = { ...oakhill, years: [year2026, next] };
    expect(at("2027-07-21T17:00:00.000Z", person(), gap).nextWorkingMoment).toBeNull();
    const joined = { ...oakhill, years: [{ ...year2026, last: "2027-09-01" }, next] };
    expect(at("2027-07-21T17:00:00.000Z", person(), joined).nextWorkingMoment).toBe(
      "2027-09-02T07:00:00.000Z",
    );
  });

  test("before the first block of the first year, the school has been closed since that year began", () => {
    expect(at("2026-09-01T10:00:00.000Z").closedSince).toBe("2026-08-31T23:00:00.000Z");
  });

  test("somebody on leave for half a year has been away for 120 days", () => {
    const away = person({ leave: [{ first: "2026-09-01", last: "2027-03-24", name: "" }] });
    expect(at("2027-03-01T12:00:00.000Z", away)).toEqual({
      working: false,
      nextWorkingMoment: "2027-03-25T08:00:00.000Z",
      nextWorkingDay: "2027-03-25T08:00:00.000Z",
      closedSince: "2026-11-01T00:00:00.000Z",
    });
  });

  test("somebody without any hours is not at work and never will be", () => {
    for (const weeks of [[], [{}]]) {
      expect(at("2026-11-18T10:00:00.000Z", person({ weeks }))).toMatchObject({
        working: false,
        nextWorkingMoment: null,
        nextWorkingDay: null,
      });
    }
  });

  test("an instant or a zone that cannot be read says nothing", () => {
    expect(at("yesterday")).toEqual(nowhere);
    expect(at("+275760-09-13T00:00:00.000Z")).toEqual(nowhere);
    expect(at("2026-11-18T10:00:00.000Z", person(), { ...oakhill, zone: "Europe/Oakhill" })).toEqual(nowhere);
  });

  test("a block that is no time is passed over", () => {
    const odd = person({ weeks: [{ ...schoolWeek, wed: [{ start: "eight", end: "16:00" }] }] });
    expect(at("2026-11-18T10:00:00.000Z", odd)).toMatchObject({
      working: false,
      nextWorkingMoment: "2026-11-19T08:00:00.000Z",
    });
  });
});
