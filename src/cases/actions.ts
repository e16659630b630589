// What a person does with a case: release the message to staff, close the case. Each is one transaction:
// the act, its line in the audit and the moves that follow stand or fall together.
import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Instant } from "../core/types.ts";
import { scheduleEffect } from "../outbox/schedule.ts";
import { recordAudit } from "../store/audit.ts";
import type { Trx } from "../store/open.ts";
import type { CasesTable, DeliveriesTable, EffectsTable, Tables } from "../store/tables.ts";
import { readAssessment } from "./assessment.ts";
import { isWithheld, leadsToStaff } from "./copies.ts";
import { type Abuse, abuseCategory, type Learning, learn, type Said } from "./learning.ts";
import { withholdCopies } from "./withhold.ts";

export const CLOSE_OUTCOMES = ["not-abuse", "abuse", "dealt-with"] as const;
/**
 * `not-abuse` also releases the message to the staff that it was written to; `abuse` also keeps from them what has
 * not reached them yet. Both are kept as what the headteacher said of the words; `dealt-with` says nothing of them.
 */
export type CloseOutcome = (typeof CLOSE_OUTCOMES)[number];

/** `at-work`: when the person is next at work; `now`: at once, whatever the hour. */
export type ReleaseWhen = "at-work" | "now";

export type ActionResult =
  | { readonly done: true }
  | { readonly done: false; readonly because: "no-such-case" | "already-closed" | "nothing-withheld" };

export interface CaseActions {
  /** Sends every withheld copy on. Twice is as good as once. The case stays open. */
  releaseCase(caseId: string, by: string, choice?: ReleaseChoice): Promise<ActionResult>;
  /** Closes the case; a case that is closed stays as it was. */
  closeCase(
    caseId: string,
    by: string,
    outcome: CloseOutcome,
    note: string,
    abuse?: Abuse,
  ): Promise<ActionResult>;
}

export interface ReleaseChoice {
  readonly when?: ReleaseWhen;
  readonly note?: string;
}

export interface ActionSettings {
  readonly store: Kysely<Tables>;
  readonly school: () => string;
  readonly clock: Clock;
  /** When this member of staff is next at work; null = now, or unknown (doubt delivers). */
  readonly atWork?: (staffId: string) => Instant | null;
  /** What may be kept of what people say about words. Absent = labels only. */
  readonly learning?: () => Learning;
  /** Called after the transaction, so that a worker need not wait for its next round. */
  readonly wake?: () => void;
}

/** The two acts over one store. */
export function caseActions(settings: ActionSettings): CaseActions {
  const act = async (perform: (trx: Trx) => Promise<ActionResult>): Promise<ActionResult> => {
    const result = await settings.store.transaction().execute(perform);
    if (result.done) settings.wake?.();
    return result;
  };
  return {
    releaseCase: (caseId, by, choice = {}) => act((trx) => release(trx, settings, caseId, by, choice)),
    closeCase: (caseId, by, outcome, note, abuse) =>
      act((trx) => close(trx, settings, caseId, by, { outcome, note, abuse: abuse ?? null })),
  };
}

async function release(
  trx: Trx,
  settings: ActionSettings,
  caseId: string,
  by: string,
  choice: ReleaseChoice,
): Promise<ActionResult> {
  const found = await caseById(trx, settings.school(), caseId);
  if (!found) return { done: false, because: "no-such-case" };
  if (found.state === "closed") return { done: false, because: "already-closed" };
  const when = choice.when ?? "at-work";
  const released = await releaseCopies(trx, settings, found, when);
  if (released.length === 0) return { done: false, because: "nothing-withheld" };
  await recordAudit(trx, {
    school: found.school,
    at: settings.clock.now(),
    actor: by,
    action: "case.released",
    subject: `case:${found.id}`,
    detail: { number: found.number, recipients: released, when, note: choice.note ?? "" },
  });
  return { done: true };
}

interface Closing {
  readonly outcome: CloseOutcome;
  readonly note: string;
  /** Of the outcome `abuse`: which; null when nobody said. */
  readonly abuse: Abuse | null;
}

async function close(
  trx: Trx,
  settings: ActionSettings,
  caseId: string,
  by: string,
  { outcome, note, abuse }: Closing,
): Promise<ActionResult> {
  const found = await caseById(trx, settings.school(), caseId);
  if (!found) return { done: false, because: "no-such-case" };
  if (found.state === "closed") return { done: false, because: "already-closed" };
  const now = settings.clock.now();
  await trx
    .updateTable("cases")
    .set({ state: "closed", closed_at: now, closed_by: by, outcome, note: note === "" ? null : note })
    .where("id", "=", found.id)
    .execute();
  const recipients = outcome === "not-abuse" ? await releaseCopies(trx, settings, found, "at-work") : [];
  const kept = outcome === "abuse" ? await withholdCopies(trx, found, now) : [];
  if (outcome !== "dealt-with") await learnFrom(trx, settings, found, { by, at: now, outcome, abuse });
  await recordAudit(trx, {
    school: found.school,
    at: now,
    actor: by,
    action: "case.closed",
    subject: `case:${found.id}`,
    detail: { number: found.number, outcome, recipients, note, ...(abuse ? { abuse } : {}), kept },
  });
  return { done: true };
}

/** Abuse that nobody has put into a category has that of the wording. */
async function learnFrom(
  trx: Trx,
  { learning }: ActionSettings,
  found: CasesTable,
  said: Pick<Said, "by" | "at"> & Pick<Closing, "outcome" | "abuse">,
): Promise<void> {
  const message = await trx
    .selectFrom("messages")
    .selectAll()
    .where("id", "=", found.message_id)
    .executeTakeFirstOrThrow();
  const assessment = readAssessment(message.wording);
  const assumed = { category: abuseCategory(assessment) ?? "insult", target: assessment.target } as const;
  const abuse = said.outcome === "abuse" ? (said.abuse ?? assumed) : null;
  await learn(
    trx,
    message,
    { by: said.by, at: said.at, abuse },
    learning?.() ?? { kept: "labels", names: [] },
  );
}

const caseById = (trx: Trx, school: string, caseId: string): Promise<CasesTable | undefined> =>
  trx
    .selectFrom("cases")
    .selectAll()
    .where("school", "=", school)
    .where("id", "=", caseId)
    .executeTakeFirst();

/** Returns the staff whose copies were sent on by this call, each once. */
async function releaseCopies(
  trx: Trx,
  settings: ActionSettings,
  found: CasesTable,
  when: ReleaseWhen,
): Promise<readonly string[]> {
  const copies = await trx
    .selectFrom("deliveries")
    .selectAll()
    .where("message_id", "=", found.message_id)
    .orderBy("recipient")
    .execute();
  const recipients = new Set<string>();
  for (const copy of copies) {
    const ahead = await movesAhead(trx, copy.id);
    if (!isWithheld(copy, ahead)) continue;
    if (await releaseCopy(trx, settings, copy, ahead, when)) recipients.add(copy.recipient);
  }
  return [...recipients];
}

/** What is still to happen to one copy. */
const movesAhead = (trx: Trx, deliveryId: string): Promise<EffectsTable[]> =>
  trx
    .selectFrom("effects")
    .selectAll()
    .where("delivery_id", "=", deliveryId)
    .where("state", "in", ["due", "claimed"])
    .execute();

async function releaseCopy(
  trx: Trx,
  settings: ActionSettings,
  copy: DeliveriesTable,
  ahead: readonly EffectsTable[],
  when: ReleaseWhen,
): Promise<boolean> {
  const now = settings.clock.now();
  const dueAt = (when === "now" ? null : settings.atWork?.(copy.recipient)) ?? now;
  const planned = ahead.find(leadsToStaff);
  // A second way to the inbox would show a text twice: what is planned is brought forward instead.
  const changed = planned
    ? await bringForward(trx, planned, dueAt)
    : await scheduleRelease(trx, copy, dueAt, now);
  if (!changed) return false;
  if (when === "now") await cancelWayBack(trx, ahead);
  await trx.updateTable("deliveries").set({ release_at: dueAt }).where("id", "=", copy.id).execute();
  return true;
}

async function bringForward(trx: Trx, planned: EffectsTable, dueAt: Instant): Promise<boolean> {
  if (planned.due_at <= dueAt || planned.state !== "due") return false;
  await trx.updateTable("effects").set({ due_at: dueAt }).where("id", "=", planned.id).execute();
  return true;
}

async function scheduleRelease(
  trx: Trx,
  copy: DeliveriesTable,
  dueAt: Instant,
  now: Instant,
): Promise<boolean> {
  const onMailServer = copy.account !== null;
  const scheduled = await scheduleEffect(trx, {
    school: copy.school,
    idempotencyKey: `release:${copy.id}`,
    ...(onMailServer ? { groupKey: `move:${copy.account}:inbox` } : {}),
    work: onMailServer ? { kind: "move", to: "inbox" } : { kind: "passOn" },
    messageId: copy.message_id,
    deliveryId: copy.id,
    dueAt,
    now,
  });
  return scheduled !== null;
}

/** A move out of the inbox that has not begun must not undo the release. */
async function cancelWayBack(trx: Trx, ahead: readonly EffectsTable[]): Promise<void> {
  for (const effect of ahead.filter((one) => one.kind === "move" && !leadsToStaff(one))) {
    await trx
      .updateTable("effects")
      .set({ state: "cancelled" })
      .where("id", "=", effect.id)
      .where("state", "=", "due")
      .execute();
  }
}
