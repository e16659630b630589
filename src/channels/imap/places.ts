// Where a message is on a mail server, as one piece of text, and how places follow one another.
import type { Place } from "../../core/types.ts";

/** `imap:<account>:<folder>:<uidvalidity>:<uid>`: the key of a message that was first seen at this place. */
export function placeKey(place: Place): string {
  return `imap:${place.account}:${place.folder}:${place.uidValidity}:${place.uid}`;
}

/** Enough for every move of a busy week; older ones have long been recorded by the host. */
const TRAIL_LENGTH = 20_000;

/**
 * The moves that this process has made or seen. It bridges the moment between a move on the server and
 * its record in the store, in which the message would look like a stranger in its new folder.
 */
export class Trail {
  readonly #next = new Map<string, Place>();
  readonly #targets = new Map<string, string>();

  add(from: Place, to: Place): void {
    const key = placeKey(from);
    this.#next.set(key, to);
    this.#targets.set(placeKey(to), key);
    if (this.#next.size <= TRAIL_LENGTH) return;
    const [oldest, target] = this.#next.entries().next().value ?? [];
    if (oldest !== undefined && target !== undefined) {
      this.#next.delete(oldest);
      this.#targets.delete(placeKey(target));
    }
  }

  /** Where a message that was at `place` is now, as far as is known. */
  follow(place: Place): Place {
    let at = place;
    for (let next = this.#next.get(placeKey(at)); next; next = this.#next.get(placeKey(at))) at = next;
    return at;
  }

  /** true when we put a message there ourselves. */
  hasTarget(place: Place): boolean {
    return this.#targets.has(placeKey(place));
  }

  hasLeft(place: Place): boolean {
    return this.#next.has(placeKey(place));
  }
}

/** What lies in the held and referred folders, found again by its head: notices a user who moves it back. */
export class Shelf {
  readonly #byHead = new Map<string, Map<string, Place>>();
  readonly #headOf = new Map<string, string>();

  put(place: Place, headHash: string): void {
    const key = placeKey(place);
    this.#headOf.set(key, headHash);
    const places = this.#byHead.get(headHash) ?? new Map<string, Place>();
    this.#byHead.set(headHash, places.set(key, place));
  }

  take(place: Place): void {
    const key = placeKey(place);
    const headHash = this.#headOf.get(key);
    if (headHash === undefined) return;
    this.#headOf.delete(key);
    const places = this.#byHead.get(headHash);
    places?.delete(key);
    if (places?.size === 0) this.#byHead.delete(headHash);
  }

  has(place: Place): boolean {
    return this.#headOf.has(placeKey(place));
  }

  withHead(headHash: string): readonly Place[] {
    return [...(this.#byHead.get(headHash)?.values() ?? [])];
  }
}
