// What wakes the worker. The database is the truth; this only says when to look.
import Bull from "bull";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { upcoming } from "../store/effects.ts";
import type { Store } from "../store/open.ts";
import type { Worker } from "./worker.ts";

export interface Wake {
  /** Something may be due now. */
  soon(): void;
  stop(): Promise<void>;
}

/** Node's timers overflow at 24.8 days; looking every half minute also finds what other processes wrote. */
const sweepMs = 30_000;

/** A timer in the process: needs nothing installed. */
export function timerWake(worker: Worker, clock: Clock, log: Logger): Wake {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  let stopped = false;

  const look = async () => {
    clearTimeout(timer);
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    let next: string | null = null;
    try {
      next = await worker.runDue();
    } catch (error) {
      log.error({ error: String(error) }, "the outbox could not be read; it is tried again shortly");
    }
    running = false;
    if (stopped) return;
    const waitMs = next === null ? sweepMs : Math.max(0, Date.parse(next) - clock.nowMs());
    timer = setTimeout(look, again ? 0 : Math.min(waitMs, sweepMs));
    again = false;
  };

  const forget = clock.onMove(() => void look());
  timer = setTimeout(look, 0);
  return {
    soon: () => void look(),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      forget();
    },
  };
}

/** Jobs for what is due within this time lie on Redis; the sweep adds the rest when its time comes. */
const horizonMs = 3_600_000;
const jobsAtOnce = 10_000;

interface Job {
  readonly effect: string;
}

export interface BullSettings {
  readonly redisUrl: string;
  readonly school: string;
  readonly textsPerSecond: number;
  readonly sweepMs?: number;
}

/**
 * bull on Redis: delayed jobs that carry only an effect's id. Redis may be wiped at any time: the sweep
 * fills it again from the store, and an effect that is done already is not due.
 */
export function bullWake(
  worker: Worker,
  store: Store,
  clock: Clock,
  log: Logger,
  settings: BullSettings,
): Wake {
  const named = (name: string, limiter?: Bull.RateLimiter) =>
    new Bull<Job>(`afterbell-${settings.school}-${name}`, settings.redisUrl, {
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      ...(limiter ? { limiter } : {}),
    });
  const effects = named("effects");
  const perSecond = Math.max(1, Math.round(settings.textsPerSecond));
  const texts = named("texts", {
    max: perSecond,
    duration: Math.round((perSecond / settings.textsPerSecond) * 1_000),
  });
  for (const queue of [effects, texts]) {
    queue.on("error", (error) =>
      log.warn({ error: error.message }, "Redis does not answer; the sweep goes on"),
    );
    void queue.process(queue === texts ? 1 : 8, ({ data }) => worker.runOne(data.effect));
  }

  let filling: Promise<void> = Promise.resolve();
  const fill = async () => {
    if (effects.client.status !== "ready") {
      // Without Redis the work is done all the same, at the sweep's pace.
      await worker.runDue();
      return;
    }
    const before = new Date(clock.nowMs() + horizonMs).toISOString();
    for (const effect of await upcoming(store, before, jobsAtOnce)) {
      const queue = effect.kind === "text" ? texts : effects;
      const delay = Math.max(0, Date.parse(effect.dueAt) - clock.nowMs());
      // The same effect and attempt is one job, however often it is added.
      const jobId = `${effect.id}:${effect.attempts}:${effect.dueAt}`;
      await queue.add({ effect: effect.id }, { jobId, delay });
    }
  };
  const soon = () => {
    filling = filling.then(fill).catch((error: unknown) => {
      log.warn({ error: String(error) }, "the queue on Redis could not be filled; the sweep tries again");
    });
  };
  const sweep = setInterval(soon, settings.sweepMs ?? sweepMs);
  soon();
  return {
    soon,
    stop: async () => {
      clearInterval(sweep);
      await filling;
      await Promise.all([effects.close(true), texts.close(true)]);
    },
  };
}
