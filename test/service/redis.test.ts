// A school whose worker is woken by bull on a real Redis, which may go away at any time.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import { type Redis, redisInstalled, startRedis } from "../peers/redis.ts";
import { type ChildSchool, openChildSchool } from "./child-service.ts";
import { mail, schoolNumber, startSchool, until, type WholeSchool } from "./whole-school.ts";

const fridayNight = "2026-11-13T21:00:00.000Z";
const lately = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();

(dovecotInstalled && redisInstalled ? describe : describe.skip)("with Redis", () => {
  let redis: Redis;
  let school: WholeSchool | undefined;
  let child: ChildSchool | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await school?.close();
    await child?.close();
    school = undefined;
    child = undefined;
  });
  afterAll(() => redis.stop());

  test("mail is held, answered and released; texts are passed on; nothing of them lies on Redis", async () => {
    school = await startSchool({ at: fridayNight, redisUrl: redis.url });
    const { sink, twilio, clock } = school;
    const shah = await school.mailOf("shah");
    await shah.deliver(mail({ text: "Where is the zanzibar book?" }), { at: fridayNight });
    await sink.waitFor(({ envelopeTo }) => envelopeTo.includes("rosa.delgado@gmail.com"));
    await twilio.sendAsParent({ from: "+447700900301", to: schoolNumber, body: "is zanzibar on Tuesday?" });
    await until(async () => twilio.sent.length === 1);
    const keys = await redis.say("KEYS *");
    expect(keys).toContain("bull:afterbell-oakhill-effects");
    for (const word of ["zanzibar", "rosa", "7700900301"]) expect(keys).not.toContain(word);
    await redis.say("FLUSHALL");
    clock.set("2026-11-16T08:00:00.000Z");
    await until(async () => (await shah.list("INBOX")).length === 1);
    await sink.waitFor(({ envelopeTo }) => envelopeTo.includes("office@oakhill.example"));
    expect(sink.mails).toHaveLength(2);
    expect(twilio.sent).toHaveLength(1);
  }, 60_000);

  test("that is killed while the service runs, mail is held and answered all the same, and it ends in time", async () => {
    child = await openChildSchool({ env: { REDIS_URL: redis.url } });
    await child.start();
    const shah = await child.mailOf("shah");
    await shah.deliver(mail({ from: "one@gmail.com" }), { at: lately });
    await child.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("one@gmail.com"));
    await redis.kill();
    await shah.deliver(mail({ from: "two@gmail.com" }), { at: lately });
    await child.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("two@gmail.com"));
    await child.untilLogged("Redis does not answer");
    const beganMs = performance.now();
    expect(await child.end("SIGTERM")).toMatchObject({ status: 0, signal: null });
    expect(performance.now() - beganMs).toBeLessThan(10_000);

    // Not there at the start either; then it is back.
    await child.start();
    await shah.deliver(mail({ from: "three@gmail.com" }), { at: lately });
    await child.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("three@gmail.com"));
    await redis.startAgain();
    await until(async () => (await redis.say("KEYS bull:*")).includes("afterbell-oakhill"), 25_000);
    await shah.deliver(mail({ from: "four@gmail.com" }), { at: lately });
    await child.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("four@gmail.com"));
    expect(child.sink.mails).toHaveLength(4);
    expect((await shah.list("Afterbell/Held")).length).toBe(4);
    expect((await child.end("SIGTERM")).status).toBe(0);
  }, 90_000);
});
