// Where held and referred mail is on the school's mail server, and where it went.
import type { Instant, Place } from "../core/types.ts";
import type { Store } from "./open.ts";
import type { DeliveryState } from "./tables.ts";

interface Account {
  readonly school: string;
  readonly account: string;
}

interface PlaceRow {
  readonly folder: string | null;
  readonly uid_validity: string | null;
  readonly uid: number | null;
}

function placeOf(account: string, row: PlaceRow): Place {
  return { account, folder: row.folder ?? "", uidValidity: row.uid_validity ?? "", uid: row.uid ?? 0 };
}

/** Every place in a folder at which the record expects a message to be now. */
export async function placesIn(
  store: Store,
  { school, account }: Account,
  folder: string,
): Promise<readonly Place[]> {
  const rows = await store
    .selectFrom("deliveries")
    .select(["folder", "uid_validity", "uid"])
    .where("school", "=", school)
    .where("account", "=", account)
    .where("folder", "=", folder)
    .where("uid", "is not", null)
    .where("state", "<>", "gone")
    .execute();
  return rows.map((row) => placeOf(account, row));
}

/** Which of these keys have been recorded, whatever became of the message. */
export async function recordedKeys(
  store: Store,
  { school, account }: Account,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  const atOnce = 500;
  for (let start = 0; start < keys.length; start += atOnce) {
    const rows = await store
      .selectFrom("deliveries")
      .select("key")
      .where("school", "=", school)
      .where("account", "=", account)
      .where("key", "in", keys.slice(start, start + atOnce))
      .execute();
    for (const { key } of rows) known.add(key);
  }
  return known;
}

/** Which of these places hold a recorded message, or were where one was last seen. */
export async function recordedPlaces(
  store: Store,
  { school, account }: Account,
  places: readonly Place[],
): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const [folder, some] of Map.groupBy(places, (place) => place.folder)) {
    const rows = await store
      .selectFrom("deliveries")
      .select(["folder", "uid_validity", "uid"])
      .where("school", "=", school)
      .where("account", "=", account)
      .where("folder", "=", folder)
      .where("uid_validity", "in", [...new Set(some.map(({ uidValidity }) => uidValidity))])
      .where("uid", ">=", Math.min(...some.map(({ uid }) => uid)))
      .where("uid", "<=", Math.max(...some.map(({ uid }) => uid)))
      .execute();
    found.push(...rows.map((row) => placeOf(account, row)));
  }
  return found;
}

/** The delivery that is at a place, or was last seen there; null when none is recorded. */
export async function deliveryAt(store: Store, school: string, place: Place): Promise<string | null> {
  const row = await store
    .selectFrom("deliveries")
    .select("id")
    .where("school", "=", school)
    .where("account", "=", place.account)
    .where("folder", "=", place.folder)
    .where("uid_validity", "=", place.uidValidity)
    .where("uid", "=", place.uid)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Where the account's messages with these octets were last seen. */
export async function placesOfOctets(
  store: Store,
  { school, account }: Account,
  rawHash: string,
): Promise<readonly Place[]> {
  const rows = await store
    .selectFrom("deliveries")
    .select(["folder", "uid_validity", "uid"])
    .where("school", "=", school)
    .where("account", "=", account)
    .where("raw_hash", "=", rawHash)
    .execute();
  return rows.map((row) => placeOf(account, row));
}

/** Notes where a delivery is now; a null place means that its owner has taken it away. */
export async function setPlace(
  store: Store,
  id: string,
  place: Place | null,
  state: DeliveryState,
  now: Instant,
): Promise<void> {
  const where =
    place === null ? {} : { folder: place.folder, uid_validity: place.uidValidity, uid: place.uid };
  const released = state === "inbox" ? { released_at: now } : {};
  await store
    .updateTable("deliveries")
    .set({ ...where, ...released, state })
    .where("id", "=", id)
    .execute();
}
