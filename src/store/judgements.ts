// What the headteacher said of words that had been judged: kept, counted, and found again for the same words.
import { randomUUID } from "node:crypto";
import type { Assessment, Instant } from "../core/types.ts";
import type { Store, Trx } from "./open.ts";
import type { CasesTable, JudgementsTable, MessagesTable } from "./tables.ts";

/** What a school lets be kept of a judgement: nothing, what was said, or also the words. */
export type Kept = "off" | "labels" | "texts";
export type Verdict = Assessment["verdict"];

export interface Judgement {
  readonly messageId: string;
  readonly at: Instant;
  /** Staff id. */
  readonly by: string;
  readonly channel: string;
  readonly judge: {
    readonly verdict: Verdict;
    /** 0..1 */
    readonly score: number;
    readonly category: string | null;
    readonly target: string | null;
    readonly safeguarding: boolean;
    readonly mustNotWait: string | null;
    /** Ids of the rules that gave a reason. */
    readonly rules: readonly string[];
  };
  readonly head: {
    readonly abusive: boolean;
    readonly category: string | null;
    readonly target: string | null;
  };
  /** Without names, addresses and numbers; null when only labels are kept. */
  readonly text: string | null;
  /** The words in `text` that the judge had marked. */
  readonly words: readonly string[];
}

/** Insert-or-nothing: a message is judged once. */
export async function recordJudgement(trx: Trx, school: string, judgement: Judgement): Promise<void> {
  const { judge, head } = judgement;
  await trx
    .insertInto("judgements")
    .values({
      id: randomUUID(),
      school,
      message_id: judgement.messageId,
      at: judgement.at,
      judged_by: judgement.by,
      channel: judgement.channel,
      verdict: judge.verdict,
      score: judge.score,
      judge_category: judge.category,
      judge_target: judge.target,
      safeguarding: judge.safeguarding ? 1 : 0,
      must_not_wait: judge.mustNotWait,
      rules: JSON.stringify(judge.rules),
      abusive: head.abusive ? 1 : 0,
      category: head.category,
      target: head.target,
      text: judgement.text,
      words: JSON.stringify(judgement.words),
    })
    .onConflict((conflict) => conflict.columns(["school", "message_id"]).doNothing())
    .execute();
}

function toJudgement(row: JudgementsTable): Judgement {
  return {
    messageId: row.message_id,
    at: row.at,
    by: row.judged_by,
    channel: row.channel,
    judge: {
      verdict: row.verdict as Verdict,
      score: row.score,
      category: row.judge_category,
      target: row.judge_target,
      safeguarding: row.safeguarding === 1,
      mustNotWait: row.must_not_wait,
      rules: JSON.parse(row.rules),
    },
    head: { abusive: row.abusive === 1, category: row.category, target: row.target },
    text: row.text,
    words: JSON.parse(row.words),
  };
}

/** All that is kept, the oldest first. */
export async function readJudgements(store: Store, school: string): Promise<readonly Judgement[]> {
  const rows = await store
    .selectFrom("judgements")
    .selectAll()
    .where("school", "=", school)
    .orderBy("at")
    .orderBy("id")
    .execute();
  return rows.map(toJudgement);
}

/** Erases what the school's setting no longer allows. Returns how many judgements lost something. */
export async function keepOnly(store: Store, school: string, kept: Kept): Promise<number> {
  if (kept === "texts") return 0;
  if (kept === "off") {
    const gone = await store.deleteFrom("judgements").where("school", "=", school).executeTakeFirst();
    return Number(gone.numDeletedRows);
  }
  const cut = await store
    .updateTable("judgements")
    .set({ text: null, words: "[]" })
    .where("school", "=", school)
    .where((eb) => eb.or([eb("text", "is not", null), eb("words", "<>", "[]")]))
    .executeTakeFirst();
  return Number(cut.numUpdatedRows);
}

const pageRows = 2000;

/** How often the wording gave each verdict of what people from outside wrote. */
export async function countVerdicts(
  store: Store,
  school: string,
): Promise<Readonly<Record<Verdict, number>>> {
  const counts: Record<Verdict, number> = { abusive: 0, unsure: 0, ok: 0 };
  let after = "";
  for (;;) {
    const rows = await store
      .selectFrom("messages")
      .select(["id", "wording"])
      .where("school", "=", school)
      .where("automatic", "is", null)
      .where("role", "in", ["parent", "probably-parent", "unknown"])
      .where("id", ">", after)
      .orderBy("id")
      .limit(pageRows)
      .execute();
    for (const { wording } of rows) counts[(JSON.parse(wording) as Assessment).verdict] += 1;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return counts;
    after = last.id;
  }
}

export type JudgedMessage = Pick<MessagesTable, "subject" | "new_text"> &
  Pick<CasesTable, "number" | "closed_at" | "outcome">;

/** Messages of a sender with this fingerprint on which somebody has said whether they are abuse; the last first. */
export function judgedBefore(
  store: Store | Trx,
  school: string,
  senderKey: string,
  fingerprint: string,
): Promise<readonly JudgedMessage[]> {
  return store
    .selectFrom("messages")
    .innerJoin("cases", "cases.message_id", "messages.id")
    .select(["messages.subject", "messages.new_text", "cases.number", "cases.closed_at", "cases.outcome"])
    .where("messages.school", "=", school)
    .where("messages.sender_key", "=", senderKey)
    .where("messages.fingerprint", "=", fingerprint)
    .where("cases.state", "=", "closed")
    .where("cases.outcome", "in", ["not-abuse", "abuse"])
    .orderBy("cases.closed_at", "desc")
    .orderBy("cases.number", "desc")
    .execute();
}
