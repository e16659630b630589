// What Afterbell did with a message, read from its store: where each copy is, why, and what followed.
import type { Decision, Instant, Reason } from "../core/types.ts";
import type { Store } from "../store/open.ts";
import type { DeliveriesTable, EffectsTable } from "../store/tables.ts";
import type { Written } from "./journal.ts";

export interface Copy {
  readonly recipient: string;
  readonly state: string;
  readonly outcome: string;
  readonly releaseAt: Instant | null;
  readonly releasedAt: Instant | null;
}

export interface Step {
  readonly at: Instant;
  /** "reply", "forward", "alert", "move", "passOn", "digest", "notice". */
  readonly kind: string;
  /** A desk, or a folder. */
  readonly to: string;
  readonly recipient: string | null;
  readonly failed: boolean;
}

export interface Trace {
  readonly outcome: string;
  readonly copies: readonly Copy[];
  readonly reasons: readonly Reason[];
  /** Oldest first; only what has been done or has failed for good. */
  readonly steps: readonly Step[];
  readonly caseNumber: number | null;
}

/** null while Afterbell has not recorded it. */
export async function traceOf(store: Store, school: string, written: Written): Promise<Trace | null> {
  const message = await findMessage(store, school, written);
  if (message === undefined) return null;
  const { id } = message;
  const deliveries = await store.selectFrom("deliveries").selectAll().where("message_id", "=", id).execute();
  const effects = await store.selectFrom("effects").selectAll().where("message_id", "=", id).execute();
  const opened = await store
    .selectFrom("cases")
    .select("number")
    .where("message_id", "=", id)
    .executeTakeFirst();
  const decision = JSON.parse(message.decision) as Decision;
  return {
    outcome: decision.outcome,
    copies: deliveries.map(toCopy),
    reasons: decision.reasons,
    steps: effects.flatMap((effect) => toStep(effect, deliveries)).sort((a, b) => a.at.localeCompare(b.at)),
    caseNumber: opened?.number ?? null,
  };
}

function findMessage(store: Store, school: string, written: Written) {
  const messages = store.selectFrom("messages").select(["messages.id", "messages.decision"]);
  if (written.channel === "email") {
    return messages
      .where("messages.school", "=", school)
      .where("messages.message_id", "=", written.reference)
      .executeTakeFirst();
  }
  return messages
    .innerJoin("deliveries", "deliveries.message_id", "messages.id")
    .where("deliveries.school", "=", school)
    .where("deliveries.key", "=", `twilio:${written.reference}`)
    .executeTakeFirst();
}

const toCopy = (delivery: DeliveriesTable): Copy => ({
  recipient: delivery.recipient,
  state: delivery.state,
  outcome: delivery.outcome,
  releaseAt: delivery.release_at,
  releasedAt: delivery.released_at,
});

function toStep(effect: EffectsTable, deliveries: readonly DeliveriesTable[]): readonly Step[] {
  const failed = effect.state === "dead";
  const at = failed ? effect.due_at : effect.done_at;
  if (at === null || (effect.state !== "done" && !failed)) return [];
  const { to } = JSON.parse(effect.payload) as { readonly to?: unknown };
  const recipient = deliveries.find(({ id }) => id === effect.delivery_id)?.recipient ?? null;
  return [{ at, kind: effect.kind, to: typeof to === "string" ? to : "", recipient, failed }];
}

/** Whether something is left to be done at `now`: not recorded yet, due, or in the middle of being done. */
export async function isSettled(
  store: Store,
  school: string,
  written: readonly Written[],
  now: Instant,
): Promise<boolean> {
  for (const one of written) {
    const trace = await traceOf(store, school, one);
    const copies = one.channel === "email" ? one.to.length : 1;
    if (trace === null || trace.copies.length < copies) return false;
  }
  const open = await store
    .selectFrom("effects")
    .select("id")
    .where("school", "=", school)
    .where((eb) =>
      eb.or([eb("state", "=", "claimed"), eb.and([eb("state", "=", "due"), eb("due_at", "<=", now)])]),
    )
    .executeTakeFirst();
  return open === undefined;
}
