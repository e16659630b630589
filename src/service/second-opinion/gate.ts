// Whether to ask at all: at most so many questions an hour, and none for a while after the endpoint failed.

const hourMs = 3_600_000;
/** After a failure nobody is kept waiting for this long. */
export const restMs = 5 * 60_000;
/** One odd answer is the message's doing; several in a row are the model's. */
const unreadableInARow = 3;

export type Admission = "yes" | "resting" | "over-budget";

/** Counts in memory: a restart begins anew. All times are milliseconds of a clock that only goes forward. */
export class Gate {
  readonly #perHour: number;
  #asked: number[] = [];
  #restUntilMs: number | null = null;
  #unreadable = 0;

  constructor(perHour: number) {
    this.#perHour = perHour;
  }

  admit(nowMs: number): Admission {
    if (this.#restUntilMs !== null && nowMs < this.#restUntilMs) return "resting";
    this.#asked = this.#asked.filter((at) => nowMs - at < hourMs);
    if (this.#asked.length >= this.#perHour) return "over-budget";
    // One question tries whether it is back; the others do not wait for it.
    if (this.#restUntilMs !== null) this.#restUntilMs = nowMs + restMs;
    this.#asked.push(nowMs);
    return "yes";
  }

  answered(): void {
    this.#restUntilMs = null;
    this.#unreadable = 0;
  }

  failed(nowMs: number): void {
    this.#restUntilMs = nowMs + restMs;
  }

  /** An answer came, but not in the agreed form. */
  unreadable(nowMs: number): void {
    this.#unreadable += 1;
    if (this.#unreadable >= unreadableInARow) this.failed(nowMs);
  }
}
