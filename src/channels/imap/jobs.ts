// Moves that were asked for and wait for the connection.
import type { Place } from "../../core/types.ts";
import type { Role } from "./folders.ts";
import type { Moved } from "./moves.ts";

export interface Job {
  readonly places: readonly Place[];
  readonly to: Role;
  readonly resolve: (moved: ReadonlyMap<string, Moved>) => void;
  readonly reject: (error: unknown) => void;
}

export class Jobs {
  #jobs: Job[] = [];

  get waiting(): boolean {
    return this.#jobs.length > 0;
  }

  async add(places: readonly Place[], to: Role): Promise<ReadonlyMap<string, Moved>> {
    return await new Promise((resolve, reject) => {
      this.#jobs.push({ places, to, resolve, reject });
    });
  }

  take(): Job | undefined {
    return this.#jobs.shift();
  }

  rejectAll(error: unknown): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) job.reject(error);
  }
}
