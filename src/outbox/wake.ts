// What wakes the worker. The database is the truth; this only says when to look.
import Bull from "bull";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { upcoming } from "../store/effects.ts";
import type { Store } from "../store/open.ts";
import type { Again, Worker } from "./worker.ts";

export interface Wake {
  /** Something may be due now. */
  soon(): void;
  stop(): Promise<void>;
}

/** Node's timers overflow at 24.8 days; looking every half minute also finds what other processes wrote. */
const usualSweepMs = 30_000;

/** A timer in the process: needs nothing installed. */
export function timerWake(worker: Worker, clock: Clock, log: Logger, sweepMs = usualSweepMs): Wake {
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  const lookIn = (ms: number) => {
    if (stopped) return;
    clearTimeout(timer);
    timerAtMs = clock.nowMs() + ms;
    timer = setTimeout(look, ms);
  };
  const lookAt = (instant: string) => {
    const ms = Math.min(sweepMs, Math.max(0, Date.parse(instant) - clock.nowMs()));
    if (clock.nowMs() + ms < timerAtMs) lookIn(ms);
  };
  const look = async () => {
    if (stopped) return;
    lookIn(sweepMs);
    const from = clock.now();
    worker.begin();
    try {
      const next = await worker.nextAfter(from);
      if (next !== null) lookAt(next);
    } catch (error) {
      if (stopped) return;
      log.error({ error: String(error) }, "the outbox could not be read; it is tried again shortly");
    }
  };

  const forget = [clock.onMove(() => void look()), worker.onAgain(({ dueAt }) => lookAt(dueAt))];
  lookIn(0);
  return {
    soon: () => void look(),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      for (const one of forget) one();
    },
  };
}

/** Jobs for what is due within this time lie on Redis; the sweep adds the rest when its time comes. */
const horizonMs = 3_600_000;
const jobsAtOnce = 10_000;
/** A Redis that takes longer to answer counts as one that is away. */
const patienceMs = 5_000;
const jobsInParallel = 8;

interface Job {
  readonly effect: string;
}

export interface BullSettings {
  readonly redisUrl: string;
  readonly school: string;
  readonly textsPerSecond: number;
  readonly sweepMs?: number;
}

type Queue = Bull.Queue<Job>;

/** Whole texts in whole milliseconds, as bull's limiter counts: 0.5 a second is 1 in 2,000 ms. */
function limiterFor(textsPerSecond: number): Bull.RateLimiter {
  const max = Math.max(1, Math.round(textsPerSecond));
  return { max, duration: Math.round((max / textsPerSecond) * 1_000) };
}

function openQueue({ redisUrl, school }: BullSettings, name: string, limiter?: Bull.RateLimiter): Queue {
  return new Bull<Job>(`afterbell-${school}-${name}`, redisUrl, {
    // A job that is lost or fails is added again by the sweep: the store knows what is due.
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    ...(limiter ? { limiter } : {}),
    // A connection that is given up lives on for two seconds otherwise, and the process with it.
    redis: { disconnectTimeout: 200 },
  });
}

/** bull waits for a Redis that is away before it closes: after a moment its connections are cut. */
async function closeQueue(queue: Queue): Promise<void> {
  await within(queue.close(true), 1_000).catch(() => {});
  for (const name of ["client", "bclient", "eclient"]) {
    const client: unknown = Reflect.get(queue, name);
    if (typeof client === "object" && client !== null && "disconnect" in client) {
      (client as { disconnect(): void }).disconnect();
    }
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis has not answered for ${ms} ms`)), ms);
  });
  return Promise.race([work, patience]).finally(() => clearTimeout(timer));
}

/** Says once that Redis is away, however often its connections say so, and once that it is back. */
function outages(log: Logger) {
  let away = false;
  return {
    away(error: unknown) {
      if (away) return;
      away = true;
      log.warn({ error: String(error) }, "Redis does not answer: effects are performed at the sweep's pace");
    },
    back() {
      if (away) log.info("Redis answers again");
      away = false;
    },
  };
}

/**
 * bull on Redis: delayed jobs that carry only an effect's id. Redis may be wiped or away at any time: the
 * sweep fills it again from the store, or performs what is due by itself, and an effect that is done is not due.
 */
export function bullWake(
  worker: Worker,
  store: Store,
  clock: Clock,
  log: Logger,
  settings: BullSettings,
): Wake {
  const effects = openQueue(settings, "effects");
  // By themselves: a mail server that hangs must not keep back what is due in the mailboxes.
  const moves = openQueue(settings, "moves");
  const texts = openQueue(settings, "texts", limiterFor(settings.textsPerSecond));
  const queues = [effects, moves, texts];
  const outage = outages(log);
  for (const queue of queues) {
    queue.on("error", outage.away);
    queue
      .process(queue === texts ? 1 : jobsInParallel, ({ data }) => worker.runOne(data.effect))
      .catch(outage.away);
  }

  /** Since the last sweep; without it every message would add all jobs again. */
  const added = new Set<string>();
  const add = async ({ id, kind, attempts, dueAt }: Again, isText: boolean) => {
    // The same effect and attempt is one job, however often it is added.
    const jobId = `${id}:${attempts}:${dueAt}`;
    if (added.has(jobId)) return;
    const delay = Math.max(0, Date.parse(dueAt) - clock.nowMs());
    // 1 is bull's most urgent: somebody may be in danger.
    const priority = kind === "alert" ? { priority: 1 } : {};
    const queue = isText ? texts : kind === "move" ? moves : effects;
    await queue.add({ effect: id }, { jobId, delay, ...priority });
    added.add(jobId);
  };
  const fill = async () => {
    if (effects.client.status !== "ready") throw new Error("there is no connection");
    const before = new Date(clock.nowMs() + horizonMs).toISOString();
    for (const one of await upcoming(store, before, jobsAtOnce)) await add(one, one.isText);
    outage.back();
  };
  const fillOrRun = async () => {
    try {
      await within(fill(), patienceMs);
    } catch (error) {
      outage.away(error);
      added.clear();
      worker.begin();
    }
  };

  let filling: Promise<void> = Promise.resolve();
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    filling = filling.then(() => {
      waiting = false;
      return fillOrRun();
    });
  };
  const sweep = () => {
    added.clear();
    soon();
  };
  const timer = setInterval(sweep, settings.sweepMs ?? usualSweepMs);
  const firstLook = setTimeout(soon, patienceMs);
  // At the start, and whenever Redis comes back: it may be empty.
  effects.client.on("ready", sweep);
  const forget = [
    // Jobs wait by the clock of Redis, which nobody moves.
    clock.onMove(() => worker.begin()),
    worker.onAgain(soon),
  ];
  return {
    soon,
    stop: async () => {
      clearInterval(timer);
      clearTimeout(firstLook);
      for (const one of forget) one();
      await Promise.all(queues.map(closeQueue));
    },
  };
}
