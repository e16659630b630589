// The store's own questions: what is recorded once, what is counted, and where mail is.

import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { scheduleEffect, type Work } from "../../src/outbox/schedule.ts";
import {
  contactsVersion,
  lastContactsHash,
  readContacts,
  replaceContacts,
} from "../../src/store/contacts.ts";
import { nextDue, upcoming } from "../../src/store/effects.ts";
import { repliesLastHour, senderHistory } from "../../src/store/facts.ts";
import { readPosition, savePosition } from "../../src/store/mailboxes.ts";
import { openStore, type Store, type Trx } from "../../src/store/open.ts";
import {
  deliveryAt,
  placesIn,
  placesOfOctets,
  recordedKeys,
  recordedPlaces,
  setPlace,
} from "../../src/store/places.ts";
import { readRaw } from "../../src/store/raws.ts";
import { isRecorded, keepRaw, type NewDelivery, recordDelivery } from "../../src/store/record.ts";
import { keptSecret } from "../../src/store/settings.ts";

const school = "oakhill";
const now = "2026-11-13T21:00:00.000Z";
const ago = (hours: number) => new Date(Date.parse(now) - hours * 3_600_000).toISOString();

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.destroy());

const within = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => store.transaction().execute(work);

let count = 0;
async function message(fields: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const row = {
    id: `m${count}`,
    school,
    identity: `identity-${count}`,
    channel: "email",
    sender_key: "contact:1",
    role: "parent",
    contact_id: "1",
    from_name: "Rosa",
    from_address: "rosa@example.org",
    to_address: "a.shah@oakhill.example",
    subject: "",
    text: "",
    new_text: "",
    fingerprint: `print-${count}`,
    message_id: null,
    received_at: now,
    recorded_at: now,
    raw_hash: `hash-${count}`,
    automatic: null,
    authenticity: "pass",
    counted: 1,
    attachments: "[]",
    wording: "{}",
    decision: "{}",
    ...fields,
  };
  await store.insertInto("messages").values(row).execute();
  return row.id;
}

async function delivery(fields: Partial<NewDelivery> = {}): Promise<string | null> {
  const messageId = fields.messageId ?? (await message());
  return within((trx) =>
    recordDelivery(trx, {
      school,
      messageId,
      key: `imap:shah:INBOX:1:${messageId}`,
      recipient: "shah",
      place: null,
      rawHash: "hash",
      outcome: "hold",
      state: "held",
      releaseAt: now,
      batch: false,
      ...fields,
    }),
  );
}

async function effect(work: Work, fields: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const id = await within((trx) =>
    scheduleEffect(trx, { school, idempotencyKey: `e${count}`, work, dueAt: now, now, ...fields }),
  );
  return id ?? "";
}
const reply: Work = { kind: "reply", plan: { template: "out-of-hours", language: "en", seen: [] } };

describe("the file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ab-store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("can be read by its owner only, and is opened again as it was", async () => {
    const file = join(folder, "data", "afterbell.db");
    const first = await openStore(file);
    const secret = await keptSecret(first, school, "session", randomBytes);
    await first.destroy();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
    const second = await openStore(file);
    expect(await keptSecret(second, school, "session", randomBytes)).toBe(secret);
    await second.destroy();
  });

  test("that is something else is refused and left as it is", async () => {
    const file = join(folder, "notes.txt");
    writeFileSync(file, "not a database, but a long enough text to be taken for one by nobody\n".repeat(20));
    await expect(openStore(file)).rejects.toThrow("not a database");
    expect(existsSync(file)).toBe(true);
  });
});

describe("recording", () => {
  test("a delivery is recorded once for each recipient, whoever tries first", async () => {
    const messageId = await message();
    const one = { messageId, key: "twilio:SM1" };
    expect(await delivery({ ...one, recipient: "shah" })).not.toBeNull();
    expect(await delivery({ ...one, recipient: "shah" })).toBeNull();
    expect(await delivery({ ...one, recipient: "novak" })).not.toBeNull();
    expect(await within((trx) => isRecorded(trx, school, "twilio:SM1"))).toBe(true);
    expect(await within((trx) => isRecorded(trx, "another", "twilio:SM1"))).toBe(false);
  });

  test("octets are kept as they came, once", async () => {
    const octets = Buffer.from([0, 13, 10, 255, 128, 0]);
    for (let n = 0; n < 2; n += 1) await within((trx) => keepRaw(trx, school, "h", octets));
    expect(await readRaw(store, school, "h")).toEqual(octets);
    expect(await readRaw(store, "another", "h")).toBeNull();
  });

  test("a transaction that fails leaves nothing", async () => {
    const failed = within(async (trx) => {
      await keepRaw(trx, school, "h", Buffer.from("x"));
      throw new Error("power cut");
    });
    await expect(failed).rejects.toThrow("power cut");
    expect(await readRaw(store, school, "h")).toBeNull();
  });

  test("two transactions at one instant come one after the other", async () => {
    const counted = () =>
      within(async (trx) => {
        const { length } = await trx.selectFrom("raws").select("hash").execute();
        await keepRaw(trx, school, `h${length}`, Buffer.from("x"));
      });
    await Promise.all(Array.from({ length: 20 }, counted));
    expect(await store.selectFrom("raws").select("hash").execute()).toHaveLength(20);
  });

  test("two processes that need a secret at one instant share it", async () => {
    const ask = () => keptSecret(store, school, "loop-mark", randomBytes);
    const secrets = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("what is known of a sender", () => {
  const history = (identity = "this one", key = "contact:1") =>
    within((trx) => senderHistory(trx, { school, key, identity }, now, "2026-11-13", 168));

  test("earlier messages count once each, newest first, with all whom they went to", async () => {
    const first = await message({ received_at: ago(30) });
    const second = await message({ received_at: ago(2) });
    for (const recipient of ["shah", "novak"])
      await delivery({ messageId: first, key: recipient, recipient });
    await delivery({ messageId: second, key: "x" });
    const { earlier } = await history();
    expect(earlier.map(({ receivedAt, recipients }) => [receivedAt, [...recipients].sort()])).toEqual([
      [ago(2), ["shah"]],
      [ago(30), ["novak", "shah"]],
    ]);
  });

  test("leaves out what is too old, not counted, somebody else's, or the message itself", async () => {
    await message({ received_at: ago(169) });
    await message({ received_at: ago(1), counted: 0 });
    await message({ received_at: ago(1), sender_key: "contact:2" });
    await message({ received_at: ago(1), school: "another" });
    await message({ received_at: ago(1), identity: "this one" });
    expect((await history()).earlier).toEqual([]);
  });

  test("replies count from when they were decided, sent or not, unless they were cancelled", async () => {
    await effect(reply, { senderKey: "contact:1", now: ago(0.5) });
    await effect(reply, { senderKey: "contact:1", now: ago(20) });
    await effect(reply, { senderKey: "contact:1", now: ago(30) });
    await effect(reply, { senderKey: "contact:2", now: ago(0.1) });
    const cancelled = await effect(reply, { senderKey: "contact:1", now: ago(0.1) });
    await store.updateTable("effects").set({ state: "cancelled" }).where("id", "=", cancelled).execute();
    const { lastReplyAt, repliesLastHour: hour, repliesLastDay: day } = await history();
    expect({ lastReplyAt, hour, day }).toEqual({
      lastReplyAt: { "out-of-hours": ago(0.5) },
      hour: 1,
      day: 2,
    });
    expect(await within((trx) => repliesLastHour(trx, now))).toBe(2);
  });

  test("a pause holds to the end of its last day, unless it was ended", async () => {
    const pause = { school, sender_key: "contact:1", from_at: ago(48), reason: "r", decided_by: "okafor" };
    await store
      .insertInto("pauses")
      .values({ ...pause, id: "p1", until_date: "2026-11-12", ended_at: null })
      .execute();
    await store
      .insertInto("pauses")
      .values({ ...pause, id: "p2", until_date: "2026-11-30", ended_at: now })
      .execute();
    expect((await history()).paused).toBeNull();
    await store
      .insertInto("pauses")
      .values({ ...pause, id: "p3", until_date: "2026-11-13", ended_at: null })
      .execute();
    expect((await history()).paused).toEqual({ until: "2026-11-13", reason: "r" });
    expect((await history("x", "contact:2")).paused).toBeNull();
  });
});

describe("where mail is", () => {
  const shah = { school, account: "shah" };
  const place = (uid: number, folder = "Afterbell/Held") => ({
    account: "shah",
    folder,
    uidValidity: "7",
    uid,
  });

  test("a delivery is found at its place, and follows where it is moved", async () => {
    const id = (await delivery({ place: place(5) })) ?? "";
    expect(await deliveryAt(store, school, place(5))).toBe(id);
    expect(await deliveryAt(store, school, { ...place(5), uidValidity: "8" })).toBeNull();
    expect(await deliveryAt(store, school, { ...place(5), account: "novak" })).toBeNull();
    await setPlace(store, id, place(9, "INBOX"), "inbox", now);
    expect(await deliveryAt(store, school, place(5))).toBeNull();
    expect(await placesIn(store, shah, "INBOX")).toEqual([place(9, "INBOX")]);
    const row = () => store.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst();
    expect(await row()).toMatchObject({ state: "inbox", released_at: now });
    await setPlace(store, id, null, "gone", now);
    expect(await placesIn(store, shah, "INBOX")).toEqual([]);
    expect(await row()).toMatchObject({ state: "gone", uid: 9 });
  });

  test("keys, places and octets are known in any number", async () => {
    const messageId = await message();
    for (let uid = 1; uid <= 600; uid += 1) {
      await delivery({
        messageId,
        key: `key-${uid}`,
        place: place(uid),
        rawHash: uid < 3 ? "same" : `h${uid}`,
      });
    }
    const keys = Array.from({ length: 1200 }, (_none, index) => `key-${index + 1}`);
    expect((await recordedKeys(store, shah, keys)).size).toBe(600);
    const asked = [place(1), place(600), place(601), { ...place(2), uidValidity: "6" }];
    const known = (await recordedPlaces(store, shah, asked)).map(
      ({ uid, uidValidity }) => `${uidValidity}:${uid}`,
    );
    expect(known).toEqual(expect.arrayContaining(["7:1", "7:600"]));
    expect(known).not.toContain("7:601");
    expect(known).not.toContain("6:2");
    expect(await placesOfOctets(store, shah, "same")).toHaveLength(2);
    expect(await recordedKeys(store, shah, [])).toEqual(new Set());
    expect(await recordedPlaces(store, shah, [])).toEqual([]);
  });

  test("a position is kept for each folder and replaced", async () => {
    const inbox = { school, account: "shah", folder: "INBOX" };
    expect(await readPosition(store, school, "shah", "INBOX")).toBeNull();
    for (const lastUid of [5, 9]) {
      await savePosition(store, inbox, { uidValidity: "7", lastUid, lastAt: now }, now);
    }
    const position = { uidValidity: "7", lastUid: 9, lastAt: now };
    expect(await readPosition(store, school, "shah", "INBOX")).toEqual(position);
    expect(await readPosition(store, school, "novak", "INBOX")).toBeNull();
  });
});

describe("contacts", () => {
  const contact = (id: string) => ({
    id,
    name: `Parent ${id}`,
    emails: [`${id}@example.org`],
    numbers: ["+447700900123"],
    roles: ["parent" as const],
    adjustments: ["no-hold" as const],
    children: "Leo (3B)",
    language: "pl",
  });

  test("are replaced as a whole, and every list is another version", async () => {
    await replaceContacts(store, school, [contact("1"), contact("2")], "hash-1");
    expect(await readContacts(store, school)).toEqual([contact("1"), contact("2")]);
    const before = await contactsVersion(store, school);
    await replaceContacts(store, school, [contact("3")], null);
    expect(await readContacts(store, school)).toEqual([contact("3")]);
    expect(await contactsVersion(store, school)).not.toBe(before);
    // The folder's own list has been seen, whatever was imported since.
    expect(await lastContactsHash(store, school)).toBe("hash-1");
    expect(await readContacts(store, "another")).toEqual([]);
  });

  test("stay as they were when the new list cannot be stored", async () => {
    await replaceContacts(store, school, [contact("1")], "hash-1");
    await expect(replaceContacts(store, school, [contact("2"), contact("2")], "hash-2")).rejects.toThrow();
    expect(await readContacts(store, school)).toEqual([contact("1")]);
    expect(await lastContactsHash(store, school)).toBe("hash-1");
  });
});

describe("what is to come", () => {
  test("is told soonest first, with what leaves as a text", async () => {
    const byText = await message({ channel: "sms" });
    const byMail = await message();
    const later = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();
    const alert = (via: "email" | "text"): Work => ({ kind: "alert", to: "dsl", because: "b", via });
    await effect(reply, { messageId: byText, dueAt: later(1) });
    await effect(reply, { messageId: byMail, dueAt: later(2) });
    await effect(alert("text"), { messageId: byMail, dueAt: later(3) });
    await effect(alert("email"), { messageId: byMail, dueAt: later(4) });
    await effect({ kind: "text", to: "+447700900123", body: "b" }, { dueAt: later(5) });
    await effect({ kind: "passOn" }, { messageId: byText, dueAt: later(6) });
    await effect(reply, { messageId: byMail, dueAt: later(61) });
    const soon = await upcoming(store, later(60), 100);
    expect(soon.map(({ kind, isText }) => `${kind} ${isText}`)).toEqual([
      "reply true",
      "reply false",
      "alert true",
      "alert false",
      "text true",
      "passOn false",
    ]);
    expect((await upcoming(store, later(60), 2)).map(({ dueAt }) => dueAt)).toEqual([later(1), later(2)]);
    expect(await nextDue(store, now)).toBe(later(1));
    expect(await nextDue(store, later(1))).toBe(later(2));
    expect(await nextDue(store, later(61))).toBeNull();
  });
});
