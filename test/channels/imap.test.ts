// The watcher against a real Dovecot: what happens on an ordinary evening and the morning after.
import { afterAll, afterEach, beforeAll, beforeEach, expect, describe as group, test } from "@jest/globals";
import { placeKey } from "../../src/channels/imap/places.ts";
import { Mailbox, type WatchedMailbox } from "../../src/channels/imap.ts";
import { type Dovecot, dovecotInstalled, startDovecot } from "../peers/dovecot.ts";
import { type ImapClient, openImap } from "../peers/imap-client.ts";
import { Ledger, mail, quick, watched } from "./imap-ledger.ts";

const USERS = Array.from({ length: 40 }, (_, index) => `teacher${index}`);
/** Skipped, and shown as such, on a machine without Dovecot. */
const describe = dovecotInstalled ? group : group.skip;
const HELD = "Afterbell/Held";

let dovecot: Dovecot;
let user: string;
let person: ImapClient;
let ledger: Ledger;
let mailbox: Mailbox;
const spare = [...USERS];

function mailboxOf(changes: Partial<WatchedMailbox> = {}): Mailbox {
  return new Mailbox(watched(dovecot, { user, ...changes }), ledger, quick);
}

async function release(subjects: readonly string[]): Promise<void> {
  ledger.settle(
    await mailbox.move(
      subjects.map((subject) => ledger.place(subject)),
      "inbox",
    ),
  );
}

beforeAll(async () => {
  dovecot = await startDovecot({ users: USERS });
});
afterAll(async () => {
  await dovecot.stop();
});
beforeEach(async () => {
  user = spare.shift() ?? "none";
  person = await openImap(dovecot, user);
  ledger = new Ledger();
  mailbox = mailboxOf();
});
afterEach(async () => {
  await mailbox.stop();
  await person.close();
});

describe("out of hours", () => {
  test("a parent's mail leaves INBOX, and on release the same octets are back, unseen, with their date", async () => {
    await mailbox.start();
    const uid = await person.deliver(mail("Homework"), { at: "2026-11-13T21:00:07Z" });
    const [entry] = await ledger.untilRecorded(1);
    expect(await person.list("INBOX")).toEqual([]);
    const [held] = await person.list(HELD);
    expect(entry?.incoming).toMatchObject({
      origin: "inbox",
      truncated: false,
      receivedAt: "2026-11-13T21:00:07.000Z",
      place: { account: "okafor", folder: HELD, uid: held?.uid },
    });
    const validity = ledger.positions.get("INBOX")?.uidValidity;
    expect(entry?.incoming.key).toBe(`imap:okafor:INBOX:${validity}:${uid}`);

    await release(["Homework"]);
    expect(await person.list(HELD)).toEqual([]);
    const [back] = await person.list("INBOX");
    expect(back?.raw.toString()).toBe(mail("Homework").replaceAll("\n", "\r\n"));
    expect(entry?.incoming.raw.equals(back?.raw ?? Buffer.alloc(0))).toBe(true);
    expect(back).toMatchObject({ seen: false, flags: [], internalDate: "2026-11-13T21:00:07.000Z" });
  });

  test("flags that a message came with are still on it after release", async () => {
    await mailbox.start();
    await person.deliver(mail("Marked"), { flags: ["\\Flagged", "Work"] });
    await ledger.untilRecorded(1);
    await release(["Marked"]);
    const [back] = await person.list("INBOX");
    expect(back?.flags.toSorted()).toEqual(["Work", "\\Flagged"]);
  });

  test("what was released is not taken for new mail, now or after a restart", async () => {
    await mailbox.start();
    await person.deliver(mail("Once"));
    await ledger.untilRecorded(1);
    await release(["Once"]);
    await person.deliver(mail("Second"));
    await ledger.untilRecorded(2);
    await mailbox.stop();
    mailbox = mailboxOf();
    await mailbox.start();
    expect(ledger.given).toHaveLength(2);
    const subjects = (await person.list("INBOX")).map(
      ({ raw }) => /Subject: (\w+)/.exec(raw.toString())?.[1],
    );
    expect(subjects).toEqual(["Once"]);
  });

  test("two hundred at once are all held, and released in one command", async () => {
    await mailbox.start();
    const subjects = Array.from({ length: 200 }, (_, index) => `Message ${index}`);
    for (const subject of subjects) await person.deliver(mail(subject));
    await ledger.untilRecorded(200);
    expect(await person.list("INBOX")).toEqual([]);
    expect(await person.list(HELD)).toHaveLength(200);
    await release(subjects);
    expect(await person.list(HELD)).toEqual([]);
    expect(await person.list("INBOX")).toHaveLength(200);
    expect(ledger.given).toHaveLength(200);
  });

  test("two messages with the same Message-ID are both held", async () => {
    await mailbox.start();
    await person.deliver(mail("First", { id: "same@parents.example" }));
    await person.deliver(mail("Other", { id: "same@parents.example" }));
    await ledger.untilRecorded(2);
    expect(await person.list(HELD)).toHaveLength(2);
  });

  test("two identical messages are both held", async () => {
    await mailbox.start();
    await person.deliver(mail("Twin"));
    await ledger.untilRecorded(1);
    await person.deliver(mail("Twin"));
    await ledger.untilRecorded(2);
    expect(await person.list(HELD)).toHaveLength(2);
    expect(await person.list("INBOX")).toEqual([]);
  });

  test("mail that arrives while another is being held is not overlooked", async () => {
    await mailbox.start();
    let delivered: Promise<number> | null = null;
    ledger.failing = () => {
      delivered ??= person.deliver(mail("Meanwhile"));
      return false;
    };
    await person.deliver(mail("Before"));
    await ledger.untilRecorded(2);
    await delivered;
    expect(await person.list("INBOX")).toEqual([]);
  });
});

describe("mail that is not shielded", () => {
  test("stays in INBOX, is not marked as read, and is recorded where it is", async () => {
    await mailbox.start();
    const uid = await person.deliver(mail("Invoice", { from: "accounts@supplier.example" }));
    const [entry] = await ledger.untilRecorded(1);
    expect(entry?.incoming.place).toMatchObject({ folder: "INBOX", uid });
    expect(await person.list("INBOX")).toMatchObject([{ uid, seen: false, flags: [] }]);
    expect(await person.list(HELD)).toEqual([]);
  });

  test("is left in peace in working hours", async () => {
    ledger.offDuty = false;
    await mailbox.start();
    const uid = await person.deliver(mail("Question"));
    await ledger.untilRecorded(1);
    expect(await person.list("INBOX")).toMatchObject([{ uid, seen: false }]);
  });

  test("can be referred afterwards", async () => {
    ledger.offDuty = false;
    await mailbox.start();
    await person.deliver(mail("Rude"));
    await ledger.untilRecorded(1);
    ledger.settle(await mailbox.move([ledger.place("Rude")], "referred"));
    expect(await person.list("INBOX")).toEqual([]);
    expect(await person.list("Afterbell/Referred")).toHaveLength(1);
    expect(ledger.place("Rude").folder).toBe("Afterbell/Referred");
  });
});

describe("enrolment", () => {
  test("leaves the mail that is there alone", async () => {
    for (const subject of ["Old 1", "Old 2"]) await person.deliver(mail(subject));
    await mailbox.start();
    await person.deliver(mail("New"));
    await ledger.untilRecorded(1);
    expect(ledger.given).toHaveLength(1);
    expect(await person.list("INBOX")).toHaveLength(2);
  });

  test("an empty mailbox begins with its first message", async () => {
    await mailbox.start();
    await person.deliver(mail("First"));
    await ledger.untilRecorded(1);
    await ledger.until("position", () => ledger.positions.get("INBOX")?.lastUid === 1);
  });

  test("mail that came while the gateway was away is taken at the next start", async () => {
    await mailbox.start();
    await mailbox.stop();
    await person.deliver(mail("Overnight"));
    mailbox = mailboxOf();
    await mailbox.start();
    expect(ledger.place("Overnight").folder).toBe(HELD);
  });

  test("makes and subscribes the folders", async () => {
    await mailbox.start();
    expect(await person.folders()).toEqual(
      expect.arrayContaining([
        { path: HELD, subscribed: true },
        { path: "Afterbell/Referred", subscribed: true },
      ]),
    );
  });

  test("finds folders again whose names have another case", async () => {
    await person.create("AFTERBELL/held");
    await mailbox.start();
    await person.deliver(mail("Case"));
    await ledger.untilRecorded(1);
    expect(await person.list("AFTERBELL/held")).toHaveLength(1);
    expect((await person.folders()).map(({ path }) => path)).not.toContain(HELD);
  });
});

describe("a command beside the service", () => {
  test("releases on a connection of its own, and the service does not take it for new mail", async () => {
    await mailbox.start();
    await person.deliver(mail("By hand"));
    await ledger.untilRecorded(1);
    const place = ledger.place("By hand");
    const moved = await mailboxOf().moveOnce([place], "inbox");
    expect(moved.get(placeKey(place))).toMatchObject({ folder: "INBOX" });
    // The command has not recorded it: the service sees for itself.
    await ledger.until("followed", () => ledger.place("By hand").folder === "INBOX");
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });
});

describe("the owner of the mailbox", () => {
  test("wins when they delete a held message", async () => {
    await mailbox.start();
    await person.deliver(mail("Unwanted"));
    await ledger.untilRecorded(1);
    const place = ledger.place("Unwanted");
    await person.remove(HELD, place.uid);
    const moved = await mailbox.move([place], "inbox");
    expect(moved).toEqual(new Map([[placeKey(place), "gone"]]));
    expect(await person.list("INBOX")).toEqual([]);
  });

  test("wins when they mark a held message as deleted and have not emptied the folder yet", async () => {
    await mailbox.start();
    await person.deliver(mail("Marked"));
    await ledger.untilRecorded(1);
    await person.flag(HELD, ledger.place("Marked").uid, "\\Deleted");
    expect([...(await mailbox.move([ledger.place("Marked")], "inbox")).values()]).toEqual(["gone"]);
  });

  test("wins when they take a held message back to INBOX: it is not held again", async () => {
    await mailbox.start();
    await person.deliver(mail("Impatient"));
    await ledger.untilRecorded(1);
    await person.move(HELD, ledger.place("Impatient").uid, "INBOX");
    await ledger.until("followed", () => ledger.entry("Impatient").place?.folder === "INBOX");
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });

  test("is followed when they delete or move held mail while the gateway is away", async () => {
    await mailbox.start();
    for (const subject of ["Deleted", "Filed", "Returned", "Untouched"]) await person.deliver(mail(subject));
    await ledger.untilRecorded(4);
    await mailbox.stop();
    await person.create("Elsewhere");
    await person.remove(HELD, ledger.place("Deleted").uid);
    await person.move(HELD, ledger.place("Filed").uid, "Elsewhere");
    await person.move(HELD, ledger.place("Returned").uid, "INBOX");
    mailbox = mailboxOf();
    await mailbox.start();
    expect(ledger.entry("Deleted").place).toBeNull();
    expect(ledger.entry("Filed").place).toBeNull();
    expect(ledger.place("Returned").folder).toBe("INBOX");
    expect(ledger.place("Untouched").folder).toBe(HELD);
    expect(ledger.given).toHaveLength(4);
    expect(await person.list("INBOX")).toHaveLength(1);
  });

  test("is noticed by a sweep while the gateway runs", async () => {
    mailbox = new Mailbox(watched(dovecot, { user }), ledger, { ...quick, sweepMs: 100 });
    await mailbox.start();
    await person.deliver(mail("Swept"));
    await ledger.untilRecorded(1);
    await person.remove(HELD, ledger.place("Swept").uid);
    await ledger.until("gone", () => ledger.entry("Swept").place === null);
  });
});

describe("large messages", () => {
  test("come with their head and beginning only, and stay whole on the server", async () => {
    mailbox = mailboxOf({ maxMessageBytes: 4_000 });
    await mailbox.start();
    await person.deliver(mail("Large", { body: "x".repeat(70).concat("\n").repeat(200) }));
    await person.deliver(mail("Small"));
    await ledger.untilRecorded(2);
    const { incoming } = ledger.entry("Large");
    expect(incoming).toMatchObject({ truncated: true });
    expect(incoming.raw).toHaveLength(4_000);
    expect(incoming.raw.toString()).toContain("Is there homework?");
    expect(ledger.entry("Small").incoming.truncated).toBe(false);
    const [whole] = await person.list(HELD);
    expect(whole?.raw.length).toBeGreaterThan(14_000);
  });
});

describe("secrets", () => {
  test("the log holds neither an address nor a text", async () => {
    await mailbox.start();
    await person.deliver(mail("Private"));
    await ledger.untilRecorded(1);
    const text = JSON.stringify(ledger.logged);
    expect(text).not.toMatch(/@|homework|Private|teacher/i);
  });
});

describe("a wrong password", () => {
  test("ends a start that is to fail fast", async () => {
    mailbox = mailboxOf({ password: "wrong" });
    await expect(mailbox.start({ failFast: true })).rejects.toMatchObject({ authenticationFailed: true });
    expect(mailbox.state).toBe("stopped");
    expect(mailbox.lastError).toBe("sign-in-refused");
  });
});
