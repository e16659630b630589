// Counts where the headteacher agreed with the judge of words, and where not.
import { localDate, localDay, mondayOf } from "../../core/local-time.ts";
import type { Instant, LocalDate, Rule } from "../../core/types.ts";
import type { Judgement, Kept, Verdict } from "../../store/judgements.ts";

type Counts = Readonly<Record<string, number>>;

/** How many of one kind, and of which. */
export interface Overruled {
  readonly count: number;
  readonly byCategory: Counts;
  readonly byRule: Counts;
}

export interface Tally {
  readonly judged: number;
  readonly agreed: number;
  readonly falseAlarms: number;
  readonly misses: number;
}

export interface Week extends Tally {
  /** Its Monday, in the school's zone, by when the headteacher judged. */
  readonly week: LocalDate;
}

export interface OverruledExample {
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly score: number;
  readonly abusive: boolean;
  readonly category: string | null;
  readonly text: string;
  readonly words: readonly string[];
}

export interface WordingReport {
  readonly learning: Kept;
  /** What the judge called the messages of people from outside. */
  readonly messages: Readonly<Record<Verdict, number>>;
  /** What the headteacher said of those that they judged, by what the judge had said. */
  readonly judged: Readonly<Record<Verdict, { readonly abuse: number; readonly notAbuse: number }>>;
  readonly total: Tally;
  /** 0..1 of what the judge was sure of; null when nothing of that has been judged. */
  readonly agreement: number | null;
  readonly falseAlarms: Overruled;
  readonly misses: Overruled;
  readonly byWeek: readonly Week[];
  /** Empty unless words are kept; the last first. */
  readonly overruled: readonly OverruledExample[];
}

export interface ReportInput {
  readonly learning: Kept;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly judgements: readonly Judgement[];
  readonly rules: readonly Rule[];
  readonly zone: string;
}

const isFalseAlarm = ({ judge, head }: Judgement): boolean => judge.verdict === "abusive" && !head.abusive;
const isMiss = ({ judge, head }: Judgement): boolean => judge.verdict !== "abusive" && head.abusive;
const isAgreed = ({ judge, head }: Judgement): boolean => judge.verdict === (head.abusive ? "abusive" : "ok");

function tally(some: readonly Judgement[]): Tally {
  return {
    judged: some.length,
    agreed: some.filter(isAgreed).length,
    falseAlarms: some.filter(isFalseAlarm).length,
    misses: some.filter(isMiss).length,
  };
}

/** The most frequent first. */
function counted(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** Hours and limits say nothing of the words: a rule counts when it refers or opens a case, or is no longer there. */
function aboutWords(rules: readonly Rule[]): (id: string) => boolean {
  const others = new Set(
    rules.filter(({ then }) => then.outcome !== "escalate" && then.openCase === null).map(({ id }) => id),
  );
  return (id) => !others.has(id);
}

function overruledBy(
  some: readonly Judgement[],
  categoryOf: (one: Judgement) => string | null,
  rules: readonly Rule[],
): Overruled {
  const counts = aboutWords(rules);
  const ruleIds = some.flatMap(({ judge }) => {
    const ids = judge.rules.filter(counts);
    return ids.length > 0 ? ids : ["no rule"];
  });
  return {
    count: some.length,
    byCategory: counted(some.map((one) => categoryOf(one) ?? "no category")),
    byRule: counted(ruleIds),
  };
}

function byWeek(judgements: readonly Judgement[], zone: string): readonly Week[] {
  const weekOf = ({ at }: Judgement) => localDate(mondayOf(localDay(Date.parse(at), zone)));
  return [...Map.groupBy(judgements, weekOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([week, some]) => ({ week, ...tally(some) }));
}

function examples(judgements: readonly Judgement[]): readonly OverruledExample[] {
  return judgements
    .filter((one) => isFalseAlarm(one) || isMiss(one))
    .flatMap(({ at, judge, head, text, words }) =>
      text === null
        ? []
        : [
            {
              at,
              verdict: judge.verdict,
              score: judge.score,
              abusive: head.abusive,
              category: head.abusive ? head.category : judge.category,
              text,
              words,
            },
          ],
    )
    .toReversed();
}

/** Pure: the same input gives the same report. */
export function reportOf({ learning, verdicts, judgements, rules, zone }: ReportInput): WordingReport {
  const said = (verdict: Verdict) => {
    const some = judgements.filter(({ judge }) => judge.verdict === verdict);
    const abuse = some.filter(({ head }) => head.abusive).length;
    return { abuse, notAbuse: some.length - abuse };
  };
  const total = tally(judgements);
  const sure = judgements.filter(({ judge }) => judge.verdict !== "unsure").length;
  return {
    learning,
    messages: verdicts,
    judged: { abusive: said("abusive"), unsure: said("unsure"), ok: said("ok") },
    total,
    agreement: sure === 0 ? null : total.agreed / sure,
    falseAlarms: overruledBy(judgements.filter(isFalseAlarm), ({ judge }) => judge.category, rules),
    misses: overruledBy(judgements.filter(isMiss), ({ head }) => head.category, rules),
    byWeek: byWeek(judgements, zone),
    overruled: learning === "texts" ? examples(judgements) : [],
  };
}
