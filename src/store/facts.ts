// What the store knows of a sender when a message is decided: read in the decision's own transaction.
import type { EarlierMessage, Instant, SenderFacts } from "../core/types.ts";
import type { Trx } from "./open.ts";

const hourMs = 3_600_000;

function ago(now: Instant, hours: number): Instant {
  return new Date(Date.parse(now) - hours * hourMs).toISOString();
}

/** Distinct messages of a sender since an instant, newest first, without the one that is being decided. */
async function earlierMessages(
  trx: Trx,
  school: string,
  senderKey: string,
  since: Instant,
  identity: string,
): Promise<readonly EarlierMessage[]> {
  const rows = await trx
    .selectFrom("messages")
    .leftJoin("deliveries", "deliveries.message_id", "messages.id")
    .select(["messages.id", "received_at", "fingerprint", "recipient"])
    .where("messages.school", "=", school)
    .where("sender_key", "=", senderKey)
    .where("received_at", ">", since)
    .where("counted", "=", 1)
    .where("identity", "<>", identity)
    .orderBy("received_at", "desc")
    .execute();
  const byId = new Map<string, { receivedAt: string; fingerprint: string; recipients: string[] }>();
  for (const row of rows) {
    const known = byId.get(row.id) ?? {
      receivedAt: row.received_at,
      fingerprint: row.fingerprint,
      recipients: [],
    };
    if (row.recipient !== null) known.recipients.push(row.recipient);
    byId.set(row.id, known);
  }
  return [...byId.values()];
}

interface SentReply {
  readonly template: string;
  readonly at: Instant;
}

/** Replies count from when they were decided, so that two messages at one instant give one reply. */
async function repliesTo(trx: Trx, school: string, senderKey: string): Promise<readonly SentReply[]> {
  const rows = await trx
    .selectFrom("effects")
    .select(["payload", "created_at"])
    .where("school", "=", school)
    .where("kind", "=", "reply")
    .where("sender_key", "=", senderKey)
    .where("state", "<>", "cancelled")
    .orderBy("created_at", "desc")
    .limit(200)
    .execute();
  return rows.map((row) => ({
    template: JSON.parse(row.payload).plan.template as string,
    at: row.created_at,
  }));
}

async function activePause(trx: Trx, school: string, senderKey: string, today: string) {
  const row = await trx
    .selectFrom("pauses")
    .select(["until_date", "reason"])
    .where("school", "=", school)
    .where("sender_key", "=", senderKey)
    .where("ended_at", "is", null)
    .where("until_date", ">=", today)
    .orderBy("until_date", "desc")
    .executeTakeFirst();
  return row ? { until: row.until_date, reason: row.reason } : null;
}

export type SenderHistory = Pick<
  SenderFacts,
  "earlier" | "lastReplyAt" | "repliesLastHour" | "repliesLastDay" | "paused"
>;

/**
 * Everything that counts, counted from the store, so that a replay counts nothing twice.
 * @param windowHours the longest window of the school's limits
 * @param today the school's local date, for pauses
 */
export async function senderHistory(
  trx: Trx,
  sender: { school: string; key: string; identity: string },
  now: Instant,
  today: string,
  windowHours: number,
): Promise<SenderHistory> {
  const since = ago(now, windowHours);
  const replies = await repliesTo(trx, sender.school, sender.key);
  const lastReplyAt: Record<string, Instant> = {};
  for (const { template, at } of replies) lastReplyAt[template] ??= at;
  return {
    earlier: await earlierMessages(trx, sender.school, sender.key, since, sender.identity),
    lastReplyAt,
    repliesLastHour: replies.filter(({ at }) => at > ago(now, 1)).length,
    repliesLastDay: replies.filter(({ at }) => at > ago(now, 24)).length,
    paused: await activePause(trx, sender.school, sender.key, today),
  };
}

/** Replies of the whole installation in the last hour: the cap behind all other caps. */
export async function repliesLastHour(trx: Trx, now: Instant): Promise<number> {
  const row = await trx
    .selectFrom("effects")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("kind", "=", "reply")
    .where("created_at", ">", ago(now, 1))
    .where("state", "<>", "cancelled")
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
