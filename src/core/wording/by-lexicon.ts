// What a lexicon alone makes of a text: which of its terms stand there, who is meant, who says it.
import type { Assessment, Lexicon, Span } from "../types.ts";
import { ABUSE_CATEGORIES, MUST_NOT_WAIT_KINDS } from "./categories.ts";
import { type Aim, aimAround, aimInside, isNegated, isReported, targetWithin } from "./context.ts";
import { find, type Hit, spanOf } from "./lexicon.ts";
import type { Token } from "./normalise.ts";

const UNSURE_FROM = 0.5;
const HIT_FROM = 0.6;
/** A term of this strength needs no second sign when it is aimed at somebody: a school's own word. */
const CERTAIN_FROM = 0.99;
/** A long text full of the same word needs no longer list. */
const MOST_SPANS = 500;

export interface ByLexicon {
  /** Scores are 0..1. */
  readonly abuse: number;
  /** The categories of abuse from 0.5 on. */
  readonly categories: Readonly<Record<string, number>>;
  readonly target: Assessment["target"];
  readonly safeguarding: number;
  readonly mustNotWait: { readonly score: number; readonly kind: string | null };
  readonly spans: readonly Span[];
  /** A term that is always abuse was found, and it was said of somebody. */
  readonly isCertain: boolean;
  /** A term in another language than English was found: the model does not know it. */
  readonly isForeign: boolean;
}

const NOTHING: ByLexicon = {
  abuse: 0,
  categories: {},
  target: null,
  safeguarding: 0,
  mustNotWait: { score: 0, kind: null },
  spans: [],
  isCertain: false,
  isForeign: false,
};

const isAbuse = (category: string): boolean => ABUSE_CATEGORIES.some((known) => known === category);

interface Weighed {
  readonly hit: Hit;
  readonly score: number;
  readonly aim: Aim;
}

/**
 * Weighs every term of the lexicon in its sentence. Linear in the length of the text.
 * Throws when a term of the lexicon cannot be read.
 */
export function byLexicon(text: string, lexicon: Lexicon): ByLexicon & { readonly tokens: readonly Token[] } {
  const { tokens, hits } = find(text, lexicon);
  const meant = withoutFigures(hits).map((hit) => weigh(tokens, hit));
  if (meant.length === 0) return { tokens, ...NOTHING };
  const byCategory = strongestByTerm(meant);
  const scores = ABUSE_CATEGORIES.map((name) => [name, round(combine(byCategory.get(name) ?? []))] as const);
  const reached = scores.filter(([, reach]) => reach >= UNSURE_FROM);
  const strongest = Math.max(...scores.map(([, reach]) => reach));
  const abuse = reached.length > 0 ? round(combine(reached.map(([, reach]) => reach))) : strongest;
  return {
    tokens,
    abuse,
    categories: Object.fromEntries(reached),
    target: abuse >= UNSURE_FROM ? targetOf(tokens, meant) : null,
    safeguarding: round(combine(byCategory.get("safeguarding") ?? [])),
    mustNotWait: mustNotWait(byCategory),
    spans: spans(tokens, meant),
    isForeign: meant.some(({ hit, score }) => hit.entry.language !== "en" && score >= UNSURE_FROM),
    isCertain: meant.some(
      ({ hit, score }) =>
        isAbuse(hit.entry.category) && hit.entry.strength >= CERTAIN_FROM && score >= UNSURE_FROM,
    ),
  };
}

/** "killing me" is a figure of speech: what ends inside one is not meant. */
function withoutFigures(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length === 0) return hits;
  const coveredTo = new Map<number, number>();
  for (const hit of hits) {
    if (hit.entry.category !== "figure") continue;
    for (let at = hit.first; at < hit.after; at++)
      coveredTo.set(at, Math.max(coveredTo.get(at) ?? 0, hit.after));
  }
  return hits.filter(
    (hit) =>
      hit.entry.category !== "figure" &&
      hit.entry.category !== "profanity" &&
      (coveredTo.get(hit.after - 1) ?? 0) < hit.after,
  );
}

function weigh(tokens: readonly Token[], hit: Hit): Weighed {
  const { category, strength } = hit.entry;
  if (!isAbuse(category)) return { hit, score: strength, aim: null };
  const inside = aimInside(tokens, hit);
  const around = inside ? null : aimAround(tokens, hit);
  const aim = inside ?? around;
  const score = directed(category, strength, around);
  if (isReported(tokens, hit, aim)) return { hit, score: score * 0.25, aim };
  return { hit, score: isNegated(tokens, hit) ? score * 0.3 : score, aim };
}

const NEEDS_AIM = new Set(["insult", "discrimination", "defamation"]);

/** An insult is one when it is aimed at somebody: "you idiot", "that useless teacher". */
function directed(category: string, strength: number, around: Aim): number {
  if (around === "self") return category === "threat" ? strength : strength * 0.15;
  if (!NEEDS_AIM.has(category) || around === null) return strength;
  return Math.min(0.97, strength + (around === "someone" ? 0.2 : 0.4));
}

/** The scores of each category, one for each term, so that a word said fifty times counts once. */
function strongestByTerm(weighed: readonly Weighed[]): ReadonlyMap<string, readonly number[]> {
  const byCategory = new Map<string, Map<string, number>>();
  for (const { hit, score } of longestOnly(weighed)) {
    const terms = byCategory.get(hit.entry.category) ?? new Map<string, number>();
    terms.set(hit.entry.term, Math.max(terms.get(hit.entry.term) ?? 0, score));
    byCategory.set(hit.entry.category, terms);
  }
  return new Map([...byCategory].map(([category, terms]) => [category, [...terms.values()]] as const));
}

/** Of hits of one category that overlap, the strongest speaks for all. */
function longestOnly(weighed: readonly Weighed[]): readonly Weighed[] {
  const last = new Map<string, Weighed>();
  const kept: Weighed[] = [];
  for (const one of weighed) {
    const before = last.get(one.hit.entry.category);
    if (before && one.hit.first < before.hit.after) {
      if (one.score <= before.score) continue;
      kept.splice(kept.lastIndexOf(before), 1);
    }
    last.set(one.hit.entry.category, one);
    kept.push(one);
  }
  return kept;
}

/** Noisy-or in which each further sign counts half of the one before: many mild words stay mild. */
function combine(scores: readonly number[]): number {
  let doubt = 1;
  let weight = 1;
  for (const score of [...scores].sort((a, b) => b - a)) {
    doubt *= 1 - score * weight;
    weight /= 2;
  }
  return 1 - doubt;
}

const round = (score: number): number => Math.round(score * 1000) / 1000;

function mustNotWait(byCategory: ReadonlyMap<string, readonly number[]>): ByLexicon["mustNotWait"] {
  let best: { kind: string | null; score: number } = { kind: null, score: 0 };
  for (const kind of MUST_NOT_WAIT_KINDS) {
    const score = round(combine(byCategory.get(kind) ?? []));
    if (score > best.score) best = { kind, score };
    // The headteacher must never get a complaint about themselves as an ordinary one.
    if (kind === "complaint-about-head" && score >= HIT_FROM) break;
  }
  return best;
}

const SENTENCE_REACH = 12;

function targetOf(tokens: readonly Token[], weighed: readonly Weighed[]): Assessment["target"] {
  const abuse = weighed.filter(({ hit }) => isAbuse(hit.entry.category)).sort((a, b) => b.score - a.score);
  for (const { aim: aimed } of abuse) {
    if (aimed === "you") return "staff";
    if (aimed && aimed !== "someone" && aimed !== "self") return aimed;
  }
  const [worst] = abuse;
  if (!worst) return null;
  const first = Math.max(0, worst.hit.first - SENTENCE_REACH);
  return targetWithin(tokens, first, Math.min(tokens.length, worst.hit.after + SENTENCE_REACH));
}

/** What made the scores, in the order of the text; the weak signs of abuse are left out. */
function spans(tokens: readonly Token[], weighed: readonly Weighed[]): readonly Span[] {
  const shown = longestOnly(weighed).filter(
    ({ hit, score }) => score >= (isAbuse(hit.entry.category) ? 0.3 : 0.2),
  );
  return shown
    .slice(0, MOST_SPANS)
    .map(({ hit }) => spanOf(tokens, hit))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}
