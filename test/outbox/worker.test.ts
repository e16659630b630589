// The worker: what is due is performed once, whoever dies, hangs or fails.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listDeadLetters, retryDeadLetter } from "../../src/cases/dead-letters.ts";
import { type Perform, PerformError, retryDelayMs } from "../../src/outbox/worker.ts";
import { until } from "../service/whole-school.ts";
import { done, noting, type Outbox, openOutbox, school, start, waiting } from "./work.ts";

const execNode = (args: string[]) => promisify(execFile)(process.execPath, args);

let outbox: Outbox;
beforeEach(async () => {
  outbox = await openOutbox();
});
afterEach(() => outbox.close());

const later = (ms: number) => new Date(Date.parse(start) + ms).toISOString();
const failing =
  (message: string, temporary: boolean, facts = {}): Perform =>
  async () => {
    throw new PerformError(message, temporary, facts);
  };

describe("what is due", () => {
  test("is performed and kept with what it gave", async () => {
    const id = await outbox.add("notice");
    const notice: Perform = async () => new Map([[id, { messageId: "<a@b>" }]]);
    await outbox.worker({ notice }).runDue();
    expect(await outbox.effect(id)).toMatchObject({
      state: "done",
      attempts: 1,
      result: '{"messageId":"<a@b>"}',
      claimed_by: null,
      lease_until: null,
    });
  });

  test("is performed and not what is due later, and the next moment is told", async () => {
    const performed: string[] = [];
    const id = await outbox.add("notice");
    await outbox.add("notice", { dueAt: later(60_000) });
    const worker = outbox.worker({ notice: noting(performed) });
    await worker.runDue();
    expect(performed).toEqual([id]);
    expect(await worker.nextAfter(outbox.clock.now())).toBe(later(60_000));
  });

  test("is performed with its group in one go", async () => {
    const groups: number[] = [];
    const move: Perform = async (group) => {
      groups.push(group.length);
      return done(group);
    };
    for (let n = 0; n < 5; n += 1) await outbox.add("move", { group: "move:shah:inbox" });
    await outbox.add("move", { group: "move:brennan:inbox" });
    await outbox.worker({ move }).runDue();
    expect(groups.sort()).toEqual([1, 5]);
  });

  test("is not recorded twice under one key", async () => {
    await outbox.add("notice", { key: "same" });
    await expect(outbox.add("notice", { key: "same" })).rejects.toThrow("already");
  });

  test("goes first when it is an alert", async () => {
    const performed: string[] = [];
    await outbox.add("notice", { dueAt: later(-60_000) });
    const alert = await outbox.add("alert");
    const notes = { notice: noting(performed), alert: noting(performed) };
    await outbox.worker(notes, { slots: 1 }).runDue();
    expect(performed[0]).toBe(alert);
  });
});

describe("what fails", () => {
  test("is tried again after a pause that doubles up to its longest, spread by a quarter", () => {
    const plain = [1, 2, 3, 10, 11, 50].map((attempts) => retryDelayMs(attempts, 0.5));
    expect(plain).toEqual([5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000]);
    expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([3_750, 6_250]);
    expect(retryDelayMs(40, 1, 60_000)).toBe(75_000);
  });

  test("waits for its next try with the reason, and then succeeds", async () => {
    const id = await outbox.add("notice");
    let attempts = 0;
    const notice: Perform = async (group) => {
      attempts += 1;
      if (attempts < 3) throw new PerformError("no connection", true);
      return done(group);
    };
    const worker = outbox.worker({ notice }, { random: () => 0.5 });
    await worker.runDue();
    expect(await outbox.effect(id)).toMatchObject({ state: "due", attempts: 1, last_error: "no connection" });
    expect(Date.parse((await outbox.effect(id)).due_at) - outbox.clock.nowMs()).toBeGreaterThan(4_900);
    await worker.runDue();
    expect(attempts).toBe(1);
    outbox.clock.set(later(6_000));
    await worker.runDue();
    outbox.clock.set(later(20_000));
    await worker.runDue();
    expect(await outbox.effect(id)).toMatchObject({ state: "done", attempts: 3, last_error: null });
  });

  test("for good is a dead letter, shown without addresses, and can be tried again", async () => {
    const id = await outbox.add("notice");
    let refusing = true;
    const notice: Perform = async (group) => {
      if (refusing) throw new PerformError("550 no <rosa.delgado@gmail.com> here", false);
      return done(group);
    };
    const worker = outbox.worker({ notice });
    await worker.runDue();
    const [letter] = await listDeadLetters(outbox.store, school);
    expect(letter).toMatchObject({ id, attempts: 1, because: "550 no <r•••@gmail.com> here" });
    refusing = false;
    await worker.runDue();
    expect((await outbox.effect(id)).state).toBe("dead");
    const retry = { school, id, by: "test", now: outbox.clock.now() };
    expect(await retryDeadLetter(outbox.store, retry)).toBe(true);
    expect(await retryDeadLetter(outbox.store, retry)).toBe(false);
    await worker.runDue();
    expect((await outbox.effect(id)).state).toBe("done");
  });

  test("is given up after five days, but a move never is", async () => {
    const notice = await outbox.add("notice");
    const move = await outbox.add("move");
    await outbox.store.updateTable("effects").set({ attempts: 129 }).execute();
    const worker = outbox.worker({ notice: failing("away", true), move: failing("refused", false) });
    await worker.runDue();
    expect((await outbox.effect(notice)).state).toBe("dead");
    expect((await outbox.effect(move)).state).toBe("due");
    // Held mail is back soon after the mail server is, not an hour later.
    const dueAt = (await outbox.effect(move)).due_at;
    expect(Date.parse(dueAt) - outbox.clock.nowMs()).toBeLessThanOrEqual(375_000);
  });

  test("stops nothing else: not its group, not other groups, not an unknown kind", async () => {
    const good = await outbox.add("notice");
    const bad = await outbox.add("forward");
    const unknown = await outbox.add("text");
    const forward: Perform = async () => {
      throw new TypeError("a bug in a performer");
    };
    await outbox.worker({ notice: async (group) => done(group), forward }).runDue();
    expect((await outbox.effect(good)).state).toBe("done");
    expect(await outbox.effect(bad)).toMatchObject({
      state: "due",
      last_error: "a bug in a performer",
    });
    expect((await outbox.effect(unknown)).state).toBe("due");
  });

  test("one of a group without an answer is tried again, the others are done", async () => {
    const ids = [await outbox.add("move", { group: "g" }), await outbox.add("move", { group: "g" })];
    const [first = ""] = ids;
    const move: Perform = async () => new Map([[first, {}]]);
    await outbox.worker({ move }).runDue();
    expect(await outbox.states()).toEqual(["done", "due"]);
  });

  test("in doubt stays marked as begun; a clear refusal does not", async () => {
    const doubtful = await outbox.add("text");
    const clear = await outbox.add("reply");
    await outbox.store.updateTable("effects").set({ started_at: start }).execute();
    const perform = {
      text: failing("no answer", true, { maybeSent: true }),
      reply: failing("421 later", true),
    };
    await outbox.worker(perform).runDue();
    expect((await outbox.effect(doubtful)).started_at).toBe(start);
    expect((await outbox.effect(clear)).started_at).toBeNull();
  });

  test("what is only put off counts as no attempt", async () => {
    const id = await outbox.add("text");
    const text = failing("too many a second", true, { waitMs: 700 });
    await outbox.worker({ text }).runDue();
    const effect = await outbox.effect(id);
    expect(effect).toMatchObject({ state: "due", attempts: 0, last_error: null });
    expect(Date.parse(effect.due_at) - outbox.clock.nowMs()).toBeLessThanOrEqual(700);
  });
});

describe("what hangs", () => {
  test("keeps nothing else back", async () => {
    const hanging = waiting();
    const performed: string[] = [];
    const worker = outbox.worker({ forward: hanging.perform, notice: noting(performed) });
    await outbox.add("forward");
    worker.begin();
    await hanging.hasBegun;
    const id = await outbox.add("notice");
    worker.begin();
    await until(async () => performed.includes(id));
    hanging.go();
    await worker.runDue();
    expect(await outbox.states()).toEqual(["done", "done"]);
  });

  test("in every slot still lets an alert and the mailboxes' moves through", async () => {
    const hanging = waiting();
    const performed: string[] = [];
    const perform = { forward: hanging.perform, alert: noting(performed), move: noting(performed) };
    const worker = outbox.worker(perform, { slots: 2 });
    for (let n = 0; n < 4; n += 1) await outbox.add("forward");
    worker.begin();
    await until(async () => (await outbox.states()).filter((state) => state === "claimed").length === 2);
    const ids = [await outbox.add("move"), await outbox.add("alert"), await outbox.add("move")];
    worker.begin();
    await until(async () => ids.every((id) => performed.includes(id)));
    expect((await outbox.states()).filter((state) => state === "due")).toHaveLength(2);
    hanging.go();
    await worker.runDue();
    expect(new Set(await outbox.states())).toEqual(new Set(["done"]));
  });

  test("in the mailboxes too still lets an alert through", async () => {
    const hanging = waiting();
    const alerts: string[] = [];
    const worker = outbox.worker({ move: hanging.perform, alert: noting(alerts) }, { slots: 2 });
    for (let n = 0; n < 6; n += 1) await outbox.add("move");
    worker.begin();
    await until(async () => (await outbox.states()).filter((state) => state === "claimed").length === 4);
    const id = await outbox.add("alert");
    worker.begin();
    await until(async () => alerts.includes(id));
    hanging.go();
    await worker.runDue();
    expect(new Set(await outbox.states())).toEqual(new Set(["done"]));
  });

  test("keeps its claim for as long as it is at it", async () => {
    const hanging = waiting();
    const id = await outbox.add("forward");
    const worker = outbox.worker({ forward: hanging.perform }, { leaseMs: 30 });
    worker.begin();
    await hanging.hasBegun;
    const first = (await outbox.effect(id)).lease_until ?? "";
    await until(async () => ((await outbox.effect(id)).lease_until ?? "") > first);
    hanging.go();
    await worker.runDue();
    expect((await outbox.effect(id)).attempts).toBe(1);
  });

  test("is not begun again by its own process when somebody moves the clock", async () => {
    const hanging = waiting();
    const id = await outbox.add("forward");
    const worker = outbox.worker({ forward: hanging.perform });
    worker.begin();
    await hanging.hasBegun;
    outbox.clock.set("2026-11-16T08:00:00.000Z");
    const another = worker.runDue();
    expect((await outbox.effect(id)).attempts).toBe(1);
    hanging.go();
    await another;
    expect(await outbox.effect(id)).toMatchObject({ state: "done", attempts: 1 });
  });
});

describe("a worker that died", () => {
  async function claimedBy(owner: string): Promise<string> {
    const id = await outbox.add("notice");
    await outbox.store
      .updateTable("effects")
      .set({ state: "claimed", claimed_by: owner, lease_until: later(30_000), attempts: 1 })
      .where("id", "=", id)
      .execute();
    return id;
  }

  test("elsewhere is followed by another one when its lease has run out", async () => {
    const id = await claimedBy("another-machine:4711:1:1");
    const worker = outbox.worker({ notice: async (group) => done(group) });
    await worker.runDue();
    expect((await outbox.effect(id)).state).toBe("claimed");
    expect(await worker.nextAfter(outbox.clock.now())).toBe(later(30_000));
    outbox.clock.set(later(30_000));
    await worker.runDue();
    expect(await outbox.effect(id)).toMatchObject({ state: "done", attempts: 2 });
  });

  test("on this machine is followed at once", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const id = await claimedBy(`${hostname()}:${pid}:1:1`);
    await outbox.worker({ notice: async (group) => done(group) }).runDue();
    expect((await outbox.effect(id)).state).toBe("done");
  });

  test("but one that lives on this machine keeps its claim", async () => {
    const id = await claimedBy(`${hostname()}:${process.ppid}:1:1`);
    await outbox.worker({ notice: async (group) => done(group) }).runDue();
    expect((await outbox.effect(id)).state).toBe("claimed");
  });

  test("and is not dead after all settles nothing any more", async () => {
    const hanging = waiting();
    const id = await outbox.add("notice");
    const slow = outbox.worker({ notice: hanging.perform });
    const notice: Perform = async () => new Map([[id, { by: "the second" }]]);
    slow.begin();
    await hanging.hasBegun;
    outbox.clock.set(later(31_000));
    await outbox.worker({ notice }).runDue();
    hanging.go();
    await slow.runDue();
    expect(await outbox.effect(id)).toMatchObject({ state: "done", result: '{"by":"the second"}' });
  });
});

describe("a worker that is told to stop", () => {
  test("finishes what is in flight and begins nothing more", async () => {
    const hanging = waiting();
    const worker = outbox.worker({ notice: hanging.perform }, { slots: 1 });
    const ids = [await outbox.add("notice"), await outbox.add("notice", { dueAt: later(0) })];
    worker.begin();
    await hanging.hasBegun;
    const stopped = worker.stop();
    hanging.go();
    await stopped;
    worker.begin();
    await worker.runOne(ids[1] ?? "");
    expect((await outbox.states()).sort()).toEqual(["done", "due"]);
  });

  test("hands back what does not end in time, and the next one carries on at once", async () => {
    const hanging = waiting();
    const id = await outbox.add("notice");
    const worker = outbox.worker({ notice: hanging.perform });
    worker.begin();
    await hanging.hasBegun;
    await worker.stop(10);
    expect(await outbox.effect(id)).toMatchObject({ state: "due", claimed_by: null });
    await outbox.worker({ notice: async (group) => done(group) }).runDue();
    expect((await outbox.effect(id)).state).toBe("done");
    hanging.go();
  });
});

/** Performs what is due in a file, and prints each effect's id. */
const otherProcess = `
  import { openOutbox, noting } from ${JSON.stringify(new URL("./work.ts", import.meta.url).href)};
  const outbox = await openOutbox(process.argv[1]);
  const performed = [];
  await outbox.worker({ notice: noting(performed) }).runDue();
  await outbox.close();
  console.log(JSON.stringify(performed));
`;

test("two processes over one file perform each of 100 effects once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ab-outbox-"));
  const file = join(folder, "afterbell.db");
  const box = await openOutbox(file);
  try {
    for (let n = 0; n < 100; n += 1) await box.add("notice", { key: `k${n}` });
    const run = () => execNode(["--input-type=module", "-e", otherProcess, file]);
    const outputs = await Promise.all([run(), run()]);
    const performed = outputs.flatMap(({ stdout }): string[] => JSON.parse(stdout));
    expect(performed).toHaveLength(100);
    expect(new Set(performed).size).toBe(100);
    expect(await box.states()).toEqual(Array.from({ length: 100 }, () => "done"));
  } finally {
    await box.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
