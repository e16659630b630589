// Mail of real programs' shapes, read into messages.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readEmail, readHeaders, stopReading } from "../../src/channels/email.ts";
import { loopMark } from "../../src/channels/loop-mark.ts";

const OPTIONS = {
  key: "imap:hall:INBOX:1:7",
  receivedAt: "2026-11-27T21:05:00.000Z",
  authservId: "mx.oakhill.example",
  ownAddresses: ["d.hall@oakhill.example", "afterbell@oakhill.example"],
  loopSecret: "a secret of the school",
};
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/mail/${name}.eml`, import.meta.url));
const read = (raw: string | Buffer, options: Partial<typeof OPTIONS> = {}) =>
  readEmail(Buffer.from(raw as string), { ...OPTIONS, ...options });
const sha256 = (octets: Buffer): string => createHash("sha256").update(octets).digest("hex");
afterAll(stopReading);

describe("replies of mail programs", () => {
  test("Outlook, HTML only: what is quoted under the divider is not the sender's", async () => {
    const raw = fixture("outlook-html-reply");
    const message = await read(raw);
    expect(message).toMatchObject({
      key: OPTIONS.key,
      channel: "email",
      from: { name: "Priya Nair", address: "priya.nair@example.net" },
      to: [{ name: "Hall, Dana", address: "d.hall@oakhill.example" }],
      cc: [{ name: "Zoë Okoro", address: "z.okoro@oakhill.example" }],
      subject: "RE: Trip on Friday",
      date: "2026-11-27T21:04:11.000Z",
      messageId: "<LO2P265MB0001@LO2P265MB0001.GBRP265.PROD.OUTLOOK.COM>",
      references: ["<trip-1@oakhill.example>"],
      newText: "Dear Ms Hall,\n\nTom cannot eat nuts. Is the packed lunch safe…?\nPriya",
      automatic: null,
      suppressReply: null,
      authenticity: { verdict: "pass" },
      attachments: [],
      receivedAt: OPTIONS.receivedAt,
      rawHash: sha256(raw),
      parseError: null,
    });
    expect(message.text).toContain("> From: Hall, Dana <d.hall@oakhill.example>");
    expect(message.text).toContain("> A packed lunch is included.");
  });

  test("Gmail", async () => {
    const message = await read(fixture("gmail-reply"));
    expect(message.newText).toBe("Sam will come 😀\n\nJo");
    expect(message.date).toBe("2026-11-27T21:15:30.000Z");
  });

  test("Apple Mail with a picture in the text", async () => {
    const message = await read(fixture("apple-mail-html-only"));
    expect(message.newText).toBe("We lost the book. I am sorry.");
    expect(message.text).toContain("> Please bring the reading record.");
    expect(message.attachments).toEqual([
      {
        name: "Bild von Bücherei.png",
        type: "image/png",
        bytes: 8,
        sha256: sha256(Buffer.from("iVBORw0KGgo=", "base64")),
      },
    ]);
  });

  test("iPhone, with its signature", async () => {
    const message = await read(fixture("iphone"));
    expect(message.text).toContain("Leila’s cough is worse so she stays home tomorrow.");
    expect(message.newText).toBe("Leila’s cough is worse so she stays home tomorrow.");
    expect(message.date).toBe("2026-11-29T23:59:59.000Z");
  });

  test("Thunderbird, format=flowed", async () => {
    const message = await read(fixture("thunderbird-flowed"));
    expect(message.newText).toBe(
      "The sheet has three pages and we could not find the second one, so Ola did the first and the last.",
    );
    expect(message.from?.name).toBe("Tomasz Zielinski");
  });

  test("Yahoo, HTML only", async () => {
    expect((await read(fixture("yahoo-html-only"))).newText).toBe("Kit is packed.");
  });

  test("Outlook.com, HTML only", async () => {
    const message = await read(fixture("outlook-com-html-only"));
    expect(message.newText).toBe("Kit’s goggles are lost.");
    expect(message.text).toContain("> Bring your goggles.");
  });

  test("an Exchange invitation: the calendar is an attachment, and no automatic answer is wanted", async () => {
    const message = await read(fixture("exchange-invitation"));
    expect(message.newText).toBe("Could we meet about Tom’s reading?");
    expect(message.attachments).toMatchObject([{ type: "text/calendar" }]);
    expect(message.automatic).toBeNull();
    expect(message.suppressReply).toContain("X-Auto-Response-Suppress");
  });

  test("winmail.dat is an attachment", async () => {
    const message = await read(fixture("outlook-winmail"));
    expect(message.text).toBe("The form is attached – signed.");
    expect(message.attachments).toMatchObject([
      { name: "winmail.dat", type: "application/ms-tnef", bytes: 6 },
    ]);
    expect(message.date).toBe("2026-12-02T00:00:00.000Z");
  });

  test("a mail sent on as an attachment: its text and its fields are not the sender's", async () => {
    const message = await read(fixture("forward-as-attachment"));
    expect(message.text).toBe("Please read what I was sent.");
    expect(message.automatic).toBeNull();
    expect(message.attachments).toMatchObject([{ name: "Fwd.eml", type: "message/rfc822" }]);
  });

  test("Japanese in ISO-2022-JP", async () => {
    const message = await read(fixture("japanese"));
    expect(message).toMatchObject({ from: { name: "山田 花子" }, subject: "遠足の旨", text: "遠足です。" });
  });
});

describe("automatic mail", () => {
  test.each([
    ["postfix-bounce", "bounce"],
    ["qmail-bounce", "bounce"],
    ["exchange-2000-ndr", "bounce"],
    ["outlook-out-of-office", "auto-reply"],
    ["mailman-list", "list"],
    ["vacation-1990s", "auto-reply"],
  ])("%s: %s", async (name, kind) => {
    const raw = fixture(name);
    const message = await read(raw);
    expect(message.automatic?.kind).toBe(kind);
    expect(message.parseError).toBeNull();
    expect(message.text).not.toBe("");
  });

  test("a vacation program of the 1990s: address, comment and two-digit year", async () => {
    expect(await read(fixture("vacation-1990s"))).toMatchObject({
      from: { name: "Jo Marsh", address: "jo@example.edu" },
      date: "2026-11-27T21:04:30.000Z",
    });
  });

  const own = (id: string, mark: string): string =>
    `From: afterbell@oakhill.example\nTo: d.hall@oakhill.example\nMessage-ID: ${id}\nX-Afterbell-Loop: ${mark}\n\nWe have your message.\n`;

  test("our own mail that comes back is a loop", async () => {
    const raw = own("<r1@oakhill.example>", loopMark(OPTIONS.loopSecret, "<r1@oakhill.example>"));
    expect((await read(raw)).automatic?.kind).toBe("loop");
    expect(readHeaders(Buffer.from(raw), OPTIONS).automatic?.kind).toBe("loop");
  });

  test.each([
    ["a mark of another secret", own("<r1@oakhill.example>", loopMark("another", "<r1@oakhill.example>"))],
    [
      "a mark of another mail",
      own("<r2@oakhill.example>", loopMark(OPTIONS.loopSecret, "<r1@oakhill.example>")),
    ],
    ["a mark of no length", own("<r1@oakhill.example>", "")],
    [
      "our mark on a parent's mail",
      own("<r1@oakhill.example>", loopMark(OPTIONS.loopSecret, "<r1@oakhill.example>")).replace(
        "From: afterbell@oakhill.example",
        "From: jo@example.net",
      ),
    ],
  ])("%s does not count", async (_name, raw) => {
    expect((await read(raw)).automatic).toBeNull();
  });
});

describe("who it is from", () => {
  const from = (line: string) => read(`${line}\nTo: d.hall@oakhill.example\nSubject: x\n\nHello\n`, {});

  test("no From is a state, not an error", async () => {
    expect(await from("X-Nothing: x")).toMatchObject({ from: null, parseError: null, text: "Hello" });
  });

  test.each([
    ["two addresses", "From: a@example.net, b@example.net"],
    ["two fields", "From: a@example.net\nFrom: b@example.net"],
    ["a group", "From: Family: a@example.net;"],
  ])("%s: nobody, and not proven", async (_name, line) => {
    const message = await from(`Authentication-Results: mx.oakhill.example; dmarc=pass\n${line}`);
    expect(message.from).toBeNull();
    expect(message.authenticity.verdict).toBe("fail");
    expect(message.parseError).toBeNull();
  });

  test("the same address twice is one address", async () => {
    expect((await from("From: a@example.net\nFrom: A@example.net")).from?.address).toBe("a@example.net");
  });

  test("a second @ inside the quoted local part is not proven", async () => {
    const message = await from(
      'Authentication-Results: mx.oakhill.example; dmarc=pass\nFrom: "boss@oakhill.example"@evil.example',
    );
    expect(message.from?.address).toBe('"boss@oakhill.example"@evil.example');
    expect(message.authenticity.verdict).toBe("fail");
  });

  test("a display name that poses as an address changes nothing", async () => {
    const message = await from(
      'From: "d.hall@oakhill.example" <jo@example.net>\nReply-To: other@example.net',
    );
    expect(message.from).toEqual({ name: "d.hall@oakhill.example", address: "jo@example.net" });
  });

  test("a daemon without a domain is a bounce from nobody", async () => {
    expect(await from("From: MAILER-DAEMON")).toMatchObject({ from: null, automatic: { kind: "bounce" } });
  });
});

describe("the head alone", () => {
  test("says the same as the whole mail", async () => {
    for (const name of ["outlook-html-reply", "gmail-reply", "japanese", "mailman-list"]) {
      const raw = fixture(name);
      const { headers, ...head } = readHeaders(raw.subarray(0, raw.indexOf("\n\n")), OPTIONS);
      expect(await read(raw)).toMatchObject(head);
      expect(headers.list.length).toBeGreaterThan(3);
    }
  });

  test("unfolds and decodes", () => {
    const { headers } = readHeaders(
      Buffer.from("Subject: =?utf-8?q?caf=C3?=\r\n =?utf-8?q?=A9?=\r\n\tat noon\r\nX-A: b\r\n"),
    );
    expect(headers.get("subject")).toBe("café at noon");
    expect(headers.all("x-a")).toEqual(["b"]);
    expect(headers.get("x-b")).toBeNull();
  });

  test("an empty head", () => {
    expect(readHeaders(Buffer.alloc(0))).toMatchObject({
      from: null,
      to: [],
      subject: "",
      date: null,
      messageId: null,
    });
  });
});
