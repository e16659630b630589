// Giving held messages back before their time: from the command line, and as the way out.
import type { Instant } from "../core/types.ts";
import { scheduleEffect } from "../outbox/schedule.ts";
import { recordAudit } from "../store/audit.ts";
import type { Store, Trx } from "../store/open.ts";
import type { DeliveriesTable } from "../store/tables.ts";

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

/** The release that was planned for later is brought forward; one digest's message comes back by itself. */
async function releaseOne(trx: Trx, delivery: DeliveriesTable, now: Instant): Promise<void> {
  await trx
    .updateTable("effects")
    .set({ state: "cancelled", done_at: now })
    .where("delivery_id", "=", delivery.id)
    .where("kind", "=", "digest")
    .where("state", "=", "due")
    .execute();
  const common = {
    school: delivery.school,
    messageId: delivery.message_id,
    deliveryId: delivery.id,
    dueAt: now,
    now,
  };
  const brought = await trx
    .updateTable("effects")
    .set({ due_at: now })
    .where("delivery_id", "=", delivery.id)
    .where("kind", "in", ["move", "passOn"])
    .where("state", "=", "due")
    .where("due_at", ">", now)
    .executeTakeFirst();
  if (brought.numUpdatedRows > 0n) return;
  if (delivery.account === null) {
    await scheduleEffect(trx, {
      ...common,
      idempotencyKey: `passOn:${delivery.id}`,
      work: { kind: "passOn" },
    });
    return;
  }
  await scheduleEffect(trx, {
    ...common,
    idempotencyKey: `release:${delivery.id}`,
    groupKey: `move:${delivery.account}:inbox`,
    work: { kind: "move", to: "inbox" },
  });
}

/** Makes the release of held messages due now. Returns how many deliveries will come back. */
export async function releaseHeld(store: Store, release: Release): Promise<number> {
  return store.transaction().execute(async (trx) => {
    const held = await waiting(trx, release);
    for (const delivery of held) await releaseOne(trx, delivery, release.now);
    if (held.length > 0) {
      await recordAudit(trx, {
        school: release.school,
        at: release.now,
        actor: release.actor,
        action: "held.released",
        subject: release.id === null ? "held:all" : `held:${release.id}`,
        detail: { deliveries: held.map(({ id }) => id) },
      });
    }
    return held.length;
  });
}
