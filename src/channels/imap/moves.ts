// Moving messages to another folder, and proving that they arrived.
//
// Three kinds of server:
// - MOVE (RFC 6851): one UID MOVE for all.
// - UIDPLUS only (RFC 4315): UID COPY, \Deleted, and UID EXPUNGE of exactly the copied ones.
// - neither: UID COPY and \Deleted, nothing is expunged, since a plain EXPUNGE would remove what other
//   programs have marked. Messages marked \Deleted count as absent everywhere (reading.ts).
//
// A move counts by COPYUID, or when both folders, read again, show it.
import type { Place } from "../../core/types.ts";
import { ConnectionLost } from "./connection.ts";
import type { Role } from "./folders.ts";
import { placeKey } from "./places.ts";
import { chunks, openFolder, type Row, readRows, stillThere, uidSet } from "./reading.ts";
import type { Watch } from "./watch.ts";

/** Some servers limit a command line to 8 kB. */
const MOVE_MESSAGES = 500;
/** How many messages that came by themselves are expected between a move and the second reading. */
const NEWEST = 200;

/** Where it is now; "gone": its owner has moved or deleted it; "refused": it stays where it was. */
export type Moved = Place | "gone" | "refused";

/** The server can prove a move by itself. */
function tellsUids(watch: Watch): boolean {
  return watch.client.capabilities.has("UIDPLUS");
}

export function canMove(watch: Watch): boolean {
  return watch.client.capabilities.has("MOVE");
}

/** Marks messages as deleted in the folder they are in, and removes exactly these where the server can. */
export async function removeMessages(watch: Watch, folder: string, uids: readonly number[]): Promise<void> {
  await openFolder(watch, folder);
  const set = uidSet(uids);
  // imapflow's messageDelete falls back to a plain EXPUNGE without UIDPLUS.
  const removed = tellsUids(watch)
    ? await watch.client.messageDelete(set, { uid: true })
    : await watch.client.messageFlagsAdd(set, ["\\Deleted"], { uid: true, silent: true });
  // The reconciliation of the next connection finds both copies and finishes what was begun.
  if (!removed) throw new ConnectionLost("NotRemoved");
}

async function uidNextOf(watch: Watch, folder: string): Promise<number> {
  const status = await watch.client.status(folder, { uidNext: true });
  return status ? (status.uidNext ?? 1) : 1;
}

/** UIDNEXT of the target before the move; not asked (null) of a server that will prove the move itself. */
async function uidNextBefore(watch: Watch, target: string): Promise<number | null> {
  return tellsUids(watch) ? null : await uidNextOf(watch, target);
}

/** A folder that its owner deleted is made again by the next connection. */
function mustExist(watch: Watch, answer: unknown): void {
  if (!answer && ["TRYCREATE", "NONEXISTENT"].includes(watch.refusal())) {
    throw new ConnectionLost("FolderDeleted");
  }
}

/** Finds rows in the target by their heads; two messages with the same head are taken in the order of UIDs. */
async function findArrived(
  watch: Watch,
  rows: readonly Row[],
  target: string,
  uidNext: number | null,
): Promise<Map<number, Place>> {
  const arrived = new Map<number, Place>();
  if (rows.length === 0) return arrived;
  // Just moved, so among the newest: no need to read a large INBOX.
  const sinceUid = uidNext ?? Math.max(1, (await uidNextOf(watch, target)) - rows.length - NEWEST);
  const candidates = (await readRows(watch, target, `${sinceUid}:*`)).filter(
    (row) => row.place.uid >= sinceUid && !watch.trail.hasTarget(row.place),
  );
  for (const row of rows) {
    const at = candidates.findIndex(({ headHash }) => headHash === row.headHash);
    const [found] = at < 0 ? [] : candidates.splice(at, 1);
    if (found) arrived.set(row.place.uid, found.place);
  }
  return arrived;
}

/** The answer's COPYUID as places. */
function provenPlaces(
  watch: Watch,
  target: string,
  answer: { uidMap?: Map<number, number> | undefined; uidValidity?: bigint | undefined },
): Map<number, Place> {
  const { account } = watch.watched;
  const uidValidity = answer.uidValidity?.toString();
  if (uidValidity === undefined) return new Map();
  const pairs = [...(answer.uidMap ?? [])];
  return new Map(pairs.map(([from, uid]) => [from, { account, folder: target, uidValidity, uid }]));
}

async function moveByServer(
  watch: Watch,
  rows: readonly Row[],
  source: string,
  target: string,
): Promise<Map<number, Moved>> {
  const { client } = watch;
  const uidNext = await uidNextBefore(watch, target);
  await openFolder(watch, source);
  const uids = rows.map(({ place }) => place.uid);
  const answer = await client.messageMove(uidSet(uids), target, { uid: true });
  mustExist(watch, answer);
  const proven = answer ? provenPlaces(watch, target, answer) : new Map<number, Place>();
  const unproven = rows.filter(({ place }) => !proven.has(place.uid));
  if (unproven.length === 0) return proven;
  const there = await stillThere(
    watch,
    source,
    unproven.map(({ place }) => place.uid),
  );
  const left = unproven.filter(({ place }) => !there.has(place.uid));
  // A server that proved some of them did not move the others.
  const arrived = await findArrived(watch, proven.size > 0 ? [] : left, target, uidNext);
  const settled = unproven.map(({ place: { uid } }): [number, Moved] => [
    uid,
    there.has(uid) ? "refused" : (arrived.get(uid) ?? "gone"),
  ]);
  return new Map<number, Moved>([...proven, ...settled]);
}

async function moveByCopy(
  watch: Watch,
  rows: readonly Row[],
  source: string,
  target: string,
): Promise<Map<number, Moved>> {
  const { client } = watch;
  const uidNext = await uidNextBefore(watch, target);
  await openFolder(watch, source);
  const uids = rows.map(({ place }) => place.uid);
  const answer = await client.messageCopy(uidSet(uids), target, { uid: true });
  mustExist(watch, answer);
  if (!answer) return new Map(uids.map((uid) => [uid, "refused"]));
  const proven = provenPlaces(watch, target, answer);
  const unproven = rows.filter(({ place }) => !proven.has(place.uid));
  const found = await findArrived(watch, proven.size > 0 ? [] : unproven, target, uidNext);
  const copied = new Map<number, Moved>([...proven, ...found]);
  // Only what is proven to lie in the target may disappear from the source.
  if (copied.size > 0) await removeMessages(watch, source, [...copied.keys()]);
  for (const uid of uids) if (!copied.has(uid)) copied.set(uid, "refused");
  return copied;
}

/**
 * Moves `rows`, all of one folder, in as few commands as the server allows. Every UID is in the answer.
 * Throws when the connection breaks; what had moved by then is found again by the reconciliation.
 */
export async function moveRows(
  watch: Watch,
  rows: readonly Row[],
  source: string,
  target: string,
): Promise<Map<number, Moved>> {
  const moved = new Map<number, Moved>();
  for (const some of chunks(rows, MOVE_MESSAGES)) {
    const way = canMove(watch) ? moveByServer : moveByCopy;
    for (const [uid, to] of await way(watch, some, source, target)) moved.set(uid, to);
  }
  for (const { place, headHash } of rows) {
    const to = moved.get(place.uid);
    if (typeof to !== "object") continue;
    watch.shelf.take(place);
    if (target !== watch.folders.inbox) watch.shelf.put(to, headHash);
  }
  return moved;
}

/** Moves messages of one folder by their places, as the outbox knows them. */
async function movePlaces(
  watch: Watch,
  places: readonly Place[],
  source: string,
  target: string,
): Promise<Map<number, Moved>> {
  const { uidValidity } = await openFolder(watch, source);
  // Under another UIDVALIDITY the UID is another message. The reconciliation finds the right one.
  const uids = places.filter((place) => place.uidValidity === uidValidity).map(({ uid }) => uid);
  const rows: Row[] = [];
  for (const some of chunks(uids, MOVE_MESSAGES)) rows.push(...(await readRows(watch, source, uidSet(some))));
  const there = new Map(rows.map((row): [number, Place] => [row.place.uid, row.place]));
  const moved: ReadonlyMap<number, Moved> =
    source === target ? there : await moveRows(watch, rows, source, target);
  for (const { place } of rows) {
    const to = moved.get(place.uid);
    if (source !== target && typeof to === "object") watch.trail.add(place, to);
  }
  return new Map(uids.map((uid): [number, Moved] => [uid, moved.get(uid) ?? "gone"]));
}

/** Moves messages, wherever they are now, to a folder. By placeKey of the places given; see Mailbox.move. */
export async function moveTo(
  watch: Watch,
  places: readonly Place[],
  to: Role,
): Promise<ReadonlyMap<string, Moved>> {
  // A place may be outdated by a move that the caller has not heard of.
  const now = places.map((asked) => ({ asked, at: watch.trail.follow(asked) }));
  const answers = new Map<string, Moved>();
  for (const [source, here] of Map.groupBy(now, ({ at }) => at.folder)) {
    const places = here.map(({ at }) => at);
    const moved = await movePlaces(watch, places, source, watch.folders[to]);
    for (const { asked, at } of here) answers.set(placeKey(asked), moved.get(at.uid) ?? "refused");
  }
  const refused = [...answers.values()].filter((answer) => answer === "refused").length;
  if (refused > 0) {
    const detail = { account: watch.watched.account, refused, to, because: watch.refusal() };
    watch.host.log.warn(detail, "The server refused to move messages; they stay where they are.");
  }
  return answers;
}
