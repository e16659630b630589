// What wakes the worker: a timer in the process, or bull on a Redis that may be wiped or away at any time.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import type { Work } from "../../src/outbox/schedule.ts";
import { type BullSettings, bullWake, timerWake, type Wake } from "../../src/outbox/wake.ts";
import { type Perform, PerformError, type Worker } from "../../src/outbox/worker.ts";
import { type Redis, redisInstalled, startRedis } from "../peers/redis.ts";
import { until } from "../service/whole-school.ts";
import { done, noting, type Outbox, openOutbox, school, start, waiting } from "./work.ts";

const log = pino({ level: process.env["AFTERBELL_TEST_LOG"] ?? "silent" });

let outbox: Outbox;
let wakes: Wake[];
beforeEach(async () => {
  outbox = await openOutbox();
  wakes = [];
});
afterEach(async () => {
  await Promise.all(wakes.map((wake) => wake.stop()));
  await outbox.close();
});

const soonAfter = (ms: number) => new Date(outbox.clock.nowMs() + ms).toISOString();

/** Fails once with this pause, then succeeds; notes when it was asked. */
function onceRefused(asked: number[], waitMs: number): Perform {
  return async (group) => {
    asked.push(outbox.clock.nowMs());
    if (asked.length === 1) throw new PerformError("not yet", true, { waitMs });
    return done(group);
  };
}

describe("a timer", () => {
  const started = (worker: Worker, sweepMs?: number) => {
    const wake = timerWake(worker, outbox.clock, log, sweepMs);
    wakes.push(wake);
    return wake;
  };

  test("performs what is due at the start, when told, and when its time comes", async () => {
    const performed: string[] = [];
    const first = await outbox.add("notice");
    const wake = started(outbox.worker({ notice: noting(performed) }));
    await until(async () => performed.includes(first));
    const second = await outbox.add("notice");
    wake.soon();
    await until(async () => performed.includes(second));
    const third = await outbox.add("notice", { dueAt: soonAfter(80) });
    wake.soon();
    await until(async () => performed.includes(third), 5_000);
  });

  test("notices what another process wrote at its next sweep", async () => {
    const performed: string[] = [];
    started(outbox.worker({ notice: noting(performed) }), 50);
    const id = await outbox.add("notice");
    await until(async () => performed.includes(id), 5_000);
  });

  test("follows a clock that is moved", async () => {
    const performed: string[] = [];
    const id = await outbox.add("notice", { dueAt: "2026-11-16T08:00:00.000Z" });
    started(outbox.worker({ notice: noting(performed) }));
    outbox.clock.set("2026-11-16T08:00:00.000Z");
    await until(async () => performed.includes(id), 5_000);
  });

  test("tries again in time, though something else hangs", async () => {
    const hanging = waiting();
    const asked: number[] = [];
    await outbox.add("forward");
    await outbox.add("notice");
    started(outbox.worker({ forward: hanging.perform, notice: onceRefused(asked, 60) }));
    await until(async () => asked.length === 2, 5_000);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(60);
    hanging.go();
  });

  test("that is stopped looks no more", async () => {
    const performed: string[] = [];
    const wake = started(outbox.worker({ notice: noting(performed) }), 10);
    await wake.stop();
    await outbox.add("notice");
    wake.soon();
    outbox.clock.set("2026-11-16T08:00:00.000Z");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(performed).toEqual([]);
  });
});

const withRedis = redisInstalled ? describe : describe.skip;
withRedis("bull on Redis", () => {
  let redis: Redis;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  const started = (worker: Worker, settings: Partial<BullSettings> = {}) => {
    const wake = bullWake(worker, outbox.store, outbox.clock, log, {
      redisUrl: redis.url,
      school,
      textsPerSecond: 100,
      sweepMs: 60_000,
      ...settings,
    });
    // Before Redis ends.
    wakes.unshift(wake);
    return wake;
  };
  const stopped = async () => {
    await Promise.all(wakes.splice(0).map((wake) => wake.stop()));
  };
  const isFilled = async () => (await redis.say("KEYS bull:afterbell-oakhill-*")) !== "*0\r\n";

  test("performs what is due now, when told, and later, without a sweep", async () => {
    const performed: string[] = [];
    const first = await outbox.add("notice");
    const wake = started(outbox.worker({ notice: noting(performed) }));
    await until(async () => performed.includes(first));
    const second = await outbox.add("notice");
    const third = await outbox.add("notice", { dueAt: soonAfter(300) });
    wake.soon();
    await until(async () => performed.includes(second));
    expect(performed).not.toContain(third);
    await until(async () => performed.includes(third));
    expect(performed).toHaveLength(3);
    await stopped();
  });

  test("holds nothing but the effects' ids", async () => {
    const id = await outbox.add("notice", { dueAt: soonAfter(600_000) });
    started(outbox.worker({ notice: noting([]) }));
    const key = await until(async () => {
      const found = await redis.say("KEYS bull:afterbell-oakhill-effects:*:*");
      return found.split("\r\n").find((line) => line.includes(id));
    });
    expect(await redis.say(`HGET ${key} data`)).toContain(`{"effect":"${id}"}`);
    await stopped();
  });

  test("tries again in time, without a sweep", async () => {
    const asked: number[] = [];
    await outbox.add("notice");
    started(outbox.worker({ notice: onceRefused(asked, 100) }));
    await until(async () => asked.length === 2);
    expect(await until(async () => (await outbox.states())[0] === "done")).toBe(true);
    await stopped();
  });

  test("that was wiped while effects wait loses none: the sweep catches up", async () => {
    const performed: string[] = [];
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await outbox.add("notice", { dueAt: soonAfter(1_000) }));
    started(outbox.worker({ notice: noting(performed) }), { sweepMs: 200 });
    await until(isFilled);
    await redis.say("FLUSHALL");
    await until(async () => performed.length === 20);
    expect(new Set(performed)).toEqual(new Set(ids));
    await stopped();
  });

  test("that is killed leaves the work to the sweep, and is used again when it is back", async () => {
    const performed: string[] = [];
    const worker = outbox.worker({ notice: noting(performed) });
    const wake = started(worker, { sweepMs: 100 });
    const first = await outbox.add("notice");
    wake.soon();
    await until(async () => performed.includes(first));
    await redis.kill();
    const second = await outbox.add("notice");
    await until(async () => performed.includes(second));
    await redis.startAgain();
    const third = await outbox.add("notice", { dueAt: soonAfter(120_000) });
    await until(async () => (await redis.say("KEYS bull:*")).includes(third));
    const fourth = await outbox.add("notice");
    wake.soon();
    await until(async () => performed.includes(fourth));
    expect(performed).toEqual([first, second, fourth]);
    await stopped();
  });

  test("that is not there at the start leaves the work to the sweep", async () => {
    await redis.kill();
    const performed: string[] = [];
    const id = await outbox.add("notice");
    started(outbox.worker({ notice: noting(performed) }), { sweepMs: 100 });
    await until(async () => performed.includes(id));
    const beganMs = performance.now();
    await stopped();
    expect(performance.now() - beganMs).toBeLessThan(3_000);
  });

  test("lets so many texts leave a second, and mail as it comes", async () => {
    const at: Record<string, number[]> = { text: [], notice: [] };
    const timed =
      (kind: Work["kind"]): Perform =>
      async (group) => {
        at[kind]?.push(performance.now());
        return done(group);
      };
    for (let n = 0; n < 4; n += 1) {
      await outbox.add("text");
      await outbox.add("notice");
    }
    const perform = { text: timed("text"), notice: timed("notice") };
    started(outbox.worker(perform), { textsPerSecond: 4 });
    await until(async () => at["text"]?.length === 4 && at["notice"]?.length === 4);
    const [first = 0] = at["text"] ?? [];
    const [last = 0] = at["notice"]?.slice(-1) ?? [];
    expect(last - first).toBeLessThan(700);
    await stopped();
    // The fifth is beyond this second.
    const fifth = await outbox.add("text");
    const began = performance.now();
    started(outbox.worker(perform), { textsPerSecond: 4 });
    await until(async () => (await outbox.effect(fifth)).state === "done");
    expect((at["text"]?.[4] ?? 0) - first).toBeGreaterThan(900);
    expect(performance.now() - began).toBeLessThan(5_000);
    await stopped();
  });

  test("two processes on one Redis perform each effect once", async () => {
    const performed: string[] = [];
    for (let n = 0; n < 50; n += 1) await outbox.add("notice", { dueAt: n < 25 ? start : soonAfter(400) });
    for (let n = 0; n < 2; n += 1) started(outbox.worker({ notice: noting(performed) }));
    await until(async () => performed.length >= 50);
    expect(new Set(performed).size).toBe(50);
    expect(performed).toHaveLength(50);
    await stopped();
  });
});
