// The outbox's rows: claimed under a lease, settled once.
import type { Instant } from "../core/types.ts";
import type { Store, Trx } from "./open.ts";
import type { EffectsTable } from "./tables.ts";

export interface Claim {
  /** Whose claim this is: another one for each, so that a claim that was taken over settles nothing. */
  readonly owner: string;
  readonly now: Instant;
  readonly leaseUntil: Instant;
  /** Claims that this process is at work on: never taken over, whatever the clock says. */
  readonly alive: readonly string[];
}

/** One MOVE takes this many messages at most. */
const groupLimit = 500;

function claimable(trx: Trx, { now, alive }: Claim) {
  return trx
    .selectFrom("effects")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "due"), eb("due_at", "<=", now)]),
        // Its worker has died: the lease has run out.
        eb.and([
          eb("state", "=", "claimed"),
          eb("lease_until", "<=", now),
          eb("claimed_by", "not in", ["", ...alive]),
        ]),
      ]),
    );
}

async function claimGroup(trx: Trx, first: EffectsTable, claim: Claim): Promise<readonly EffectsTable[]> {
  const group = await claimable(trx, claim)
    .where("school", "=", first.school)
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
  return group.map((effect) => ({ ...effect, claimed_by: claim.owner, attempts: effect.attempts + 1 }));
}

/** Nothing goes before these: somebody may be in danger. */
const urgentKind = "alert";

/**
 * Claims the group of effects that has waited longest, alerts before all others; an empty list when nothing is due.
 * @param only of these kinds; null = any
 */
export async function claimDue(
  store: Store,
  claim: Claim,
  only: readonly string[] | null = null,
): Promise<readonly EffectsTable[]> {
  return store.transaction().execute(async (trx) => {
    const oldest = claimable(trx, claim).orderBy("due_at").limit(1);
    const alert = await oldest.where("kind", "=", urgentKind).executeTakeFirst();
    const others = only === null ? oldest : oldest.where("kind", "in", only);
    const first = alert ?? (await others.executeTakeFirst());
    return first ? claimGroup(trx, first, claim) : [];
  });
}

/** Claims one effect with its group; an empty list when it is not due or somebody else has it. */
export async function claimOne(store: Store, id: string, claim: Claim): Promise<readonly EffectsTable[]> {
  return store.transaction().execute(async (trx) => {
    const first = await claimable(trx, claim).where("id", "=", id).executeTakeFirst();
    return first ? claimGroup(trx, first, claim) : [];
  });
}

/** The claims are still being worked on: their leases begin anew. */
export async function renewLeases(
  store: Store,
  owners: readonly string[],
  leaseUntil: Instant,
): Promise<void> {
  await store
    .updateTable("effects")
    .set({ lease_until: leaseUntil })
    .where("state", "=", "claimed")
    .where("claimed_by", "in", owners)
    .execute();
}

/** Everyone who has claimed something and not settled it. */
export async function claimOwners(store: Store): Promise<readonly string[]> {
  const rows = await store
    .selectFrom("effects")
    .select("claimed_by")
    .distinct()
    .where("state", "=", "claimed")
    .execute();
  return rows.flatMap(({ claimed_by: owner }) => (owner === null ? [] : [owner]));
}

/**
 * Written just before something leaves that cannot be taken back; the first attempt in doubt stays written.
 * @returns false when the claim has been handed back or taken over: then nothing may leave
 */
export async function markStarted(
  store: Store,
  { id, claimed_by: owner }: Pick<EffectsTable, "id" | "claimed_by">,
  now: Instant,
): Promise<boolean> {
  const marked = await store
    .updateTable("effects")
    .set((eb) => ({ started_at: eb.fn.coalesce("started_at", eb.val(now)) }))
    .where("id", "=", id)
    .where("state", "=", "claimed")
    .where("claimed_by", "=", owner)
    .executeTakeFirst();
  return marked.numUpdatedRows === 1n;
}

export type Settlement =
  | { readonly state: "done"; readonly result: string | null; readonly at: Instant }
  | {
      readonly state: "due";
      readonly dueAt: Instant;
      /** null: it was only put off, and the attempt does not count. */
      readonly error: string | null;
      /** true: what was sent before may have arrived, and `started_at` goes on saying so. */
      readonly inDoubt: boolean;
    }
  | { readonly state: "dead"; readonly error: string; readonly at: Instant };

/** Ends a claim. Only the claim's owner settles: a worker whose lease was taken over changes nothing. */
export async function settle(
  store: Store | Trx,
  id: string,
  owner: string,
  settlement: Settlement,
): Promise<void> {
  const released = { claimed_by: null, lease_until: null };
  await store
    .updateTable("effects")
    .set((eb) => {
      switch (settlement.state) {
        case "done": {
          const { at, result } = settlement;
          return { state: "done", result, done_at: at, last_error: null, ...released };
        }
        case "dead":
          return { state: "dead", done_at: settlement.at, last_error: settlement.error, ...released };
        case "due": {
          const { dueAt, error, inDoubt } = settlement;
          return {
            state: "due",
            due_at: dueAt,
            ...(error === null ? { attempts: eb("attempts", "-", 1) } : { last_error: error }),
            ...(inDoubt ? {} : { started_at: null }),
            ...released,
          };
        }
      }
    })
    .where("id", "=", id)
    .where("state", "=", "claimed")
    .where("claimed_by", "=", owner)
    .execute();
}

/** When something is next due, or a lease next runs out, after an instant; null when nothing waits. */
export async function nextDue(store: Store, after: Instant): Promise<Instant | null> {
  const due = await store
    .selectFrom("effects")
    .select((eb) => eb.fn.min("due_at").as("at"))
    .where("state", "=", "due")
    .where("due_at", ">", after)
    .executeTakeFirst();
  const lease = await store
    .selectFrom("effects")
    .select((eb) => eb.fn.min("lease_until").as("at"))
    .where("state", "=", "claimed")
    .where("lease_until", ">", after)
    .executeTakeFirst();
  const times = [due?.at, lease?.at].filter((at): at is string => typeof at === "string");
  return times.sort()[0] ?? null;
}

export interface Upcoming {
  readonly id: string;
  readonly kind: string;
  /** It leaves as a text, as far as the store knows: the school sends only so many a second. */
  readonly isText: boolean;
  readonly dueAt: Instant;
  readonly attempts: number;
}

/** What is due before an instant, soonest first, and what dead workers left: what a queue on Redis is filled from. */
export async function upcoming(store: Store, before: Instant, limit: number): Promise<readonly Upcoming[]> {
  const rows = await store
    .selectFrom("effects")
    .leftJoin("messages", "messages.id", "effects.message_id")
    .select(["effects.id", "kind", "payload", "state", "due_at", "lease_until", "attempts", "channel"])
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
    isText: isText(row.kind, row.payload, row.channel),
    dueAt: row.state === "claimed" ? (row.lease_until ?? row.due_at) : row.due_at,
    attempts: row.attempts,
  }));
}

/** A text that is passed on counts as none: it goes by email, or to the few who asked for it by phone. */
function isText(kind: string, payload: string, channel: string | null): boolean {
  if (kind === "reply") return channel !== null && channel !== "email";
  return kind === "text" || (kind === "alert" && JSON.parse(payload).via === "text");
}

/** Hands back claims that nobody works on any more: the next worker carries on at once. */
export async function handBack(store: Store, owners: readonly string[]): Promise<void> {
  await store
    .updateTable("effects")
    .set({ state: "due", claimed_by: null, lease_until: null })
    .where("state", "=", "claimed")
    .where("claimed_by", "in", ["", ...owners])
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
