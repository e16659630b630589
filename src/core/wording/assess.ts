// What the words say: abuse and its target, a possible disclosure, and what must not wait.
import type { Assessment, Lexicon, Span } from "../types.ts";
import { type ByLexicon, byLexicon } from "./by-lexicon.ts";
import { ABUSE_CATEGORIES } from "./categories.ts";
import { sentencesOf } from "./features.ts";
import { evidenceOf, type FinerAnswers, finer, type Judged, judge, probability, weightsOf } from "./judge.ts";
import { languageOf } from "./language.ts";
import { type Model, TASKS, type Task } from "./model.ts";
import type { Token } from "./normalise.ts";

/** Without a model, from which score of the lexicon on. */
const ALONE = { abusive: 0.8, unsure: 0.5, safeguarding: 0.6, mustNotWait: 0.6 };
/** So sure is a lexicon that the headteacher should look, whatever the model says. */
const LOOK_FROM = 0.9;
/**
 * What is said in so plain words is heard unless the model, reading that sentence alone, all but rules it out
 * ("the county lines assembly").
 */
const HEARD_FROM = 0.9;
const RULED_OUT = 0.1;
/** What a school's own list calls certain is heard whatever the model says. */
const CERTAIN = 0.99;
/** A second category is named when it is at least this likely. */
const SECOND_FROM = 0.3;
/** The least score of a category that rules act on. */
const NAMED_FROM = 0.5;
/** From here on the lexicon's kind goes before the model's. */
const NAMED_OUTRIGHT = 0.8;
const NO_ANSWERS: FinerAnswers = { category: [], target: [], kind: [] };

/**
 * Judges the sender's own text (never what they quote: see quoting.ts). Offsets are UTF-16 units of `text`.
 * Scores are 0..1: with a model calibrated probabilities, with the lexicon alone its strength. Linear in the
 * length of the text. Throws when a term of the lexicon cannot be read.
 */
export function assess(text: string, lexicon: Lexicon, model: Model | null = null): Assessment {
  const listed = byLexicon(text, lexicon);
  const language = languageOf(listed.tokens);
  // The model has learnt English only.
  if (language === "en") {
    if (model === null) return alone(listed);
    const judged = together(listed, listed.tokens, model);
    return listed.isForeign ? stricter(judged, alone(listed)) : judged;
  }
  return language === null ? unread(alone(listed)) : { ...alone(listed), language };
}

const WORSE: readonly Assessment["verdict"][] = ["ok", "unsure", "abusive"];

/** A short text counts as English, and "kurwa, this teacher" is not: of two judges the stricter is heard. */
function stricter(judged: Assessment, listed: Assessment): Assessment {
  const isListed = WORSE.indexOf(listed.verdict) > WORSE.indexOf(judged.verdict);
  const { verdict, score, categories, target } = isListed ? listed : judged;
  return {
    verdict,
    score,
    categories,
    target,
    safeguarding: listed.safeguarding.hit ? listed.safeguarding : judged.safeguarding,
    mustNotWait: judged.mustNotWait.hit ? judged.mustNotWait : listed.mustNotWait,
    spans: merge([...judged.spans, ...listed.spans]),
    ...("language" in judged ? { language: judged.language } : {}),
  };
}

/** A word that happens to look like one of ours is no abuse: somebody who can read it must look. */
function unread(found: Assessment): Assessment {
  return { ...found, verdict: found.verdict === "ok" ? "ok" : "unsure", language: null };
}

/**
 * As `assess`, of a mail: a calm subject takes nothing from what the words below it say, and a subject may say
 * it itself. Offsets are those of the text, two line feeds and the subject.
 */
export function assessMail(
  text: string,
  subject: string,
  lexicon: Lexicon,
  model: Model | null = null,
): Assessment {
  const own = assess(text, lexicon, model);
  return subject === "" ? own : stricter(own, assess(`${text}\n\n${subject}`, lexicon, model));
}

/** What the lexicon alone makes of a text, 0..1 each: abuse, a disclosure, what must not wait. */
export function lexiconScores({ abuse, safeguarding, mustNotWait }: ByLexicon): readonly number[] {
  return [abuse, safeguarding, mustNotWait.score];
}

function alone(listed: ByLexicon): Assessment {
  const { abuse, categories, target, safeguarding, mustNotWait, spans } = listed;
  const isUrgent = mustNotWait.score >= ALONE.mustNotWait;
  return {
    verdict: abuse >= ALONE.abusive ? "abusive" : abuse >= ALONE.unsure ? "unsure" : "ok",
    score: abuse,
    categories,
    target,
    safeguarding: { hit: safeguarding >= ALONE.safeguarding, score: safeguarding },
    mustNotWait: { hit: isUrgent, score: mustNotWait.score, kind: isUrgent ? mustNotWait.kind : null },
    spans,
  };
}

function together(listed: ByLexicon, tokens: readonly Token[], model: Model): Assessment {
  const { thresholds } = model.head;
  const judged = judge(tokens, model);
  const evidence = evidenceOf(judged, lexiconScores(listed));
  const [abuse = 0, safeguarding = 0, urgent = 0] = TASKS.map((_, task) =>
    probability(evidence, model.head.stack[task] ?? []),
  );
  const isHeard = (task: Task, score: number, likely: number): boolean =>
    score >= CERTAIN ||
    (score >= HEARD_FROM &&
      (likely >= RULED_OUT || likeliestAlone(task, listed, tokens, model) >= RULED_OUT));
  const verdict = verdictOf(abuse, listed, model);
  const isDisclosure =
    safeguarding >= thresholds.safeguarding || isHeard("safeguarding", listed.safeguarding, safeguarding);
  const isUrgent =
    urgent >= thresholds.mustNotWait || isHeard("mustNotWait", listed.mustNotWait.score, urgent);
  const found: Task[] = [
    ...(verdict === "ok" ? [] : (["abuse"] as const)),
    ...(isDisclosure ? (["safeguarding"] as const) : []),
    ...(isUrgent ? (["mustNotWait"] as const) : []),
  ];
  const answers = found.length > 0 ? finer(tokens, model) : NO_ANSWERS;
  const categories = verdict === "ok" ? {} : categoriesOf(abuse, listed, answers);
  const kind = isUrgent ? kindOf(listed, answers) : null;
  const [category = "insult"] = Object.keys(categories);
  const names: Readonly<Record<Task, string>> = {
    abuse: category,
    safeguarding: "safeguarding",
    mustNotWait: kind ?? "",
  };
  return {
    verdict,
    score: round(abuse),
    categories,
    target: verdict === "ok" ? null : targetOf(listed, answers),
    safeguarding: { hit: isDisclosure, score: round(safeguarding) },
    mustNotWait: { hit: isUrgent, score: round(urgent), kind },
    spans: merge([
      ...listed.spans.filter((span) => found.some((task) => isOf(task, span))),
      ...found.flatMap((task) => carrying(tokens, judged, task, names[task], model)),
    ]),
  };
}

/**
 * What the model makes of the sentences in which the lexicon found something, each read alone: a long mail around
 * one plain sentence rules nothing out.
 */
function likeliestAlone(task: Task, listed: ByLexicon, tokens: readonly Token[], model: Model): number {
  const found = listed.spans.filter((span) => isOf(task, span));
  const stack = model.head.stack[TASKS.indexOf(task)] ?? [];
  let likeliest = 0;
  for (const [from, to] of sentencesOf(tokens)) {
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (!first || !last || !found.some(({ start, end }) => start < last.end && end > first.start)) continue;
    const evidence = evidenceOf(judge(tokens.slice(from, to), model), lexiconScores(listed));
    likeliest = Math.max(likeliest, probability(evidence, stack));
  }
  return likeliest;
}

function verdictOf(abuse: number, listed: ByLexicon, { head }: Model): Assessment["verdict"] {
  if (abuse >= head.thresholds.abusive || listed.isCertain) return "abusive";
  return abuse >= head.thresholds.unsure || listed.abuse >= LOOK_FROM ? "unsure" : "ok";
}

const round = (score: number): number => Math.round(score * 1000) / 1000;

/** The likeliest category first; rules act on a category from 0.5 on. */
function categoriesOf(abuse: number, listed: ByLexicon, answers: FinerAnswers): Assessment["categories"] {
  const [first, second] = answers.category;
  const byModel: (readonly [string, number])[] = [];
  if (first) byModel.push([first[0], Math.max(abuse, NAMED_FROM)]);
  if (second && second[1] >= SECOND_FROM)
    byModel.push([second[0], Math.max(abuse * second[1] * 2, NAMED_FROM)]);
  // What the lexicon names outright goes before what the model makes of the whole.
  const named = Object.entries(listed.categories).filter(([, score]) => score >= ALONE.abusive);
  const scores = named.length > 0 ? named : byModel;
  return Object.fromEntries(scores.map(([name, score]) => [name, round(Math.min(1, score))]));
}

function targetOf(listed: ByLexicon, answers: FinerAnswers): Assessment["target"] {
  if (listed.target !== null && listed.abuse >= ALONE.abusive) return listed.target;
  return (answers.target[0]?.[0] as Assessment["target"]) ?? null;
}

function kindOf(listed: ByLexicon, answers: FinerAnswers): string | null {
  const { kind, score } = listed.mustNotWait;
  // The headteacher must never get a complaint about themselves as an ordinary one.
  if (kind === "complaint-about-head" && score >= ALONE.mustNotWait) return kind;
  if (kind !== null && score >= NAMED_OUTRIGHT) return kind;
  return answers.kind[0]?.[0] ?? kind;
}

const ABUSE: ReadonlySet<string> = new Set(ABUSE_CATEGORIES);

function isOf(task: Task, { category }: Span): boolean {
  if (task === "safeguarding") return category === "safeguarding";
  if (task === "abuse") return ABUSE.has(category);
  return !ABUSE.has(category) && category !== "safeguarding";
}

/** Words that weigh less than this share of the heaviest are left out. */
const SHARE_OF_HEAVIEST = 0.3;
/** So many words between two that carry weight belong to them. */
const WIDEST_GAP = 2;
/** The words before and after count in part: a phrase carries weight together. */
const NEIGHBOUR = 0.35;

/** The words that made the model say yes: the runs of words that carry most. */
function carrying(
  tokens: readonly Token[],
  judged: Judged,
  task: Task,
  category: string,
  model: Model,
): readonly Span[] {
  const spoken = weightsOf(tokens, judged, task, model);
  const smooth = spoken.map(
    (own, at) => own + NEIGHBOUR * (Math.max(0, spoken[at - 1] ?? 0) + Math.max(0, spoken[at + 1] ?? 0)),
  );
  let heaviest = 0;
  for (let at = 0; at < tokens.length; at++) heaviest = Math.max(heaviest, smooth[at] ?? 0);
  if (heaviest <= 0) return [];
  const spans: Span[] = [];
  let first = -1;
  let last = -1;
  const close = () => {
    const [begin, end] = [tokens[first], tokens[last]];
    if (begin && end) spans.push({ start: begin.start, end: end.end, category });
  };
  for (let at = 0; at < tokens.length; at++) {
    if ((smooth[at] ?? 0) < heaviest * SHARE_OF_HEAVIEST) continue;
    if (first >= 0 && at - last > WIDEST_GAP + 1) {
      close();
      first = -1;
    }
    if (first < 0) first = at;
    last = at;
  }
  if (first >= 0) close();
  return spans;
}

/** In the order of the text; spans of one category that touch become one. */
function merge(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: Span[] = [];
  for (const span of sorted) {
    const at = merged.findLastIndex((one) => one.category === span.category);
    const before = merged[at];
    if (before && span.start <= before.end) merged[at] = { ...before, end: Math.max(before.end, span.end) };
    else merged.push(span);
  }
  return merged;
}
