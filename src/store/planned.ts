// Releases that are planned for later, and moving them when the hours have changed.
import type { Instant } from "../core/types.ts";
import type { Trx } from "./open.ts";

export interface PlannedRelease {
  readonly effectId: string;
  readonly deliveryId: string;
  /** Staff id, or "school". */
  readonly recipient: string;
  readonly senderKey: string | null;
  readonly releaseAt: Instant;
  /** When the message was decided. */
  readonly decidedAt: Instant;
  /** Part of a digest. */
  readonly batch: boolean;
}

/** Held messages whose release lies ahead, as it was planned: without those that are being tried again. */
export async function plannedReleases(
  trx: Trx,
  school: string,
  now: Instant,
): Promise<readonly PlannedRelease[]> {
  const rows = await trx
    .selectFrom("effects")
    .innerJoin("deliveries", "deliveries.id", "effects.delivery_id")
    .innerJoin("messages", "messages.id", "deliveries.message_id")
    .select(["effects.id", "deliveries.id as delivery_id", "recipient", "effects.sender_key", "effects.kind"])
    .select(["effects.due_at", "messages.recorded_at"])
    .where("effects.school", "=", school)
    .where("effects.state", "=", "due")
    .where("effects.kind", "in", ["move", "passOn", "digest"])
    .where("effects.due_at", ">", now)
    .whereRef("effects.due_at", "=", "deliveries.release_at")
    .where("deliveries.outcome", "=", "hold")
    .where("deliveries.released_at", "is", null)
    .where("deliveries.state", "<>", "gone")
    .execute();
  return rows.map((row) => ({
    effectId: row.id,
    deliveryId: row.delivery_id,
    recipient: row.recipient,
    senderKey: row.sender_key,
    releaseAt: row.due_at,
    decidedAt: row.recorded_at,
    batch: row.kind === "digest",
  }));
}

/** @param groupKey of a digest, which is one for each day; null leaves it */
export async function moveRelease(
  trx: Trx,
  { effectId, deliveryId }: PlannedRelease,
  at: Instant,
  groupKey: string | null,
): Promise<void> {
  await trx
    .updateTable("effects")
    .set({ due_at: at, ...(groupKey === null ? {} : { group_key: groupKey }) })
    .where("id", "=", effectId)
    .execute();
  await trx.updateTable("deliveries").set({ release_at: at }).where("id", "=", deliveryId).execute();
}
