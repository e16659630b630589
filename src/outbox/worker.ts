// Claim, perform, settle: what was decided is done at least once, and not twice where it can be told.
import type { Logger } from "pino";
import { maskWithin } from "../cases/masking.ts";
import type { Clock } from "../clock.ts";
import type { Instant } from "../core/types.ts";
import {
  type Claim,
  claimDue,
  claimOne,
  claimOwners,
  handBack,
  nextDue,
  renewLeases,
  type Settlement,
  settle,
} from "../store/effects.ts";
import type { Store } from "../store/open.ts";
import type { EffectsTable } from "../store/tables.ts";
import { mayBeAlive, processOwner } from "./owner.ts";

/** Thrown by a performer: try again later, or never. */
export class PerformError extends Error {
  readonly temporary: boolean;
  /** true: what was sent may have arrived all the same; the next attempt has to find out first. */
  readonly maybeSent: boolean;
  /** Nothing failed, it is only too early: the attempt does not count. */
  readonly waitMs: number | null;

  constructor(message: string, temporary: boolean, facts: { maybeSent?: boolean; waitMs?: number } = {}) {
    super(message);
    this.name = "PerformError";
    this.temporary = temporary;
    this.maybeSent = facts.maybeSent ?? false;
    this.waitMs = facts.waitMs ?? null;
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
  /** A claim is somebody else's after this long without a sign of life, which is given three times as often. */
  readonly leaseMs?: number;
  /** Groups of effects that are performed at the same time. */
  readonly slots?: number;
}

const usualLeaseMs = 30_000;
const usualSlots = 8;
/**
 * Slots beyond the usual ones, for some kinds only. A mail server that hangs must keep back neither what
 * is due in the mailboxes nor an alert; mailboxes that hang must not keep back an alert.
 */
const reserved: readonly (readonly string[])[] = [["move", "alert"], ["move", "alert"], ["alert"], ["alert"]];

interface Patience {
  readonly longestPauseMs: number;
  readonly mostAttempts: number;
}

const firstRetryMs = 5_000;
/** About five days each. */
const usualPatience: Patience = { longestPauseMs: 3_600_000, mostAttempts: 130 };
const patienceFor: Readonly<Record<string, Patience>> = {
  alert: { longestPauseMs: 60_000, mostAttempts: 7_200 },
  // Held mail must come back: it is tried for as long as it takes, whatever the server says.
  move: { longestPauseMs: 300_000, mostAttempts: Number.POSITIVE_INFINITY },
};

/** Doubles from 5 seconds to the longest pause, spread by a quarter either way. */
export function retryDelayMs(
  attempts: number,
  random: number,
  longestMs = usualPatience.longestPauseMs,
): number {
  const plainMs = Math.min(longestMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(plainMs * (0.75 + random / 2));
}

/** An effect that is to be performed again, and when. */
export interface Again {
  readonly id: string;
  readonly kind: string;
  readonly attempts: number;
  readonly dueAt: Instant;
}

export class Worker {
  readonly #settings: WorkerSettings;
  readonly #process: string;
  readonly #leaseMs: number;
  readonly #slots = new Set<Promise<void>>();
  /** The claims that are being worked on, and the work. */
  readonly #claims = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(again: Again) => void>();
  #claimCount = 0;
  #adopted: Promise<void> | null = null;
  #renewing: NodeJS.Timeout | undefined;
  /** Somebody asked to begin while every slot was busy. */
  #asked = false;
  #stopped = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    this.#process = processOwner(settings.random());
    this.#leaseMs = settings.leaseMs ?? usualLeaseMs;
  }

  /** Performs everything that is due. Resolves when nothing is left to begin or in flight. */
  async runDue(): Promise<void> {
    this.begin();
    while (this.#slots.size > 0) await Promise.all(this.#slots);
  }

  /** Begins what is due, as far as slots are free, and goes on until nothing is. What goes wrong is logged. */
  begin(): void {
    const busy = this.#slots.size;
    const most = this.#settings.slots ?? usualSlots;
    if (busy >= most) this.#asked = true;
    const only = busy < most ? null : reserved[busy - most];
    if (this.#stopped || only === undefined) return;
    const slot = this.#work(only)
      .catch((error: unknown) => {
        const told = { error: maskWithin(String(error)) };
        this.#settings.log.error(told, "the outbox could not be read or written; it is tried again shortly");
      })
      .finally(() => {
        this.#slots.delete(slot);
        if (!this.#asked || this.#slots.size >= most) return;
        this.#asked = false;
        this.begin();
      });
    this.#slots.add(slot);
  }

  /** When something is next due after an instant; null when nothing waits. */
  async nextAfter(after: Instant): Promise<Instant | null> {
    return nextDue(this.#settings.store, after);
  }

  /** Calls back for each effect that is to be performed again; returns how to stop. */
  onAgain(listener: (again: Again) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Performs one effect, with its group, if it is due and nobody else has it. */
  async runOne(id: string): Promise<void> {
    if (this.#stopped) return;
    await this.#adopt();
    await this.#take((claim) => claimOne(this.#settings.store, id, claim));
  }

  /** Waits for what is in flight, at most `withinMs`, and hands back the rest. */
  async stop(withinMs = 5_000): Promise<void> {
    this.#stopped = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.allSettled([...this.#claims.values(), ...this.#slots]), patience]);
    clearTimeout(timer);
    clearInterval(this.#renewing);
    await handBack(this.#settings.store, [...this.#claims.keys()]);
  }

  async #work(only: readonly string[] | null): Promise<void> {
    await this.#adopt();
    const { store } = this.#settings;
    const next = async (claim: Claim) => {
      const group = await claimDue(store, claim, only);
      // Where one was due there may be more.
      if (group.length > 0) this.begin();
      return group;
    };
    while (!this.#stopped && (await this.#take(next)));
  }

  /** What processes of this machine had claimed that have ended since: nobody else will settle it. */
  #adopt(): Promise<void> {
    this.#adopted ??= this.#handBackOfDead().catch((error: unknown) => {
      this.#adopted = null;
      throw error;
    });
    return this.#adopted;
  }

  async #handBackOfDead(): Promise<void> {
    const { store, log } = this.#settings;
    const dead = (await claimOwners(store)).filter((owner) => !mayBeAlive(owner));
    if (dead.length === 0) return;
    log.warn({ claims: dead.length }, "carrying on with what a process that has ended was doing");
    await handBack(store, dead);
  }

  #leaseUntil(): Instant {
    return new Date(this.#settings.clock.nowMs() + this.#leaseMs).toISOString();
  }

  /** Claims and performs. @returns false when there was nothing to claim */
  async #take(claim: (claim: Claim) => Promise<readonly EffectsTable[]>): Promise<boolean> {
    this.#claimCount += 1;
    const owner = `${this.#process}:${this.#claimCount}`;
    const now = this.#settings.clock.now();
    const alive = [...this.#claims.keys()];
    const group = await claim({ owner, now, leaseUntil: this.#leaseUntil(), alive });
    if (group.length === 0) return false;
    this.#renewing ??= setInterval(() => void this.#renew(), this.#leaseMs / 3).unref();
    const work = this.#run(group, owner).finally(() => this.#claims.delete(owner));
    this.#claims.set(owner, work);
    await work;
    return true;
  }

  async #renew(): Promise<void> {
    const { store, log } = this.#settings;
    if (this.#claims.size === 0) return;
    await renewLeases(store, [...this.#claims.keys()], this.#leaseUntil()).catch((error: unknown) => {
      log.warn({ error: maskWithin(String(error)) }, "the leases of what is being done could not be renewed");
    });
  }

  async #run(group: readonly EffectsTable[], owner: string): Promise<void> {
    const kind = group[0]?.kind ?? "";
    const performed = await this.#perform(kind, group);
    for (const effect of group) {
      const outcome = performed.get(effect.id) ?? new PerformError("no answer from the performer", true);
      const settlement = this.#settlement(effect, outcome);
      await settle(this.#settings.store, effect.id, owner, settlement);
      if (settlement.state !== "due") continue;
      const attempts = effect.attempts - (settlement.error === null ? 1 : 0);
      const again = { id: effect.id, kind, attempts, dueAt: settlement.dueAt };
      for (const listener of this.#listeners) listener(again);
    }
  }

  async #perform(kind: string, group: readonly EffectsTable[]): Promise<Performed> {
    const perform = this.#settings.perform[kind];
    try {
      if (!perform) throw new PerformError(`this version cannot perform "${kind}"`, true);
      return await perform(group);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const failure = error instanceof PerformError ? error : new PerformError(said, true);
      return new Map(group.map(({ id }) => [id, failure]));
    }
  }

  #settlement(effect: EffectsTable, outcome: Readonly<Record<string, unknown>> | PerformError): Settlement {
    const { clock, log } = this.#settings;
    const told = { effect: effect.id, kind: effect.kind, attempts: effect.attempts };
    if (!(outcome instanceof PerformError)) {
      log.info(told, "performed");
      return { state: "done", result: JSON.stringify(outcome), at: clock.now() };
    }
    // A server's refusal names whom it refuses.
    const error = maskWithin(outcome.message);
    const delayMs = this.#delayMs(effect, outcome);
    if (delayMs === null) {
      log.error({ ...told, error }, "could not be performed: see afterbell dead-letters");
      return { state: "dead", error: outcome.message, at: clock.now() };
    }
    const dueAt = new Date(clock.nowMs() + delayMs).toISOString();
    if (outcome.waitMs !== null) {
      log.debug({ ...told, because: error, delayMs }, "put off");
      return { state: "due", dueAt, error: null, inDoubt: true };
    }
    log.warn({ ...told, error, delayMs }, "will be tried again");
    return { state: "due", dueAt, error: outcome.message, inDoubt: outcome.maybeSent };
  }

  /** null: never again by itself. */
  #delayMs({ kind, attempts }: EffectsTable, failure: PerformError): number | null {
    if (failure.waitMs !== null) return failure.waitMs;
    const { longestPauseMs, mostAttempts } = patienceFor[kind] ?? usualPatience;
    const isForGood = !failure.temporary && mostAttempts !== Number.POSITIVE_INFINITY;
    if (isForGood || attempts >= mostAttempts) return null;
    return retryDelayMs(attempts, this.#settings.random(), longestPauseMs);
  }
}
