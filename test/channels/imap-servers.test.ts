// The watcher on servers that lack something, name folders otherwise, or are full.
import { afterAll, afterEach, expect, describe as group, test } from "@jest/globals";
import { Mailbox, type WatchedMailbox } from "../../src/channels/imap.ts";
import { type Dovecot, type DovecotOptions, dovecotInstalled, startDovecot } from "../peers/dovecot.ts";
import { type ImapClient, openImap } from "../peers/imap-client.ts";
import { layWire, type Wire } from "../peers/wire.ts";
import { Ledger, mail, quick, watched } from "./imap-ledger.ts";

/** Skipped, and shown as such, on a machine without Dovecot. */
const describe = dovecotInstalled ? group : group.skip;
const HELD = "Afterbell/Held";

interface Scene {
  readonly dovecot: Dovecot;
  readonly wire: Wire;
  readonly person: ImapClient;
  readonly ledger: Ledger;
  mailbox: Mailbox;
  readonly mailboxOf: (changes?: Partial<WatchedMailbox>) => Mailbox;
}

let scene: Scene | null = null;

/** One server of each kind, with a fresh mailbox for each test. */
const servers = new Map<string, { readonly dovecot: Promise<Dovecot>; readonly spare: string[] }>();

function serverOf(options: DovecotOptions) {
  const kind = JSON.stringify(options);
  const users = Array.from({ length: 12 }, (_, index) => `teacher${index}`);
  const known = servers.get(kind) ?? { dovecot: startDovecot({ ...options, users }), spare: users };
  servers.set(kind, known);
  return known;
}

async function on(options: DovecotOptions, changes: Partial<WatchedMailbox> = {}): Promise<Scene> {
  const server = serverOf(options);
  const dovecot = await server.dovecot;
  const user = server.spare.shift() ?? "none";
  const wire = await layWire(dovecot);
  const ledger = new Ledger();
  const person = await openImap(dovecot, user);
  const mailboxOf = (more: Partial<WatchedMailbox> = {}) =>
    new Mailbox(watched(dovecot, { user, port: wire.port, ...changes, ...more }), ledger, quick);
  scene = { dovecot, wire, person, ledger, mailbox: mailboxOf(), mailboxOf };
  return scene;
}

afterEach(async () => {
  await scene?.mailbox.stop();
  await scene?.person.close();
  await scene?.wire.stop();
  scene = null;
});

afterAll(async () => {
  await Promise.all([...servers.values()].map(async ({ dovecot }) => (await dovecot).stop()));
});

const KINDS = [
  { name: "MOVE", without: ["MOVE"], moves: "copy-and-expunge" },
  { name: "UIDPLUS", without: ["UIDPLUS"], moves: "move" },
  { name: "MOVE and UIDPLUS", without: ["MOVE", "UIDPLUS"], moves: "copy-and-flag" },
] as const;

/** What a mail program shows: messages marked as deleted are gone, or struck through. */
async function shown(person: ImapClient, folder: string): Promise<string[]> {
  const mails = await person.list(folder);
  return mails
    .filter(({ flags }) => !flags.includes("\\Deleted"))
    .map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? "");
}

describe.each(KINDS)("a server without $name", ({ without, moves }) => {
  test("holds and releases, and removes nothing that others have marked as deleted", async () => {
    const { person, mailbox, ledger } = await on({ without });
    await person.deliver(mail("Marked by its owner"), { flags: ["\\Deleted"] });
    expect((await mailbox.checkFolders()).moves).toBe(moves);
    await mailbox.start();
    for (const subject of ["One", "Two"]) await person.deliver(mail(subject), { at: "2026-11-13T21:00:07Z" });
    await ledger.untilRecorded(2);
    expect(await shown(person, "INBOX")).toEqual([]);
    expect(await shown(person, HELD)).toEqual(["One", "Two"]);
    const places = ["One", "Two"].map((subject) => ledger.place(subject));
    expect(new Set(places.map(({ uid }) => uid)).size).toBe(2);

    ledger.settle(await mailbox.move(places, "inbox"));
    expect(await shown(person, "INBOX")).toEqual(["One", "Two"]);
    expect(await shown(person, HELD)).toEqual([]);
    const back = (await person.list("INBOX")).filter(({ flags }) => !flags.includes("\\Deleted"));
    for (const one of back)
      expect(one).toMatchObject({ seen: false, internalDate: "2026-11-13T21:00:07.000Z" });
    const all = (await person.list("INBOX")).map(({ raw }) => raw.toString());
    expect(all.some((raw) => raw.includes("Subject: Marked by its owner"))).toBe(true);
  });

  test("follows after a restart, and takes nothing twice", async () => {
    const { person, mailboxOf, mailbox, ledger } = await on({ without });
    await mailbox.start();
    for (const subject of ["One", "Two"]) await person.deliver(mail(subject));
    await ledger.untilRecorded(2);
    ledger.settle(await mailbox.move([ledger.place("One")], "inbox"));
    await mailbox.stop();
    await person.remove(HELD, ledger.place("Two").uid);
    const again = mailboxOf();
    if (scene) scene.mailbox = again;
    await again.start();
    expect(ledger.given).toHaveLength(2);
    expect(ledger.place("One").folder).toBe("INBOX");
    expect(ledger.entry("Two").place).toBeNull();
  });
});

describe("a server without MOVE", () => {
  test("whose connection breaks between copying and deleting: one copy is left", async () => {
    const { person, mailbox, ledger, wire } = await on({ without: ["MOVE"] });
    await mailbox.start();
    wire.cutAnswerTo("UID COPY");
    await person.deliver(mail("Doubled"));
    await ledger.untilRecorded(1);
    await ledger.until("position", () => ledger.positions.get("INBOX")?.lastUid === 1);
    expect(await person.list("INBOX")).toEqual([]);
    expect(await person.list(HELD)).toHaveLength(1);
    expect(ledger.given).toHaveLength(1);
  });

  test("and a full mailbox: the message stays in INBOX and is recorded there; a release is refused", async () => {
    const { person, mailbox, ledger } = await on({ without: ["MOVE"], quotaBytes: 1_500 });
    await mailbox.start();
    await person.deliver(mail("Full", { body: "x".repeat(400) }));
    await ledger.untilRecorded(1);
    expect(ledger.place("Full").folder).toBe("INBOX");
    expect(await person.list("INBOX")).toHaveLength(1);
    expect(ledger.logged).toContainEqual(
      expect.objectContaining({ detail: { account: "okafor", refused: 1, because: "OVERQUOTA" } }),
    );
    const moved = await mailbox.move([ledger.place("Full")], "held");
    expect([...moved.values()]).toEqual(["refused"]);
    expect(await person.list("INBOX")).toHaveLength(1);
  });
});

describe("folders", () => {
  test("have the server's own delimiter and prefix", async () => {
    const { person, mailbox, ledger } = await on({ delimiter: ".", prefix: "INBOX." });
    await mailbox.start();
    await person.deliver(mail("Dots"));
    await ledger.untilRecorded(1);
    expect(ledger.place("Dots").folder).toBe("INBOX.Afterbell.Held");
    expect(await person.list("INBOX.Afterbell.Held")).toHaveLength(1);
    expect(await person.folders()).toEqual(
      expect.arrayContaining([{ path: "INBOX.Afterbell.Referred", subscribed: true }]),
    );
    ledger.settle(await mailbox.move([ledger.place("Dots")], "inbox"));
    expect(await person.list("INBOX")).toHaveLength(1);
  });

  test("are made again when their owner deletes them", async () => {
    const { person, mailbox, ledger } = await on({});
    await mailbox.start();
    await person.drop(HELD);
    await person.deliver(mail("Again"));
    await ledger.untilRecorded(1);
    expect(await person.list(HELD)).toHaveLength(1);
  });

  test("are only looked for by a check", async () => {
    const { person, mailbox } = await on({});
    const report = await mailbox.checkFolders();
    expect(report).toEqual({
      held: { path: HELD, exists: false, subscribed: false },
      referred: { path: "Afterbell/Referred", exists: false, subscribed: false },
      moves: "move",
      idle: true,
    });
    expect((await person.folders()).map(({ path }) => path)).toEqual(["INBOX"]);
  });
});

describe("noticing new mail", () => {
  test("works by polling where there is no IDLE", async () => {
    const { person, mailbox, ledger } = await on({ without: ["IDLE"] }, { pollMs: 50 });
    await mailbox.start();
    await person.deliver(mail("Polled"));
    await ledger.untilRecorded(1);
    expect(await person.list("INBOX")).toEqual([]);
  });

  test("polling beside IDLE takes the last message once", async () => {
    const { person, mailbox, ledger } = await on({}, { pollMs: 20 });
    ledger.offDuty = false;
    await mailbox.start();
    await person.deliver(mail("Last"));
    await ledger.untilRecorded(1);
    await person.deliver(mail("Really last"));
    await ledger.untilRecorded(2);
    expect(ledger.given).toHaveLength(2);
  });
});

describe("transport", () => {
  test.each(["implicit", "starttls"] as const)("%s TLS with the school's own authority", async (tls) => {
    const { dovecot, person, mailboxOf, ledger } = await on({});
    const port = tls === "implicit" ? dovecot.tlsPort : dovecot.port;
    const mailbox = mailboxOf({ tls, port, tlsCa: dovecot.ca });
    if (scene) scene.mailbox = mailbox;
    await mailbox.start({ failFast: true });
    await person.deliver(mail("Sealed"));
    await ledger.untilRecorded(1);
    expect(await person.list(HELD)).toHaveLength(1);
  });

  test("a certificate that nobody vouches for is refused", async () => {
    const { dovecot, mailboxOf } = await on({});
    const mailbox = mailboxOf({ tls: "implicit", port: dovecot.tlsPort });
    await expect(mailbox.start({ failFast: true })).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });
});
