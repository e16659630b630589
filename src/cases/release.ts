// Giving held messages back before their time: from the command line, and as the way out.
import type { Instant } from "../core/types.ts";
import { scheduleEffect } from "../outbox/schedule.ts";
import { recordAudit } from "../store/audit.ts";
import type { Store, Trx } from "../store/open.ts";
import type { DeliveriesTable } from "../store/tables.ts";
import { leadsToStaff } from "./copies.ts";

export interface Release {
  readonly school: string;
  /** A delivery's or a message's id; null for everything that is held. */
  readonly id: string | null;
  /** Who asked for it, for the audit. */
  readonly actor: string;
  readonly now: Instant;
}

/**
 * Deliveries that wait: held, moving to the held folder, or part of a digest to come. One that is named may
 * be a referred one too: what is kept from staff comes back only when somebody asks for this very message.
 */
async function waiting(trx: Trx, { school, id }: Release): Promise<readonly DeliveriesTable[]> {
  const kept = trx
    .selectFrom("deliveries")
    .selectAll()
    .where("school", "=", school)
    .where("released_at", "is", null)
    .where("state", "<>", "gone");
  if (id === null) return kept.where("outcome", "=", "hold").execute();
  return kept
    .where("outcome", "in", ["hold", "escalate"])
    .where((eb) => eb.or([eb("id", "=", id), eb("message_id", "=", id)]))
    .execute();
}

export interface Held {
  /** Of the delivery. */
  readonly id: string;
  /** Staff id. */
  readonly recipient: string;
  /** null: until the headteacher decides. */
  readonly releaseAt: Instant | null;
}

/** What is kept from staff now, the soonest release first. */
export async function listHeld(store: Store, school: string): Promise<readonly Held[]> {
  const rows = await store
    .selectFrom("deliveries")
    .select(["id", "recipient", "release_at as releaseAt"])
    .where("school", "=", school)
    .where("outcome", "in", ["hold", "escalate"])
    .where("released_at", "is", null)
    .where("state", "<>", "gone")
    .execute();
  return rows.toSorted((a, b) => ((a.releaseAt ?? "9") < (b.releaseAt ?? "9") ? -1 : 1));
}

/** What leads to staff: planned for later, waiting for its next try, or given up. */
async function bringForward(trx: Trx, delivery: DeliveriesTable, now: Instant): Promise<boolean> {
  const planned = await trx
    .selectFrom("effects")
    .selectAll()
    .where("delivery_id", "=", delivery.id)
    .where("state", "in", ["due", "claimed", "dead"])
    .execute();
  const leading = planned.filter(leadsToStaff);
  const ids = leading.filter(({ state }) => state !== "claimed").map(({ id }) => id);
  await trx
    .updateTable("effects")
    .set({ state: "due", due_at: now, attempts: 0, done_at: null })
    .where("id", "in", ["", ...ids])
    .execute();
  return leading.length > 0;
}

/** The release that was planned for later is brought forward; one digest's message comes back by itself. */
async function releaseOne(trx: Trx, delivery: DeliveriesTable, now: Instant): Promise<void> {
  await trx
    .updateTable("effects")
    .set({ state: "cancelled", done_at: now })
    .where("delivery_id", "=", delivery.id)
    .where("kind", "=", "digest")
    .where("state", "in", ["due", "dead"])
    .execute();
  // A move to the held folder that has not been made yet is not made any more: see outbox/perform/move.ts.
  await trx.updateTable("deliveries").set({ release_at: now }).where("id", "=", delivery.id).execute();
  if (await bringForward(trx, delivery, now)) return;
  const onMailServer = delivery.account !== null;
  await scheduleEffect(trx, {
    school: delivery.school,
    messageId: delivery.message_id,
    deliveryId: delivery.id,
    idempotencyKey: `release:${delivery.id}`,
    ...(onMailServer ? { groupKey: `move:${delivery.account}:inbox` } : {}),
    work: onMailServer ? { kind: "move", to: "inbox" } : { kind: "passOn" },
    dueAt: now,
    now,
  });
}

/** Makes the release of held messages due now. Returns the ids of the deliveries that will come back. */
export async function releaseHeld(store: Store, release: Release): Promise<readonly string[]> {
  return store.transaction().execute(async (trx) => {
    const held = await waiting(trx, release);
    const ids = held.map(({ id }) => id);
    for (const delivery of held) await releaseOne(trx, delivery, release.now);
    if (held.length > 0) {
      await recordAudit(trx, {
        school: release.school,
        at: release.now,
        actor: release.actor,
        action: "held.released",
        subject: release.id === null ? "held:all" : `held:${release.id}`,
        detail: { deliveries: ids },
      });
    }
    return ids;
  });
}
