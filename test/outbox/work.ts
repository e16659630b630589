// An outbox with performers that a test writes: for how work is claimed, performed and settled.
import { pino } from "pino";
import { MovableClock } from "../../src/clock.ts";
import { scheduleEffect, type Work } from "../../src/outbox/schedule.ts";
import { type Perform, type Performed, Worker, type WorkerSettings } from "../../src/outbox/worker.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import type { EffectsTable } from "../../src/store/tables.ts";

export const start = "2026-11-13T21:00:00.000Z";
export const school = "oakhill";

export interface Outbox {
  readonly store: Store;
  readonly clock: MovableClock;
  /** One process; every call is another one. */
  worker(perform: Record<string, Perform>, settings?: Partial<WorkerSettings>): Worker;
  add(kind: Work["kind"], fields?: { key?: string; group?: string; dueAt?: string }): Promise<string>;
  effect(id: string): Promise<EffectsTable>;
  states(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openOutbox(file = ":memory:"): Promise<Outbox> {
  const store = await openStore(file);
  const clock = new MovableClock();
  clock.set(start);
  const workers: Worker[] = [];
  let count = 0;
  return {
    store,
    clock,
    worker(perform, settings = {}) {
      const log = pino({ level: process.env["AFTERBELL_TEST_LOG"] ?? "silent" });
      const worker = new Worker({ store, clock, log, perform, random: Math.random, ...settings });
      workers.push(worker);
      return worker;
    },
    async add(kind, { key, group, dueAt = start } = {}) {
      count += 1;
      // What a performer of a test makes of it is the test's affair.
      const work = { kind } as Work;
      const id = await store.transaction().execute((trx) =>
        scheduleEffect(trx, {
          school,
          idempotencyKey: key ?? `key-${count}`,
          ...(group === undefined ? {} : { groupKey: group }),
          work,
          dueAt,
          now: start,
        }),
      );
      if (id === null) throw new Error("This key was there already.");
      return id;
    },
    effect: (id) => store.selectFrom("effects").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
    async states() {
      const rows = await store.selectFrom("effects").select("state").orderBy("idempotency_key").execute();
      return rows.map(({ state }) => state);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop(0)));
      await store.destroy();
    },
  };
}

/** Each effect is done; what was performed is noted. */
export function noting(performed: string[]): Perform {
  return async (group) => {
    for (const { id } of group) performed.push(id);
    return done(group);
  };
}

export const done = (group: readonly EffectsTable[]): Performed => new Map(group.map(({ id }) => [id, {}]));

/** A performer that waits until the test lets it go on. */
export function waiting() {
  let begun: () => void = () => {};
  let go: () => void = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const mayGo = new Promise<void>((resolve) => {
    go = resolve;
  });
  const perform: Perform = async (group) => {
    begun();
    await mayGo;
    return done(group);
  };
  return { perform, hasBegun, go: () => go() };
}
