// Texts out, through Twilio's SDK to a server that speaks its HTTP.
import { createServer } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { TextError } from "../../src/channels/twilio/errors.ts";
import { createTexter, type Texter } from "../../src/channels/twilio/send.ts";
import { statusUrl } from "../../src/channels/twilio.ts";
import {
  type Refusal,
  startTwilioPeer,
  type TwilioPeer,
  type TwilioPeerOptions,
} from "../../src/trial/peers/twilio.ts";

const ACCOUNT = { accountSid: "AC0123456789abcdef0123456789abcdef", authToken: "token" };
const TEXT = { from: "+447700900100", to: "+447700900123", body: "Oakhill: it’s seen on Monday. £5 [€]" };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
async function open(options: Partial<TwilioPeerOptions> = {}): Promise<{ peer: TwilioPeer; texter: Texter }> {
  const peer = await startTwilioPeer({ ...ACCOUNT, ...options });
  ends.push(() => peer.close());
  return { peer, texter: createTexter({ ...ACCOUNT, apiUrl: peer.url }) };
}
const failure = async (promise: Promise<unknown>): Promise<TextError> => {
  const error = await promise.then(
    () => new Error("It was sent."),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(TextError);
  return error as TextError;
};

describe("sending", () => {
  test("gives Twilio's sid, and the words arrive as they were", async () => {
    const { peer, texter } = await open();
    const heard: string[] = [];
    peer.onSent((text) => heard.push(text.body));
    const { sid } = await texter.send({
      ...TEXT,
      statusCallback: statusUrl("https://oakhill.example/twilio/sms"),
    });
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(peer.sent).toMatchObject([
      { ...TEXT, sid, statusCallback: "https://oakhill.example/twilio/status", status: "queued" },
    ]);
    expect(heard).toEqual([TEXT.body]);
  });

  test.each<readonly [Refusal, boolean, boolean]>([
    [{ status: 400, code: 21610, message: "Unsubscribed" }, false, false],
    [{ status: 400, code: 21614, message: "Not a mobile" }, false, false],
    [{ status: 400, code: 63016, message: "Outside the window" }, false, false],
    [{ status: 400, code: 21611, message: "Queue full" }, true, false],
    [{ status: 429, code: 20429, message: "Too many requests" }, true, false],
    [{ status: 403, code: 20005, message: "Account suspended" }, true, false],
    [{ status: 500, code: 20500, message: "Internal" }, true, true],
    [{ status: 503, code: 20503, message: "Unavailable" }, true, true],
  ])("refused with %j", async (refusal, temporary, maybeSent) => {
    const { peer, texter } = await open({ refuse: () => refusal });
    const error = await failure(texter.send(TEXT));
    expect(error).toMatchObject({ temporary, maybeSent, code: refusal.code });
    expect(error.message).toContain(String(refusal.code));
    expect(peer.sent).toEqual([]);
  });

  test("to a parent who texted STOP is refused for good, until START", async () => {
    const webhook = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
    ends.push(() => new Promise((resolve) => webhook.close(resolve)));
    const address = webhook.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { peer, texter } = await open({ webhook: { publicUrl: `http://127.0.0.1:${port}/` } });
    await peer.sendAsParent({ from: TEXT.to, to: TEXT.from, body: "STOP" });
    expect(await failure(texter.send(TEXT))).toMatchObject({ temporary: false, code: 21610 });
    await peer.sendAsParent({ from: TEXT.to, to: TEXT.from, body: "START" });
    await texter.send(TEXT);
  });

  test("with wrong credentials says which settings to check, and gives nothing up", async () => {
    const { peer } = await open();
    const texter = createTexter({ ...ACCOUNT, authToken: "sekret-wrong", apiUrl: peer.url });
    const error = await failure(texter.send(TEXT));
    expect(error).toMatchObject({ temporary: true, code: 20003, maybeSent: false });
    expect(error.message).toContain("sms.account_sid");
    expect(error.message).not.toContain("sekret");
  });

  test("to a server that is not there: not sent", async () => {
    const texter = createTexter({ ...ACCOUNT, apiUrl: "http://127.0.0.1:1" });
    expect(await failure(texter.send(TEXT))).toMatchObject({ temporary: true, maybeSent: false, code: null });
  });

  test.each(["hangs up", "never answers"])("to a server that takes it and %s: maybe sent", async (how) => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => how === "hangs up" && response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    );
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const texter = createTexter({ ...ACCOUNT, apiUrl: `http://127.0.0.1:${port}`, timeoutMs: 200 });
    expect(await failure(texter.send(TEXT))).toMatchObject({ temporary: true, maybeSent: true });
  });

  test("never carries the credentials in clear to another machine", () => {
    expect(() => createTexter({ ...ACCOUNT, apiUrl: "http://twilio.example" })).toThrow(
      "sms.api_url must begin with https://",
    );
  });
});

describe("looking up what was sent", () => {
  const START = Date.parse("2026-10-30T21:04:00.750Z");

  test("finds the very text, still queued, and says null for any other", async () => {
    const { texter } = await open({ nowMs: () => START });
    const { sid } = await texter.send(TEXT);
    const sentAfter = new Date(START).toISOString();
    expect(await texter.findSent({ ...TEXT, sentAfter })).toBe(sid);
    expect(await texter.findSent({ ...TEXT, sentAfter, body: "Another" })).toBeNull();
    expect(await texter.findSent({ ...TEXT, sentAfter, to: "+447700900124" })).toBeNull();
    expect(await texter.findSent({ ...TEXT, sentAfter, from: "+447700900101" })).toBeNull();
  });

  test("does not take last week's text of the same words for this one", async () => {
    const { texter } = await open({ nowMs: () => START - 7 * 86_400_000 });
    await texter.send(TEXT);
    expect(await texter.findSent({ ...TEXT, sentAfter: new Date(START).toISOString() })).toBeNull();
  });

  test("looks through several pages", async () => {
    const { peer, texter } = await open({ nowMs: () => START });
    const { sid } = await texter.send(TEXT);
    for (let index = 0; index < 60; index += 1) await texter.send({ ...TEXT, body: `Text ${index}` });
    expect(peer.sent).toHaveLength(61);
    expect(await texter.findSent({ ...TEXT, sentAfter: new Date(START).toISOString() })).toBe(sid);
  });

  test("knows the texts of an earlier run", async () => {
    const first = await open({ nowMs: () => START });
    const { sid } = await first.texter.send(TEXT);
    const second = await open({ earlier: first.peer.sent });
    expect(await second.texter.findSent({ ...TEXT, sentAfter: new Date(START).toISOString() })).toBe(sid);
  });

  test("a failure to look is not taken for an answer", async () => {
    const texter = createTexter({ ...ACCOUNT, apiUrl: "http://127.0.0.1:1" });
    expect(
      await failure(texter.findSent({ ...TEXT, sentAfter: new Date(START).toISOString() })),
    ).toMatchObject({
      temporary: true,
    });
  });
});
