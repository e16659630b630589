// Who did what, when: an append-only list for each school, in which every row seals the one before it.
import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Instant } from "../core/types.ts";
import type { Trx } from "./open.ts";
import type { AuditTable, Tables } from "./tables.ts";

export interface AuditEntry {
  readonly school: string;
  readonly at: Instant;
  /** A staff id, or "afterbell" for what the gateway did by itself. */
  readonly actor: string;
  /** A noun and a past participle, such as "case.released". */
  readonly action: string;
  /** What it was done to: `case:<id>`, `message:<id>`, `staff:<id>`, `effect:<id>`. */
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type AuditRow = AuditTable;

export type AuditCheck =
  | { readonly intact: true; readonly rows: number }
  /** `seq` is the first row that does not fit the one before it. */
  | { readonly intact: false; readonly seq: number };

const beginning = "0".repeat(64);
const batchRows = 500;

/** Hashes a row as one JSON array, so that no two different rows read alike. */
function seal(previous: string, row: Omit<AuditRow, "hash">): string {
  const canonical = [previous, row.school, row.seq, row.at, row.actor, row.action, row.subject, row.detail];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}

/** Appends one row. Call it inside the transaction of the act itself: one cannot happen without the other. */
export async function recordAudit(trx: Trx, entry: AuditEntry): Promise<void> {
  const last = await trx
    .selectFrom("audit")
    .select(["seq", "hash"])
    .where("school", "=", entry.school)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const row = {
    school: entry.school,
    seq: Number(last?.seq ?? 0) + 1,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail: JSON.stringify(entry.detail ?? {}),
  };
  await trx
    .insertInto("audit")
    .values({ ...row, hash: seal(last?.hash ?? beginning, row) })
    .execute();
}

/** The rows about any of these subjects, oldest first. */
export async function readAudit(
  store: Kysely<Tables>,
  school: string,
  subjects: readonly string[],
): Promise<readonly AuditRow[]> {
  return store
    .selectFrom("audit")
    .selectAll()
    .where("school", "=", school)
    .where("subject", "in", subjects)
    .orderBy("seq")
    .execute();
}

/**
 * Reads the whole list and checks every seal. A changed, removed or inserted row shows; rows cut off
 * at the very end do not: compare the number of rows with an earlier export.
 */
export async function verifyAudit(store: Kysely<Tables>, school: string): Promise<AuditCheck> {
  let previous = beginning;
  let seq = 0;
  for (;;) {
    const rows = await store
      .selectFrom("audit")
      .selectAll()
      .where("school", "=", school)
      .where("seq", ">", seq)
      .orderBy("seq")
      .limit(batchRows)
      .execute();
    for (const row of rows) {
      if (row.seq !== seq + 1 || row.hash !== seal(previous, row)) return { intact: false, seq: row.seq };
      previous = row.hash;
      seq = row.seq;
    }
    if (rows.length < batchRows) return { intact: true, rows: seq };
  }
}
