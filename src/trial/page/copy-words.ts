// Where a copy of a message is, and what has been done, in plain words.

import { sentenceList } from "../../cases/timeline.ts";
import { deskWords } from "../../cases/words.ts";
import type { Instant } from "../../core/types.ts";
import type { Copy, Step } from "../trace.ts";

export type Tone = "waiting" | "there" | "kept" | "pending";

export interface Place {
  readonly text: string;
  readonly tone: Tone;
}

/** How an instant is said on a label: "Mon 30 Nov, 08:00". */
export type Say = (at: Instant) => string;

/** @param copy null while Afterbell has not taken it in */
export function placeOf(copy: Copy | null, say: Say): Place {
  if (copy === null) return { text: "On its way", tone: "pending" };
  const { state, outcome, releaseAt, releasedAt } = copy;
  switch (state) {
    case "held":
    case "moving":
      return { text: releaseAt ? `Waits until ${say(releaseAt)}` : "Waits", tone: "waiting" };
    case "referred":
      return { text: "With the headteacher", tone: "kept" };
    case "digested":
      return { text: "In a digest of several", tone: "there" };
    case "gone":
      return { text: "Moved or deleted by its owner", tone: "there" };
    default:
      if (outcome === "hold" && releasedAt) return { text: `Came back ${say(releasedAt)}`, tone: "there" };
      if (outcome === "escalate") return { text: "Released by the headteacher", tone: "there" };
      return { text: "Delivered at once", tone: "there" };
  }
}

/** null for what needs no mention; names are those of staff. */
export function stepWords(step: Step, nameOf: (id: string) => string): string | null {
  const not = step.failed ? " could not be sent" : " was sent";
  const name = step.recipient === null ? "a member of staff" : nameOf(step.recipient);
  switch (step.kind) {
    case "reply":
      return `An automatic reply${not}`;
    case "forward":
      return `A copy${not} to ${deskWords(step.to)}`;
    case "alert":
      return `An alert${not} to ${deskWords(step.to)}`;
    case "notice":
      return `A notice${not} to ${deskWords(step.to)}`;
    case "passOn":
      return `The text was passed on to ${name}`;
    case "digest":
      return `A digest${not} to ${name}`;
    case "move":
      return moved(step.to, name, step.failed);
    default:
      return null;
  }
}

function moved(to: string, name: string, failed: boolean): string {
  if (failed) return `It could not be moved in ${name}'s mailbox`;
  if (to === "inbox") return `It came into ${name}'s INBOX`;
  return `It was kept from ${name}`;
}

/** "Mrs Shah", "Mrs Shah and 4 others". */
export const shortList = (names: readonly string[]): string =>
  names.length <= 3 ? sentenceList(names) : `${names[0]} and ${names.length - 1} others`;
