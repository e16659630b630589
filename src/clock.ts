// The one clock of the service. Everything outside core asks it; the trial school moves it.
import type { Instant } from "./core/types.ts";

export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  now(): Instant;
  /** Calls back after the clock was moved by hand; returns how to stop. */
  onMove(listener: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  now: () => new Date().toISOString(),
  onMove: () => () => {},
};

/** A clock that runs at the usual pace from wherever it was last set. */
export class MovableClock implements Clock {
  #offsetMs: number;
  readonly #listeners = new Set<() => void>();

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  nowMs(): number {
    return Date.now() + this.#offsetMs;
  }

  now(): Instant {
    return new Date(this.nowMs()).toISOString();
  }

  set(instant: Instant): void {
    this.#offsetMs = Date.parse(instant) - Date.now();
    for (const listener of this.#listeners) listener();
  }

  onMove(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
