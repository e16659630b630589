// Texts in: a webhook that believes nothing but Twilio's signature over the address that we know.
import { createHash } from "node:crypto";
import { request } from "node:http";
import formbody from "@fastify/formbody";
import { afterEach, describe, expect, test } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import type { IncomingText, TextStatus } from "../../src/channels/twilio/incoming.ts";
import {
  registerTwilioWebhook,
  statusUrl,
  textMessage,
  type WebhookOptions,
} from "../../src/channels/twilio.ts";
import { sign, startTwilioPeer, type TwilioPeer } from "../../src/trial/peers/twilio.ts";

const TOKEN = "12345";
const PUBLIC_URL = "https://afterbell.oakhill.example/twilio/sms";
const SCHOOL = "+447700900100";
const PARENT = "+447700900123";
const SID = "SM0123456789abcdef0123456789abcdef";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Webhook {
  readonly app: FastifyInstance;
  readonly texts: IncomingText[];
  readonly statuses: TextStatus[];
}
async function webhook(changes: Partial<WebhookOptions> = {}): Promise<Webhook> {
  const app = Fastify();
  const texts: IncomingText[] = [];
  const statuses: TextStatus[] = [];
  // As in the service, where the pages read forms too.
  await app.register(formbody);
  registerTwilioWebhook(app, {
    authToken: TOKEN,
    publicUrl: PUBLIC_URL,
    received: async (text) => {
      texts.push(text);
    },
    status: async (status) => {
      statuses.push(status);
    },
    ...changes,
  });
  await app.ready();
  ends.push(() => app.close());
  return { app, texts, statuses };
}

const parameters = (changes: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  MessageSid: SID,
  SmsSid: SID,
  AccountSid: "AC0123456789abcdef0123456789abcdef",
  From: PARENT,
  To: SCHOOL,
  Body: "Is PE tomorrow?",
  NumMedia: "0",
  FromCity: "",
  FromState: "",
  ...changes,
});

const post = (
  app: FastifyInstance,
  body: string | Record<string, string>,
  headers: Record<string, string> = {},
  url = "/twilio/sms",
) =>
  app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8", ...headers },
    payload: typeof body === "string" ? body : new URLSearchParams(body).toString(),
  });
const signed = (form: Record<string, string>, url = PUBLIC_URL, token = TOKEN) => ({
  "x-twilio-signature": sign(token, url, form),
});

test("the stand-in signs as Twilio's documentation does", () => {
  const form = {
    CallSid: "CA1234567890ABCDE",
    Caller: "+12349013030",
    Digits: "1234",
    From: "+12349013030",
    To: "+18005551212",
  };
  expect(sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)).toBe(
    "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
  );
});

describe("a text that Twilio signed", () => {
  test("is handed on with its octets, and answered with empty TwiML", async () => {
    const { app, texts } = await webhook();
    const form = parameters({ Body: "Zażółć 😀 a+b=c & d%\nsecond line" });
    const response = await post(app, form, signed(form));
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toContain("text/xml");
    expect(response.body).toMatch(/^<\?xml[^>]*\?><Response><\/Response>$/);
    expect(texts).toEqual([
      {
        key: `twilio:${SID}`,
        channel: "sms",
        from: PARENT,
        to: SCHOOL,
        text: "Zażółć 😀 a+b=c & d%\nsecond line",
        numMedia: 0,
        media: [],
        optedOut: false,
        raw: Buffer.from(new URLSearchParams(form).toString()),
      },
    ]);
  });

  test("may have parameters that nobody has heard of, and blank ones", async () => {
    const { app, texts } = await webhook();
    const form = parameters({ ToZip: "", NewIn2027: "x", __proto__x: "1", constructor: "y" });
    expect((await post(app, form, signed(form))).statusCode).toBe(200);
    expect(texts).toHaveLength(1);
  });

  test("may have a parameter twice", async () => {
    const { app, texts } = await webhook();
    const form = parameters();
    // Twilio signs every value of a repeated name, sorted and without repetitions.
    const signature = sign(TOKEN, PUBLIC_URL, { ...form, Tag: "aTagb" });
    const body = `${new URLSearchParams(form)}&Tag=b&Tag=a&Tag=b`;
    expect((await post(app, body, { "x-twilio-signature": signature })).statusCode).toBe(200);
    expect(texts).toHaveLength(1);
  });

  test("twice is handed on twice with one key: the store keeps one", async () => {
    const { app, texts } = await webhook();
    const form = parameters();
    await post(app, form, signed(form));
    await post(app, form, signed(form));
    expect(texts.map(({ key }) => key)).toEqual([`twilio:${SID}`, `twilio:${SID}`]);
  });

  test("is answered only when it is stored", async () => {
    const order: string[] = [];
    let store = (): void => {};
    const { app } = await webhook({
      received: () =>
        new Promise((resolve) => {
          store = () => {
            order.push("stored");
            resolve();
          };
          order.push("received");
        }),
    });
    const form = parameters();
    const answered = post(app, form, signed(form)).then((response) => {
      order.push(`answered ${response.statusCode}`);
    });
    while (order.length === 0) await new Promise((resolve) => setImmediate(resolve));
    store();
    await answered;
    expect(order).toEqual(["received", "stored", "answered 200"]);
  });

  test("that cannot be stored is answered 503, without a word of why", async () => {
    const { app } = await webhook({
      received: () => Promise.reject(new Error("SQLITE_FULL: disk full, text was: secret")),
    });
    const form = parameters();
    const response = await post(app, form, signed(form));
    expect(response.statusCode).toBe(503);
    expect(response.body).not.toMatch(/secret|SQLITE/);
  });

  test("without a MessageSid is no text", async () => {
    const { app, texts } = await webhook();
    const form = { From: PARENT, To: SCHOOL, Body: "x" };
    expect((await post(app, form, signed(form))).statusCode).toBe(400);
    expect(texts).toEqual([]);
  });
});

describe("the address that is signed is the configured one", () => {
  test("behind a proxy that changes Host and scheme", async () => {
    const { app, texts } = await webhook();
    const form = parameters();
    const headers = {
      ...signed(form),
      host: "10.0.0.7:8420",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
    };
    expect((await post(app, form, headers)).statusCode).toBe(200);
    expect(texts).toHaveLength(1);
  });

  test("a signature for the address that Host claims is refused", async () => {
    const { app, texts } = await webhook();
    const form = parameters();
    const headers = {
      ...signed(form, "https://evil.example/twilio/sms"),
      host: "evil.example",
      "x-forwarded-host": "evil.example",
    };
    expect((await post(app, form, headers)).statusCode).toBe(403);
    expect(texts).toEqual([]);
  });

  test.each([
    ["a query", `${PUBLIC_URL}?school=oakhill&x='`, `${PUBLIC_URL}?school=oakhill&x='`],
    ["the port spelt out", PUBLIC_URL, "https://afterbell.oakhill.example:443/twilio/sms"],
    ["retry settings after #", `${PUBLIC_URL}#rc=5&rp=all`, PUBLIC_URL],
    [
      "another path before a proxy",
      "https://oakhill.example/hooks/texts",
      "https://oakhill.example/hooks/texts",
    ],
  ])("with %s", async (_what, publicUrl, signedUrl) => {
    const { app } = await webhook({ publicUrl });
    const form = parameters();
    expect((await post(app, form, signed(form, signedUrl))).statusCode).toBe(200);
  });

  test("and a change of it is followed", async () => {
    let publicUrl = PUBLIC_URL;
    const options = { received: async () => {}, authToken: TOKEN };
    const app = Fastify();
    registerTwilioWebhook(app, {
      ...options,
      get publicUrl() {
        return publicUrl;
      },
    });
    ends.push(() => app.close());
    const form = parameters();
    publicUrl = "https://new.oakhill.example/twilio/sms";
    expect((await post(app, form, signed(form))).statusCode).toBe(403);
    expect((await post(app, form, signed(form, publicUrl))).statusCode).toBe(200);
  });
});

describe("refused with 403", () => {
  const form = parameters();
  const cases: readonly [string, Record<string, string>, Record<string, string>][] = [
    ["no signature", form, {}],
    ["an empty signature", form, { "x-twilio-signature": "" }],
    ["another token's signature", form, signed(form, PUBLIC_URL, "67890")],
    ["a changed word", { ...form, Body: "Is PE today?" }, signed(form)],
    ["a changed sender", { ...form, From: "+447700900199" }, signed(form)],
    ["a parameter more", { ...form, Extra: "", Zusatz: "1" }, signed(form)],
    [
      "a blank parameter less",
      Object.fromEntries(Object.entries(form).filter(([name]) => name !== "Body")),
      signed(form),
    ],
    ["a signature of the wrong length", form, { "x-twilio-signature": "AAAA" }],
    ["a signature that is no base64", form, { "x-twilio-signature": "ÿ".repeat(28) }],
  ];
  test.each(cases)("%s", async (_what, body, headers) => {
    const { app, texts } = await webhook();
    const response = await post(app, body, headers);
    expect(response.statusCode).toBe(403);
    expect(texts).toEqual([]);
  });
});

describe("refused before it is read", () => {
  test("a body over 64 kB, however well it is signed", async () => {
    const { app, texts } = await webhook();
    const form = parameters({ Body: "x".repeat(70_000) });
    expect((await post(app, form, signed(form))).statusCode).toBe(413);
    expect(texts).toEqual([]);
  });

  test("one that does not say how long it is", async () => {
    const { app, texts } = await webhook();
    const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
    const status = await new Promise<number | string>((resolve) => {
      const call = request({
        port,
        method: "POST",
        path: "/twilio/sms",
        headers: { "content-type": "application/x-www-form-urlencoded", "transfer-encoding": "chunked" },
      });
      call.on("response", (response) => {
        resolve(response.statusCode ?? 0);
        call.destroy();
      });
      call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
      for (let sent = 0; sent < 70_000; sent += 7_000) call.write("x".repeat(7_000));
      call.end();
    });
    expect([413, "ECONNRESET", "EPIPE"]).toContain(status);
    expect(texts).toEqual([]);
  });

  test.each(["application/json", "multipart/form-data; boundary=x", "text/plain"])("%s", async (type) => {
    const { app, texts } = await webhook();
    const form = parameters();
    const response = await post(app, form, { ...signed(form), "content-type": type });
    expect(response.statusCode).toBe(415);
    expect(texts).toEqual([]);
  });
});

test("other pages of the same service still read their forms", async () => {
  const app = Fastify();
  await app.register(formbody);
  registerTwilioWebhook(app, { authToken: TOKEN, publicUrl: PUBLIC_URL, received: async () => {} });
  app.post("/page", async (call) => call.body);
  ends.push(() => app.close());
  const response = await post(app, { a: "1" }, {}, "/page");
  expect(response.json()).toEqual({ a: "1" });
});

describe("reports on texts that were sent", () => {
  test.each([
    [PUBLIC_URL, "https://afterbell.oakhill.example/twilio/status"],
    [`${PUBLIC_URL}?school=oakhill#rc=5`, "https://afterbell.oakhill.example/twilio/status?school=oakhill"],
    ["https://oakhill.example/gateway/twilio/sms", "https://oakhill.example/gateway/twilio/status"],
    ["https://oakhill.example/hook", "https://oakhill.example/twilio/status"],
  ])("beside %s are called at %s", (publicUrl, expected) => {
    expect(statusUrl(publicUrl)).toBe(expected);
  });

  test("are handed on when they are signed", async () => {
    const { app, statuses } = await webhook();
    const url = statusUrl(PUBLIC_URL);
    const delivered = { MessageSid: SID, MessageStatus: "delivered" };
    const failed = { MessageSid: SID, MessageStatus: "undelivered", ErrorCode: "30003" };
    expect((await post(app, delivered, signed(delivered, url), "/twilio/status")).statusCode).toBe(204);
    expect((await post(app, failed, signed(failed, url), "/twilio/status")).statusCode).toBe(204);
    expect((await post(app, failed, signed(failed), "/twilio/status")).statusCode).toBe(403);
    expect(statuses).toEqual([
      { sid: SID, status: "delivered", errorCode: null },
      { sid: SID, status: "undelivered", errorCode: "30003" },
    ]);
  });
});

describe("the stand-in as Twilio", () => {
  const account = { accountSid: "AC0123456789abcdef0123456789abcdef", authToken: TOKEN };
  const joined = async (): Promise<Webhook & { peer: TwilioPeer }> => {
    const hook = await webhook();
    const target = `${await hook.app.listen({ host: "127.0.0.1", port: 0 })}/twilio/sms`;
    const peer = await startTwilioPeer({ ...account, webhook: { publicUrl: PUBLIC_URL, target } });
    ends.push(() => peer.close());
    return { ...hook, peer };
  };

  test("calls the webhook when a parent texts", async () => {
    const { peer, texts } = await joined();
    const first = await peer.sendAsParent({ from: PARENT, to: SCHOOL, body: "Dzień dobry" });
    await peer.sendAsParent({ from: PARENT, to: SCHOOL, body: "Dzień dobry", sid: first.sid });
    expect(first.status).toBe(200);
    expect(texts.map(({ key, text }) => [key, text])).toEqual([
      [`twilio:${first.sid}`, "Dzień dobry"],
      [`twilio:${first.sid}`, "Dzień dobry"],
    ]);
  });

  test("with another account's token is refused", async () => {
    const { app } = await webhook();
    const target = `${await app.listen({ host: "127.0.0.1", port: 0 })}/twilio/sms`;
    const peer = await startTwilioPeer({
      ...account,
      authToken: "other",
      webhook: { publicUrl: PUBLIC_URL, target },
    });
    ends.push(() => peer.close());
    expect((await peer.sendAsParent({ from: PARENT, to: SCHOOL, body: "x" })).status).toBe(403);
  });
});

describe("a text as a message", () => {
  const NOW = "2026-10-30T21:04:00.000Z";
  const read = async (changes: Readonly<Record<string, string>>) => {
    const { app, texts } = await webhook();
    const form = parameters(changes);
    await post(app, form, signed(form));
    const [text] = texts;
    if (!text) throw new Error("It was refused.");
    return textMessage(text, NOW);
  };

  test("from a mobile", async () => {
    const message = await read({});
    expect(message).toMatchObject({
      key: `twilio:${SID}`,
      channel: "sms",
      from: { name: "", address: PARENT },
      to: [{ name: "", address: SCHOOL }],
      subject: "",
      text: "Is PE tomorrow?",
      newText: "Is PE tomorrow?",
      automatic: null,
      suppressReply: null,
      authenticity: { verdict: "unchecked" },
      receivedAt: NOW,
      attachments: [],
      parseError: null,
    });
    expect(message.rawHash).toBe(
      createHash("sha256").update(new URLSearchParams(parameters()).toString()).digest("hex"),
    );
  });

  test.each(["", "Anonymous", "NHS-NoReply", "78787", "+0", "+44770090012345678"])(
    "from %j has no sender who could be answered",
    async (from) => {
      const message = await read({ From: from });
      expect(message.from).toBeNull();
      expect(message.suppressReply).toMatch(from === "" ? /withheld/ : /cannot be answered/);
      expect(message.automatic).toBeNull();
    },
  );

  test("by WhatsApp, with a picture", async () => {
    const message = await read({
      From: `whatsapp:${PARENT}`,
      To: `whatsapp:${SCHOOL}`,
      Body: "",
      NumMedia: "1",
      MediaUrl0: "https://api.twilio.com/media/1",
      MediaContentType0: "image/jpeg",
    });
    expect(message).toMatchObject({
      channel: "whatsapp",
      from: { address: PARENT },
      to: [{ address: SCHOOL }],
      text: "",
      authenticity: { verdict: "pass" },
      attachments: [{ name: "media-1", type: "image/jpeg" }],
    });
  });

  test.each(["STOP", " stop ", "Unsubscribe", "STOPALL", "Stop."])(
    "%j opts out of answers, and is otherwise a parent's text",
    async (body) => {
      const message = await read({ Body: body });
      expect(message.suppressReply).toMatch(/opted out/);
      expect(message.automatic).toBeNull();
    },
  );

  test.each(["Please stop the bullying", "help", "HELP", "end of term?", "Yes"])(
    "%j does not",
    async (body) => {
      expect((await read({ Body: body })).suppressReply).toBeNull();
    },
  );

  test("that Twilio itself took as an opt-out", async () => {
    expect((await read({ Body: "Koniec", OptOutType: "STOP" })).suppressReply).toMatch(/opted out/);
  });

  test.each(["-1", "abc", "999999999999"])("with %s pictures is a text all the same", async (numMedia) => {
    expect((await read({ NumMedia: numMedia })).attachments).toEqual([]);
  });
});
