// Handing messages to the host, and trying again those that it could not record.
import type { Instant, Place } from "../../core/types.ts";
import { errorCode, retryDelayMs } from "./connection.ts";
import type { Role } from "./folders.ts";
import { openFolder, readSources, type Source, stillThere } from "./reading.ts";
import { follow, type Watch } from "./watch.ts";

/** A message that the host has not recorded yet. */
export interface Arrival {
  readonly key: string;
  readonly place: Place;
  readonly receivedAt: Instant;
  readonly bytes: number;
  readonly origin: Role;
}

/** Recorded places whose message is no longer there; the ones that are found again are taken out. */
export type Missing = Place[];

export class Handover {
  readonly #watch: Watch;
  #waiting: Arrival[] = [];
  #attempt = 0;
  #retryAtMs = Number.POSITIVE_INFINITY;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** By performance.now(); infinite when nothing waits. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  /** The lowest UID of a folder that still waits to be recorded. */
  lowestWaiting(folder: string): number | null {
    const uids = this.#waiting.filter(({ place }) => place.folder === folder).map(({ place }) => place.uid);
    return uids.length > 0 ? Math.min(...uids) : null;
  }

  isWaiting(place: Place): boolean {
    return this.#waiting.some(
      (other) => other.place.folder === place.folder && other.place.uid === place.uid,
    );
  }

  /**
   * Reads each message where it is now and gives it to the host. One that is among the `missing` is not
   * new: the host is told that it moved.
   */
  async give(arrivals: readonly Arrival[], missing: Missing = []): Promise<void> {
    const folders = new Set(arrivals.map(({ place }) => place.folder));
    const failed: Arrival[] = [];
    for (const folder of folders) {
      const here = arrivals.filter(({ place }) => place.folder === folder);
      failed.push(...(await this.#giveFolder(folder, here, missing)));
    }
    this.#waiting = [...this.#waiting, ...failed];
    this.#schedule(failed.length);
  }

  async retry(): Promise<void> {
    const arrivals = this.#waiting;
    this.#waiting = [];
    await this.give(arrivals);
  }

  #schedule(failed: number): void {
    if (this.#waiting.length === 0) {
      this.#attempt = 0;
      this.#retryAtMs = Number.POSITIVE_INFINITY;
    } else if (failed > 0 || this.#retryAtMs === Number.POSITIVE_INFINITY) {
      this.#retryAtMs = performance.now() + retryDelayMs(this.#watch.timing, this.#attempt++);
    }
  }

  async #giveFolder(folder: string, arrivals: readonly Arrival[], missing: Missing): Promise<Arrival[]> {
    const open = new Map(arrivals.map((arrival) => [arrival.place.uid, arrival]));
    const failed: Arrival[] = [];
    const wanted = arrivals.map(({ place, bytes }) => ({ uid: place.uid, bytes }));
    for await (const source of readSources(this.#watch, folder, wanted)) {
      const arrival = open.get(source.uid);
      if (!arrival) continue;
      open.delete(source.uid);
      if (this.#watch.stop.aborted || !(await this.#giveOne(arrival, source, missing))) failed.push(arrival);
    }
    // Not answered: gone, or kept back by the server for now.
    const left = [...open.values()];
    if (left.length === 0) return failed;
    const there = await stillThere(this.#watch, folder, [...open.keys()]);
    const kept = left.filter(({ place }) => there.has(place.uid));
    for (const arrival of kept) this.#logKept(arrival, "not-sent");
    return [...failed, ...kept];
  }

  /** @returns false when it has to be tried again */
  async #giveOne(arrival: Arrival, { raw, truncated }: Source, missing: Missing): Promise<boolean> {
    const { host } = this.#watch;
    const { key, place, receivedAt, origin } = arrival;
    try {
      if (missing.length > 0 && (await recognise(this.#watch, raw, place, missing))) return true;
      await host.received({ raw, key, place, receivedAt, origin, truncated });
      return true;
    } catch (error) {
      this.#logKept(arrival, errorCode(error));
      return false;
    }
  }

  #logKept({ place }: Arrival, because: string): void {
    const { host, watched } = this.#watch;
    const detail = { account: watched.account, folder: place.folder, uid: place.uid, because };
    host.log.warn(detail, "A message could not be recorded; it stays where it is and is tried again.");
  }
}

/** Whether these octets are one of the `missing` messages; if so the host is told where it is now. */
export async function recognise(watch: Watch, raw: Buffer, place: Place, missing: Missing): Promise<boolean> {
  const from = await watch.host.recognise(raw, missing);
  const at = from === null ? -1 : missing.findIndex((other) => samePlace(other, from));
  const [found] = at < 0 ? [] : missing.splice(at, 1);
  if (!found) return false;
  await follow(watch, found, place);
  return true;
}

function samePlace(a: Place, b: Place): boolean {
  return a.folder === b.folder && a.uidValidity === b.uidValidity && a.uid === b.uid;
}

/** For a caller that needs the octets of one message at once. */
export async function readOne(watch: Watch, place: Place, bytes: number): Promise<Buffer | null> {
  const { uidValidity } = await openFolder(watch, place.folder);
  if (uidValidity !== place.uidValidity) return null;
  for await (const { uid, raw } of readSources(watch, place.folder, [{ uid: place.uid, bytes }])) {
    if (uid === place.uid) return raw;
  }
  return null;
}
