// The cases: opened by a decision, listed and read by the headteacher.
import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { lookKind } from "../core/second-opinion.ts";
import type { Instant } from "../core/types.ts";
import type { Contact } from "../directory/contacts.ts";
import { recordAudit } from "./audit.ts";
import type { Trx } from "./open.ts";
import type { CasesTable, DeliveriesTable, EffectsTable, MessagesTable, Tables } from "./tables.ts";

/** Three lists: open cases, open ones that only ask for a look, and the closed ones of either kind. */
export type CaseList = "open" | "look" | "closed";

export interface NewCase {
  readonly school: string;
  readonly messageId: string;
  readonly kind: string;
  readonly severity: "serious" | "normal";
  readonly at: Instant;
}

export interface OpenedCase {
  readonly id: string;
  /** Counts up from 1 in each school: what people call it by. */
  readonly number: number;
  /** false when the message already had a case, which is then returned. */
  readonly created: boolean;
}

export interface CaseLine extends CasesTable {
  readonly channel: string;
  readonly role: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly receivedAt: Instant;
  /** The first characters of the new text, at most `openingChars`. */
  readonly opening: string;
  /** JSON: Assessment. */
  readonly wording: string;
  readonly deliveries: readonly DeliveriesTable[];
}

export interface CaseFile {
  readonly case: CasesTable;
  readonly message: MessagesTable;
  readonly deliveries: readonly DeliveriesTable[];
  /** Everything that was, is or will be done about the message. */
  readonly effects: readonly EffectsTable[];
  /** The contact of the school that the sender was taken for, as the directory has it today. */
  readonly contact: KnownContact | null;
}

export type KnownContact = Pick<Contact, "name" | "roles" | "adjustments" | "children">;

export const openingChars = 400;

/** Opens a case in the transaction of the decision; one message has one case, whatever else is found in it. */
export async function openCase(trx: Trx, opening: NewCase): Promise<OpenedCase> {
  const existing = await trx
    .selectFrom("cases")
    .select(["id", "number"])
    .where("school", "=", opening.school)
    .where("message_id", "=", opening.messageId)
    .executeTakeFirst();
  if (existing) return { ...existing, created: false };
  const last = await trx
    .selectFrom("cases")
    .select((select) => select.fn.max("number").as("number"))
    .where("school", "=", opening.school)
    .executeTakeFirst();
  const id = randomUUID();
  const number = Number(last?.number ?? 0) + 1;
  await trx
    .insertInto("cases")
    .values(openRow(id, number, opening))
    .execute();
  await recordAudit(trx, {
    school: opening.school,
    at: opening.at,
    actor: "afterbell",
    action: "case.opened",
    subject: `case:${id}`,
    detail: { number, kind: opening.kind, severity: opening.severity },
  });
  return { id, number, created: true };
}

function openRow(id: string, number: number, opening: NewCase): CasesTable {
  return {
    id,
    school: opening.school,
    number,
    message_id: opening.messageId,
    kind: opening.kind,
    severity: opening.severity,
    state: "open",
    opened_at: opening.at,
    closed_at: null,
    closed_by: null,
    outcome: null,
    note: null,
  };
}

/**
 * One page of a list. Open cases: serious before others, then the newest first.
 * Closed ones: the last closed first.
 */
export async function listCases(
  store: Kysely<Tables>,
  school: string,
  list: CaseList,
  range: { readonly offset: number; readonly limit: number } = { offset: 0, limit: 200 },
): Promise<readonly CaseLine[]> {
  const rows = await store
    .selectFrom("cases")
    .innerJoin("messages", "messages.id", "cases.message_id")
    .selectAll("cases")
    .select([
      "messages.channel",
      "messages.role",
      "messages.from_name as fromName",
      "messages.from_address as fromAddress",
      "messages.received_at as receivedAt",
      "messages.wording",
      sql<string>`substr(messages.new_text, 1, ${sql.lit(openingChars)})`.as("opening"),
    ])
    .where("cases.school", "=", school)
    .where("cases.state", "=", list === "closed" ? "closed" : "open")
    .$if(list === "look", (query) => query.where("cases.kind", "=", lookKind))
    .$if(list === "open", (query) => query.where("cases.kind", "!=", lookKind))
    .$if(list !== "closed", (query) => query.orderBy("cases.severity", "desc"))
    .orderBy(list === "closed" ? "cases.closed_at" : "messages.received_at", "desc")
    .orderBy("cases.number", "desc")
    .offset(range.offset)
    .limit(range.limit)
    .execute();
  const deliveries = await deliveriesOf(
    store,
    rows.map((row) => row.message_id),
  );
  return rows.map((row) => ({
    ...row,
    deliveries: deliveries.filter((delivery) => delivery.message_id === row.message_id),
  }));
}

/** How many cases there are on each list. */
export async function countCases(
  store: Kysely<Tables>,
  school: string,
): Promise<Readonly<Record<CaseList, number>>> {
  const rows = await store
    .selectFrom("cases")
    .select((select) => ["state", "kind", select.fn.countAll().as("count")])
    .where("school", "=", school)
    .groupBy(["state", "kind"])
    .execute();
  const counts = { open: 0, look: 0, closed: 0 };
  for (const { state, kind, count } of rows) counts[listOf({ state, kind })] += Number(count);
  return counts;
}

/** The list on which a case stands. */
export function listOf({ state, kind }: Pick<CasesTable, "state" | "kind">): CaseList {
  if (state === "closed") return "closed";
  return kind === lookKind ? "look" : "open";
}

/** One case with all that is known about its message, or null when there is no such number. */
export async function readCase(
  store: Kysely<Tables>,
  school: string,
  number: number,
): Promise<CaseFile | null> {
  const found = await store
    .selectFrom("cases")
    .selectAll()
    .where("school", "=", school)
    .where("number", "=", number)
    .executeTakeFirst();
  if (!found) return null;
  const message = await store
    .selectFrom("messages")
    .selectAll()
    .where("school", "=", school)
    .where("id", "=", found.message_id)
    .executeTakeFirstOrThrow();
  return {
    case: found,
    message,
    deliveries: await deliveriesOf(store, [message.id]),
    effects: await store
      .selectFrom("effects")
      .selectAll()
      .where("school", "=", school)
      .where("message_id", "=", message.id)
      .orderBy("created_at")
      .execute(),
    contact: message.contact_id === null ? null : await readContact(store, school, message.contact_id),
  };
}

async function deliveriesOf(
  store: Kysely<Tables>,
  messageIds: readonly string[],
): Promise<readonly DeliveriesTable[]> {
  if (messageIds.length === 0) return [];
  return store
    .selectFrom("deliveries")
    .selectAll()
    .where("message_id", "in", messageIds)
    .orderBy("recipient")
    .execute();
}

async function readContact(
  store: Kysely<Tables>,
  school: string,
  contactId: string,
): Promise<KnownContact | null> {
  const row = await store
    .selectFrom("contacts")
    .select(["name", "roles", "adjustments", "children"])
    .where("school", "=", school)
    .where("id", "=", contactId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    name: row.name,
    roles: JSON.parse(row.roles),
    adjustments: JSON.parse(row.adjustments),
    children: JSON.parse(row.children),
  };
}

/** The case of a message; null when it has none. */
export async function caseOfMessage(
  store: Kysely<Tables>,
  school: string,
  messageId: string,
): Promise<CasesTable | null> {
  const found = await store
    .selectFrom("cases")
    .selectAll()
    .where("school", "=", school)
    .where("message_id", "=", messageId)
    .executeTakeFirst();
  return found ?? null;
}
