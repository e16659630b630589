// Too many messages, too often the same one: the school's limits, counted from what the store knows.
import { nearlySame } from "./fingerprint.ts";
import type { EarlierMessage, Instant, Limit } from "./types.ts";

export { fingerprint, nearlySame } from "./fingerprint.ts";

const hourMs = 3_600_000;
/** Two processes' clocks differ by a little: what one has just recorded counts for the other. */
const clockSkewMs = 60_000;

/**
 * The first of `limits` that this message exceeds, and how many messages are in its window with this one;
 * null when it exceeds none.
 *
 * A window of `windowHours` ends at `now`: what came exactly that long ago is out. Hours are real ones,
 * whatever the clocks do. `earlier` are the sender's other messages, `recipient` is a staff id, and
 * `print` is this message's fingerprint. A "sender" limit counts all of them, a "recipient" limit those to
 * that person, a "repeat" limit those that say nearly the same. An instant that cannot be read counts for nothing.
 */
export function overLimit(
  limits: readonly Limit[],
  now: Instant,
  earlier: readonly EarlierMessage[],
  recipient: string,
  print: string,
): { readonly limit: Limit; readonly count: number } | null {
  const nowMs = Date.parse(now);
  for (const limit of limits) {
    const counted = earlier.filter(
      (message) => isInWindow(message, limit, nowMs) && isCounted(message, limit, recipient, print),
    );
    const count = counted.length + 1;
    if (count > limit.messages) return { limit, count };
  }
  return null;
}

function isInWindow(message: EarlierMessage, limit: Limit, nowMs: number): boolean {
  const atMs = Date.parse(message.receivedAt);
  return atMs > nowMs - limit.windowHours * hourMs && atMs <= nowMs + clockSkewMs;
}

function isCounted(message: EarlierMessage, limit: Limit, recipient: string, print: string): boolean {
  switch (limit.counts) {
    case "sender":
      return true;
    case "recipient":
      return message.recipients.includes(recipient);
    case "repeat":
      return nearlySame(message.fingerprint, print);
  }
}
