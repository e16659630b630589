// Where held and referred mail is on the school's mail server, and where it went.
import type { Place } from "../core/types.ts";
import type { Store, Trx } from "./open.ts";
import type { DeliveryState } from "./tables.ts";

export interface PlacedDelivery {
  readonly id: string;
  readonly place: Place;
  readonly state: string;
}

/** Every delivery of an account whose place is in a folder and that nobody has seen leave it. */
export async function deliveriesIn(
  store: Store | Trx,
  school: string,
  account: string,
  folder: string,
): Promise<readonly PlacedDelivery[]> {
  const rows = await store
    .selectFrom("deliveries")
    .select(["id", "uid_validity", "uid", "state"])
    .where("school", "=", school)
    .where("account", "=", account)
    .where("folder", "=", folder)
    .where("uid", "is not", null)
    .where("state", "<>", "gone")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    place: { account, folder, uidValidity: row.uid_validity ?? "", uid: row.uid ?? 0 },
  }));
}

/** The delivery that was last seen at a place; null when none is recorded there. */
export async function deliveryAt(store: Store | Trx, school: string, place: Place): Promise<string | null> {
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

/** Notes where a delivery is now; a null place means that its owner has taken it away. */
export async function setPlace(
  store: Store | Trx,
  id: string,
  place: Place | null,
  state: DeliveryState,
): Promise<void> {
  const where =
    place === null ? {} : { folder: place.folder, uid_validity: place.uidValidity, uid: place.uid };
  await store
    .updateTable("deliveries")
    .set({ ...where, state })
    .where("id", "=", id)
    .execute();
}

/** The delivery of an account that has these octets and is not known to be elsewhere now. */
export async function deliveryWithOctets(
  store: Store | Trx,
  school: string,
  account: string,
  rawHash: string,
): Promise<PlacedDelivery | null> {
  const row = await store
    .selectFrom("deliveries")
    .select(["id", "state", "folder", "uid_validity", "uid"])
    .where("school", "=", school)
    .where("account", "=", account)
    .where("raw_hash", "=", rawHash)
    .executeTakeFirst();
  if (!row) return null;
  const place = { account, folder: row.folder ?? "", uidValidity: row.uid_validity ?? "", uid: row.uid ?? 0 };
  return { id: row.id, state: row.state, place };
}
