// The watcher when things break in the middle: the store, the process, the connection, the server's numbering.
import { afterAll, afterEach, beforeAll, beforeEach, expect, describe as group, test } from "@jest/globals";
import { placeKey } from "../../src/channels/imap/places.ts";
import { Mailbox, type WatchedMailbox } from "../../src/channels/imap.ts";
import { type Dovecot, dovecotInstalled, startDovecot } from "../peers/dovecot.ts";
import { type ImapClient, openImap } from "../peers/imap-client.ts";
import { layWire, type Wire } from "../peers/wire.ts";
import { Ledger, mail, quick, watched } from "./imap-ledger.ts";

/** Skipped, and shown as such, on a machine without Dovecot. */
const describe = dovecotInstalled ? group : group.skip;
const HELD = "Afterbell/Held";
const USERS = Array.from({ length: 20 }, (_, index) => `teacher${index}`);
const spare = [...USERS];

let dovecot: Dovecot;
let wire: Wire;
let user: string;
let person: ImapClient;
let ledger: Ledger;
let mailbox: Mailbox;

function mailboxOf(changes: Partial<WatchedMailbox> = {}): Mailbox {
  return new Mailbox(watched(dovecot, { user, port: wire.port, ...changes }), ledger, quick);
}

beforeAll(async () => {
  dovecot = await startDovecot({ users: USERS });
});
afterAll(async () => {
  await dovecot.stop();
});
beforeEach(async () => {
  user = spare.shift() ?? "none";
  wire = await layWire(dovecot);
  person = await openImap(dovecot, user);
  ledger = new Ledger();
  mailbox = mailboxOf();
});
afterEach(async () => {
  await mailbox.stop();
  await person.close();
  await wire.stop();
});

describe("the store is away", () => {
  test("a held message waits in the held folder and is recorded under its first key later", async () => {
    let failures = 3;
    ledger.failing = () => failures-- > 0;
    await mailbox.start();
    const uid = await person.deliver(mail("Patient"));
    const [entry] = await ledger.untilRecorded(1);
    expect(ledger.given).toHaveLength(4);
    expect(entry?.incoming.key).toMatch(new RegExp(`^imap:okafor:INBOX:\\d+:${uid}$`));
    expect(entry?.place?.folder).toBe(HELD);
  });

  test("the position stays below a message in INBOX that is not recorded, and others go on", async () => {
    ledger.offDuty = false;
    ledger.failing = ({ raw }) => raw.includes("Subject: Stuck");
    await mailbox.start();
    const stuck = await person.deliver(mail("Stuck"));
    await person.deliver(mail("Fine"));
    await ledger.untilRecorded(1);
    await mailbox.stop();
    expect(ledger.positions.get("INBOX")?.lastUid).toBe(stuck - 1);
    ledger.failing = () => false;
    mailbox = mailboxOf();
    await mailbox.start();
    await ledger.untilRecorded(2);
    expect(ledger.given.filter(({ raw }) => raw.includes("Subject: Fine"))).toHaveLength(1);
    await ledger.until("position", () => ledger.positions.get("INBOX")?.lastUid === stuck + 1);
  });

  test("a message that its owner deletes while it waits is let go", async () => {
    ledger.offDuty = false;
    ledger.failing = () => true;
    await mailbox.start();
    const uid = await person.deliver(mail("Fleeting"));
    await ledger.until("given", () => ledger.given.length > 0);
    await person.remove("INBOX", uid);
    await ledger.until("position", () => ledger.positions.get("INBOX")?.lastUid === uid);
    expect(ledger.entries.size).toBe(0);
  });
});

describe("the process dies", () => {
  test("between the move and the record: the message is found in the held folder", async () => {
    ledger.failing = () => true;
    await mailbox.start();
    await person.deliver(mail("Orphan"));
    await ledger.until("given", () => ledger.given.length > 0);
    await mailbox.stop();
    const [held] = await person.list(HELD);
    ledger.failing = () => false;
    mailbox = mailboxOf();
    await mailbox.start();
    const { incoming } = ledger.entry("Orphan");
    expect(incoming).toMatchObject({ origin: "held", place: { folder: HELD, uid: held?.uid } });
    expect(incoming.key).toBe(placeKey(incoming.place));
    expect(ledger.entries.size).toBe(1);
  });

  test("between a release and its record: the message is found in INBOX and not held again", async () => {
    await mailbox.start();
    await person.deliver(mail("Released"));
    await ledger.untilRecorded(1);
    await mailbox.move([ledger.place("Released")], "inbox");
    await mailbox.stop();
    mailbox = mailboxOf();
    await mailbox.start();
    expect(ledger.place("Released").folder).toBe("INBOX");
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });

  test("after other mail has come since that release: it is still found in INBOX", async () => {
    await mailbox.start();
    await person.deliver(mail("Released"));
    await ledger.untilRecorded(1);
    await mailbox.move([ledger.place("Released")], "inbox");
    await person.deliver(mail("Later"));
    await ledger.untilRecorded(2);
    await mailbox.stop();
    mailbox = mailboxOf();
    await mailbox.start();
    expect(ledger.place("Released").folder).toBe("INBOX");
    expect(ledger.place("Later").folder).toBe(HELD);
  });

  test("after the record and before the position: the message is not given twice, nor moved", async () => {
    ledger.offDuty = false;
    await mailbox.start();
    await person.deliver(mail("Recorded"));
    await ledger.untilRecorded(1);
    await ledger.until("position", () => ledger.positions.get("INBOX")?.lastUid === 1);
    await mailbox.stop();
    ledger.positions.set("INBOX", { ...(await positionOf()), lastUid: 0 });
    ledger.offDuty = true;
    mailbox = mailboxOf();
    await mailbox.start();
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });
});

async function positionOf() {
  const position = await ledger.position("INBOX");
  if (!position) throw new Error("no position");
  return position;
}

describe("the connection breaks", () => {
  test("while idle: it connects again and catches up", async () => {
    await mailbox.start();
    wire.cut();
    await person.deliver(mail("After the cut"));
    await ledger.untilRecorded(1);
    expect(await person.list("INBOX")).toEqual([]);
    expect(mailbox.state).toBe("watching");
    expect(wire.counts()).toEqual({ total: 2, open: 1, most: 1 });
  });

  test("without a word: a poll finds the line dead, and it connects again", async () => {
    const timing = { ...quick, socketTimeoutMs: 400 };
    mailbox = new Mailbox(watched(dovecot, { user, port: wire.port, pollMs: 100 }), ledger, timing);
    await mailbox.start();
    wire.silence();
    await person.deliver(mail("Through the silence"));
    await ledger.untilRecorded(1);
    expect(wire.counts().total).toBe(2);
    expect(await person.list("INBOX")).toEqual([]);
  });

  test("after the server has moved a message and before we hear of it: it is found and recorded", async () => {
    await mailbox.start();
    wire.cutAnswerTo("UID MOVE");
    await person.deliver(mail("Unheard"));
    await ledger.untilRecorded(1);
    expect(ledger.place("Unheard").folder).toBe(HELD);
    expect(ledger.given).toHaveLength(1);
    expect(await person.list(HELD)).toHaveLength(1);
  });

  test("in the middle of a release: the move fails, and asked again it finds the message where it went", async () => {
    await mailbox.start();
    await person.deliver(mail("Torn"));
    await ledger.untilRecorded(1);
    const place = ledger.place("Torn");
    wire.cutAnswerTo("UID MOVE");
    await expect(mailbox.move([place], "inbox")).rejects.toThrow();
    await ledger.until("followed", () => ledger.place("Torn").folder === "INBOX");
    // The outbox may still ask with the place it knew.
    const moved = await mailbox.move([place], "inbox");
    expect(moved.get(placeKey(place))).toEqual(ledger.place("Torn"));
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });

  test("in the middle of reading: the message is given once", async () => {
    await mailbox.start();
    wire.cutAnswerTo("BODY.PEEK[]");
    await person.deliver(mail("Half read"));
    await ledger.untilRecorded(1);
    expect(ledger.given).toHaveLength(1);
  });

  test("and the server is away for a while: waits grow, moves are refused at once, then all goes on", async () => {
    await mailbox.start();
    await person.deliver(mail("Kept"));
    await ledger.untilRecorded(1);
    wire.refuse(true);
    wire.cut();
    await ledger.until("three attempts", () => attempts().length >= 3);
    expect(attempts().slice(0, 3)).toEqual([10, 20, 40]);
    expect(mailbox.state).toBe("waiting");
    await expect(mailbox.move([ledger.place("Kept")], "inbox")).rejects.toThrow("given up");
    wire.refuse(false);
    await ledger.until("watched again", () => logged("being watched").length === 2);
    expect(mailbox.lastError).toBeNull();
    ledger.settle(await mailbox.move([ledger.place("Kept")], "inbox"));
    expect(ledger.place("Kept").folder).toBe("INBOX");
  });

  test("before it was ever made: start waits for the server, and stop ends that", async () => {
    wire.refuse(true);
    const started = mailbox.start();
    await ledger.untilLogged("connecting again");
    await mailbox.stop();
    await started;
    expect(mailbox.state).toBe("stopped");
  });
});

function logged(part: string) {
  return ledger.logged.filter(({ message }) => message.includes(part));
}

function attempts(): unknown[] {
  return logged("connecting again").map(({ detail }) => Reflect.get(detail, "retryMs"));
}

describe("UIDVALIDITY changes", () => {
  test("held messages are found again by their content, and old mail in INBOX is left alone", async () => {
    await person.deliver(mail("Old"), { at: "2026-11-01T09:00:00Z" });
    await mailbox.start();
    await person.deliver(mail("Supplier", { from: "accounts@supplier.example" }), {
      at: "2026-11-13T20:00:00Z",
    });
    for (const subject of ["Held 1", "Held 2"])
      await person.deliver(mail(subject), { at: "2026-11-13T21:00:00Z" });
    await ledger.untilRecorded(3);
    await mailbox.stop();
    const before = ["Held 1", "Held 2", "Supplier"].map((subject) => ledger.place(subject));
    await person.close();
    dovecot.forgetUids(user);
    person = await openImap(dovecot, user);
    await person.deliver(mail("Fresh"), { at: "2026-11-13T22:00:00Z" });

    mailbox = mailboxOf();
    await mailbox.start();
    const after = ["Held 1", "Held 2", "Supplier"].map((subject) => ledger.place(subject));
    for (const [index, place] of after.entries()) {
      expect(place.folder).toBe(before[index]?.folder);
      expect(place.uidValidity).not.toBe(before[index]?.uidValidity);
    }
    expect(ledger.place("Fresh").folder).toBe(HELD);
    expect(ledger.entries.size).toBe(4);
    expect(await person.list("INBOX")).toHaveLength(2);
    ledger.settle(
      await mailbox.move(
        ["Held 1", "Held 2"].map((subject) => ledger.place(subject)),
        "inbox",
      ),
    );
    expect(await person.list("INBOX")).toHaveLength(4);
  });

  test("a move with a void place moves no other message", async () => {
    await mailbox.start();
    await person.deliver(mail("One"));
    await ledger.untilRecorded(1);
    const place = { ...ledger.place("One"), uidValidity: "1" };
    expect(await mailbox.move([place], "inbox")).toEqual(new Map([[placeKey(place), "refused"]]));
    expect(await person.list(HELD)).toHaveLength(1);
  });
});
