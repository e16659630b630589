// What the trial itself remembers between two starts: its clock, its ports and the headteacher's password.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { MovableClock } from "../clock.ts";
import { readJson, writeWhole } from "./files.ts";

const stateFile = z.object({
  /** What the trial's clock said last; null before the first start is through. */
  now: z.iso.datetime().nullable(),
  ports: z.object({
    web: z.number(),
    trial: z.number(),
    imap: z.number(),
    smtp: z.number(),
    texts: z.number(),
  }),
  signIn: z.object({ address: z.string(), password: z.string() }).nullable(),
  /** true once the first Friday has been lived through. */
  opened: z.boolean(),
});
export type TrialState = z.output<typeof stateFile>;

const first: TrialState = {
  now: null,
  ports: { web: 8420, trial: 8421, imap: 0, smtp: 0, texts: 0 },
  signIn: null,
  opened: false,
};

export interface KeptState {
  read(): TrialState;
  change(changes: Partial<TrialState>): void;
}

/** Everything that a trial writes into its folder; `--fresh` removes these and nothing else. */
const own = ["afterbell.db", "afterbell.db-wal", "afterbell.db-shm", "config", "mail", "post", "trial.json"];

export function clearTrial(dataDir: string): void {
  for (const name of own) rmSync(join(dataDir, name), { recursive: true, force: true });
}

export function keepState(dataDir: string): KeptState {
  const path = join(dataDir, "trial.json");
  let state = readJson(path, stateFile, first);
  return {
    read: () => state,
    change(changes) {
      state = { ...state, ...changes };
      writeWhole(path, JSON.stringify(state, null, 2));
    },
  };
}

const saveEveryMs = 5_000;

export interface TrialClock {
  readonly clock: MovableClock;
  /** Saves the time and stands still. */
  stop(): void;
}

/** The clock stands still while the trial does: whoever comes back on Tuesday finds the Friday evening they left. */
export function startClock(state: KeptState, begin: string): TrialClock {
  const clock = new MovableClock();
  clock.set(state.read().now ?? begin);
  const save = () => state.change({ now: clock.now() });
  const timer = setInterval(save, saveEveryMs);
  timer.unref();
  const forget = clock.onMove(save);
  return {
    clock,
    stop() {
      clearInterval(timer);
      forget();
      save();
    },
  };
}
