// How far each watched folder has been dealt with.
import type { Instant } from "../core/types.ts";
import type { Store } from "./open.ts";

export interface Position {
  readonly uidValidity: string;
  readonly lastUid: number;
  readonly lastAt: Instant | null;
}

export async function readPosition(
  store: Store,
  school: string,
  account: string,
  folder: string,
): Promise<Position | null> {
  const row = await store
    .selectFrom("mailboxes")
    .select(["uid_validity", "last_uid", "last_at"])
    .where("school", "=", school)
    .where("account", "=", account)
    .where("folder", "=", folder)
    .executeTakeFirst();
  return row ? { uidValidity: row.uid_validity, lastUid: row.last_uid, lastAt: row.last_at } : null;
}

export async function savePosition(
  store: Store,
  mailbox: { readonly school: string; readonly account: string; readonly folder: string },
  position: Position,
  now: Instant,
): Promise<void> {
  const values = { uid_validity: position.uidValidity, last_uid: position.lastUid, last_at: position.lastAt };
  await store
    .insertInto("mailboxes")
    .values({ ...mailbox, ...values, enrolled_at: now })
    .onConflict((conflict) => conflict.columns(["school", "account", "folder"]).doUpdateSet(values))
    .execute();
}
