// Instants as people say them, whatever zone the machine is in.
import { describe, expect, test } from "@jest/globals";
import { whenInSentence, whenLabel } from "../../src/web/local-time.ts";

const zone = "Europe/London";
const now = "2026-11-20T21:30:00.000Z";

describe("in the school's zone", () => {
  test.each([
    ["2026-11-20T21:04:00.000Z", "Today 21:04", "today at 21:04"],
    ["2026-11-19T23:59:00.000Z", "Yesterday 23:59", "yesterday at 23:59"],
    ["2026-11-21T00:00:00.000Z", "Tomorrow 00:00", "tomorrow at 00:00"],
    ["2026-11-23T08:00:00.000Z", "Monday 23 November 08:00", "on Monday 23 November at 08:00"],
    ["2026-07-03T20:04:00.000Z", "Friday 3 July 21:04", "on Friday 3 July at 21:04"],
    ["2025-07-03T20:04:00.000Z", "3 July 2025 21:04", "on 3 July 2025 at 21:04"],
  ])("%s is %s", (instant, label, sentence) => {
    expect(whenLabel(instant, now, zone)).toBe(label);
    expect(whenInSentence(instant, now, zone)).toBe(sentence);
  });

  test("a day of 25 hours is still one day", () => {
    const sunday = "2026-10-25T23:30:00.000Z";
    expect(whenLabel("2026-10-24T23:10:00.000Z", sunday, zone)).toBe("Today 00:10");
    expect(whenLabel("2026-10-24T22:10:00.000Z", sunday, zone)).toBe("Yesterday 23:10");
  });

  test("another zone", () => {
    expect(whenLabel("2026-11-20T23:30:00.000Z", now, "Europe/Athens")).toBe("Tomorrow 01:30");
  });
});
