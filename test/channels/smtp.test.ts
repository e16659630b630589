// Sending mail: what is refused for good, what can be tried again, and what may have arrived all the same.
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  createMailer,
  isPlainAddress,
  MailError,
  type Mailer,
  type OutgoingMail,
} from "../../src/channels/smtp.ts";
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { layWire, type Wire } from "../peers/wire.ts";

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function mailerFor(port: number, more: Partial<Parameters<typeof createMailer>[0]> = {}): Mailer {
  const mailer = createMailer({ host: "127.0.0.1", port, tls: "none", ...more });
  ends.push(() => mailer.close());
  return mailer;
}
async function sinkAndMailer(options: SmtpSinkOptions = {}): Promise<{ sink: SmtpSink; mailer: Mailer }> {
  const sink = await startSmtpSink(options);
  ends.push(() => sink.close());
  return { sink, mailer: mailerFor(sink.port) };
}

const mail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  envelopeFrom: "afterbell@oakhill.example",
  from: { name: "Oakhill", address: "afterbell@oakhill.example" },
  to: [{ name: "Anna Nowak", address: "anna@parents.example" }],
  replyTo: null,
  subject: "Hello",
  text: "Hello",
  html: "<p>Hello</p>",
  messageId: "<1@oakhill.example>",
  date: "2026-10-30T21:04:00.000Z",
  inReplyTo: null,
  references: [],
  headers: {},
  attachments: [],
  ...changes,
});
const failure = async (promise: Promise<unknown>): Promise<MailError> => {
  const error = await promise.then(
    () => new Error("It was sent."),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(MailError);
  return error as MailError;
};

describe("a server that takes mail", () => {
  test("says what it took, and several mails share a connection", async () => {
    const { sink, mailer } = await sinkAndMailer();
    const sent = await mailer.send(mail());
    expect(sent).toEqual({
      messageId: "<1@oakhill.example>",
      accepted: ["anna@parents.example"],
      rejected: [],
      response: expect.stringMatching(/^250 /),
    });
    await Promise.all([2, 3, 4].map((id) => mailer.send(mail({ messageId: `<${id}@oakhill.example>` }))));
    expect(sink.mails).toHaveLength(4);
  });

  test("gets the null reverse-path for a reply", async () => {
    const { sink, mailer } = await sinkAndMailer();
    await mailer.send(mail({ envelopeFrom: null }));
    expect(sink.mails[0]?.envelopeFrom).toBeNull();
  });

  test("after an idle connection was closed, the next mail goes through", async () => {
    const { sink } = await sinkAndMailer();
    const wire = await layWire(sink);
    const mailer = mailerFor(wire.port);
    ends.push(() => wire.stop());
    await mailer.send(mail());
    wire.cut();
    await new Promise((resolve) => setImmediate(resolve));
    await sendUntilTaken(mailer, mail({ messageId: "<2@oakhill.example>" }));
    expect(sink.mails).toHaveLength(2);
  });

  test("a recipient that is refused beside others is named", async () => {
    const { mailer } = await sinkAndMailer({
      refuseRecipient: (address) => (address.startsWith("gone") ? "550 5.1.1 No such person" : null),
    });
    const to = ["anna@parents.example", "gone@parents.example"].map((address) => ({ name: "", address }));
    const sent = await mailer.send(mail({ to }));
    expect(sent.accepted).toEqual(["anna@parents.example"]);
    expect(sent.rejected).toEqual(["gone@parents.example"]);
  });
});

/** A connection that dies while idle may be noticed only by the next mail, which then is temporary. */
async function sendUntilTaken(mailer: Mailer, outgoing: OutgoingMail): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const error = await mailer.send(outgoing).catch((caught: unknown) => caught);
    if (!(error instanceof MailError)) return;
    expect(error).toMatchObject({ temporary: true, maybeSent: false });
  }
  throw new Error("It was never taken.");
}

describe("a refusal", () => {
  test.each([
    ["550 5.1.1 No such person", false, 550],
    ["553 5.1.3 Bad address", false, 553],
    ["450 4.2.1 Try later", true, 450],
    ["452 4.2.2 Mailbox full", true, 452],
    ["530 5.7.0 Sign in first", true, 530],
  ])("of the recipient: %s", async (line, temporary, code) => {
    const { sink, mailer } = await sinkAndMailer({ refuseRecipient: () => line });
    const error = await failure(mailer.send(mail()));
    expect(error).toMatchObject({ temporary, code, maybeSent: false });
    expect(error.message).toContain(line.slice(10));
    expect(sink.mails).toHaveLength(0);
  });

  test.each([
    ["554 5.7.1 Looks like spam", false, 554],
    ["552 5.3.4 Too big", false, 552],
    ["451 4.3.0 Disk full", true, 451],
    ["421 4.3.2 Going down", true, 421],
  ])("of the whole mail: %s", async (line, temporary, code) => {
    const { mailer } = await sinkAndMailer({ refuseMail: () => line });
    expect(await failure(mailer.send(mail()))).toMatchObject({ temporary, code, maybeSent: false });
  });

  test("of the greeting is about the server, not about the mail", async () => {
    const server = createServer((socket) => socket.end("554 5.3.2 No service here\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => server.close());
    const error = await failure(mailerFor(portOf(server)).send(mail()));
    expect(error).toMatchObject({ temporary: true, maybeSent: false });
  });
});

const portOf = (server: ReturnType<typeof createServer>): number => {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
};

describe("a connection that is lost", () => {
  const through = async (): Promise<{ sink: SmtpSink; wire: Wire; mailer: Mailer }> => {
    const { sink } = await sinkAndMailer();
    const wire = await layWire(sink);
    ends.push(() => wire.stop());
    return { sink, wire, mailer: mailerFor(wire.port) };
  };

  test("before there was one", async () => {
    const error = await failure(mailerFor(1).send(mail()));
    expect(error).toMatchObject({ temporary: true, maybeSent: false, code: null });
    expect(error.message).toContain("127.0.0.1:1 could not be reached");
  });

  test.each(["EHLO", "MAIL FROM", "RCPT TO"])("after %s: nothing was sent", async (word) => {
    const { sink, wire, mailer } = await through();
    wire.cutAnswerTo(word);
    expect(await failure(mailer.send(mail()))).toMatchObject({ temporary: true, maybeSent: false });
    expect(sink.mails).toHaveLength(0);
  });

  test("after the final dot: it may have arrived, and is not sent again unasked", async () => {
    const { sink, wire, mailer } = await through();
    wire.cutAnswerTo("\r\n.\r\n");
    expect(await failure(mailer.send(mail()))).toMatchObject({ temporary: true, maybeSent: true });
    expect(sink.mails).toHaveLength(1);
    expect(wire.counts().total).toBe(1);
  });

  test("in a server that never answers", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const mailer = mailerFor(portOf(server), { timeouts: { connectMs: 100 } });
    expect(await failure(mailer.send(mail()))).toMatchObject({ temporary: true, maybeSent: false });
  });
});

describe("signing in", () => {
  const account = { user: "afterbell", password: "right" };

  test("with the right password", async () => {
    const { sink } = await sinkAndMailer({ account });
    const mailer = mailerFor(sink.port, account);
    await mailer.verify();
    await mailer.send(mail());
    expect(sink.mails).toHaveLength(1);
  });

  test("with a wrong one: a person will put it right, so nothing is given up", async () => {
    const { sink } = await sinkAndMailer({ account });
    const mailer = mailerFor(sink.port, { ...account, password: "sekret-wrong" });
    for (const error of [await failure(mailer.send(mail())), await failure(mailer.verify())]) {
      expect(error).toMatchObject({ temporary: true, code: 535, maybeSent: false });
      expect(error.message).toContain("did not accept the user name and password");
      expect(error.message).not.toContain("sekret");
    }
  });
});

describe("encryption", () => {
  test("a server without STARTTLS gets nothing in clear", async () => {
    const { sink } = await sinkAndMailer();
    const mailer = mailerFor(sink.port, { tls: "starttls" });
    expect(await failure(mailer.send(mail()))).toMatchObject({ temporary: true, maybeSent: false });
    expect(sink.mails).toHaveLength(0);
  });

  test("a certificate that nobody vouches for is not trusted", async () => {
    const { sink } = await sinkAndMailer({ tls: SELF_SIGNED });
    const mailer = mailerFor(sink.port, { tls: "starttls" });
    const error = await failure(mailer.send(mail()));
    expect(error).toMatchObject({ temporary: true, maybeSent: false });
    expect(error.message).toMatch(/certificate/);
    expect(sink.mails).toHaveLength(0);
  });

  test("a certificate of the school's own authority is", async () => {
    const { sink } = await sinkAndMailer({ tls: SELF_SIGNED });
    const mailer = mailerFor(sink.port, { tls: "starttls", ca: SELF_SIGNED.cert });
    await mailer.send(mail());
    expect(sink.mails).toMatchObject([{ encrypted: true }]);
  });
});

/** For 127.0.0.1 and this test only. */
const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEqqY9u7GtgJcxOox
aXPk14wX/tf5GF9t502/GoJOThqhRANCAAQl+Ol30RYAzXjhHkyeGcYgjjjTacAf
yx0O+heaJfQ329c8lI0rwiehywVLEEjIwydW/8/ddHdtxRrp0VSoEYn+
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBcjCCARigAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRtYWlsLm9h
a2hpbGwuZXhhbXBsZTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFow
HzEdMBsGA1UEAwwUbWFpbC5vYWtoaWxsLmV4YW1wbGUwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAQl+Ol30RYAzXjhHkyeGcYgjjjTacAfyx0O+heaJfQ329c8lI0r
wiehywVLEEjIwydW/8/ddHdtxRrp0VSoEYn+o0MwQTAPBgNVHREECDAGhwR/AAAB
MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFIeYJQb5J5SKLQMwrDIk74aP3dXX
MAoGCCqGSM49BAMCA0gAMEUCIQCblY9fxKAWL5c3JxNt4NhUGM3j1Ee4HUreFVjf
mNXq9wIgZkdi/RkRgLnmORUFsSveK87Sblp+kmZ32kXPut/Zqao=
-----END CERTIFICATE-----`,
};

describe("an address", () => {
  test.each([
    "anna@parents.example",
    "o'neill+school@parents.example",
    "anna.nowak@sub.parents.example",
    "żółw@parents.example",
  ])("%s is plain", (address) => expect(isPlainAddress(address)).toBe(true));

  test.each([
    "",
    "anna",
    "a@b@c.example",
    "a b@c.example",
    "a@c.example,d@e.example",
    "<a@c.example>",
    '"a"@c.example',
    "a@c.example\r\n",
    `${"a".repeat(250)}@c.example`,
  ])("%j is not, and nothing is sent to it", async (address) => {
    const error = await failure(mailerFor(1).send(mail({ to: [{ name: "", address }] })));
    expect(error).toMatchObject({ temporary: false, maybeSent: false });
  });
});
