// Claim, perform, settle: what was decided is done at least once, and not twice where it can be told.
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import {
  type Claim,
  claimDue,
  claimOne,
  handBack,
  nextDue,
  type Settlement,
  settle,
} from "../store/effects.ts";
import type { Store } from "../store/open.ts";
import type { EffectsTable } from "../store/tables.ts";

/** Thrown by a performer: try again later, or never. */
export class PerformError extends Error {
  readonly temporary: boolean;

  constructor(message: string, temporary: boolean) {
    super(message);
    this.name = "PerformError";
    this.temporary = temporary;
  }
}

/** What performing one effect gave: kept with the row (a Message-ID, a MessageSid, where a message is now). */
export type Performed = ReadonlyMap<string, Readonly<Record<string, unknown>> | PerformError>;

/** Performs a group of effects of one kind; an effect without an entry in the answer is tried again. */
export type Perform = (group: readonly EffectsTable[]) => Promise<Performed>;

export interface WorkerSettings {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly perform: Readonly<Record<string, Perform>>;
  /** A fraction in 0..1 that spreads retries. */
  readonly random: () => number;
  readonly leaseMs?: number;
  readonly slots?: number;
}

const firstRetryMs = 5_000;
const longestRetryMs = 3_600_000;
/** With the longest pause of an hour, about five days. */
const mostAttempts = 130;
/** Held mail must come back: a release is tried for as long as it takes. */
const neverGivenUp: readonly string[] = ["move"];

/** Doubles from 5 seconds to an hour, spread by a quarter either way. */
export function retryDelayMs(attempts: number, random: number): number {
  const plainMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(plainMs * (0.75 + random / 2));
}

export class Worker {
  readonly #settings: WorkerSettings;
  readonly #owner: string;
  readonly #leaseMs: number;
  readonly #running = new Set<Promise<unknown>>();
  #stopped = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    this.#owner = `${hostname()}:${process.pid}:${Math.floor(settings.random() * 1e9)}`;
    this.#leaseMs = settings.leaseMs ?? 120_000;
  }

  #claim(): Claim {
    const { clock } = this.#settings;
    const leaseUntil = new Date(clock.nowMs() + this.#leaseMs).toISOString();
    return { owner: this.#owner, now: clock.now(), leaseUntil };
  }

  /** Performs everything that is due. Resolves to when the next effect is due, or null. */
  async runDue(): Promise<string | null> {
    const slot = async () => {
      while (!this.#stopped) {
        const group = await claimDue(this.#settings.store, this.#claim());
        if (group.length === 0) return;
        await this.#run(group);
      }
    };
    const slots = Array.from({ length: this.#settings.slots ?? 8 }, slot);
    await this.#tracked(Promise.all(slots));
    return nextDue(this.#settings.store);
  }

  /** Performs one effect, with its group, if it is due and nobody else has it. */
  async runOne(id: string): Promise<void> {
    if (this.#stopped) return;
    const group = await claimOne(this.#settings.store, id, this.#claim());
    if (group.length > 0) await this.#tracked(this.#run(group));
  }

  /** Waits for what is in flight, at most `withinMs`, and hands back the rest. */
  async stop(withinMs = 8_000): Promise<void> {
    this.#stopped = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.allSettled([...this.#running]), patience]);
    clearTimeout(timer);
    await handBack(this.#settings.store, this.#owner);
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    return work.finally(() => this.#running.delete(work));
  }

  async #run(group: readonly EffectsTable[]): Promise<void> {
    const kind = group[0]?.kind ?? "";
    const performed = await this.#perform(kind, group);
    for (const effect of group) {
      const outcome = performed.get(effect.id) ?? new PerformError("no answer from the performer", true);
      await settle(this.#settings.store, effect.id, this.#owner, this.#settlement(effect, outcome));
    }
  }

  async #perform(kind: string, group: readonly EffectsTable[]): Promise<Performed> {
    const perform = this.#settings.perform[kind];
    try {
      if (!perform) throw new PerformError(`this version cannot perform "${kind}"`, true);
      return await perform(group);
    } catch (error) {
      const failure = error instanceof PerformError ? error : new PerformError(String(error), true);
      return new Map(group.map(({ id }) => [id, failure]));
    }
  }

  #settlement(effect: EffectsTable, outcome: Readonly<Record<string, unknown>> | PerformError): Settlement {
    const { clock, log, random } = this.#settings;
    const told = { effect: effect.id, kind: effect.kind, attempts: effect.attempts };
    if (!(outcome instanceof PerformError)) {
      log.info(told, "performed");
      return { state: "done", result: JSON.stringify(outcome), at: clock.now() };
    }
    const keep = neverGivenUp.includes(effect.kind);
    if (keep || (outcome.temporary && effect.attempts < mostAttempts)) {
      const delayMs = retryDelayMs(effect.attempts, random());
      log.warn({ ...told, error: outcome.message, delayMs }, "will be tried again");
      const dueAt = new Date(clock.nowMs() + delayMs).toISOString();
      return { state: "due", dueAt, error: outcome.message };
    }
    log.error({ ...told, error: outcome.message }, "could not be performed: see the page of dead letters");
    return { state: "dead", error: outcome.message, at: clock.now() };
  }
}
