// What stands around a word: who is meant by it, and whether the sender says it or tells that another did.
import type { Assessment } from "../types.ts";
import { TARGETS } from "./groups.ts";
import { groupEnds, type Hit } from "./lexicon.ts";
import type { Token } from "./normalise.ts";

type Target = NonNullable<Assessment["target"]>;
/** `someone`: "he", "she", "they", who may be anybody. `self`: the sender. */
export type Aim = Target | "you" | "someone" | "self" | null;

/** Words that may stand between "you" and the insult: "you are just such a complete …". */
const FILLERS = new Set(
  `are is was were be been being am a an the such so all really absolutely absolute complete completely utter
  utterly total totally bunch of lot load pack just nothing but still even real proper big fat stupid little
  silly dirty filthy pathetic useless old bloody fucking fuckin effing fking freaking damn flipping right
  very quite clearly obviously truly honestly actually both again more than like some kind sort most biggest
  worst thick ugly evil nasty horrible sad lazy ignorant lying smug arrogant disgusting vile worthless sick
  twisted miserable bitter spiteful incompetent only always ever now seriously literally another that this
  as thing and fing what scheming conniving two faced manipulative interfering moaning whinging heartless cruel
  racist poisonous wicked dozy feeble`.split(/\s+/),
);
const PRONOUNS = new Set(["he", "she", "they"]);
const SELF = new Set(["i", "me", "myself", "we"]);
/** "I am an idiot", "silly me being late": after these the sender speaks of themselves. */
const SELF_VERBS = new Set(["am", "are", "was", "were", "be", "being", "been", "feel", "look"]);
const NEGATIONS = new Set(["not", "never", "no", "nobody", "without", "nor"]);
const REPORTS = new Set(
  `called calls calling said says saying told telling shouted shouting yelled wrote written texted messaged
  heard named labelled labeled chanted chanting screamed whispered repeated swore overheard reads using used
  posted typed announced joked asked asking sent sending threatened threatening received messages`.split(
    /\s+/,
  ),
);
const PASSIVE = new Set(["was", "were", "been", "being", "got", "is", "are", "be", "heard", "overheard"]);
const SPEAKERS = new Set(["i", "we"]);

/** Somebody else's opinion of a third person: "he thinks that he is stupid". */
const THOUGHTS = new Set([
  "think",
  "thinks",
  "thought",
  "feel",
  "feels",
  "felt",
  "believes",
  "worries",
  "worried",
]);
/** "… idiots you lot", "… idiots you people". */
const YOU_TAILS = new Set(["lot", "all", "people", "really", ""]);

const DIRECT_REACH = 7;
const REPORT_REACH = 14;
const QUOTE_REACH = 30;

const word = (token: Token | undefined): string => token?.forms[0] ?? "";

function isIn(set: ReadonlySet<string>, token: Token | undefined): boolean {
  if (token) for (const form of token.forms) if (set.has(form)) return true;
  return false;
}

/** Whom words around the hit point at: the nearest noun or pronoun that only fillers part from it. */
export function aimAround(tokens: readonly Token[], hit: Hit): Aim {
  return aimBefore(tokens, hit) ?? aimAfter(tokens, hit) ?? (isCry(tokens, hit) ? "someone" : null);
}

/** Whom the hit itself names: "you will regret this" → you. */
export function aimInside(tokens: readonly Token[], hit: Hit): Aim {
  for (let at = hit.first; at < hit.after; at++) {
    if (word(tokens[at]) === "you") return "you";
  }
  return targetWithin(tokens, hit.first, hit.after);
}

/** The target that a noun between two indexes names; null for none. */
export function targetWithin(tokens: readonly Token[], first: number, after: number): Target | null {
  for (let at = first; at < after; at++) {
    const named = TARGETS.find((name) => groupEnds(name, tokens, at).some((end) => end <= after));
    if (named) return named;
  }
  return null;
}

function aimBefore(tokens: readonly Token[], hit: Hit): Aim {
  const sentence = tokens[hit.first]?.sentence;
  for (let at = hit.first - 1; at >= Math.max(0, hit.first - DIRECT_REACH); at--) {
    const token = tokens[at];
    if (!token || token.sentence !== sentence) return null;
    const here = word(token);
    if (here === "you") return "you";
    if (SELF.has(here)) return SELF_VERBS.has(word(tokens[at + 1])) ? "self" : null;
    const isNear = at === hit.first - 1;
    const target = nounEndingAt(tokens, at);
    // "the teacher idiot" is no sentence: a noun needs "is", "are", … before the insult.
    if (target) return isNear ? null : ownChild(tokens, at, target);
    if (PRONOUNS.has(here) && !isNear) return "someone";
    if (!isIn(FILLERS, token)) return null;
  }
  return null;
}

function nounEndingAt(tokens: readonly Token[], at: number): Target | null {
  for (let first = at; first >= Math.max(0, at - 2); first--) {
    const named = TARGETS.find((name) => groupEnds(name, tokens, first).includes(at + 1));
    if (named) return named;
  }
  return null;
}

/** "my son is an idiot": a parent may. */
function ownChild(tokens: readonly Token[], at: number, target: Target): Aim {
  const owners = [word(tokens[at - 1]), word(tokens[at - 2])];
  return target === "pupil" && (owners.includes("my") || owners.includes("our")) ? "self" : target;
}

function aimAfter(tokens: readonly Token[], hit: Hit): Aim {
  const sentence = tokens[hit.after]?.sentence;
  for (let at = hit.after; at < hit.after + 3; at++) {
    const token = tokens[at];
    if (!token || token.sentence !== sentence || sentence !== tokens[hit.first]?.sentence) return null;
    const target = TARGETS.find((name) => groupEnds(name, tokens, at).length > 0);
    if (target) return target;
    if (word(token) === "you" && endsWithYou(tokens, at)) return "you";
    if (!isIn(FILLERS, token)) return null;
  }
  return null;
}

/** "What idiots you are." ends so; "… you are paying" goes on. */
function endsWithYou(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (!next || next.sentence !== tokens[at]?.sentence || YOU_TAILS.has(word(next))) return true;
  return word(next) === "are" && tokens[at + 2]?.sentence !== next.sentence;
}

const SHORT_CRY = 6;

/** "Stupid bitch." as a whole sentence is said to somebody. */
function isCry(tokens: readonly Token[], hit: Hit): boolean {
  const sentence = tokens[hit.first]?.sentence;
  for (let at = hit.first - 1; tokens[at]?.sentence === sentence; at--) {
    if (hit.first - at > SHORT_CRY || !isIn(FILLERS, tokens[at])) return false;
  }
  for (let at = hit.after; tokens[at]?.sentence === sentence; at++) {
    if (at - hit.after > SHORT_CRY || !isIn(FILLERS, tokens[at])) return false;
  }
  return true;
}

/** true when the words are somebody else's: "another boy called him …", "he was told 'you are …'". */
export function isReported(tokens: readonly Token[], hit: Hit, aim: Aim): boolean {
  const token = tokens[hit.first];
  if (!token) return false;
  const reach = token.quoted ? QUOTE_REACH : REPORT_REACH;
  for (let at = hit.first - 1; at >= Math.max(0, hit.first - reach); at--) {
    const earlier = tokens[at];
    if (!earlier || (!token.quoted && earlier.sentence !== token.sentence)) break;
    if (isIn(THOUGHTS, earlier) && aim !== "you" && !SPEAKERS.has(word(tokens[at - 1]))) return true;
    if (isReport(tokens, at)) {
      // "You said Monday, you idiot": who is spoken to reported it, and the insult is the sender's own.
      const isSpokenTo = [1, 2, 3].some((back) => word(tokens[at - back]) === "you");
      return token.quoted || aim !== "you" || !isSpokenTo;
    }
  }
  return token.quoted && [0, 1, 2, 3, 4].some((ahead) => isReport(tokens, hit.after + ahead));
}

function isReport(tokens: readonly Token[], at: number): boolean {
  if (!isIn(REPORTS, tokens[at])) return false;
  const before = word(tokens[at - 1]);
  const earlier = word(tokens[at - 2]);
  if (before === "so" && word(tokens[at]) === "called") return false;
  const speaks = SPEAKERS.has(before) || (SPEAKERS.has(earlier) && !PASSIVE.has(before));
  return !speaks;
}

const NEGATION_REACH = 3;
const DENIAL_REACH = 7;
/** "I never said that you are …", "I am not calling you …". */
const DENIED = new Set(["say", "saying", "said", "call", "calling", "called", "think", "mean", "suggesting"]);

/** true when "not", "never", … stands right before the words, or the sender denies having said them. */
export function isNegated(tokens: readonly Token[], hit: Hit): boolean {
  let sameClause = true;
  for (let at = hit.first - 1; at >= Math.max(0, hit.first - DENIAL_REACH); at--) {
    if (tokens[at]?.sentence !== tokens[hit.first]?.sentence) return false;
    if (isIn(NEGATIONS, tokens[at])) {
      if (sameClause && hit.first - at <= NEGATION_REACH) return true;
      if (isIn(DENIED, tokens[at + 1])) return true;
    }
    // "You do not care, you idiot": a fresh "you" begins another clause.
    if (word(tokens[at]) === "you") sameClause = false;
  }
  return false;
}
