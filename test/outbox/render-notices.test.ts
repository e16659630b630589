// What goes to people at the school, sent through a real SMTP server and read back.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Attachment, type ParsedMail, simpleParser } from "mailparser";
import { createMailer, type Mailer, type OutgoingMail } from "../../src/channels/smtp.ts";
import {
  composeReply,
  type Envelope,
  type Letterhead,
  messageIdOf,
} from "../../src/outbox/render/compose.ts";
import {
  composeAlert,
  composeDigest,
  composeForward,
  composeNotice,
  composeText,
} from "../../src/outbox/render/notices.ts";
import type { Original } from "../../src/outbox/render/originals.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import { type SmtpSink, type SunkMail, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";

let sink: SmtpSink;
let mailer: Mailer;
beforeAll(async () => {
  sink = await startSmtpSink();
  mailer = createMailer({ host: "127.0.0.1", port: sink.port, tls: "none" });
});
afterAll(async () => {
  mailer.close();
  await sink.close();
});
beforeEach(() => sink.clear());

const letterhead: Letterhead = {
  renderer: createRenderer(),
  schoolName: "Oakhill Primary School",
  zone: "Europe/London",
  gateway: { name: "Oakhill Primary School", address: "afterbell@oakhill.example" },
  officeEmail: "office@oakhill.example",
  loopMark: (messageId) => `mark-of-${createHash("sha256").update(messageId).digest("hex").slice(0, 16)}`,
};
const envelope: Envelope = {
  key: "effect:1",
  now: "2026-10-30T21:04:00.000Z",
  to: { name: "Dr Brandt", address: "head@oakhill.example" },
};

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll("\n", "\r\n"));
const RAW = crlf(
  "From: Anna Nowak <anna@parents.example>\nTo: shah@oakhill.example\nSubject: PE kit\n\nHello\n",
);
function original(changes: Partial<Original> = {}): Original {
  const raw = changes.raw ?? RAW;
  return {
    channel: "email",
    fromName: "Anna Nowak",
    fromAddress: "anna@parents.example",
    subject: "PE kit",
    text: "Hello",
    receivedAt: "2026-10-30T21:03:00.000Z",
    raw,
    rawHash: createHash("sha256").update(raw).digest("hex"),
    ...changes,
  };
}
const sms = (text: string, receivedAt = "2026-10-30T21:03:00.000Z"): Original =>
  original({
    channel: "sms",
    fromAddress: "+447700900123",
    subject: "",
    text,
    receivedAt,
    raw: Buffer.from(`Body=${encodeURIComponent(text)}`),
  });
const reason = {
  rule: "abuse.threat",
  clause: "3.1",
  why: "A threat to a member of staff is kept from them.",
  evidence: "“you will be sorry”",
};
const account = (from: Original) => ({
  original: from,
  addressees: ["Mrs Shah", "Mr Okafor"],
  reasons: [reason],
  because: reason.why,
  caseNumber: 12,
  caseUrl: "https://afterbell.oakhill.example/cases/12",
});

interface Arrived {
  readonly sunk: SunkMail;
  readonly parsed: ParsedMail;
  readonly text: string;
  readonly html: string;
}
async function deliver(mail: OutgoingMail): Promise<Arrived> {
  await mailer.send(mail);
  const sunk = await sink.waitFor(() => true);
  const parsed = await simpleParser(sunk.raw, { skipHtmlToText: true, skipTextToHtml: true });
  return { sunk, parsed, text: parsed.text ?? "", html: parsed.html || "" };
}
/** Header field names with their folded values, in order: what a receiving server sees. */
function fields(raw: Buffer): readonly string[] {
  const head = raw.subarray(0, raw.indexOf("\r\n\r\n")).toString("latin1");
  return head.replace(/\r\n[ \t]+/g, " ").split("\r\n");
}
const field = (raw: Buffer, name: string): readonly string[] =>
  fields(raw)
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
const only = (mail: ParsedMail): Attachment => {
  expect(mail.attachments).toHaveLength(1);
  return mail.attachments[0] as Attachment;
};

describe("a reply", () => {
  const rendered = letterhead.renderer.renderReply(
    {
      template: "out-of-hours",
      language: "pl",
      seen: [{ name: "Mrs Shah", at: "2026-11-02T08:30:00.000Z" }],
    },
    {
      id: "oakhill",
      name: "Oakhill Primary School",
      nation: "england-and-wales",
      zone: "Europe/London",
      office: { email: "office@oakhill.example", telephone: "01632 960123" },
      emergency: ["In an emergency, call 999."],
    },
    "Europe/London",
    "Zażółć gęślą jaźń",
  );
  const toParent: Envelope = { ...envelope, to: { name: "Anna Nowak", address: "anna@parents.example" } };
  const answered = { messageId: "<42@parents.example>", references: ["<1@parents.example>"] };

  test("carries everything that keeps machines from answering it", async () => {
    const { sunk, parsed } = await deliver(composeReply(letterhead, toParent, rendered, answered));
    expect(sunk.envelopeFrom).toBeNull();
    expect(sunk.envelopeTo).toEqual(["anna@parents.example"]);
    expect(field(sunk.raw, "Auto-Submitted")).toEqual(["auto-replied"]);
    expect(field(sunk.raw, "X-Auto-Response-Suppress")).toEqual(["All"]);
    expect(field(sunk.raw, "In-Reply-To")).toEqual(["<42@parents.example>"]);
    expect(field(sunk.raw, "References")).toEqual(["<1@parents.example> <42@parents.example>"]);
    const messageId = messageIdOf("effect:1", "afterbell@oakhill.example");
    expect(field(sunk.raw, "Message-ID")).toEqual([messageId]);
    expect(field(sunk.raw, "X-Afterbell-Loop")).toEqual([letterhead.loopMark(messageId)]);
    expect(parsed.date?.toISOString()).toBe("2026-10-30T21:04:00.000Z");
    expect(parsed.subject).toBe("Odpowiedź automatyczna: Zażółć gęślą jaźń");
  });

  test("is read as text and as HTML, and its answers go to the office", async () => {
    const { parsed, text, html } = await deliver(composeReply(letterhead, toParent, rendered, answered));
    expect(parsed.replyTo?.text).toBe("office@oakhill.example");
    expect(text).toContain("Mrs Shah przeczyta ją w najbliższym dniu pracy: poniedziałek, 2 listopada");
    expect(html).toContain("Mrs Shah przeczyta ją w najbliższym dniu pracy: poniedziałek, 2 listopada");
    expect(html).toContain('<html lang="pl"');
  });

  test("has the same Message-ID at every attempt, and another for another effect", () => {
    const first = composeReply(letterhead, toParent, rendered, answered);
    const again = composeReply(
      letterhead,
      { ...toParent, now: "2026-10-30T21:09:00.000Z" },
      rendered,
      answered,
    );
    const other = composeReply(letterhead, { ...toParent, key: "effect:2" }, rendered, answered);
    expect(again.messageId).toBe(first.messageId);
    expect(other.messageId).not.toBe(first.messageId);
    expect(first.messageId).toMatch(/^<[0-9a-f]{40}@oakhill\.example>$/);
  });

  test.each<readonly [string, string | null, readonly string[]]>([
    ["nothing", null, []],
    ["a line end", "<1@x>\r\nBcc: all@oakhill.example", ["<2@x>\r\nX: y", "<3@x>"]],
    ["no brackets", "1@x", ["2@x", "<3@x>"]],
    ["not ASCII", "<é@x>", ["<3@x>"]],
    ["two in one", "<1@x> <2@x>", ["<3@x>"]],
  ])("answers a mail whose Message-ID has %s", async (_what, messageId, references) => {
    const mail = composeReply(letterhead, toParent, rendered, { messageId, references });
    const { sunk } = await deliver(mail);
    expect(field(sunk.raw, "In-Reply-To")).toEqual([]);
    expect(field(sunk.raw, "References")).toEqual(references.includes("<3@x>") ? ["<3@x>"] : []);
    expect(field(sunk.raw, "Bcc")).toEqual([]);
    expect(sunk.envelopeTo).toEqual(["anna@parents.example"]);
  });

  test("a thread of hundreds is cut in the middle", () => {
    const references = Array.from({ length: 300 }, (_, index) => `<${index}@x>`);
    const mail = composeReply(letterhead, toParent, rendered, { messageId: "<last@x>", references });
    expect(mail.references).toHaveLength(10);
    expect(mail.references[0]).toBe("<0@x>");
    expect(mail.references.at(-1)).toBe("<last@x>");
  });

  test.each([
    "anna@parents.example, all@oakhill.example",
    "anna@parents.example>\r\nRCPT TO:<all@oakhill.example",
    '"all@oakhill.example, x"@parents.example',
    "anna@parents.example\u0000",
    "anna",
    "group:anna@parents.example;",
    "",
  ])("does not go to the address %j", (address) => {
    const to = { ...toParent, to: { name: "", address } };
    expect(() => composeReply(letterhead, to, rendered, answered)).toThrow("not one plain mailbox");
  });

  test("a name cannot add a header or a recipient", async () => {
    const name = 'Anna" <all@oakhill.example>,\r\nBcc: all@oakhill.example\r\n\r\nHa\u202E';
    const to = { ...toParent, to: { name, address: "anna@parents.example" } };
    const { sunk, parsed } = await deliver(composeReply(letterhead, to, rendered, answered));
    expect(sunk.envelopeTo).toEqual(["anna@parents.example"]);
    expect(field(sunk.raw, "To")).toHaveLength(1);
    expect(field(sunk.raw, "Bcc")).toEqual([]);
    const recipients = Array.isArray(parsed.to) ? parsed.to : [parsed.to];
    expect(recipients.flatMap((list) => list?.value.map(({ address }) => address))).toEqual([
      "anna@parents.example",
    ]);
  });
});

describe("the original", () => {
  const intact: Readonly<Record<string, Buffer>> = {
    "a plain mail": RAW,
    "lines that begin with a dot": Buffer.concat([RAW, crlf(".\n..\n.hidden\n\n.")]),
    "8-bit octets that are no UTF-8": Buffer.concat([RAW, Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x0d, 0x0a])]),
    "UTF-8": Buffer.concat([RAW, crlf("Zażółć 😀\n")]),
    "no line end at its end": RAW.subarray(0, -2),
    "many blank lines at its end": Buffer.concat([RAW, crlf("\n\n\n")]),
    "trailing blanks and tabs": Buffer.concat([RAW, crlf("a  \t\n \n")]),
    "lines of 998 octets": Buffer.concat([RAW, crlf(`${"x".repeat(998)}\n`)]),
    "another multipart inside": crlf(
      'From: a@b.example\nContent-Type: multipart/mixed; boundary="--_NmP"\n\n----_NmP\n\nHi\n----_NmP--\n',
    ),
  };
  test.each(Object.entries(intact))("%s goes as message/rfc822, octet for octet", async (_what, raw) => {
    const { sunk, parsed } = await deliver(
      composeForward(letterhead, envelope, { ...account(original({ raw })), withheld: true }),
    );
    const attachment = only(parsed);
    expect(attachment.contentType).toBe("message/rfc822");
    expect(attachment.filename).toBe("original.eml");
    expect(attachment.content.equals(raw)).toBe(true);
    expect(sunk.raw.includes(raw)).toBe(true);
    expect(sunk.raw.includes("Content-Transfer-Encoding: base64")).toBe(false);
  });

  const fragile: Readonly<Record<string, Buffer>> = {
    "bare line feeds": Buffer.from("From: a@b.example\n\nHi\n"),
    "bare carriage returns": Buffer.from("From: a@b.example\r\rHi\r"),
    "a NUL": Buffer.from("From: a@b.example\r\n\r\nH\u0000i\r\n"),
    "a line of 999 octets": crlf(`From: a@b.example\n\n${"x".repeat(999)}\n`),
    nothing: Buffer.alloc(0),
  };
  test.each(Object.entries(fragile))("with %s arrives octet for octet all the same", async (_what, raw) => {
    const { parsed } = await deliver(
      composeForward(letterhead, envelope, { ...account(original({ raw })), withheld: true }),
    );
    const [attachment] = parsed.attachments;
    expect(attachment?.content ?? Buffer.alloc(0)).toEqual(raw);
  });

  test("that is too large to send is named, not sent", async () => {
    const raw = Buffer.alloc(16 * 1024 * 1024, "x");
    const { parsed, text } = await deliver(
      composeForward(letterhead, envelope, { ...account(original({ raw })), withheld: true }),
    );
    expect(parsed.attachments).toEqual([]);
    expect(text).toContain("The original is too large to be attached. Afterbell keeps it");
  });

  test("of a text is its words as plain text", async () => {
    const { parsed } = await deliver(
      composeForward(letterhead, envelope, { ...account(sms("Zażółć 😀\n.x")), withheld: true }),
    );
    expect(only(parsed)).toMatchObject({ contentType: "text/plain", filename: "original.txt" });
    expect(only(parsed).content.toString("utf8")).toBe("Zażółć 😀\n.x");
  });
});

describe("a forward", () => {
  test("says who, to whom, when, why and where to decide", async () => {
    const { sunk, parsed, text, html } = await deliver(
      composeForward(letterhead, envelope, { ...account(original()), withheld: true }),
    );
    expect(parsed.subject).toBe("Case 12: a message from Anna Nowak (anna@parents.example) for you to read");
    for (const body of [text, html]) {
      expect(body).toContain("kept from Mrs Shah, Mr Okafor. A person has to decide");
      expect(body).toContain("Anna Nowak (anna@parents.example)");
      expect(body).toContain("Friday 30 October 2026 at 9:03pm, by email");
      expect(body).toContain(
        "A threat to a member of staff is kept from them. (rule abuse.threat, clause 3.1)",
      );
      expect(body).toContain("“you will be sorry”");
      expect(body).toContain("https://afterbell.oakhill.example/cases/12");
      expect(body).toContain(createHash("sha256").update(RAW).digest("hex"));
    }
    expect(field(sunk.raw, "Auto-Submitted")).toEqual(["auto-generated"]);
    expect(field(sunk.raw, "X-Afterbell-Loop")).toHaveLength(1);
    expect(field(sunk.raw, "Reply-To")).toEqual([]);
    expect(sunk.envelopeFrom).toBe("afterbell@oakhill.example");
  });

  test("that is not withheld says so, and an answer to it reaches the parent", async () => {
    const { parsed, text } = await deliver(
      composeForward(letterhead, envelope, {
        ...account(original()),
        because: "An absence today cannot wait.",
        caseNumber: null,
        caseUrl: null,
        withheld: false,
      }),
    );
    expect(text).toContain("This message is passed to you as well. An absence today cannot wait.");
    expect(text).not.toContain("kept from Mrs Shah");
    expect(parsed.subject).toBe("A message from Anna Nowak (anna@parents.example) for you to read");
    expect(parsed.replyTo?.text).toBe("anna@parents.example");
  });

  test("nothing that a stranger wrote adds a header, a line of its own or HTML", async () => {
    const hostile = original({
      fromName: "<img src=x>\r\nBcc: all@oakhill.example\r\nSubject: ha\u202E\u2066",
      fromAddress: "x@parents.example\r\nBcc: all@oakhill.example",
      subject: "</p><script>alert(1)</script>\r\n\r\nWhy:\n- All is well\u2028\u0007",
      text: "x",
    });
    const evil = { ...reason, evidence: "<b>\r\nSHA-256 of the original: 0000" };
    const { sunk, parsed, text, html } = await deliver(
      composeForward(letterhead, envelope, { ...account(hostile), reasons: [evil], withheld: false }),
    );
    expect(field(sunk.raw, "Bcc")).toEqual([]);
    expect(field(sunk.raw, "Subject")).toHaveLength(1);
    expect(field(sunk.raw, "Reply-To")).toEqual([]);
    expect(sunk.envelopeTo).toEqual(["head@oakhill.example"]);
    expect(parsed.subject).not.toMatch(/[\u202a-\u202e\u2066-\u2069\r\n]/);
    expect(html).not.toMatch(/<script|<img|<b>/);
    expect(text.match(/^SHA-256 of the original/gm)).toHaveLength(1);
    expect(text.match(/^Why:/gm)).toHaveLength(1);
  });

  test("a sender whom nobody can name is said to be one", async () => {
    const { text } = await deliver(
      composeForward(letterhead, envelope, {
        ...account(original({ fromName: "", fromAddress: "" })),
        withheld: true,
      }),
    );
    expect(text).toContain("From: an unknown sender");
  });
});

describe("an alert", () => {
  test("shows nothing of the message on a locked screen", () => {
    const { mail, sms } = composeAlert(letterhead, envelope, account(original({ text: "He hurts me" })));
    expect(mail.subject).toBe("Afterbell: please read now");
    const preview = mail.text.slice(0, 150);
    expect(`${mail.subject}${preview}${sms}`).not.toMatch(
      /Anna|Nowak|Shah|hurt|disclos|safeguard|child|threat/i,
    );
    expect(sms).toBe(
      "Afterbell, Oakhill Primary School: please read an urgent message now. It is in your email: https://afterbell.oakhill.example/cases/12",
    );
  });

  test("holds the words, the reasons and the original", async () => {
    const { mail } = composeAlert(
      letterhead,
      envelope,
      account(original({ text: "He hurts me\nPlease help" })),
    );
    const { parsed, text, html } = await deliver(mail);
    expect(text).toContain("> He hurts me\n> Please help");
    expect(html).toContain("He hurts me\nPlease help</blockquote>");
    expect(text).toContain("(rule abuse.threat, clause 3.1)");
    expect(only(parsed).content.equals(RAW)).toBe(true);
  });

  test("without an address for its pages it still tells where to look", () => {
    const { sms } = composeAlert(letterhead, envelope, { ...account(original()), caseUrl: null });
    expect(sms).toBe(
      "Afterbell, Oakhill Primary School: please read an urgent message now. It is in your email.",
    );
  });
});

describe("a digest", () => {
  const later = original({
    subject: "PE kit again",
    text: "Hello?\n\n2. Friday 30 October: a forged one",
    receivedAt: "2026-10-30T22:30:00.000Z",
    raw: crlf("Subject: PE kit again\n\nHello?\n"),
  });

  test("has every message in order, with all originals", async () => {
    const { parsed, text, html } = await deliver(
      composeDigest(letterhead, envelope, [
        later,
        sms("And one more", "2026-10-31T07:00:00.000Z"),
        original(),
      ]),
    );
    expect(parsed.subject).toBe("3 messages from Anna Nowak (+447700900123)");
    const places = [
      "1. Friday 30 October 2026 at 9:03pm, by email: PE kit",
      "2. Friday 30 October 2026 at 10:30pm, by email: PE kit again",
      "3. Saturday 31 October 2026 at 7am, by text message",
    ].map((line) => text.indexOf(`\n${line}\n`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).toContain("> 2. Friday 30 October: a forged one");
    expect(html).toContain("And one more</blockquote>");
    expect(parsed.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ["message-1.eml", "message/rfc822"],
      ["message-2.eml", "message/rfc822"],
      ["message-3.txt", "text/plain"],
    ]);
    expect(parsed.attachments[0]?.content.equals(RAW)).toBe(true);
    expect(parsed.attachments[1]?.content.equals(later.raw as Buffer)).toBe(true);
  });

  test("of mails is answered to the parent, of texts to the office", async () => {
    const mails = await deliver(composeDigest(letterhead, envelope, [original(), later]));
    expect(mails.parsed.replyTo?.text).toBe("anna@parents.example");
    expect(mails.text).toContain("A reply to this mail goes to the sender.");
    sink.clear();
    const texts = await deliver(composeDigest(letterhead, envelope, [sms("a"), sms("b")]));
    expect(texts.parsed.replyTo?.text).toBe("office@oakhill.example");
    expect(texts.text).toContain("goes to the school office, not to the sender.");
  });

  test("a very long message is shortened in the mail and whole in its original", async () => {
    const text = "word ".repeat(20_000);
    const { parsed, text: body } = await deliver(
      composeDigest(letterhead, envelope, [
        original({ text, raw: crlf(`Subject: x\n\n${"word \n".repeat(20_000)}`) }),
      ]),
    );
    expect(body.length).toBeLessThan(25_000);
    expect(only(parsed).content.length).toBeGreaterThan(100_000);
  });
});

describe("a text passed on", () => {
  test("says who wrote, to whom, when and what", async () => {
    const { parsed, text, html } = await deliver(
      composeText(letterhead, envelope, {
        original: sms("Is PE tomorrow?\nThanks <3"),
        addressees: ["Mrs Shah"],
        mediaCount: 1,
      }),
    );
    expect(parsed.subject).toBe("Text message from Anna Nowak (+447700900123)");
    expect(text).toContain(
      "Anna Nowak (+447700900123) sent Mrs Shah a text message on Friday 30 October 2026 at 9:03pm:\n\n> Is PE tomorrow?\n> Thanks <3",
    );
    expect(html).toContain("Thanks &lt;3</blockquote>");
    expect(text).toContain("1 picture or file came with it. It was not passed on.");
    expect(text).toContain("A reply to this mail goes to the school office, not to the sender.");
    expect(parsed.replyTo?.text).toBe("office@oakhill.example");
    expect(parsed.attachments).toEqual([]);
  });

  test("a withheld number and an empty text are said as what they are", async () => {
    const { text } = await deliver(
      composeText(letterhead, envelope, {
        original: { ...sms(""), fromName: "", fromAddress: "" },
        addressees: [],
        mediaCount: 0,
      }),
    );
    expect(text).toContain("a withheld number sent the school a text message");
    expect(text).toContain("> (no text)");
  });
});

test("a notice about the gateway itself", async () => {
  const { parsed, text } = await deliver(
    composeNotice(letterhead, envelope, {
      subject: "no calendar for 2027-28\r\nBcc: x@y.example",
      paragraphs: ["There is no calendar for 2027-28.", "Messages are delivered at once until there is one."],
      url: null,
    }),
  );
  expect(parsed.subject).toBe("Afterbell: no calendar for 2027-28 Bcc: x@y.example");
  expect(text).toContain("There is no calendar for 2027-28.\n\nMessages are delivered at once");
});
