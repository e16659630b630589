// Performing effects: never twice where it can be told, and one that fails harms no other.
import { afterEach, describe, expect, test } from "@jest/globals";
import { retryDeadLetter } from "../../src/cases/dead-letters.ts";
import { placeKey } from "../../src/channels/imap/places.ts";
import { MailError } from "../../src/channels/smtp.ts";
import { TextError } from "../../src/channels/twilio/errors.ts";
import type { EffectsTable } from "../../src/store/tables.ts";
import { mail, schoolNumber, shahsNumber, until } from "../service/whole-school.ts";
import { fridayNight, mondayMorning, openSmallSchool, type SmallSchool } from "./small-school.ts";

let school: SmallSchool;
afterEach(() => school?.close());

const hence = (ms: number) => new Date(school.clock.nowMs() + ms).toISOString();

async function only(kind: string): Promise<EffectsTable> {
  const [effect, ...more] = await school.effects(kind);
  if (effect === undefined || more.length > 0) throw new Error(`There is not just one ${kind}.`);
  return effect;
}

/** The process died at this moment of performing an effect. */
async function diedWhileSending(kind: string): Promise<void> {
  await school.store
    .updateTable("effects")
    .set({ started_at: school.clock.now() })
    .where("kind", "=", kind)
    .execute();
}

describe("the reply to a mail", () => {
  test("whose sending was interrupted is not sent again; a person can have it sent", async () => {
    school = await openSmallSchool();
    await school.mailIn(mail({}));
    await diedWhileSending("reply");
    await school.worker.runDue();
    expect(school.sink.mails).toEqual([]);
    const { id, state, last_error: error } = await only("reply");
    expect(state).toBe("dead");
    expect(error).toContain("it may have arrived");
    await retryDeadLetter(school.store, { school: "oakhill", id, by: "test", now: school.clock.now() });
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
  });

  test("that the server puts off is sent once, later", async () => {
    let refusal: string | null = "451 4.3.0 Try again later";
    school = await openSmallSchool({ sink: { refuseMail: () => refusal } });
    await school.mailIn(mail({}));
    await school.worker.runDue();
    expect(await only("reply")).toMatchObject({ state: "due", started_at: null, attempts: 1 });
    refusal = null;
    school.clock.set(hence(7_000));
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
    expect((await only("reply")).state).toBe("done");
  });

  test("that the server may have taken without saying so is not sent again", async () => {
    school = await openSmallSchool();
    const { mailer } = school;
    school.mailer = {
      ...mailer,
      async send(one) {
        await mailer.send(one);
        throw new MailError("The connection broke.", { temporary: true, maybeSent: true });
      },
    };
    await school.mailIn(mail({}));
    await school.worker.runDue();
    school.clock.set(hence(3_600_000));
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
    expect((await only("reply")).state).toBe("dead");
  });

  test("that is refused for good is a dead letter, and what else follows from the message is done", async () => {
    const refuse = (address: string) => (address.endsWith("@gmail.com") ? "550 5.1.1 No such person" : null);
    school = await openSmallSchool({ sink: { refuseRecipient: refuse } });
    await school.mailIn(mail({ text: "You are a useless fucking bitch and I will smash your face in." }));
    await school.worker.runDue();
    expect((await only("reply")).state).toBe("dead");
    expect((await only("forward")).state).toBe("done");
    expect(school.moves).toEqual([{ to: "referred", uids: [1] }]);
  });
});

describe("a text", () => {
  const text = { from: "+447700900301", to: shahsNumber, body: "what time is the trip on Tuesday?" };
  const broken = () => new TextError("No answer came.", { temporary: true, maybeSent: true });

  test("that Twilio took without an answer is found there, not sent again", async () => {
    school = await openSmallSchool();
    const { texter } = school;
    school.texter = {
      ...texter,
      async send(one) {
        await texter.send(one);
        throw broken();
      },
    };
    await school.textIn(text);
    await school.worker.runDue();
    expect(await only("reply")).toMatchObject({ state: "due", attempts: 1 });
    school.clock.set(hence(7_000));
    await school.worker.runDue();
    expect(school.twilio.sent).toHaveLength(1);
    const { state, result } = await only("reply");
    expect(state).toBe("done");
    expect(JSON.parse(result ?? "")).toEqual({ sid: school.twilio.sent[0]?.sid, found: true, text: true });
  });

  test("in doubt stays in doubt while Twilio cannot be asked", async () => {
    school = await openSmallSchool();
    const { texter } = school;
    const fail = async () => {
      throw new TextError("Twilio could not be reached.", { temporary: true });
    };
    school.texter = {
      findSent: fail,
      async send(one) {
        await texter.send(one);
        throw broken();
      },
    };
    await school.textIn(text);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await school.worker.runDue();
      school.clock.set(hence(60_000));
    }
    school.texter = texter;
    await school.worker.runDue();
    expect(school.twilio.sent).toHaveLength(1);
    expect((await only("reply")).state).toBe("done");
  });

  test("that was begun and never reached Twilio is sent once", async () => {
    school = await openSmallSchool();
    await school.textIn(text);
    await diedWhileSending("reply");
    await school.worker.runDue();
    await school.worker.runDue();
    expect(school.twilio.sent).toHaveLength(1);
  });

  test("that Twilio refuses for good is a dead letter that says why", async () => {
    const refusal = { status: 400, code: 21610, message: "Attempt to send to unsubscribed recipient" };
    school = await openSmallSchool({ refuseText: () => refusal });
    await school.textIn(text);
    await school.worker.runDue();
    expect(await only("reply")).toMatchObject({
      state: "dead",
      last_error: expect.stringContaining("STOP"),
    });
  });

  test("waits for its turn: so many a second, each once, and none counts as a failed attempt", async () => {
    school = await openSmallSchool({ perSecond: 2 });
    for (let n = 1; n <= 5; n += 1) await school.textIn({ ...text, from: `+44770090030${n}` });
    await school.worker.runDue();
    expect(school.twilio.sent).toHaveLength(1);
    const begunMs = school.clock.nowMs();
    const waits = (await school.effects("reply"))
      .filter(({ state }) => state === "due")
      .map(({ due_at: at }) => Math.round((Date.parse(at) - begunMs) / 500));
    expect(waits).toEqual([1, 2, 3, 4]);
    for (let n = 2; n <= 5; n += 1) {
      school.clock.set(hence(500));
      await school.worker.runDue();
      expect(school.twilio.sent).toHaveLength(n);
    }
    const attempts = (await school.effects("reply")).map((effect) => effect.attempts);
    expect(attempts).toEqual([1, 1, 1, 1, 1]);
  });

  test("to the safeguarding lead waits for nobody", async () => {
    school = await openSmallSchool({ perSecond: 0.1 });
    await school.textIn(text);
    await school.textIn({
      ...text,
      from: "+447700900302",
      body: "She told me last night that her uncle hits her with a belt.",
    });
    await school.worker.runDue();
    expect(school.twilio.sent.map(({ to }) => to)).toContain("+447700900112");
  });

  test("is passed on to the office once when the number is the school's", async () => {
    school = await openSmallSchool({ at: "2026-11-12T10:00:00.000Z" });
    await school.textIn({ ...text, to: schoolNumber });
    await school.worker.runDue();
    expect(school.sink.mails.map(({ envelopeTo }) => envelopeTo)).toEqual([["office@oakhill.example"]]);
    // A crash came between noting that and settling the effect.
    await school.store.updateTable("effects").set({ state: "due" }).where("kind", "=", "passOn").execute();
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
    expect((await only("passOn")).state).toBe("done");
  });
});

describe("mail that is due in one mailbox", () => {
  async function held(count: number): Promise<void> {
    for (let uid = 1; uid <= count; uid += 1) {
      await school.mailIn(mail({ from: `parent${uid}@gmail.com` }), { uid, state: "held" });
    }
    await school.worker.runDue();
    expect(school.moves).toEqual([]);
    school.clock.set(mondayMorning);
  }

  test("comes back by one MOVE", async () => {
    school = await openSmallSchool();
    await held(20);
    await school.worker.runDue();
    expect(school.moves).toHaveLength(1);
    expect(school.moves[0]?.uids).toHaveLength(20);
    const states = await school.store.selectFrom("deliveries").select(["state", "folder"]).execute();
    expect(new Set(states.map(({ state, folder }) => `${state} ${folder}`))).toEqual(
      new Set(["inbox INBOX"]),
    );
  });

  test("comes back as far as the server allows; the rest is tried again", async () => {
    school = await openSmallSchool();
    await held(3);
    const { folders } = school;
    school.folders = async (account, places, to) => {
      const moved = new Map(await folders(account, places, to));
      const [first, second] = places.toSorted((a, b) => a.uid - b.uid);
      if (first) moved.set(placeKey(first), "refused");
      if (second) moved.set(placeKey(second), "gone");
      return moved;
    };
    await school.worker.runDue();
    const byUid = () => school.store.selectFrom("deliveries").select("state").orderBy("key").execute();
    expect((await byUid()).map(({ state }) => state)).toEqual(["held", "gone", "inbox"]);
    school.folders = folders;
    school.clock.set(hence(7_000));
    await school.worker.runDue();
    expect((await byUid()).map(({ state }) => state)).toEqual(["inbox", "gone", "inbox"]);
    expect(school.moves.at(-1)?.uids).toEqual([1]);
  });

  test("comes back when the server is there again, however long that takes", async () => {
    school = await openSmallSchool();
    await held(2);
    const { folders } = school;
    school.folders = async () => {
      throw Object.assign(new Error("The connection to the mail server was given up."), { code: "Closed" });
    };
    for (let n = 0; n < 200; n += 1) {
      await school.worker.runDue();
      school.clock.set(hence(400_000));
    }
    expect(school.moves).toEqual([]);
    school.folders = folders;
    await school.worker.runDue();
    expect(school.moves).toHaveLength(1);
    expect(school.moves[0]?.uids.toSorted()).toEqual([1, 2]);
  });

  test("is not moved away after an outage in which its release came", async () => {
    school = await openSmallSchool();
    await school.mailIn(mail({}), { uid: 7, state: "inbox" });
    // The service was down from Friday night, before it had moved the message, until Monday.
    school.clock.set(mondayMorning);
    await school.worker.runDue();
    school.clock.set(hence(60_000));
    await school.worker.runDue();
    expect(school.moves).toEqual([]);
    const delivery = await school.store.selectFrom("deliveries").selectAll().executeTakeFirstOrThrow();
    expect(delivery).toMatchObject({ state: "inbox", uid: 7, released_at: expect.any(String) });
    expect((await school.effects("move")).map(({ state }) => state)).toEqual(["done", "done"]);
  });

  test("is released after the move that is under way, not before", async () => {
    school = await openSmallSchool();
    await school.mailIn(mail({}), { uid: 7, state: "inbox" });
    const { folders } = school;
    let go: () => void = () => {};
    const mayGo = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun: () => void = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    school.folders = async (...asked) => {
      begun();
      await mayGo;
      return folders(...asked);
    };
    school.worker.begin();
    await hasBegun;
    // It takes the server all weekend.
    school.clock.set(mondayMorning);
    const another = school.anotherWorker();
    await school.store
      .updateTable("effects")
      .set({ lease_until: hence(60_000) })
      .where("state", "=", "claimed")
      .execute();
    await another.runDue();
    go();
    await school.worker.runDue();
    school.clock.set(hence(60_000));
    await another.runDue();
    await another.stop();
    expect(school.moves.map(({ to }) => to)).toEqual(["held", "inbox"]);
    const delivery = await school.store.selectFrom("deliveries").selectAll().executeTakeFirstOrThrow();
    expect(delivery.state).toBe("inbox");
  });
});

describe("a digest", () => {
  const words = ["the trip", "the gate", "her coat", "his maths", "the bus", "lunch money", "the choir"];
  const thursday = "2026-11-12T10:00:00.000Z";

  async function manyMessages(): Promise<void> {
    for (const [index, word] of words.entries()) {
      const text = `A question about ${word}: who looks after that at school?`;
      await school.mailIn(mail({ text }), { uid: index + 1 });
    }
    await school.worker.runDue();
    school.sink.clear();
    school.clock.set("2026-11-13T08:00:00.000Z");
  }

  test("has everything in one mail, and a message that was erased stops none of the others", async () => {
    school = await openSmallSchool({ at: thursday });
    await manyMessages();
    const digests = await school.effects("digest");
    expect(digests).toHaveLength(3);
    const erased = digests.at(-1);
    await school.store
      .updateTable("effects")
      .set({ message_id: "erased" })
      .where("id", "=", erased?.id ?? "")
      .execute();
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
    const said = school.sink.mails[0]?.raw.toString() ?? "";
    expect(words.filter((word) => said.includes(word))).toHaveLength(2);
    expect((await school.effects("digest")).map(({ state }) => state).sort()).toEqual([
      "dead",
      "done",
      "done",
    ]);
  });

  test("is not sent again after a crash between sending and settling", async () => {
    school = await openSmallSchool({ at: thursday });
    await manyMessages();
    await school.worker.runDue();
    await school.store.updateTable("effects").set({ state: "due" }).where("kind", "=", "digest").execute();
    await school.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);
    expect(new Set((await school.effects("digest")).map(({ state }) => state))).toEqual(new Set(["done"]));
  });
});

test("the same message seen twice is performed once", async () => {
  school = await openSmallSchool();
  const octets = mail({ to: "a.shah@oakhill.example, p.brennan@oakhill.example" });
  await school.mailIn(octets, { uid: 1 });
  await school.mailIn(octets, { uid: 1 });
  await school.mailIn(octets, { uid: 9, account: "brennan" });
  await school.worker.runDue();
  expect(school.sink.mails).toHaveLength(1);
  expect(school.moves.flatMap(({ uids }) => uids).sort()).toEqual([1, 9]);
  expect(Date.parse(fridayNight)).toBeLessThan(school.clock.nowMs());
});

test("a worker that lost its claim while it waited sends nothing; another one has sent it", async () => {
  school = await openSmallSchool();
  const { mailer } = school;
  let go: () => void = () => {};
  const mayGo = new Promise<void>((resolve) => {
    go = resolve;
  });
  let sending = 0;
  school.mailer = {
    ...mailer,
    async send(one) {
      sending += 1;
      if (sending <= 2) await mayGo;
      return mailer.send(one);
    },
  };
  for (let uid = 1; uid <= 4; uid += 1)
    await school.mailIn(mail({ from: `parent${uid}@gmail.com` }), { uid });
  school.worker.begin();
  await until(async () => sending === 2);
  // Two are being sent, two wait for a connection. Then the process is told to stop, and does not get to it in time.
  const begun = (await school.effects("reply")).filter(({ started_at: at }) => at !== null);
  expect(begun).toHaveLength(2);
  await school.worker.stop(0);
  const another = school.anotherWorker();
  const performing = another.runDue();
  await until(
    async () => (await school.effects("reply")).filter(({ state }) => state === "dead").length === 2,
  );
  go();
  await performing;
  await another.stop();
  expect(school.sink.mails.map(({ envelopeTo }) => envelopeTo.join()).sort()).toEqual(
    [1, 2, 3, 4].map((uid) => `parent${uid}@gmail.com`),
  );
});
