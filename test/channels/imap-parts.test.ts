// The watcher's small parts: keys, sets of UIDs, waits, and what is remembered of moves.
import { describe, expect, test } from "@jest/globals";
import { Bell } from "../../src/channels/imap/bell.ts";
import { errorCode, retryDelayMs, usualTiming } from "../../src/channels/imap/connection.ts";
import { placeKey, Shelf, Trail } from "../../src/channels/imap/places.ts";
import { chunks, uidSet } from "../../src/channels/imap/reading.ts";

const at = (folder: string, uid: number) => ({ account: "okafor", folder, uidValidity: "7", uid });

test("a key names account, folder, UIDVALIDITY and UID", () => {
  expect(placeKey(at("INBOX", 3))).toBe("imap:okafor:INBOX:7:3");
});

test.each([
  [[1, 2, 3, 7], "1:3,7"],
  [[9, 1], "1,9"],
  [[5, 5, 6], "5:6"],
  [[4], "4"],
])("UIDs %j are the set %s", (uids, set) => {
  expect(uidSet(uids)).toBe(set);
});

test("chunks keep the order and lose nothing", () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunks([], 2)).toEqual([]);
});

describe("the wait before connecting again", () => {
  const longest = { ...usualTiming, random: () => 1 };
  const shortest = { ...usualTiming, random: () => 0 };

  test("doubles from one second to five minutes", () => {
    const waits = [0, 1, 2, 8, 9, 1_000].map((attempt) => retryDelayMs(longest, attempt));
    expect(waits).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  });

  test("is shortened by chance to no less than half", () => {
    expect(retryDelayMs(shortest, 0)).toBe(500);
    expect(retryDelayMs(shortest, 20)).toBe(150_000);
  });
});

describe("the name of an error", () => {
  test.each([
    [Object.assign(new Error("user a.okafor@oakhill.example"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [Object.assign(new Error("x"), { serverResponseCode: "OVERQUOTA", code: "NO" }), "OVERQUOTA"],
    [Object.assign(new Error("x"), { authenticationFailed: true }), "sign-in-refused"],
    [new TypeError("x"), "TypeError"],
    ["text", "unknown"],
    [null, "unknown"],
  ])("%p is %s", (error, code) => {
    expect(errorCode(error)).toBe(code);
  });
});

describe("the trail of moves", () => {
  test("follows a message through several", () => {
    const trail = new Trail();
    trail.add(at("INBOX", 1), at("Held", 1));
    trail.add(at("Held", 1), at("INBOX", 2));
    expect(trail.follow(at("INBOX", 1))).toEqual(at("INBOX", 2));
    expect(trail.follow(at("INBOX", 9))).toEqual(at("INBOX", 9));
    expect(trail.hasTarget(at("INBOX", 2))).toBe(true);
    expect(trail.hasLeft(at("INBOX", 2))).toBe(false);
  });

  test("forgets the oldest first", () => {
    const trail = new Trail();
    for (let uid = 1; uid <= 20_001; uid++) trail.add(at("Held", uid), at("INBOX", uid));
    expect(trail.hasLeft(at("Held", 1))).toBe(false);
    expect(trail.hasTarget(at("INBOX", 1))).toBe(false);
    expect(trail.hasLeft(at("Held", 2))).toBe(true);
  });
});

test("the shelf finds all places of one head, until they are taken", () => {
  const shelf = new Shelf();
  shelf.put(at("Held", 1), "a");
  shelf.put(at("Held", 2), "a");
  shelf.put(at("Held", 2), "a");
  expect(shelf.withHead("a")).toEqual([at("Held", 1), at("Held", 2)]);
  shelf.take(at("Held", 1));
  shelf.take(at("Held", 1));
  expect(shelf.withHead("a")).toEqual([at("Held", 2)]);
  expect(shelf.has(at("Held", 1))).toBe(false);
  expect(shelf.withHead("b")).toEqual([]);
});

test("a bell that rang before is heard, once", async () => {
  const bell = new Bell();
  bell.ring();
  await bell.wait(60_000);
  let heard = false;
  const waiting = bell.wait(60_000).then(() => {
    heard = true;
  });
  await Promise.resolve();
  expect(heard).toBe(false);
  bell.ring();
  await waiting;
  await bell.wait(0);
});
