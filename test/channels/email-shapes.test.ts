// What mail programs of all decades put into a mail: charsets true and false, files, dates, parts and quotes.
import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readEmail, stopReading } from "../../src/channels/email.ts";

const OPTIONS = {
  key: "k",
  receivedAt: "2026-11-27T21:05:00.000Z",
  authservId: null,
  ownAddresses: [],
  loopSecret: null,
};
const HEAD =
  "From: Jo Marsh <jo@example.net>\r\nTo: d.hall@oakhill.example\r\nSubject: Trip\r\nMIME-Version: 1.0\r\n";
const TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello";
const octets = (...pieces: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(
    pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : Buffer.from(piece))),
  );
const read = (raw: string | Buffer) => readEmail(Buffer.from(raw as string), OPTIONS);
const parts = (list: readonly string[], type = "mixed"): string =>
  `${HEAD}Content-Type: multipart/${type}; boundary="b"\r\n\r\n${list.map((part) => `--b\r\n${part}\r\n`).join("")}--b--\r\n`;
const file = (fields: string): string => `${fields}\r\nContent-Transfer-Encoding: base64\r\n\r\neA==`;
afterAll(stopReading);

describe("text under a label", () => {
  const labelled = (charset: string, ...body: readonly (string | readonly number[])[]): Buffer =>
    octets(`${HEAD}Content-Type: text/plain; charset=${charset}\r\n\r\n`, ...body);

  test.each<[string, Buffer, string]>([
    ["koi8-r", labelled("KOI8-R", [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]), "Привет"],
    ["cp1251", labelled("cp1251", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), "Привет"],
    ["win-1251", labelled("win-1251", [0xcf, 0xf0, 0xe8]), "При"],
    ["gb2312", labelled("gb2312", [0xc4, 0xe3, 0xba, 0xc3]), "你好"],
    ["big5", labelled("big5", [0xa7, 0x41, 0xa6, 0x6e]), "你好"],
    ["ks_c_5601-1987", labelled("ks_c_5601-1987", [0xbe, 0xc8, 0xb3, 0xe7]), "안녕"],
    ["cp932", labelled("cp932", [0x82, 0xb1]), "こ"],
    ["iso-2022-jp", labelled("iso-2022-jp", "\x1b$B$3\x1b(B ok"), "こ ok"],
    ["utf-7", labelled("utf-7", "Caf+AOk- +2D3eAA- 1 +- 1"), "Café 😀 1 + 1"],
    ["a name nobody knows, Latin-1", labelled("x-unknown", [0x43, 0xe9]), "Cé"],
    ["iso-8859-1 with Windows quotation marks", labelled("iso-8859-1", [0x93, 0x61, 0x94]), "“a”"],
    ["said iso-8859-1, is UTF-8", labelled("iso-8859-1", [0x43, 0xc3, 0xa9]), "Cé"],
    ["said UTF-8, is Latin-1", labelled("utf-8", [0x43, 0xe9, 0x20, 0x62]), "Cé b"],
    ["said ASCII, is UTF-8", labelled("us-ascii", [0x43, 0xc3, 0xa9]), "Cé"],
    ["said ASCII, is ISO-2022-JP", labelled("us-ascii", "\x1b$B$3\x1b(B ok"), "こ ok"],
    ["said UTF-16, is ASCII", labelled("utf-16", "Hello"), "Hello"],
    ["UTF-8 with one cut letter", labelled("utf-8", [...Buffer.from("Ćma żółw Zoë"), 0xc3]), "Ćma żółw Zoë�"],
    ["no label, ISO-2022-JP", octets(HEAD, "\r\n\x1b$B$3\x1b(B"), "こ"],
    [
      "no label, Latin-1 in base64",
      octets(`${HEAD}Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nQ2Fm6Q==`),
      "Café",
    ],
  ])("%s", async (_name, raw, text) => {
    expect(await read(raw)).toMatchObject({ text, parseError: null });
  });

  test("raw octets in the head are in the charset of the text", async () => {
    const raw = octets(
      "From: jo@example.net\r\nSubject: ",
      [0xa7, 0x41, 0xa6, 0x6e],
      "\r\nContent-Type: text/plain; charset=big5\r\n\r\n",
      [0xa7, 0x41],
    );
    expect(await read(raw)).toMatchObject({ subject: "你好", text: "你" });
  });

  test("one field may be UTF-8 and the next one Latin-1", async () => {
    const raw = octets(
      "From: Zo",
      [0xeb],
      " <z@example.net>\r\nSubject: ",
      [...Buffer.from("Żółw")],
      "\r\n\r\nx",
    );
    expect(await read(raw)).toMatchObject({ from: { name: "Zoë" }, subject: "Żółw" });
  });

  test("a subject in raw ISO-2022-JP does not swallow the next field", async () => {
    const raw = "Subject: \x1b$B$3\r\nFrom: jo@example.net\r\n\r\nx";
    expect(await read(raw)).toMatchObject({ from: { address: "jo@example.net" }, text: "x" });
  });
});

describe("which text", () => {
  test("an empty plain version gives way to HTML, however short", async () => {
    const raw = parts(
      ["Content-Type: text/plain\r\n\r\n ", "Content-Type: text/html\r\n\r\n<p>Yes</p>"],
      "alternative",
    );
    expect((await read(raw)).text).toBe("Yes");
  });

  test("two empty versions are no text", async () => {
    const raw = parts(
      ["Content-Type: text/plain\r\n\r\n ", "Content-Type: text/html\r\n\r\n<p></p>"],
      "alternative",
    );
    expect((await read(raw)).text).toBe("");
  });

  test("HTML that says it is plain text", async () => {
    const raw = `${HEAD}Content-Type: text/plain\r\n\r\n<html><body><p>Hello</p></body></html>`;
    expect((await read(raw)).text).toBe("Hello");
  });

  test("enriched text without its tags", async () => {
    const raw = `${HEAD}Content-Type: text/enriched\r\n\r\n<bold>Hello</bold>\r\nthere\r\n\r\nJo`;
    expect((await read(raw)).text).toBe("Hello there\nJo");
  });

  test.each([
    ["without a boundary", "Content-Type: multipart/mixed\r\n"],
    ["with another boundary", "Content-Type: multipart/mixed; boundary=other\r\n"],
    ["with a comment behind the boundary", 'Content-Type: multipart/mixed; boundary="b" (a comment)\r\n'],
    ["without any type", ""],
  ])("a multipart %s", async (_name, type) => {
    expect((await read(`${HEAD}${type}\r\n--b\r\n${TEXT}\r\n--b--`)).text).toBe("Hello");
  });

  test("a plain text that shows somebody what a part looks like stays text", async () => {
    const raw = `${HEAD}\r\nLook:\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello`;
    expect((await read(raw)).text).toBe("Look:\n--b\nContent-Type: text/plain\n\nHello");
  });

  test("a body that lost its head", async () => {
    const raw = "This is the mail system at host mx.example.net.\n\nYour message could not be delivered.\n";
    expect(await read(raw)).toMatchObject({ from: null, subject: "", text: raw.trim() });
  });
});

describe("files", () => {
  test.each([
    ["RFC 2231", "Content-Disposition: attachment; filename*=utf-8''Zo%C3%AB.pdf"],
    ["RFC 2231 in pieces", "Content-Disposition: attachment; filename*0*=utf-8''Zo%C3%AB; filename*1=.pdf"],
    ["RFC 2047", 'Content-Disposition: attachment; filename="=?iso-8859-1?Q?Zo=EB.pdf?="'],
    ["a name in Content-Type alone", "Content-Disposition: attachment\r\nX-A: b"],
  ])("%s", async (_name, fields) => {
    const raw = parts([
      TEXT,
      file(`Content-Type: application/pdf; name="=?utf-8?B?Wm/Dqy5wZGY=?="\r\n${fields}`),
    ]);
    expect(await read(raw)).toMatchObject({
      text: "Hello",
      attachments: [{ name: "Zoë.pdf", type: "application/pdf", bytes: 1 }],
    });
  });

  test("a mail that is nothing but a file", async () => {
    const raw = `${HEAD}${file('Content-Type: image/jpeg; name="a.jpg"')}`;
    expect(await read(raw)).toMatchObject({ text: "", attachments: [{ name: "a.jpg", type: "image/jpeg" }] });
  });

  test("a text file shown below the words is read, and is a file", async () => {
    const raw = parts([
      TEXT,
      'Content-Type: text/plain; name="notes.txt"\r\nContent-Disposition: inline; filename="notes.txt"\r\n\r\nmore',
    ]);
    expect(await read(raw)).toMatchObject({
      text: "Hello\n\nmore",
      attachments: [{ name: "notes.txt", type: "text/plain", bytes: 4 }],
    });
  });

  test("the words themselves may have a file name", async () => {
    const raw = parts(['Content-Type: text/plain; name="body.txt"\r\n\r\nHello']);
    expect(await read(raw)).toMatchObject({ text: "Hello", attachments: [] });
  });

  test("signed, by S/MIME", async () => {
    const raw = parts([TEXT, file('Content-Type: application/pkcs7-signature; name="smime.p7s"')], "signed");
    expect(await read(raw)).toMatchObject({ text: "Hello", attachments: [{ name: "smime.p7s" }] });
  });

  test("uuencoded in the text", async () => {
    const raw = `${HEAD}\r\nSee the file.\r\n\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n\`\r\nend\r\n\r\nJo\r\n`;
    expect(await read(raw)).toMatchObject({
      text: "See the file.\n\nJo",
      attachments: [{ name: "a.txt", bytes: 5, sha256: createHash("sha256").update("hello").digest("hex") }],
    });
  });

  test.each(["begin 644 work\r\nplease", "begin 644 x\r\nlower case is no code\r\nend"])(
    "words that only begin like it: %j",
    async (text) => {
      expect(await read(`${HEAD}\r\n${text}`)).toMatchObject({
        text: text.replace(/\r\n/g, "\n"),
        attachments: [],
      });
    },
  );

  test("a media type is one, or unknown octets", async () => {
    const raw = parts([
      TEXT,
      file("Content-Type: multip\0rt/\x01x; name=a.bin\r\nContent-Disposition: attachment"),
    ]);
    const { attachments } = await read(raw);
    expect(attachments).toMatchObject([{ type: expect.stringMatching(/^[\w.+-]+\/[\w.+-]+$/) }]);
  });
});

describe("dates as they are written", () => {
  test.each<[string, string | null]>([
    ["Fri, 27 Nov 2026 20:00:00 UTC+2", "2026-11-27T18:00:00.000Z"],
    ["Fri, 27 Nov 2026 20:00:00 GMT+01:00", "2026-11-27T19:00:00.000Z"],
    ['Fri, 27 Nov 2026 20:00:00 "GMT"', "2026-11-27T20:00:00.000Z"],
    ["Fri Nov 27 20:00:00 PST 2026", "2026-11-28T04:00:00.000Z"],
    ["Nov 27, 2026 8:05 PM", "2026-11-27T20:05:00.000Z"],
    ["Fre, 27 Dez 2026 20:00:00 +0100", "2026-12-27T19:00:00.000Z"],
    ["ven., 27 févr. 2026 20:00:00 +0100", "2026-02-27T19:00:00.000Z"],
    ["Fri, 27 Nov 126 20:00:00 +0000", "2026-11-27T20:00:00.000Z"],
    ["=?utf-8?Q?Fri,_27_Nov_2026_20:00:00_+0000?=", "2026-11-27T20:00:00.000Z"],
    ["Tue, 31 Feb 2026 20:00:00 +0000", null],
    ["11/12/2026 20:00", null],
  ])("%s", async (date, instant) => {
    expect((await read(`From: jo@example.net\r\nDate: ${date}\r\n\r\nx`)).date).toBe(instant);
  });
});

describe("From as it is written", () => {
  test.each([
    ["Jo Marsh <jo@example.net.>", "jo@example.net"],
    ["Jo: Year 3 <jo@example.net>", "jo@example.net"],
    ["Jo Marsh <jo@example.net>;", "jo@example.net"],
  ])("%s", async (from, address) => {
    expect((await read(`From: ${from}\r\n\r\nx`)).from?.address).toBe(address);
  });
});

test("an answer to an invitation is known by its method", async () => {
  const raw = parts([
    TEXT,
    "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR",
  ]);
  const message = await read(raw);
  expect(message.automatic).toBeNull();
  expect(message.suppressReply).toContain("calendar");
});
