// The school's limits: how many messages, in which window, of which kind.
import { describe, expect, test } from "@jest/globals";
import { fingerprint, overLimit } from "../../src/core/frequency.ts";
import type { EarlierMessage, Limit } from "../../src/core/types.ts";

const now = "2026-11-18T10:00:00.000Z";
const nowMs = Date.parse(now);
const hourMs = 3_600_000;

const perDay: Limit = { id: "per-day", messages: 3, windowHours: 24, counts: "sender" };
const perWeek: Limit = { id: "per-week", messages: 5, windowHours: 168, counts: "sender" };
const perPerson: Limit = { id: "per-person", messages: 2, windowHours: 24, counts: "recipient" };
const repeats: Limit = { id: "repeats", messages: 2, windowHours: 48, counts: "repeat" };

/** A message that came `ageMs` before now. */
function earlier(ageMs: number, changes: Partial<EarlierMessage> & { text?: string } = {}): EarlierMessage {
  const { text = `Message ${ageMs}`, ...rest } = changes;
  return {
    receivedAt: new Date(nowMs - ageMs).toISOString(),
    recipients: ["shah"],
    fingerprint: fingerprint(text),
    ...rest,
  };
}
const hoursAgo = (...hours: readonly number[]) => hours.map((one) => earlier(one * hourMs));

const over = (limits: readonly Limit[], before: readonly EarlierMessage[], text = "Hello there") =>
  overLimit(limits, now, before, "shah", fingerprint(text));

describe("how many", () => {
  test("as many as the limit says are allowed, and the next one is over it", () => {
    expect(over([perDay], hoursAgo(1, 2))).toBeNull();
    expect(over([perDay], hoursAgo(1, 2, 3))).toEqual({ limit: perDay, count: 4 });
    expect(over([perDay], hoursAgo(1, 2, 3, 4, 5))).toEqual({ limit: perDay, count: 6 });
  });

  test("no limits, or no earlier messages: nothing is exceeded", () => {
    expect(over([], hoursAgo(1, 2, 3, 4))).toBeNull();
    expect(over([perDay, perWeek, perPerson, repeats], [])).toBeNull();
  });

  test("a limit of one message lets one through", () => {
    const one = { ...perDay, messages: 1 };
    expect(over([one], [])).toBeNull();
    expect(over([one], hoursAgo(1))).toEqual({ limit: one, count: 2 });
  });

  test("of several exceeded limits, the first in the school's order is named", () => {
    const before = hoursAgo(1, 2, 3, 30, 40);
    expect(over([perDay, perWeek], before)?.limit.id).toBe("per-day");
    expect(over([perWeek, perDay], before)).toEqual({ limit: perWeek, count: 6 });
  });

  test("a limit that is not exceeded does not hide one that is", () => {
    expect(over([perDay, perWeek], hoursAgo(25, 30, 40, 50, 60))).toEqual({ limit: perWeek, count: 6 });
  });
});

describe("the window", () => {
  test("what came exactly a window ago is out, and a millisecond later is in", () => {
    const atTheEdge = [...hoursAgo(1, 2), earlier(24 * hourMs)];
    expect(over([perDay], atTheEdge)).toBeNull();
    const justInside = [...hoursAgo(1, 2), earlier(24 * hourMs - 1)];
    expect(over([perDay], justInside)).toEqual({ limit: perDay, count: 4 });
  });

  test("messages of the same instant count: two at once do not both slip under", () => {
    expect(over([perDay], [earlier(0), ...hoursAgo(1, 2)])).toEqual({ limit: perDay, count: 4 });
  });

  test("a message of a process whose clock is a second ahead counts, one of tomorrow does not", () => {
    expect(over([perDay], [earlier(-1000), ...hoursAgo(1, 2)])?.count).toBe(4);
    expect(over([perDay], [earlier(-24 * hourMs), ...hoursAgo(1, 2)])).toBeNull();
  });

  test("the order of the earlier messages does not matter", () => {
    expect(over([perDay], hoursAgo(3, 1, 30, 2))?.count).toBe(4);
  });

  test("a fraction of an hour is a window too", () => {
    const burst = { ...perDay, messages: 2, windowHours: 0.5 };
    const minutes = (...ages: readonly number[]) => ages.map((age) => earlier(age * 60_000));
    expect(over([burst], minutes(5, 30))).toBeNull();
    expect(over([burst], minutes(5, 29))?.count).toBe(3);
  });

  test("an instant that cannot be read counts for nothing", () => {
    const unreadable = { ...earlier(hourMs), receivedAt: "last week" };
    expect(over([perDay], [unreadable, ...hoursAgo(1, 2)])).toBeNull();
    expect(overLimit([perDay], "soon", hoursAgo(1, 2, 3), "shah", "")).toBeNull();
  });
});

describe("what is counted", () => {
  test("per member of staff: only the messages that went to that one", () => {
    const others = [1, 2, 3].map((hours) => earlier(hours * hourMs, { recipients: ["jones"] }));
    expect(over([perPerson], others)).toBeNull();
    expect(over([perPerson], [...others, ...hoursAgo(1, 2)])).toEqual({ limit: perPerson, count: 3 });
  });

  test("one message to six teachers is one message, and counts for each of them", () => {
    const toSix = (hours: number) =>
      earlier(hours * hourMs, { recipients: ["shah", "jones", "patel", "okoro", "reid", "webb"] });
    expect(over([perDay], [toSix(1), toSix(2)])).toBeNull();
    expect(over([perPerson], [toSix(1), toSix(2)])).toEqual({ limit: perPerson, count: 3 });
  });

  test("per sender: whoever they went to", () => {
    const spread = ["jones", "patel", "okoro"].map((id, index) =>
      earlier((index + 1) * hourMs, { recipients: [id] }),
    );
    expect(over([perDay], spread)).toEqual({ limit: perDay, count: 4 });
  });

  test("repeats: the same words with other commas, a typo or a word more, to anybody", () => {
    const before = [
      earlier(hourMs, { text: "Why has nobody answered me?", recipients: ["jones"] }),
      earlier(2 * hourMs, { text: "why has nobdy answered me" }),
      earlier(3 * hourMs, { text: "When does the trip leave?" }),
    ];
    expect(over([repeats], before, "Why has nobody answered me yet")).toEqual({ limit: repeats, count: 3 });
    expect(over([repeats], before, "What time does the club end today?")).toBeNull();
  });

  test("repeats: two pictures without a word are not taken for the same", () => {
    const pictures = [1, 2, 3].map((hours) => earlier(hours * hourMs, { text: "" }));
    expect(over([repeats], pictures, "")).toBeNull();
    expect(over([perDay], pictures, "")?.count).toBe(4);
  });
});
