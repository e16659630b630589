// The outbox's rows: claimed under a lease, settled once.
import type { Instant } from "../core/types.ts";
import type { Store, Trx } from "./open.ts";
import type { EffectsTable } from "./tables.ts";

export interface Claim {
  readonly owner: string;
  readonly now: Instant;
  readonly leaseUntil: Instant;
}

/** One MOVE takes this many messages at most. */
const groupLimit = 500;

function claimable(trx: Trx, now: Instant) {
  return trx
    .selectFrom("effects")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "due"), eb("due_at", "<=", now)]),
        // Its worker has died: the lease has run out.
        eb.and([eb("state", "=", "claimed"), eb("lease_until", "<=", now)]),
      ]),
    );
}

async function claimGroup(trx: Trx, first: EffectsTable, claim: Claim): Promise<readonly EffectsTable[]> {
  const group = await claimable(trx, claim.now)
    .where("group_key", "=", first.group_key)
    .where("kind", "=", first.kind)
    .orderBy("due_at")
    .limit(groupLimit)
    .execute();
  await trx
    .updateTable("effects")
    .set((eb) => ({
      state: "claimed",
      claimed_by: claim.owner,
      lease_until: claim.leaseUntil,
      attempts: eb("attempts", "+", 1),
    }))
    .where(
      "id",
      "in",
      group.map(({ id }) => id),
    )
    .execute();
  return group.map((effect) => ({ ...effect, attempts: effect.attempts + 1 }));
}

/** Claims the group of effects that has waited longest; an empty list when nothing is due. */
export async function claimDue(store: Store, claim: Claim): Promise<readonly EffectsTable[]> {
  return store.transaction().execute(async (trx) => {
    const first = await claimable(trx, claim.now).orderBy("due_at").limit(1).executeTakeFirst();
    return first ? claimGroup(trx, first, claim) : [];
  });
}

/** Claims one effect with its group; an empty list when it is not due or somebody else has it. */
export async function claimOne(store: Store, id: string, claim: Claim): Promise<readonly EffectsTable[]> {
  return store.transaction().execute(async (trx) => {
    const first = await claimable(trx, claim.now).where("id", "=", id).executeTakeFirst();
    return first ? claimGroup(trx, first, claim) : [];
  });
}

/** Written just before something leaves that cannot be taken back. */
export async function markStarted(store: Store, id: string, now: Instant): Promise<void> {
  await store.updateTable("effects").set({ started_at: now }).where("id", "=", id).execute();
}

export type Settlement =
  | { readonly state: "done"; readonly result: string | null; readonly at: Instant }
  | { readonly state: "due"; readonly dueAt: Instant; readonly error: string }
  | { readonly state: "dead"; readonly error: string; readonly at: Instant };

/** Ends a claim. Only the claim's owner settles: a worker whose lease was taken over changes nothing. */
export async function settle(
  store: Store | Trx,
  id: string,
  owner: string,
  settlement: Settlement,
): Promise<void> {
  const released = { claimed_by: null, lease_until: null };
  const values =
    settlement.state === "done"
      ? { state: "done", result: settlement.result, done_at: settlement.at, last_error: null, ...released }
      : settlement.state === "due"
        ? {
            state: "due",
            due_at: settlement.dueAt,
            started_at: null,
            last_error: settlement.error,
            ...released,
          }
        : { state: "dead", done_at: settlement.at, last_error: settlement.error, ...released };
  await store
    .updateTable("effects")
    .set(values)
    .where("id", "=", id)
    .where("state", "=", "claimed")
    .where("claimed_by", "=", owner)
    .execute();
}

/** When something is next due or a lease next runs out; null when nothing waits. */
export async function nextDue(store: Store): Promise<Instant | null> {
  const due = await store
    .selectFrom("effects")
    .select((eb) => eb.fn.min("due_at").as("at"))
    .where("state", "=", "due")
    .executeTakeFirst();
  const lease = await store
    .selectFrom("effects")
    .select((eb) => eb.fn.min("lease_until").as("at"))
    .where("state", "=", "claimed")
    .executeTakeFirst();
  const times = [due?.at, lease?.at].filter((at): at is string => typeof at === "string");
  return times.sort()[0] ?? null;
}

export interface Upcoming {
  readonly id: string;
  readonly kind: string;
  readonly dueAt: Instant;
  readonly attempts: number;
}

/** What is due before an instant, soonest first, and what dead workers left: what a queue on Redis is filled from. */
export async function upcoming(store: Store, before: Instant, limit: number): Promise<readonly Upcoming[]> {
  const rows = await store
    .selectFrom("effects")
    .select(["id", "kind", "state", "due_at", "lease_until", "attempts"])
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "due"), eb("due_at", "<=", before)]),
        eb.and([eb("state", "=", "claimed"), eb("lease_until", "<=", before)]),
      ]),
    )
    .orderBy("due_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    dueAt: row.state === "claimed" ? (row.lease_until ?? row.due_at) : row.due_at,
    attempts: row.attempts,
  }));
}

/** Hands back what this process had claimed: it stops, and the next one carries on at once. */
export async function handBack(store: Store, owner: string): Promise<void> {
  await store
    .updateTable("effects")
    .set({ state: "due", claimed_by: null, lease_until: null })
    .where("state", "=", "claimed")
    .where("claimed_by", "=", owner)
    .execute();
}

/** A dead letter gets another try, from the beginning. Returns whether there was one. */
export async function retryDead(
  store: Store | Trx,
  school: string,
  id: string,
  now: Instant,
): Promise<boolean> {
  const updated = await store
    .updateTable("effects")
    .set({ state: "due", due_at: now, attempts: 0, started_at: null, done_at: null })
    .where("school", "=", school)
    .where("id", "=", id)
    .where("state", "=", "dead")
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

export async function countByState(store: Store): Promise<Readonly<Record<string, number>>> {
  const rows = await store
    .selectFrom("effects")
    .select((eb) => ["state", eb.fn.countAll().as("count")] as const)
    .groupBy("state")
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}
