// Writes an effect down, in the transaction of the decision that calls for it.
import { randomUUID } from "node:crypto";
import type { Desk, Instant, ReplyPlan } from "../core/types.ts";
import type { Trx } from "../store/open.ts";

/** Everything that the outbox can do, with all that doing it needs beside the rows it names. */
export type Work =
  | { readonly kind: "move"; readonly to: "inbox" | "held" | "referred" }
  /** A parent's text goes on to the member of staff, or to the office for the school's own number. */
  | { readonly kind: "passOn" }
  | { readonly kind: "digest"; readonly recipient: string }
  | { readonly kind: "reply"; readonly plan: ReplyPlan }
  | { readonly kind: "forward"; readonly to: Desk; readonly because: string }
  /** One effect a way, so that the text leaves even while the mail server is down. */
  | { readonly kind: "alert"; readonly to: Desk; readonly because: string; readonly via: "email" | "text" }
  | { readonly kind: "notice"; readonly to: Desk; readonly because: string }
  | { readonly kind: "text"; readonly to: string; readonly body: string };

export interface NewEffect {
  readonly school: string;
  /** The same key is never recorded twice. */
  readonly idempotencyKey: string;
  /** Effects of one group are performed together. */
  readonly groupKey?: string;
  readonly work: Work;
  readonly messageId?: string | null;
  readonly deliveryId?: string | null;
  readonly senderKey?: string | null;
  readonly dueAt: Instant;
  readonly now: Instant;
}

/** Insert-or-nothing on the idempotency key. Returns the id, or null when it was there already. */
export async function scheduleEffect(trx: Trx, effect: NewEffect): Promise<string | null> {
  const id = randomUUID();
  const inserted = await trx
    .insertInto("effects")
    .values({
      id,
      school: effect.school,
      idempotency_key: effect.idempotencyKey,
      kind: effect.work.kind,
      group_key: effect.groupKey ?? id,
      message_id: effect.messageId ?? null,
      delivery_id: effect.deliveryId ?? null,
      sender_key: effect.senderKey ?? null,
      payload: JSON.stringify(effect.work),
      due_at: effect.dueAt,
      state: "due",
      attempts: 0,
      claimed_by: null,
      lease_until: null,
      started_at: null,
      last_error: null,
      result: null,
      created_at: effect.now,
      done_at: null,
    })
    .onConflict((conflict) => conflict.columns(["school", "idempotency_key"]).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n ? id : null;
}
