// Reading a folder without leaving a trace: every fetch is a PEEK, nothing is marked as seen.
import { createHash } from "node:crypto";
import type { FetchMessageObject } from "imapflow";
import { systemClock } from "../../clock.ts";
import type { Instant, Place } from "../../core/types.ts";
import { ConnectionLost } from "./connection.ts";
import type { Watch } from "./watch.ts";

/** One message of a folder, without its body. */
export interface Row {
  readonly place: Place;
  /** INTERNALDATE. */
  readonly receivedAt: Instant;
  /** RFC822.SIZE; some servers only estimate it. */
  readonly bytes: number;
  readonly head: Buffer;
  /** SHA-256 of the head: finds the same message again in another folder. */
  readonly headHash: string;
}

export interface OpenFolder {
  readonly uidValidity: string;
  /** null when the server does not say. */
  readonly uidNext: number | null;
  /** true when it was opened just now: no event will tell of mail that came before. */
  readonly fresh: boolean;
}

/** A truncated message keeps this much: the head and, nearly always, the first text part. */
const TRUNCATED_BYTES = 1024 * 1024;
/** Octets of messages that are held in memory at once, and messages asked for in one command. */
const BATCH_BYTES = 16 * 1024 * 1024;
export const BATCH_MESSAGES = 200;

/** imapflow answers a fetch with nothing, instead of an error, when no folder is open: that must not count as "gone". */
function mustBeOpen(watch: Watch, folder: string): void {
  const { client } = watch;
  if (!client.usable || !client.mailbox || client.mailbox.path !== folder)
    throw new ConnectionLost("NotOpen");
}

/** Opens a folder unless it is open already. Throws ConnectionLost when its UIDVALIDITY changed meanwhile. */
export async function openFolder(watch: Watch, folder: string): Promise<OpenFolder> {
  const { client } = watch;
  const fresh = !client.mailbox || client.mailbox.path !== folder;
  if (fresh) await client.mailboxOpen(folder);
  mustBeOpen(watch, folder);
  const mailbox = client.mailbox;
  if (!mailbox || mailbox.uidValidity === undefined) throw new ConnectionLost("NoUidValidity");
  const uidValidity = mailbox.uidValidity.toString();
  const known = watch.validities.get(folder);
  if (known !== undefined && known !== uidValidity) throw new ConnectionLost("UidValidityChanged");
  watch.validities.set(folder, uidValidity);
  return { uidValidity, uidNext: mailbox.uidNext ?? null, fresh };
}

/** UIDs as an IMAP sequence set: [1, 2, 3, 7] is "1:3,7". */
export function uidSet(uids: Iterable<number>): string {
  const ranges: { first: number; last: number }[] = [];
  for (const uid of [...uids].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && uid <= range.last + 1) range.last = uid;
    else ranges.push({ first: uid, last: uid });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`)).join(",");
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}

function toInstant(date: Date | string | undefined): Instant {
  return date instanceof Date ? date.toISOString() : systemClock.now();
}

/** A message that its owner has marked as deleted counts as absent everywhere. */
function isThere(message: FetchMessageObject): boolean {
  return message.uid !== undefined && !message.flags?.has("\\Deleted");
}

/** The messages of `range` (UIDs) in the open folder, oldest UID first, without those marked as deleted. */
export async function readRows(watch: Watch, folder: string, range: string): Promise<Row[]> {
  const { uidValidity } = await openFolder(watch, folder);
  const query = { uid: true, flags: true, internalDate: true, size: true, headers: true };
  const messages = await watch.client.fetchAll(range, query, { uid: true });
  mustBeOpen(watch, folder);
  // A change of flags meanwhile is told by a FETCH of its own, with nothing but the flags.
  const answers = messages.filter((message) => isThere(message) && message.internalDate !== undefined);
  const byUid = new Map(answers.map((message) => [message.uid, message]));
  return [...byUid.values()]
    .sort((a, b) => a.uid - b.uid)
    .map((message) => {
      // imapflow gives false for NIL.
      const head = Buffer.isBuffer(message.headers) ? message.headers : Buffer.alloc(0);
      return {
        place: { account: watch.watched.account, folder, uidValidity, uid: message.uid },
        receivedAt: toInstant(message.internalDate),
        bytes: message.size ?? 0,
        head,
        headHash: createHash("sha256").update(head).digest("hex"),
      };
    });
}

/** The UIDs of `range` that are in the folder and not marked as deleted. */
export async function readUids(watch: Watch, folder: string, range: string): Promise<Set<number>> {
  await openFolder(watch, folder);
  const messages = await watch.client.fetchAll(range, { uid: true, flags: true }, { uid: true });
  mustBeOpen(watch, folder);
  return new Set(messages.filter(isThere).map(({ uid }) => uid));
}

/** Which of these UIDs are in the folder and not marked as deleted. */
export async function stillThere(
  watch: Watch,
  folder: string,
  uids: readonly number[],
): Promise<Set<number>> {
  const there = new Set<number>();
  for (const some of chunks(uids, BATCH_MESSAGES)) {
    for (const uid of await readUids(watch, folder, uidSet(some))) there.add(uid);
  }
  return there;
}

export interface Source {
  readonly uid: number;
  readonly raw: Buffer;
  /** true: too large; `raw` is its head and beginning. */
  readonly truncated: boolean;
}

interface Wanted {
  readonly uid: number;
  readonly bytes: number;
}

/** Splits what is wanted so that one command never brings more than a bounded number of octets. */
function* batches<T extends Wanted>(wanted: readonly T[]): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of wanted) {
    if (batch.length > 0 && (bytes + item.bytes > BATCH_BYTES || batch.length === BATCH_MESSAGES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += item.bytes;
  }
  if (batch.length > 0) yield batch;
}

async function readBatch(
  watch: Watch,
  uids: readonly number[],
  maxLength: number,
): Promise<FetchMessageObject[]> {
  // Always with a length: a server that estimates sizes must not be able to send more.
  const query = { uid: true, source: { start: 0, maxLength } };
  return await watch.client.fetchAll(uidSet(uids), query, { uid: true });
}

/** The octets of messages in a folder. A UID that is not answered was not there (or the server kept it back). */
export async function* readSources(
  watch: Watch,
  folder: string,
  wanted: readonly Wanted[],
): AsyncGenerator<Source> {
  const { maxMessageBytes } = watch.watched;
  const large = wanted.filter(({ bytes }) => bytes > maxMessageBytes);
  const usual = wanted.filter(({ bytes }) => bytes <= maxMessageBytes);
  const keepBytes = Math.min(TRUNCATED_BYTES, maxMessageBytes);
  const plan = [
    ...[...batches(usual)].map((batch) => ({ batch, maxLength: maxMessageBytes + 1 })),
    ...chunks(large, 8).map((batch) => ({ batch, maxLength: keepBytes })),
  ];
  for (const { batch, maxLength } of plan) {
    await openFolder(watch, folder);
    const uids = batch.map(({ uid }) => uid);
    for (const { uid, source } of await readBatch(watch, uids, maxLength)) {
      if (!Buffer.isBuffer(source)) continue;
      const truncated =
        source.length > maxMessageBytes || (maxLength === keepBytes && source.length === keepBytes);
      yield { uid, raw: truncated ? source.subarray(0, keepBytes) : source, truncated };
    }
  }
}
