// Comparing the held and referred folders with what is recorded, both ways.
import type { Place } from "../../core/types.ts";
import type { Arrival, Handover, Missing } from "./handover.ts";
import type { Inbox } from "./inbox.ts";
import { placeKey } from "./places.ts";
import { BATCH_MESSAGES, chunks, openFolder, type Row, readRows, readUids, uidSet } from "./reading.ts";
import { follow, type Watch } from "./watch.ts";

const SHELVES = ["held", "referred"] as const;

interface Difference {
  /** In a folder, but not recorded: a crash came between the move and the record, or its owner put it there. */
  readonly strangers: readonly Arrival[];
  /** Recorded, but not in its folder any more. */
  readonly missing: Missing;
}

/** The rows of a folder that are not on the shelf yet; puts them there. The referred folder can grow large. */
async function shelve(watch: Watch, folder: string, uids: ReadonlySet<number>): Promise<readonly Row[]> {
  const { uidValidity } = await openFolder(watch, folder);
  const { account } = watch.watched;
  const fresh = [...uids].filter((uid) => !watch.shelf.has({ account, folder, uidValidity, uid }));
  const rows: Row[] = [];
  for (const some of chunks(fresh, BATCH_MESSAGES))
    rows.push(...(await readRows(watch, folder, uidSet(some))));
  for (const { place, headHash } of rows) watch.shelf.put(place, headHash);
  return rows;
}

async function compare(
  watch: Watch,
  role: (typeof SHELVES)[number],
  handover: Handover,
): Promise<Difference> {
  const folder = watch.folders[role];
  const before = await watch.host.recorded(folder);
  const uids = await readUids(watch, folder, "1:*");
  const rows = await shelve(watch, folder, uids);
  const known = await watch.host.known(rows.map(({ place }) => place));
  const uidValidity = watch.validities.get(folder);
  const strangers = rows.filter(
    ({ place }) => !known.has(placeKey(place)) && !watch.trail.hasTarget(place) && !handover.isWaiting(place),
  );
  return {
    strangers: strangers.map(({ place, receivedAt, bytes }) => ({
      key: placeKey(place),
      place,
      receivedAt,
      bytes,
      origin: role,
    })),
    missing: before.filter((place) => place.uidValidity !== uidValidity || !uids.has(place.uid)),
  };
}

/** Messages that we have moved on ourselves are not missing: the host is about to record it, or failed to. */
async function withoutOwnMoves(watch: Watch, missing: readonly Place[]): Promise<Missing> {
  const left: Missing = [];
  for (const place of missing) {
    if (watch.trail.hasLeft(place)) await follow(watch, place, watch.trail.follow(place));
    else left.push(place);
  }
  return left;
}

/**
 * Brings the record and the folders together: strangers are handed over, messages that are found in
 * another folder are followed, and the host is told of those that are nowhere.
 */
export async function reconcile(
  watch: Watch,
  inbox: Inbox,
  handover: Handover,
  entering: boolean,
): Promise<void> {
  const strangers: Arrival[] = [];
  const gone: Place[] = [];
  for (const role of SHELVES) {
    const difference = await compare(watch, role, handover);
    strangers.push(...difference.strangers);
    gone.push(...difference.missing);
  }
  const missing = await withoutOwnMoves(watch, gone);
  await handover.give(strangers, missing);
  if (entering) await inbox.enter(missing);
  await inbox.collect(missing);
  for (const place of missing) await follow(watch, place, null);
  if (missing.length > 0) {
    const detail = { account: watch.watched.account, messages: missing.length };
    watch.host.log.info(detail, "Held messages were moved or deleted by their owner.");
  }
}
