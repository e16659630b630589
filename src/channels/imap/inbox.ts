// New mail in INBOX: shield first, then read, hand over, and remember how far we are.
import type { Instant, Place } from "../../core/types.ts";
import type { MailboxPosition } from "../imap.ts";
import { errorCode } from "./connection.ts";
import { type Arrival, type Handover, type Missing, readOne, recognise } from "./handover.ts";
import { canMove, moveRows, removeMessages } from "./moves.ts";
import { placeKey } from "./places.ts";
import { openFolder, type Row, readRows, stillThere } from "./reading.ts";
import type { Watch } from "./watch.ts";

/** After a change of UIDVALIDITY this many of the newest messages are looked at. */
const REATTACH_MESSAGES = 500;

function later(a: Instant | null, b: Instant): Instant {
  return a !== null && a > b ? a : b;
}

export class Inbox {
  readonly #watch: Watch;
  readonly #handover: Handover;
  readonly #folder: string;
  /** The highest UID that was looked at. What is saved may be lower. */
  #lastUid = 0;
  #lastAt: Instant | null = null;
  #saved: MailboxPosition | null = null;
  /** Messages that our own moves put here and whose new place the host has not recorded yet. */
  readonly #ours = new Map<number, Place>();
  /** The first look after connecting: a move may have been interrupted. */
  #first = true;
  /** While mail from before a change of UIDVALIDITY waits, the old position is the right one to restart from. */
  #reattaching = false;

  constructor(watch: Watch, handover: Handover) {
    this.#watch = watch;
    this.#handover = handover;
    this.#folder = watch.folders.inbox;
  }

  /** Opens INBOX and reads the saved position; on the first day everything that is there is left alone. */
  async enter(missing: Missing): Promise<void> {
    const { host, watched } = this.#watch;
    const { uidValidity } = await openFolder(this.#watch, this.#folder);
    const position = await host.position(this.#folder);
    if (position === null) {
      this.#lastUid = await this.#highestUid();
      this.#lastAt = await this.#newestAt();
      await this.save();
      host.log.info({ account: watched.account }, "Mailbox enrolled; the mail that is there is left alone.");
    } else if (position.uidValidity === uidValidity) {
      this.#lastUid = position.lastUid;
      this.#lastAt = position.lastAt;
      this.#saved = position;
    } else {
      await this.#reattach(position, missing);
    }
  }

  /** Takes all mail above the last UID. Messages that are among the `missing` have only moved. */
  async collect(missing: Missing = []): Promise<void> {
    const rows = await readRows(this.#watch, this.#folder, `${this.#lastUid + 1}:*`);
    // `n:*` always answers the last message, even when its UID is below n.
    const fresh = rows.filter((row) => row.place.uid > this.#lastUid);
    await this.#take(fresh, missing);
    this.#first = false;
    await this.save();
  }

  /** Whether INBOX has mail that was not looked at, by its UIDNEXT. */
  isBehind(uidNext: number | null): boolean {
    return uidNext === null || uidNext > this.#lastUid + 1;
  }

  /** Saves the position below everything that a restart has to look at again. */
  async save(): Promise<void> {
    if (this.#reattaching && this.#handover.lowestWaiting(this.#folder) !== null) return;
    this.#reattaching = false;
    const { host, watched } = this.#watch;
    try {
      await this.#settleOurs();
      const uidValidity = this.#watch.validities.get(this.#folder);
      const waiting = [this.#handover.lowestWaiting(this.#folder), ...this.#ours.keys()];
      const lowest = Math.min(this.#lastUid + 1, ...waiting.filter((uid) => uid !== null));
      const position = { uidValidity: uidValidity ?? "", lastUid: lowest - 1, lastAt: this.#lastAt };
      if (uidValidity === undefined || samePosition(position, this.#saved)) return;
      await host.savePosition(this.#folder, position);
      this.#saved = position;
    } catch (error) {
      host.log.warn({ account: watched.account, because: errorCode(error) }, "The position was not saved.");
    }
  }

  async #settleOurs(): Promise<void> {
    if (this.#ours.size === 0) return;
    const known = await this.#watch.host.known([...this.#ours.values()]);
    for (const [uid, place] of this.#ours) if (known.has(placeKey(place))) this.#ours.delete(uid);
  }

  async #highestUid(): Promise<number> {
    const { uidNext } = await openFolder(this.#watch, this.#folder);
    if (uidNext !== null) return uidNext - 1;
    const newest = await readRows(this.#watch, this.#folder, "*");
    return newest.at(-1)?.place.uid ?? 0;
  }

  /** When the newest mail came, judged by the last few UIDs: a single one may be an old message that was moved. */
  async #newestAt(): Promise<Instant> {
    const rows = await readRows(this.#watch, this.#folder, `${Math.max(1, this.#lastUid - 50)}:*`);
    return rows.reduce((at: Instant, row) => later(at, row.receivedAt), new Date(0).toISOString());
  }

  /** Every UID is void. Recorded messages are found by content; newer ones than the last known are new mail. */
  async #reattach(position: MailboxPosition, missing: Missing): Promise<void> {
    const { host, watched } = this.#watch;
    host.log.warn({ account: watched.account }, "UIDVALIDITY of INBOX changed; comparing what is there.");
    const highestUid = await this.#highestUid();
    const lost = (await host.recorded(this.#folder)).filter(
      (place) => place.uidValidity === position.uidValidity,
    );
    missing.push(...lost);
    const rows = await readRows(
      this.#watch,
      this.#folder,
      `${Math.max(1, highestUid - REATTACH_MESSAGES)}:*`,
    );
    const unknown = await this.#withoutRecognised(rows, missing);
    const lastAt = position.lastAt;
    const fresh = lastAt === null ? [] : unknown.filter(({ receivedAt }) => receivedAt > lastAt);
    this.#reattaching = true;
    this.#lastAt = lastAt;
    this.#lastUid = highestUid;
    await this.#take(fresh, missing);
    // Delivered mail that is not there any more needs no word: it was its owner's to move.
    for (const place of lost) {
      const at = missing.indexOf(place);
      if (at >= 0) missing.splice(at, 1);
    }
    await this.save();
  }

  async #withoutRecognised(rows: readonly Row[], missing: Missing): Promise<Row[]> {
    const unknown: Row[] = [];
    for (const row of [...rows].reverse()) {
      if (missing.length === 0 || !(await this.#isOneOf(row, missing))) unknown.unshift(row);
    }
    return unknown;
  }

  async #isOneOf(row: Row, missing: Missing): Promise<boolean> {
    const raw = await readOne(this.#watch, row.place, row.bytes);
    return raw !== null && (await recognise(this.#watch, raw, row.place, missing));
  }

  async #take(rows: readonly Row[], missing: Missing): Promise<void> {
    const strangers = await this.#strangers(rows);
    const fresh: Row[] = [];
    for (const row of strangers) if (!(await this.#isOldFriend(row, missing))) fresh.push(row);
    const shielded = await this.#shielded(fresh);
    const arrivals = await this.#move(fresh, shielded);
    await this.#handover.give(arrivals);
    for (const row of rows) {
      this.#lastUid = Math.max(this.#lastUid, row.place.uid);
      this.#lastAt = later(this.#lastAt, row.receivedAt);
    }
  }

  /** Without those that the host knows, and without those that we put there. */
  async #strangers(rows: readonly Row[]): Promise<readonly Row[]> {
    if (rows.length === 0) return rows;
    const known = await this.#watch.host.known(rows.map(({ place }) => place));
    return rows.filter(({ place }) => {
      if (known.has(placeKey(place))) return false;
      const ours = this.#watch.trail.hasTarget(place);
      if (ours) this.#ours.set(place.uid, place);
      return !ours;
    });
  }

  /**
   * true when the row is a message that we hold or have held: its owner took it back out of the folder
   * (they win), or a move of ours was interrupted.
   */
  async #isOldFriend(row: Row, missing: Missing): Promise<boolean> {
    if (missing.length > 0 && (await this.#isOneOf(row, missing))) return true;
    for (const lying of this.#watch.shelf.withHead(row.headHash)) {
      const there = await stillThere(this.#watch, lying.folder, [lying.uid]);
      if (!there.has(lying.uid)) {
        if (await this.#isOneOf(row, [lying])) return true;
      } else if (this.#first && !canMove(this.#watch) && (await this.#finishCopy(row, lying))) {
        return true;
      }
    }
    return false;
  }

  /** On a server without MOVE a crash between copying and deleting leaves the same octets in both folders. */
  async #finishCopy(row: Row, copy: Place): Promise<boolean> {
    const original = await readOne(this.#watch, row.place, row.bytes);
    const other = await readOne(this.#watch, copy, row.bytes);
    if (original === null || other === null || !original.equals(other)) return false;
    await removeMessages(this.#watch, this.#folder, [row.place.uid]);
    return true;
  }

  async #shielded(rows: readonly Row[]): Promise<Row[]> {
    const answers = await Promise.all(rows.map((row) => this.#isShielded(row)));
    return rows.filter((_, index) => answers[index]);
  }

  async #isShielded({ head, receivedAt }: Row): Promise<boolean> {
    const { host, watched } = this.#watch;
    try {
      return await host.shield(head, receivedAt);
    } catch (error) {
      // Doubt delivers; the decision that follows can still hold it.
      const detail = { account: watched.account, because: errorCode(error) };
      host.log.warn(detail, "Not known whether a message is to be shielded; it stays in INBOX.");
      return false;
    }
  }

  async #move(rows: readonly Row[], shielded: readonly Row[]): Promise<Arrival[]> {
    const { folders, host, watched } = this.#watch;
    const moved =
      shielded.length > 0 ? await moveRows(this.#watch, shielded, this.#folder, folders.held) : new Map();
    const refused = [...moved.values()].filter((to) => to === "refused").length;
    if (refused > 0) {
      const detail = { account: watched.account, refused, because: this.#watch.refusal() };
      host.log.warn(detail, "The server refused to move messages to the held folder; they stay in INBOX.");
    }
    const arrivals: Arrival[] = [];
    for (const { place, receivedAt, bytes } of rows) {
      const to = moved.get(place.uid) ?? "refused";
      if (to === "gone") continue;
      const now: Place = to === "refused" ? place : to;
      arrivals.push({ key: placeKey(place), place: now, receivedAt, bytes, origin: "inbox" });
    }
    return arrivals;
  }
}

function samePosition(a: MailboxPosition, b: MailboxPosition | null): boolean {
  return b !== null && a.uidValidity === b.uidValidity && a.lastUid === b.lastUid && a.lastAt === b.lastAt;
}
