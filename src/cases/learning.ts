// What is kept of the headteacher's judgement of words: as much as the school has set, and no names.

import type { Assessment, Decision, Instant } from "../core/types.ts";
import { ABUSE_CATEGORIES } from "../core/wording/categories.ts";
import type { SchoolFile, StaffMember } from "../policy/schema.ts";
import { type Kept, recordJudgement } from "../store/judgements.ts";
import type { Store, Trx } from "../store/open.ts";
import type { MessagesTable } from "../store/tables.ts";
import { anonymiser } from "./anonymise.ts";
import { readAssessment } from "./assessment.ts";

export const ABUSE_TARGETS = ["staff", "parent", "pupil", "school"] as const;
export type AbuseCategory = (typeof ABUSE_CATEGORIES)[number];
export type AbuseTarget = (typeof ABUSE_TARGETS)[number];

/** What abuse it was, in the headteacher's view. */
export interface Abuse {
  readonly category: AbuseCategory;
  /** null: not sure, or nobody in particular. */
  readonly target: AbuseTarget | null;
}

export interface Learning {
  readonly kept: Kept;
  /** Names that no kept text may hold: of staff and of the school. Contacts are read from the store. */
  readonly names: readonly string[];
}

/** Longer texts are kept up to here, in UTF-16 code units: nobody trains on more. */
const longestTextChars = 20_000;
const mostWords = 20;

const isAbuseCategory = (category: string): category is AbuseCategory =>
  ABUSE_CATEGORIES.some((known) => known === category);

/** The category of abuse that weighs most, or null. */
export function abuseCategory({ categories }: Assessment): AbuseCategory | null {
  const [worst] = Object.entries(categories)
    .sort(([, a], [, b]) => b - a)
    .flatMap(([name]) => (isAbuseCategory(name) ? [name] : []));
  return worst ?? null;
}

/** Names that the configuration tells: of staff and of the school. */
export const knownNames = (
  { school }: Pick<SchoolFile, "school">,
  staff: readonly Pick<StaffMember, "name">[],
): readonly string[] => [school.name, ...staff.map(({ name }) => name)];

/** Names of contacts and of their children, as the school wrote them. */
export async function contactNames(store: Store | Trx, school: string): Promise<readonly string[]> {
  const rows = await store
    .selectFrom("contacts")
    .select(["name", "children"])
    .where("school", "=", school)
    .execute();
  return rows.flatMap(({ name, children }) => [name, String(JSON.parse(children))]);
}

interface Words {
  readonly text: string | null;
  readonly words: readonly string[];
}

const noWords: Words = { text: null, words: [] };

function wordsOf(message: MessagesTable, { spans }: Assessment, names: readonly string[]): Words {
  const original = message.new_text.slice(0, longestTextChars);
  const marked = spans.filter(({ category }) => isAbuseCategory(category));
  const within = marked.filter(({ end }) => end <= original.length);
  // Where only the subject was marked, the text would be an example of something that it does not say.
  if (original.trim() === "" || (marked.length > 0 && within.length === 0)) return noWords;
  const plain = anonymiser([...names, message.from_name]);
  const text = plain(original);
  const words = new Set(
    within.map(({ start, end }) => plain(original.slice(start, end)).trim()).filter((one) => one !== ""),
  );
  return { text, words: [...words].filter((one) => text.includes(one)).slice(0, mostWords) };
}

export interface Said {
  readonly by: string;
  readonly at: Instant;
  /** null: no abuse. */
  readonly abuse: Abuse | null;
}

/** Call it inside the transaction of the act. A machine's mail teaches nothing about people's words. */
export async function learn(
  trx: Trx,
  message: MessagesTable,
  { by, at, abuse }: Said,
  { kept, names }: Learning,
): Promise<void> {
  if (kept === "off" || message.automatic !== null) return;
  const assessment = readAssessment(message.wording);
  const { reasons } = JSON.parse(message.decision) as Pick<Decision, "reasons">;
  const words =
    kept === "texts"
      ? wordsOf(message, assessment, [...names, ...(await contactNames(trx, message.school))])
      : noWords;
  await recordJudgement(trx, message.school, {
    messageId: message.id,
    at,
    by,
    channel: message.channel,
    judge: {
      verdict: assessment.verdict,
      score: assessment.score,
      category: abuseCategory(assessment),
      target: assessment.target,
      safeguarding: assessment.safeguarding.hit,
      mustNotWait: assessment.mustNotWait.hit ? assessment.mustNotWait.kind : null,
      rules: reasons.map(({ rule }) => rule),
    },
    head: { abusive: abuse !== null, category: abuse?.category ?? null, target: abuse?.target ?? null },
    ...words,
  });
}
