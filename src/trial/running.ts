// A trial school that is running, as its page sees it.
import type { MovableClock } from "../clock.ts";
import type { LoadedConfig } from "../policy/load.ts";
import type { Store } from "../store/open.ts";
import type { Journal, Written } from "./journal.ts";
import type { SchoolTime } from "./moments.ts";
import type { ImapPeer } from "./peers/imap.ts";
import type { PostSettings } from "./post.ts";
import { isSettled } from "./trace.ts";

export interface Running {
  readonly clock: MovableClock;
  readonly loaded: () => LoadedConfig;
  readonly store: Store;
  readonly imap: ImapPeer;
  readonly journal: Journal;
  readonly post: PostSettings;
  /** Of the headteacher. */
  readonly signIn: { readonly address: string; readonly password: string };
  /** The headteacher's pages. */
  readonly webUrl: string;
  readonly dataDir: string;
  /** Called when something may look different. @returns how to stop */
  onChange(listener: () => void): () => void;
}

export function schoolTime({ policy }: LoadedConfig): SchoolTime {
  const hours = policy.hours["school"];
  if (hours === undefined) throw new Error("The school has no hours.");
  return { calendar: policy.calendar, hours };
}

const lookEveryMs = 20;

/**
 * Waits until Afterbell has done all that is due, so that what is shown next is the outcome.
 * @returns false when that took longer than `patienceMs`
 */
export async function settle(
  running: Pick<Running, "store" | "loaded" | "clock">,
  written: readonly Written[],
  patienceMs: number,
): Promise<boolean> {
  const { store, loaded, clock } = running;
  const until = performance.now() + patienceMs;
  while (!(await isSettled(store, loaded().policy.school, written, clock.now()))) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return true;
}
