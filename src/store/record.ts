// Writes down a message, its octets and its deliveries.
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type {
  Assessment,
  Decision,
  Instant,
  Message,
  Place,
  SecondOpinion,
  SenderFacts,
} from "../core/types.ts";
import type { Trx } from "./open.ts";
import type { DeliveriesTable, DeliveryState, Tables } from "./tables.ts";

export interface NewMessage {
  readonly school: string;
  readonly identity: string;
  readonly message: Message;
  readonly sender: SenderFacts;
  readonly toAddress: string;
  readonly fingerprint: string;
  readonly wording: Assessment;
  readonly decision: Decision;
  /** Kept with the decision, so that a copy in another mailbox is decided by the same. */
  readonly secondOpinion: SecondOpinion | null;
  readonly now: Instant;
}

/** The id of a message that has been recorded under this identity, from whichever mailbox; null when new. */
export async function messageByIdentity(trx: Trx, school: string, identity: string): Promise<string | null> {
  const row = await trx
    .selectFrom("messages")
    .select("id")
    .where("school", "=", school)
    .where("identity", "=", identity)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** By what opinion a message was decided, whichever copy came first; undefined when it is new. */
export async function opinionOnRecord(
  store: Kysely<Tables>,
  school: string,
  identity: string,
): Promise<SecondOpinion | null | undefined> {
  const row = await store
    .selectFrom("messages")
    .select("decision")
    .where("school", "=", school)
    .where("identity", "=", identity)
    .executeTakeFirst();
  if (!row) return undefined;
  const { secondOpinion } = JSON.parse(row.decision) as { readonly secondOpinion?: SecondOpinion | null };
  return secondOpinion ?? null;
}

export async function recordMessage(trx: Trx, entry: NewMessage): Promise<string> {
  const { school, message, sender } = entry;
  const id = randomUUID();
  await trx
    .insertInto("messages")
    .values({
      id,
      school,
      identity: entry.identity,
      channel: message.channel,
      sender_key: sender.key,
      role: sender.role,
      contact_id: sender.contactId,
      // A number has no name of its own: the contact's says more.
      from_name: message.from?.name || (message.channel === "email" ? "" : sender.name),
      from_address: message.from?.address ?? "",
      to_address: entry.toAddress,
      subject: message.subject,
      text: message.text,
      new_text: message.newText,
      fingerprint: entry.fingerprint,
      message_id: message.messageId,
      received_at: message.receivedAt,
      recorded_at: entry.now,
      raw_hash: message.rawHash,
      automatic: message.automatic?.kind ?? null,
      authenticity: message.authenticity.verdict,
      // Strikes key on an authenticated address only, and a machine's mail is nobody's.
      counted: message.automatic === null && message.authenticity.verdict !== "fail" ? 1 : 0,
      attachments: JSON.stringify(message.attachments),
      wording: JSON.stringify(entry.wording),
      decision: JSON.stringify({ ...entry.decision, secondOpinion: entry.secondOpinion }),
    })
    .execute();
  return id;
}

/** Keeps the octets as they came; the same octets are kept once. */
export async function keepRaw(trx: Trx, school: string, hash: string, octets: Buffer): Promise<void> {
  await trx
    .insertInto("raws")
    .values({ school, hash, octets })
    .onConflict((conflict) => conflict.columns(["school", "hash"]).doNothing())
    .execute();
}

export interface NewDelivery {
  readonly school: string;
  readonly messageId: string;
  readonly key: string;
  readonly recipient: string;
  readonly place: Place | null;
  readonly rawHash: string;
  readonly outcome: string;
  readonly state: DeliveryState;
  readonly releaseAt: Instant | null;
  readonly batch: boolean;
}

/** Insert-or-nothing on key and recipient. Returns the id, or null when it was recorded before. */
export async function recordDelivery(trx: Trx, delivery: NewDelivery): Promise<string | null> {
  const id = randomUUID();
  const { place } = delivery;
  const row: DeliveriesTable = {
    id,
    school: delivery.school,
    message_id: delivery.messageId,
    key: delivery.key,
    recipient: delivery.recipient,
    account: place?.account ?? null,
    folder: place?.folder ?? null,
    uid_validity: place?.uidValidity ?? null,
    uid: place?.uid ?? null,
    outcome: delivery.outcome,
    state: delivery.state,
    release_at: delivery.releaseAt,
    batch: delivery.batch ? 1 : 0,
    released_at: null,
    raw_hash: delivery.rawHash,
  };
  const inserted = await trx
    .insertInto("deliveries")
    .values(row)
    .onConflict((conflict) => conflict.columns(["school", "key", "recipient"]).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n ? id : null;
}

/** Has this key been recorded for any recipient? */
export async function isRecorded(store: Kysely<Tables>, school: string, key: string): Promise<boolean> {
  const row = await store
    .selectFrom("deliveries")
    .select("id")
    .where("school", "=", school)
    .where("key", "=", key)
    .executeTakeFirst();
  return row !== undefined;
}
