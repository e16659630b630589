// Keeping from staff what the headteacher calls abuse before it has reached them: what waits is not released.
import type { Instant } from "../core/types.ts";
import { scheduleEffect } from "../outbox/schedule.ts";
import type { Trx } from "../store/open.ts";
import type { CasesTable, DeliveriesTable, EffectsTable } from "../store/tables.ts";
import { leadsToStaff } from "./copies.ts";

const leads = (effect: EffectsTable): boolean => leadsToStaff(effect) || effect.kind === "digest";

/** false when one of them is being performed at this moment: it is too late then. */
async function cancelAll(trx: Trx, effects: readonly EffectsTable[], now: Instant): Promise<boolean> {
  if (effects.some(({ state }) => state === "claimed")) return false;
  await trx
    .updateTable("effects")
    .set({ state: "cancelled", done_at: now })
    .where("id", "in", ["", ...effects.map(({ id }) => id)])
    .execute();
  return true;
}

/** Mail goes to the folder of what was referred; a text stays here. */
async function withhold(trx: Trx, copy: DeliveriesTable, now: Instant): Promise<void> {
  const onMailServer = copy.account !== null;
  await trx
    .updateTable("deliveries")
    .set({ outcome: "escalate", release_at: null, ...(onMailServer ? {} : { state: "referred" }) })
    .where("id", "=", copy.id)
    .execute();
  if (!onMailServer || copy.state === "referred") return;
  await scheduleEffect(trx, {
    school: copy.school,
    idempotencyKey: `withhold:${copy.id}`,
    groupKey: `move:${copy.account}:referred`,
    work: { kind: "move", to: "referred" },
    messageId: copy.message_id,
    deliveryId: copy.id,
    dueAt: now,
    now,
  });
}

/** Returns the staff whose copies are kept from them by this call, each once. What they have stays with them. */
export async function withholdCopies(trx: Trx, found: CasesTable, now: Instant): Promise<readonly string[]> {
  const copies = await trx
    .selectFrom("deliveries")
    .selectAll()
    .where("message_id", "=", found.message_id)
    .where("released_at", "is", null)
    .where("state", "<>", "gone")
    .orderBy("recipient")
    .execute();
  const recipients = new Set<string>();
  for (const copy of copies) {
    const ahead = await trx
      .selectFrom("effects")
      .selectAll()
      .where("delivery_id", "=", copy.id)
      .where("state", "in", ["due", "claimed"])
      .execute();
    if (!ahead.some(leads) || !(await cancelAll(trx, ahead, now))) continue;
    await withhold(trx, copy, now);
    recipients.add(copy.recipient);
  }
  return [...recipients];
}
