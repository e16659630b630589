// What the trained model sees of a sentence: its words, their letters, their classes, and which stand near which.
import type { Token } from "./normalise.ts";

/** What is known of one word before it is seen in a sentence. */
export interface Word {
  /** Hash of the word itself. */
  readonly word: number;
  /** Its place in the list of words, -1 for none. */
  readonly row: number;
  /** Hashes of the coarse and the fine group of words that are used alike; of the word when it is in none. */
  readonly coarse: number;
  readonly fine: number;
  /** The classes that it belongs to (training/tags): numbers, and hashes. */
  readonly classes: readonly number[];
  readonly tags: readonly number[];
  /** Phrases that begin with it, by the hash of their second word; null when there are none. */
  readonly phrases: ReadonlyMap<number, readonly Phrase[]> | null;
  /** false for an emoji: what stands on both sides of it stands side by side. */
  readonly joins: boolean;
  /** Rows of the features that need no neighbour: the word, its groups and classes, its runs of letters. */
  readonly alone: Int32Array;
}

/** A few words that have a class together: "watch your back". */
export interface Phrase {
  /** Hashes of the words after the second. */
  readonly rest: readonly number[];
  /** Its class: number, and hash. */
  readonly number: number;
  readonly tag: number;
}

/** What the model knows about one word. */
export interface Entry {
  /** Its place in the list of words. */
  readonly row: number;
  /** Its groups, -1 for none. */
  readonly coarse: number;
  readonly fine: number;
  /** Numbers of its classes. */
  readonly tags: readonly number[];
}

/** A phrase of a class, as it is listed. */
export interface ListedPhrase {
  readonly words: readonly string[];
  /** Number of its class. */
  readonly tag: number;
}

/** What the model knows about words. Each is read when it is first asked for: there are very many. */
export interface Vocabulary {
  readonly has: (word: string) => boolean;
  readonly entry: (word: string) => Entry | undefined;
  /** The phrases that begin with a word. */
  readonly phrases: (first: string) => readonly ListedPhrase[];
}

const SHORTEST_RUN = 2;
const LONGEST_RUN = 5;
/** No word of a sentence is longer; what is, is cut. */
const LONGEST_WORD = 24;
/** How far apart two classes may stand and still be a pair. */
const TAG_REACH = 4;
/** A bound on the work for one word: a hostile text may consist of words with many classes. */
const MOST_TAGS = 6;

// One seed for each kind of feature, so that a word and a class never share a row but by chance.
const SEED = {
  word: 1,
  run: 2,
  coarse: 3,
  fine: 4,
  tag: 5,
  pair: 6,
  tagPair: 9,
  tagSkip: 10,
};
const NUMBER = /^\d+$/;
const EMOJI = /^\p{Extended_Pictographic}/u;

/** FNV-1a over UTF-16 units: spread well enough, and the same everywhere. */
export function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  // 30 bits: a number that a Map finds quickly.
  return (mixed ^ (mixed >>> 16)) & 0x3fffffff;
}

function join(seed: number, first: number, second: number): number {
  return mix(Math.imul(first + seed, 0x9e3779b1) ^ (second + (seed << 8)));
}

export const tagHash = (tag: number): number => mix(tag * 0x9e3779b1 + 77);

/** The word as the model knows it: every number is alike. */
export const modelWord = (form: string): string => (NUMBER.test(form) ? "0" : form.slice(0, LONGEST_WORD));

/** @param mask one less than the number of rows, a power of two */
export function readWord(form: string, vocabulary: Vocabulary, mask: number): Word {
  const known = modelWord(form);
  const word = hashOf(known, SEED.word);
  const entry = vocabulary.entry(known);
  const coarse = entry && entry.coarse >= 0 ? mix(entry.coarse + 0x10001) : word;
  const fine = entry && entry.fine >= 0 ? mix(entry.fine + 0x20001) : word;
  const classes = (entry?.tags ?? []).slice(0, MOST_TAGS);
  const tags = classes.map(tagHash);
  const alone = [word & mask, join(SEED.coarse, coarse, 0) & mask, join(SEED.fine, fine, 0) & mask];
  for (const tag of tags) alone.push(join(SEED.tag, tag, 0) & mask);
  const padded = `_${known}_`;
  for (let size = SHORTEST_RUN; size <= LONGEST_RUN; size++) {
    for (let at = 0; at + size <= padded.length; at++)
      alone.push(hashOf(padded.slice(at, at + size), SEED.run) & mask);
  }
  const joins = !EMOJI.test(known);
  return {
    word,
    row: entry?.row ?? -1,
    coarse,
    fine,
    classes,
    tags,
    phrases: phrasesOf(known, vocabulary),
    joins,
    alone: Int32Array.from(alone),
  };
}

function phrasesOf(first: string, vocabulary: Vocabulary): Word["phrases"] {
  const listed = vocabulary.phrases(first);
  if (listed.length === 0) return null;
  const bySecond = new Map<number, Phrase[]>();
  for (const { words, tag } of listed) {
    const [second = 0, ...rest] = words.slice(1).map((one) => hashOf(one, SEED.word));
    const phrases = bySecond.get(second) ?? [];
    phrases.push({ rest, number: tag, tag: tagHash(tag) });
    bySecond.set(second, phrases);
  }
  return bySecond;
}

const START: Word = edge("<s>");
const END: Word = edge("</s>");

function edge(name: string): Word {
  const word = hashOf(name, SEED.word);
  return {
    word,
    row: -1,
    coarse: word,
    fine: word,
    classes: [],
    tags: [],
    phrases: null,
    joins: true,
    alone: new Int32Array(0),
  };
}

/** Features as they are found: their numbers, and the first and last word (indexes) that each is made of. */
export interface Features {
  feature: Int32Array;
  first: Int32Array;
  last: Int32Array;
  count: number;
}

export function noFeatures(): Features {
  return { feature: new Int32Array(4096), first: new Int32Array(4096), last: new Int32Array(4096), count: 0 };
}

function put(to: Features, feature: number, first: number, last: number): void {
  const at = to.count++;
  if (at >= to.feature.length) grow(to);
  to.feature[at] = feature;
  to.first[at] = first;
  to.last[at] = last;
}

function grow(to: Features): void {
  for (const name of ["feature", "first", "last"] as const) {
    const larger = new Int32Array(to[name].length * 2);
    larger.set(to[name]);
    to[name] = larger;
  }
}

/**
 * The features of words that stand near each other; those of each word alone are in `word.alone`.
 * @param to emptied, then filled: kept by the caller, for this is done for every sentence
 */
export function relations(words: readonly Word[], mask: number, to: Features): void {
  to.count = 0;
  const joined = words.filter(({ joins }) => joins);
  if (joined.length > 0) relate(joined, mask, to);
  if (joined.length === words.length) return;
  const places = words.flatMap(({ joins }, at) => (joins ? [at] : []));
  for (let at = 0; at < to.count; at++) {
    to.first[at] = places[to.first[at] ?? 0] ?? 0;
    to.last[at] = places[to.last[at] ?? 0] ?? 0;
  }
}

function relate(words: readonly Word[], mask: number, to: Features): void {
  const count = words.length;
  let before = START;
  const tags: (readonly number[])[] = [];
  for (let index = 0; index <= count; index++) {
    const here = words[index] ?? END;
    const first = index === 0 ? 0 : index - 1;
    const last = index === count ? count - 1 : index;
    put(to, join(SEED.pair, before.word, here.word) & mask, first, last);
    put(to, join(SEED.pair + 32, before.fine, here.fine) & mask, first, last);
    if (index === count) break;
    const own = tagsAt(here, words, index);
    tags.push(own);
    // A class that only a phrase gives is not among those of the word alone.
    if (own !== here.tags)
      for (const tag of own)
        if (!here.tags.includes(tag)) put(to, join(SEED.tag, tag, 1) & mask, index, index);
    relateTags(to, mask, tags, { before, here, index });
    before = here;
  }
}

interface Place {
  readonly before: Word;
  readonly here: Word;
  readonly index: number;
}

function relateTags(
  to: Features,
  mask: number,
  tags: readonly (readonly number[])[],
  { before, here, index }: Place,
): void {
  const own = tags[index] as readonly number[];
  const nearest = tags[index - 1];
  if (nearest) {
    // A word beside a class says more than two classes: "your <vehicle>".
    for (const one of nearest) put(to, join(SEED.tagPair + 32, one, here.word) & mask, index - 1, index);
    for (const other of own) {
      put(to, join(SEED.tagPair + 16, before.word, other) & mask, index - 1, index);
      for (const one of nearest) put(to, join(SEED.tagPair, one, other) & mask, index - 1, index);
    }
  }
  if (own.length === 0) return;
  for (let back = 2; back <= TAG_REACH && back <= index; back++)
    for (const one of tags[index - back] as readonly number[])
      for (const other of own) put(to, join(SEED.tagSkip, one, other) & mask, index - back, index);
}

/** What two words that stand side by side say together: a few features, for questions that need no more. */
export function neighbours(before: Word, here: Word, emit: (feature: number) => void): void {
  emit(join(SEED.pair, before.word, here.word));
  for (const one of before.tags) for (const other of here.tags) emit(join(SEED.tagPair, one, other));
}

/** The phrases that begin at a word: their words stand side by side. */
export function phrasesAt(words: readonly Word[], index: number): readonly Phrase[] {
  const begun = words[index]?.phrases;
  const second = begun && words[index + 1];
  const listed = second && begun.get(second.word);
  if (!listed) return NO_PHRASES;
  const found: Phrase[] = [];
  for (const phrase of listed) if (goesOn(words, index + 2, phrase.rest)) found.push(phrase);
  return found;
}

/** Plain loops here: this is asked for every word of every text. */
function goesOn(words: readonly Word[], from: number, rest: readonly number[]): boolean {
  for (let ahead = 0; ahead < rest.length; ahead++)
    if (words[from + ahead]?.word !== rest[ahead]) return false;
  return true;
}

const NO_PHRASES: readonly Phrase[] = [];

/** The classes of a word, and of the phrases that begin here. */
function tagsAt(word: Word, words: readonly Word[], index: number): readonly number[] {
  const begun = phrasesAt(words, index);
  if (begun.length === 0) return word.tags;
  const tags = [...word.tags];
  for (const { tag } of begun) if (tags.length < MOST_TAGS && !tags.includes(tag)) tags.push(tag);
  return tags;
}

/** The sentences of a text as ranges of its tokens; a sentence without an end is cut after `longest` words. */
export function sentencesOf(tokens: readonly Token[], longest = 40): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let from = 0;
  for (let at = 1; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at]?.sentence === tokens[from]?.sentence && at - from < longest)
      continue;
    ranges.push([from, at]);
    from = at;
  }
  return tokens.length === 0 ? [] : ranges;
}
