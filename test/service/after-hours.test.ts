// The main job against real servers: what comes after hours leaves INBOX and is back on the next working day.
import { afterEach, describe, expect, test } from "@jest/globals";
import { mail, schoolNumber, shahsNumber, startSchool, until, type WholeSchool } from "./whole-school.ts";

const fridayNight = "2026-11-13T21:00:00.000Z";
const mondayMorning = "2026-11-16T08:00:00.000Z";
const held = "Afterbell/Held";

let school: WholeSchool;
afterEach(async () => {
  await school?.close();
});

describe("a parent's mail at 21:00 on a Friday", () => {
  test("leaves INBOX, is answered once, and is back on Monday as it was", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await school.mailOf("shah");
    const octets = mail({ text: "Which book does she need?" });
    await shah.deliver(octets, { at: fridayNight });

    const [kept] = await until(async () => {
      const list = await shah.list(held);
      return list.length === 1 && list;
    });
    expect(await shah.list("INBOX")).toEqual([]);
    expect(kept?.raw.toString()).toBe(octets);

    const reply = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("rosa.delgado@gmail.com"),
    );
    expect(reply.envelopeFrom).toBeNull();
    expect(reply.raw.toString()).toMatch(/^Auto-Submitted: auto-replied\r?$/m);
    expect(reply.raw.toString()).toContain("Monday 16 November");

    school.clock.set(mondayMorning);
    const [back] = await until(async () => {
      const list = await shah.list("INBOX");
      return list.length === 1 && list;
    });
    expect(back?.raw.toString()).toBe(octets);
    expect(back?.seen).toBe(false);
    expect(back?.internalDate).toBe(fridayNight);
    expect(await shah.list(held)).toEqual([]);
    expect(school.sink.mails).toHaveLength(1);
  });

  test("one mail to two teachers gives one reply with both dates", async () => {
    school = await startSchool({ at: fridayNight, watched: ["shah", "brennan"] });
    const octets = mail({ to: "a.shah@oakhill.example, p.brennan@oakhill.example" });
    for (const user of ["shah", "brennan"]) {
      await (await school.mailOf(user)).deliver(octets, { at: fridayNight });
    }
    for (const user of ["shah", "brennan"]) {
      const client = await school.mailOf(user);
      await until(async () => (await client.list(held)).length === 1);
    }
    const reply = await school.sink.waitFor(() => true);
    expect(reply.raw.toString()).toMatch(/Monday 16 November[\s\S]*Wednesday 18 November/);
    await school.service.worker.runDue();
    expect(school.sink.mails).toHaveLength(1);

    school.clock.set(mondayMorning);
    const shah = await school.mailOf("shah");
    await until(async () => (await shah.list("INBOX")).length === 1);
    const brennan = await school.mailOf("brennan");
    expect(await brennan.list("INBOX")).toEqual([]);
    school.clock.set("2026-11-18T08:00:00.000Z");
    await until(async () => (await brennan.list("INBOX")).length === 1);
  });

  test("an absence comes straight back, and the office has it too", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await school.mailOf("shah");
    const text = "Leo has a temperature and won't be in school on Monday.";
    await shah.deliver(mail({ subject: "Absence", text }), { at: fridayNight });
    const forward = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("office@oakhill.example"),
    );
    expect(forward.raw.toString()).toContain("message/rfc822");
    await until(async () => (await shah.list("INBOX")).length === 1);
    expect(await shah.list(held)).toEqual([]);
  });

  test("a possible disclosure is delivered at once and the safeguarding lead is told by mail and text", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await school.mailOf("shah");
    await shah.deliver(mail({ text: "She told me last night that her uncle hits her with a belt." }), {
      at: fridayNight,
    });
    await school.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("safeguarding@oakhill.example"));
    await until(async () => school.twilio.sent.some(({ to }) => to === "+447700900112"));
    await until(async () => (await shah.list("INBOX")).length === 1);
    expect(school.twilio.sent.find(({ to }) => to === "+447700900112")?.body).not.toContain("belt");
  });
});

describe("what is never touched", () => {
  test("a parent's mail at ten on a working day stays where it is", async () => {
    const at = "2026-11-12T10:00:00.000Z";
    school = await startSchool({ at });
    const shah = await school.mailOf("shah");
    const uid = await shah.deliver(mail({}), { at });
    await until(
      async () => (await school.service.store.selectFrom("deliveries").selectAll().execute()).length === 1,
    );
    await school.service.worker.runDue();
    expect((await shah.list("INBOX")).map((one) => one.uid)).toEqual([uid]);
    expect(school.sink.mails).toEqual([]);
  });

  test("a supplier, a list, a bounce and a colleague at night: neither moved nor answered", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await school.mailOf("shah");
    const delivered = [
      mail({ from: "Sales <sales@stationery-supplies.example>" }),
      mail({ headers: { "List-Id": "<news.parents.example>", Precedence: "list" } }),
      mail({ from: "MAILER-DAEMON@gmail.com", subject: "Undelivered Mail Returned to Sender" }),
      mail({ from: "Mr Lindqvist <e.lindqvist@oakhill.example>" }),
    ];
    const uids: number[] = [];
    for (const octets of delivered) uids.push(await shah.deliver(octets, { at: fridayNight }));
    await until(
      async () => (await school.service.store.selectFrom("deliveries").selectAll().execute()).length === 4,
    );
    await school.service.worker.runDue();
    expect((await shah.list("INBOX")).map((one) => one.uid)).toEqual(uids);
    expect(school.sink.mails).toEqual([]);
  });
});

describe("abuse", () => {
  test("is kept from the teacher and put before the headteacher, who can release it", async () => {
    const at = "2026-11-12T10:00:00.000Z";
    school = await startSchool({ at });
    const shah = await school.mailOf("shah");
    const octets = mail({ text: "You are a useless fucking bitch and I will smash your face in." });
    await shah.deliver(octets, { at });
    const forward = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("head@oakhill.example"),
    );
    expect(forward.raw.toString()).toContain("message/rfc822");
    await until(async () => (await shah.list("Afterbell/Referred")).length === 1);
    expect(await shah.list("INBOX")).toEqual([]);
    const cases = await school.service.store.selectFrom("cases").selectAll().execute();
    expect(cases).toHaveLength(1);
    const reply = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("rosa.delgado@gmail.com"),
    );
    expect(reply.raw.toString()).not.toMatch(/abus|threat|headteacher/i);
  });
});

describe("a text at 21:00 on a Friday", () => {
  test("is answered by text once and passed on by email on Monday morning", async () => {
    school = await startSchool({ at: fridayNight });
    const sent = {
      from: "+447700900301",
      to: shahsNumber,
      body: "what time is the trip on Tuesday?",
      sid: "SM1",
    };
    expect((await school.twilio.sendAsParent(sent)).status).toBe(200);
    expect((await school.twilio.sendAsParent(sent)).status).toBe(200);
    await until(async () => school.twilio.sent.length === 1);
    expect(school.twilio.sent[0]?.body).toContain("01632 960001");
    expect(school.sink.mails).toEqual([]);

    school.clock.set(mondayMorning);
    const passed = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("a.shah@oakhill.example"),
    );
    expect(passed.raw.toString()).toContain("what time is the trip on Tuesday?");
    await school.service.worker.runDue();
    expect(school.twilio.sent).toHaveLength(1);
    expect(school.sink.mails).toHaveLength(1);
  });

  test("to the school's own number it goes to the office", async () => {
    school = await startSchool({ at: "2026-11-12T10:00:00.000Z" });
    await school.twilio.sendAsParent({
      from: "+447700900302",
      to: schoolNumber,
      body: "is the office open today?",
    });
    const passed = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("office@oakhill.example"),
    );
    expect(passed.raw.toString()).toContain("is the office open today?");
  });
});

describe("a frequent sender", () => {
  test("gets through up to the limit; the rest comes as one digest on the next working day", async () => {
    const at = "2026-11-12T10:00:00.000Z";
    school = await startSchool({ at });
    const shah = await school.mailOf("shah");
    const words = ["the trip", "the gate", "her coat", "his maths", "the bus", "lunch money", "the choir"];
    for (const word of words) {
      await shah.deliver(mail({ text: `A question about ${word}: who looks after that at school?` }), { at });
    }
    await until(async () => (await shah.list(held)).length === 3);
    expect(await shah.list("INBOX")).toHaveLength(4);
    const told = await school.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("rosa.delgado@gmail.com"));
    expect(told.envelopeFrom).toBeNull();
    school.clock.set("2026-11-13T08:00:00.000Z");
    const digest = await school.sink.waitFor(({ envelopeTo }) =>
      envelopeTo.includes("a.shah@oakhill.example"),
    );
    for (const word of words.slice(4)) expect(digest.raw.toString()).toContain(word);
    await school.service.worker.runDue();
    expect(school.sink.mails).toHaveLength(2);
  });
});
