// Mail that is broken or meant to break: it becomes a message all the same, and nothing else has to wait for it.
import { afterAll, describe, expect, test } from "@jest/globals";
import { readEmail, readHeaders, stopReading } from "../../src/channels/email.ts";

const OPTIONS = {
  key: "k",
  receivedAt: "2026-11-27T21:05:00.000Z",
  authservId: null,
  ownAddresses: [],
  loopSecret: null,
};
const HEAD =
  "From: Jo Marsh <jo@example.net>\r\nTo: d.hall@oakhill.example\r\nSubject: Trip\r\nMIME-Version: 1.0\r\n";
const HTML = `${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n`;
const read = (raw: string | Buffer, more: { maxBytes?: number; deadlineMs?: number } = {}) =>
  readEmail(Buffer.from(raw as string), { ...OPTIONS, ...more });
const MAX_WAIT_MS = 1000;
afterAll(stopReading);

/** The longest time for which a timer of 10 ms was late while the mail was read, and the mail. */
async function whileTicking(raw: Buffer) {
  let worstMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    worstMs = Math.max(worstMs, performance.now() - last);
    last = performance.now();
  }, 10);
  const message = await readEmail(raw, OPTIONS);
  worstMs = Math.max(worstMs, performance.now() - last);
  clearInterval(timer);
  return { worstMs, message };
}

const parts = (count: number): string =>
  `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n".repeat(count)}--b--\r\n`;
const nested = (depth: number): string => {
  let raw = `${HEAD}Content-Type: multipart/mixed; boundary=b0\r\n\r\n`;
  for (let level = 1; level < depth; level++) {
    raw += `--b${level - 1}\r\nContent-Type: multipart/mixed; boundary=b${level}\r\n\r\n`;
  }
  return `${raw}--b${depth - 1}\r\nContent-Type: text/plain\r\n\r\nhello\r\n`;
};

describe("nothing starves the event loop", () => {
  test.each<[string, string]>([
    ["100,000 nested divs", `${HTML}${"<div>".repeat(100_000)}hello${"</div>".repeat(100_000)}`],
    [
      "3,000 nested tables",
      `${HTML}${"<table><tr><td>".repeat(3000)}hello${"</td></tr></table>".repeat(3000)}`,
    ],
    ["300,000 open bold tags", `${HTML}${"<b>".repeat(300_000)}hello`],
    ["100,000 nested quotes", `${HTML}${"<blockquote>".repeat(100_000)}hello`],
    ["open quote marks in tags", `${HTML}hello${'<a b="'.repeat(150_000)}`],
    ["elements that never end", `${HTML}hello${"<select><svg><title>".repeat(50_000)}`],
    ["a million angle brackets", `${HTML}hello ${"<".repeat(1_000_000)}`],
    ["ends without beginnings", `${HTML}hello${"<span>".repeat(50_000)}${"</div></table>".repeat(50_000)}`],
    ["1,001 parts", parts(1001)],
    ["500 nested multiparts", nested(500)],
    ["a head of 2 MiB", `${HEAD}${`X-Long: ${"x".repeat(900)}\r\n`.repeat(2300)}\r\nhello`],
    ["one field of 2 MiB", `${HEAD}X-Long: ${"x".repeat(2 * 1024 * 1024)}\r\n\r\nhello`],
    ["a field of half encoded words", `${HEAD}X-Long: ${"=?utf-8?q?".repeat(100_000)}\r\n\r\nhello`],
    ["a To of brackets and quotes", `${HEAD}Cc: ${'<("'.repeat(30_000)}\r\n\r\nhello`],
    ["a To of open brackets", `${HEAD}Cc: ${"(".repeat(64_000)}\r\n\r\nhello`],
    ["a To of open quotes", `${HEAD}Cc: ${'"a,'.repeat(20_001)}\r\n\r\nhello`],
    ["a To of open angles", `${HEAD}Cc: ${"<a,".repeat(20_001)}\r\n\r\nhello`],
    ["a To of backslashes", `${HEAD}Cc: "${'\\"'.repeat(40_000)}\r\n\r\nhello`],
    ["a References of a million letters", `${HEAD}References: ${"<a".repeat(500_000)}\r\n\r\nhello`],
    ["two million line ends", `${HEAD}\r\nhello${"\n".repeat(2_000_000)}`],
    ["carriage returns alone", `${HEAD.replaceAll("\r\n", "\r")}\rhello${"\r".repeat(1_000_000)}`],
  ])("%s", async (_name, raw) => {
    const { worstMs, message } = await whileTicking(Buffer.from(raw));
    expect(worstMs).toBeLessThan(MAX_WAIT_MS);
    expect(message.from?.address).toBe("jo@example.net");
    expect(message.subject).toBe("Trip");
    expect(message.text).toContain("hello");
  });

  test("a mail that takes longer than its deadline comes back by its head, and the next one is read", async () => {
    const slow = `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\nContent-Type: text/plain\r\n\r\n${"x\r\n".repeat(4000)}`.repeat(900)}`;
    const [late, next] = await Promise.all([read(slow, { deadlineMs: 1 }), read(`${HEAD}\r\nhello`)]);
    expect(late).toMatchObject({ from: { address: "jo@example.net" }, subject: "Trip", text: "" });
    expect(late.parseError).toContain("longer than 1 ms");
    expect(next).toMatchObject({ text: "hello", parseError: null });
  });
});

describe("broken mail is read as far as it goes", () => {
  test("1,001 parts: the text of the first thousand, and what went wrong", async () => {
    const message = await read(parts(1001));
    expect(message.parseError).toMatch(/could not be read whole/);
    expect(message.text.startsWith("hello\n\nhello")).toBe(true);
  });

  test("carriage returns alone end lines", async () => {
    const message = await read(
      `${HEAD}Date: Fri, 27 Nov 2026 21:00:00 +0000\r\n\r\nfirst\r\nsecond`.replaceAll("\r\n", "\r"),
    );
    expect(message).toMatchObject({
      from: { address: "jo@example.net" },
      text: "first\nsecond",
      date: "2026-11-27T21:00:00.000Z",
    });
  });

  test("doubled carriage returns", async () => {
    expect(await read(`${HEAD}\r\nfirst\r\nsecond`.replaceAll("\r\n", "\r\r\n"))).toMatchObject({
      from: { address: "jo@example.net" },
      text: "first\nsecond",
    });
  });

  test("NULs are dropped from every text", async () => {
    const message = await read(`${HEAD.replace("Trip", "Tr\0ip")}\r\nhe\0llo`);
    expect(message).toMatchObject({ subject: "Trip", text: "hello" });
  });

  test("an mbox line and empty lines before the head", async () => {
    const message = await read(`\r\nFrom jo@example.net Fri Nov 27 21:00:00 2026\r\n${HEAD}\r\nhello`);
    expect(message).toMatchObject({ from: { address: "jo@example.net" }, text: "hello" });
  });

  test("lines in the head that are no fields are stepped over", async () => {
    expect((await read(`Nonsense\r\n${HEAD}also nonsense\r\n: none\r\n\r\nhello`)).subject).toBe("Trip");
  });

  test.each([
    ["no octets", ""],
    ["a line end", "\r\n"],
    ["no head", "\r\n\r\nhello"],
    ["no body", HEAD],
    ["noise", Buffer.from(Array.from({ length: 5000 }, (_none, index) => (index * 7919) % 256))],
  ])("%s", async (_name, raw) => {
    const message = await read(raw);
    expect(message.rawHash).toMatch(/^[0-9a-f]{64}$/);
    expect(message.channel).toBe("email");
  });

  test.each(["no-such-charset", "utf-7-imap-x", "x-unknown", "windows-12520", '"'])(
    "a charset nobody knows: %s",
    async (charset) => {
      const message = await read(`${HEAD}Content-Type: text/plain; charset=${charset}\r\n\r\nhello`);
      expect(message.text).toBe("hello");
    },
  );

  test("a subject in a charset nobody knows", async () => {
    expect((await read("Subject: =?no-such?q?caf=E9?=\r\n\r\n")).subject).toBe("café");
  });

  test("raw Latin-1 without a charset", async () => {
    const raw = Buffer.from(`${HEAD.replace("Trip", "Café")}\r\nDéjà vu`, "latin1");
    expect(await read(raw)).toMatchObject({ subject: "Café", text: "Déjà vu" });
  });

  test.each([
    ["whose boundary never comes", "multipart/mixed; boundary=never"],
    ["without a boundary", "multipart/alternative"],
  ])("a multipart %s still shows its text", async (_name, type) => {
    expect((await read(`${HEAD}Content-Type: ${type}\r\n\r\nhello`)).text).toBe("hello");
  });

  test.each(["text", "text/enriched", "text/x-markdown"])("an old type of text: %s", async (type) => {
    const message = await read(`${HEAD}Content-Type: ${type}\r\n\r\nhello`);
    expect(message).toMatchObject({ text: "hello", attachments: [] });
  });

  test("a part that is cut off in the middle", async () => {
    const raw = `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO`;
    const message = await read(raw);
    expect(message.text).toBe("hello");
    expect(message.attachments).toMatchObject([{ name: "a.png", type: "image/png", bytes: 3 }]);
  });

  test("a mail over the limit: its head and the start of its text", async () => {
    const message = await read(`${HEAD}\r\nhello ${"x".repeat(5000)}`, { maxBytes: 1000 });
    expect(message).toMatchObject({ from: { address: "jo@example.net" }, attachments: [] });
    expect(message.text.startsWith("hello")).toBe(true);
    expect(message.parseError).toContain("larger than 1000 bytes");
  });

  test("text over 1 MiB is cut", async () => {
    const message = await read(`${HEAD}\r\n${"é".repeat(800_000)}`);
    expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(1024 * 1024);
    expect(message.text.endsWith("é")).toBe(true);
  });

  test("no file name gets a control or direction character through", async () => {
    const raw = `${HEAD}Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp%00%0Aexe.pdf\r\n\r\nx`;
    expect((await read(raw)).attachments[0]?.name).toBe("afdpexe.pdf");
  });

  test("a subject cannot smuggle a line end", async () => {
    const subject = Buffer.from("a\r\nBcc: x@example.net").toString("base64");
    expect((await read(`Subject: =?utf-8?b?${subject}?=\r\n\r\n`)).subject).toBe("a Bcc: x@example.net");
  });
});

describe("readHeaders on the same", () => {
  test("a head of 50,000 fields", () => {
    const head = readHeaders(Buffer.from(`${HEAD}${"X-A: b\r\n".repeat(50_000)}`));
    expect(head.subject).toBe("Trip");
    expect(head.headers.list.length).toBeLessThanOrEqual(2000);
  });
});
