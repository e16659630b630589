// What could not be sent or moved after every retry: shown to a person, who can have it tried again.
import type { Kysely } from "kysely";
import type { Instant } from "../core/types.ts";
import { recordAudit } from "../store/audit.ts";
import { retryDead } from "../store/effects.ts";
import type { Tables } from "../store/tables.ts";
import { maskAddress, maskWithin } from "./masking.ts";
import { deskWords } from "./words.ts";

export interface DeadLetter {
  readonly id: string;
  readonly what: string;
  /** A masked address, or the name of a desk. */
  readonly to: string;
  /** When it should have been done. */
  readonly dueAt: Instant;
  readonly attempts: number;
  readonly because: string;
  /** The case that its message has, if any. */
  readonly caseNumber: number | null;
}

const longestList = 100;
const longestErrorChars = 300;

const whatWords: Readonly<Record<string, string>> = {
  move: "Moving an email to its folder",
  passOn: "Passing a parent’s text on",
  digest: "A digest of frequent messages",
  reply: "The automatic reply to a parent",
  forward: "A copy of a message",
  alert: "A safeguarding alert",
  notice: "A notice about the service",
  text: "A text message",
};

/** The oldest first: it has waited longest. */
export async function listDeadLetters(store: Kysely<Tables>, school: string): Promise<readonly DeadLetter[]> {
  const rows = await store
    .selectFrom("effects")
    .leftJoin("messages", "messages.id", "effects.message_id")
    .leftJoin("cases", "cases.message_id", "effects.message_id")
    .leftJoin("deliveries", "deliveries.id", "effects.delivery_id")
    .select([
      "effects.id",
      "effects.kind",
      "effects.payload",
      "effects.due_at as dueAt",
      "effects.attempts",
      "effects.last_error as error",
      "messages.from_address as sender",
      "deliveries.account",
      "cases.number as caseNumber",
    ])
    .where("effects.school", "=", school)
    .where("effects.state", "=", "dead")
    .orderBy("effects.due_at")
    .limit(longestList)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    what: whatWords[row.kind] ?? row.kind,
    to: addressee(row.kind, row.payload, row.sender, row.account),
    dueAt: row.dueAt,
    attempts: row.attempts,
    because: maskWithin(row.error ?? "No reason was given.").slice(0, longestErrorChars),
    caseNumber: row.caseNumber,
  }));
}

export async function countDeadLetters(store: Kysely<Tables>, school: string): Promise<number> {
  return countEffects(store, school, "dead");
}

/** How many effects are in a state; `dueBy` counts only those whose moment has come. */
export async function countEffects(
  store: Kysely<Tables>,
  school: string,
  state: string,
  dueBy?: Instant,
): Promise<number> {
  let query = store
    .selectFrom("effects")
    .select((select) => select.fn.countAll().as("count"))
    .where("school", "=", school)
    .where("state", "=", state);
  if (dueBy !== undefined) query = query.where("due_at", "<=", dueBy);
  const row = await query.executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Puts a dead effect back in the queue with all its attempts; false when it is not dead (any more). */
export async function retryDeadLetter(
  store: Kysely<Tables>,
  retry: { readonly school: string; readonly id: string; readonly by: string; readonly now: Instant },
): Promise<boolean> {
  return store.transaction().execute(async (trx) => {
    if (!(await retryDead(trx, retry.school, retry.id, retry.now))) return false;
    await recordAudit(trx, {
      school: retry.school,
      at: retry.now,
      actor: retry.by,
      action: "effect.retried",
      subject: `effect:${retry.id}`,
    });
    return true;
  });
}

function addressee(kind: string, payload: string, sender: string | null, account: string | null): string {
  const work = parse(payload);
  if (["forward", "alert", "notice"].includes(kind) && typeof work["to"] === "string") {
    return deskWords(work["to"]);
  }
  if (kind === "reply" && sender) return maskAddress(sender);
  if (kind === "text" && typeof work["to"] === "string") return maskAddress(work["to"]);
  if (kind === "move" && account) return `the mailbox ${maskAddress(account)}`;
  return "a member of staff";
}

function parse(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return {};
  }
}
