// The trial's mail server against imapflow, the client that the gateway uses.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ImapFlow } from "imapflow";
import { type ImapPeer, startImap } from "../../src/trial/peers/imap.ts";

const users = [
  { user: "shah", password: "trial-1" },
  { user: "green", password: "trial-2" },
];
const at = "2026-11-27T21:00:00.000Z";
const mail = (subject: string, body = "Hello") =>
  Buffer.from(
    `From: a@example.com\r\nSubject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`,
  );

let dir: string;
let peer: ImapPeer;
let clients: ImapFlow[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "afterbell-imap-"));
  peer = await startImap({ users, dir });
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await peer.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function connect(user: string, pass: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port: peer.port,
    secure: false,
    auth: { user, pass },
    logger: false,
    disableAutoIdle: true,
  });
  client.on("error", () => {});
  await client.connect();
  clients.push(client);
  return client;
}

async function restart(): Promise<void> {
  for (const client of clients.splice(0)) client.close();
  await peer.stop();
  peer = await startImap({ users, dir, port: peer.port });
}

describe("users", () => {
  test("each sees their own mail only", async () => {
    peer.append("shah", "INBOX", mail("for Mrs Shah"), at);
    const shah = await connect("shah", "trial-1");
    const green = await connect("green", "trial-2");
    expect((await shah.mailboxOpen("INBOX")).exists).toBe(1);
    expect((await green.mailboxOpen("INBOX")).exists).toBe(0);
  });

  test("a wrong password is refused", async () => {
    await expect(connect("shah", "trial-2")).rejects.toMatchObject({ authenticationFailed: true });
    await expect(connect("nobody", "trial-2")).rejects.toMatchObject({ authenticationFailed: true });
  });
});

describe("octets and dates", () => {
  test("come back as they were put in, also in the fetch of several at once with a length", async () => {
    const raws = [
      mail("one", "£ Zoë 😀"),
      mail("two"),
      Buffer.from([0x41, 0x3a, 0x20, 0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0x80]),
    ];
    for (const raw of raws) peer.append("shah", "INBOX", raw, at);
    const client = await connect("shah", "trial-1");
    await client.mailboxOpen("INBOX");
    const query = { uid: true, internalDate: true, flags: true, source: { start: 0, maxLength: 1_000_000 } };
    const got = await client.fetchAll("1:*", query, { uid: true });
    expect(got.map((message) => message.source)).toEqual(raws);
    expect(got.map((message) => new Date(message.internalDate ?? 0).toISOString())).toEqual([at, at, at]);
    expect(got.every((message) => message.flags?.size === 0)).toBe(true);
  });

  test("a partial fetch gives what was asked for, of each message", async () => {
    for (const subject of ["first", "second"]) peer.append("shah", "INBOX", mail(subject), at);
    const client = await connect("shah", "trial-1");
    await client.mailboxOpen("INBOX");
    const got = await client.fetchAll("1:*", { source: { start: 0, maxLength: 20 } }, { uid: true });
    expect(got.map((message) => message.source?.toString())).toEqual(
      ["From: a@example.com\r", "From: a@example.com\r"].map((text) => text.slice(0, 20)),
    );
  });

  test("a mail appended over IMAP keeps its date and flags", async () => {
    const client = await connect("shah", "trial-1");
    const answer = await client.append("INBOX", mail("kept"), ["\\Flagged"], new Date(at));
    expect(answer).toMatchObject({ uid: 1 });
    expect(peer.list("shah", "INBOX")).toMatchObject([{ uid: 1, flags: ["\\Flagged"], internalDate: at }]);
  });
});

describe("IDLE", () => {
  test("new mail is told at once", async () => {
    const client = await connect("shah", "trial-1");
    await client.mailboxOpen("INBOX");
    const told = new Promise((resolve) => client.once("exists", resolve));
    const idle = client.idle();
    peer.append("shah", "INBOX", mail("news"), at);
    expect(await told).toMatchObject({ path: "INBOX", count: 1 });
    await client.noop();
    await idle;
  });

  test("an IDLE on a broken connection lets the server end", async () => {
    const client = await connect("shah", "trial-1");
    await client.mailboxOpen("INBOX");
    client.idle().catch(() => undefined);
    client.close();
    await peer.stop();
    peer = await startImap({ users, dir });
    expect(peer.port).toBeGreaterThan(0);
  });
});

describe("MOVE", () => {
  test("answers COPYUID, keeps octets, date and flags, and tells the other connection", async () => {
    const raw = mail("moved");
    peer.append("shah", "INBOX", mail("stays"), at);
    peer.append("shah", "INBOX", raw, at);
    const client = await connect("shah", "trial-1");
    const other = await connect("shah", "trial-1");
    await client.mailboxCreate("Afterbell/Held");
    await other.mailboxOpen("INBOX");
    await client.mailboxOpen("INBOX");
    const expunged = new Promise((resolve) => other.once("expunge", resolve));
    const moved = await client.messageMove("2", "Afterbell/Held", { uid: true });
    expect(moved).toMatchObject({ uidMap: new Map([[2, 1]]) });
    await other.noop();
    expect(await expunged).toMatchObject({ path: "INBOX" });
    expect(peer.list("shah", "INBOX").map(({ uid }) => uid)).toEqual([1]);
    expect(peer.list("shah", "Afterbell/Held")).toEqual([{ uid: 1, raw, flags: [], internalDate: at }]);
  });

  test("of a UID that is not there proves nothing and breaks nothing", async () => {
    const client = await connect("shah", "trial-1");
    await client.mailboxCreate("Afterbell/Held");
    await client.mailboxOpen("INBOX");
    const moved = await client.messageMove("99", "Afterbell/Held", { uid: true });
    expect(moved).not.toMatchObject({ uidMap: expect.anything() });
    expect((await client.mailboxOpen("Afterbell/Held")).exists).toBe(0);
  });
});

describe("state", () => {
  test("a restart keeps UIDs, UIDVALIDITY, UIDNEXT, flags and folders", async () => {
    for (const subject of ["one", "two", "three"]) peer.append("shah", "INBOX", mail(subject), at);
    const before = await connect("shah", "trial-1");
    await before.mailboxCreate("Afterbell/Held");
    await before.mailboxOpen("INBOX");
    await before.messageMove("3", "Afterbell/Held", { uid: true });
    await before.messageFlagsAdd("2", ["\\Seen"], { uid: true });
    const { uidValidity } = await before.mailboxOpen("INBOX");
    const held = await before.mailboxOpen("Afterbell/Held");
    const lists = [peer.list("shah", "INBOX"), peer.list("shah", "Afterbell/Held")];

    await restart();

    const after = await connect("shah", "trial-1");
    expect(await after.mailboxOpen("INBOX")).toMatchObject({ uidValidity, uidNext: 4, exists: 2 });
    expect((await after.mailboxOpen("Afterbell/Held")).uidValidity).toBe(held.uidValidity);
    expect([peer.list("shah", "INBOX"), peer.list("shah", "Afterbell/Held")]).toEqual(lists);
    expect((await after.list()).map(({ path }) => path).sort()).toEqual([
      "Afterbell",
      "Afterbell/Held",
      "INBOX",
    ]);
  });

  test("a change is told once, after it is saved", async () => {
    const told: string[] = [];
    const stop = peer.onChange((user) => told.push(user));
    const client = await connect("shah", "trial-1");
    await client.mailboxOpen("INBOX");
    expect(told).toEqual([]);
    await client.append("INBOX", mail("news"));
    expect(told).toEqual(["shah"]);
    stop();
    peer.append("shah", "INBOX", mail("more"), at);
    await client.noop();
    expect(told).toEqual(["shah"]);
  });

  test("two folders never share a UIDVALIDITY", async () => {
    const client = await connect("shah", "trial-1");
    await client.mailboxCreate("Afterbell/Held");
    const inbox = await client.mailboxOpen("INBOX");
    const held = await client.mailboxOpen("Afterbell/Held");
    expect(inbox.uidValidity).not.toBe(held.uidValidity);
  });
});
