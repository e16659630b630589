// What the trained model makes of words: how much they weigh for abuse, a disclosure, and what must not wait.
import {
  type Features,
  modelWord,
  neighbours,
  noFeatures,
  phrasesAt,
  readWord,
  relations,
  sentencesOf,
  type Vocabulary,
  type Word,
} from "./features.ts";
import { type Listener, listener, type Placed, place, type Spoken } from "./listener.ts";
import {
  COLUMNS,
  DECODED,
  FEATURE_BITS,
  FINER,
  FINER_ROWS,
  type Finer,
  type Model,
  ROW_BITS,
  ROW_BYTES,
  ROWS,
  TASKS,
  type Task,
  WORTH_STEP,
} from "./model.ts";
import { runsOf } from "./network.ts";
import type { Token } from "./normalise.ts";
import { type Table, table } from "./table.ts";

const MASK = 2 ** FEATURE_BITS - 1;

interface Known extends Word {
  /** Sums over the features that need no neighbour: one for each column, then the squared worth. */
  readonly sums: Float64Array;
  readonly placed: Placed;
  /** As the network hears it where no phrase and no quotation marks are. */
  readonly spoken: Spoken;
}

/** Words that were met before, and a place to work in: neither changes what is judged. */
interface Memory {
  readonly known: Map<string, Known>;
  readonly features: Features;
  readonly table: Table;
  readonly listener: Listener;
}
const memories = new WeakMap<Model, Memory>();

function memoryOf(model: Model): Memory {
  const before = memories.get(model);
  if (before) return before;
  const memory: Memory = {
    known: new Map(),
    features: noFeatures(),
    table: table(model),
    listener: listener(model.network),
  };
  memories.set(model, memory);
  return memory;
}

/** Bounded: hostile text may hold any number of words. */
const MOST_KNOWN = 12_000;

function know(form: string, model: Model, { known: met, table }: Memory): Known {
  const before = met.get(form);
  if (before) return before;
  const word = readWord(form, model.vocabulary, MASK);
  const sums = table.weigh(word.alone, word.alone.length).slice();
  const runs = runsOf(modelWord(form), model.network.shape.runs);
  const placed = place({ row: word.row, runs, classes: word.classes });
  const known = { ...word, sums, placed, spoken: { word: placed, more: NO_MORE } };
  if (met.size >= MOST_KNOWN) met.clear();
  met.set(form, known);
  return known;
}

/** Where the feature's row begins; -1 when the model has none for it. */
function rowOf(checks: Uint8Array, feature: number): number {
  const row = feature & (ROWS - 1);
  return checks[row] === (feature >>> ROW_BITS) + 1 ? row * ROW_BYTES : -1;
}

/** The form under which the model knows a token: the first that it has met, else the likeliest. */
export function formOf(token: Token, vocabulary: Vocabulary): string {
  const [likeliest = ""] = token.forms;
  if (token.forms.length < 2) return likeliest;
  return token.forms.find((form) => vocabulary.has(modelWord(form))) ?? likeliest;
}

export interface Judged {
  /** What speaks for each task: see `evidenceOf`. */
  readonly whole: readonly number[];
  readonly strongest: readonly number[];
  /** The part of the text that is strongest for each task: indexes of tokens. */
  readonly where: readonly (readonly [number, number])[];
  /** The network's log-odds: of each task, and of what the public sets call abuse. */
  readonly heard: readonly number[];
  /** By what `whole` and each of `strongest` were divided. */
  readonly lengths: readonly [number, readonly number[]];
  /** As the network heard them. */
  readonly spoken: readonly Spoken[];
}

/** Weighs the sentences, two neighbours at a time, and the whole. Linear in the number of tokens. */
export function judge(tokens: readonly Token[], model: Model): Judged {
  const { scales, biases } = model.head;
  const memory = memoryOf(model);
  const words = tokens.map((token) => know(formOf(token, model.vocabulary), model, memory));
  const spoken = spokenWords(tokens, words, model);
  const ranges = sentencesOf(tokens);
  const sums = ranges.map(([from, to]) => sentenceSums(words.slice(from, to), memory));
  const total = new Float64Array(COLUMNS + 1);
  for (const one of sums) for (let at = 0; at <= COLUMNS; at++) total[at] = (total[at] ?? 0) + (one[at] ?? 0);
  const lengthOf = (one: Float64Array): number =>
    Math.sqrt(Math.max(1, (one[COLUMNS] ?? 1) * WORTH_STEP * WORTH_STEP));
  const score = (column: number, one: Float64Array): number =>
    ((one[column] ?? 0) * (scales[column] ?? 0)) / lengthOf(one) + (biases[column] ?? 0);
  const lengths = TASKS.map(() => 1);
  const strongest = TASKS.map(() => Number.NEGATIVE_INFINITY);
  const where: [number, number][] = TASKS.map(() => [0, tokens.length]);
  const pair = new Float64Array(COLUMNS + 1);
  for (let at = 0; at < Math.max(1, sums.length - 1); at++) {
    const [first, second] = [sums[at], sums[at + 1]];
    if (!first) break;
    for (let c = 0; c <= COLUMNS; c++) pair[c] = (first[c] ?? 0) + (second?.[c] ?? 0);
    for (const task of TASKS.keys()) {
      const reached = score(TASKS.length + task, pair);
      if (reached <= (strongest[task] ?? 0)) continue;
      strongest[task] = reached;
      lengths[task] = lengthOf(pair);
      where[task] = [ranges[at]?.[0] ?? 0, (ranges[at + 1] ?? ranges[at])?.[1] ?? 0];
    }
  }
  return {
    whole: TASKS.map((_, task) => score(task, total)),
    strongest: strongest.map((one, task) => (sums.length === 0 ? (biases[TASKS.length + task] ?? 0) : one)),
    where,
    heard: Array.from(memory.listener.hears(spoken)),
    spoken,
    lengths: [lengthOf(total), lengths],
  };
}

function sentenceSums(words: readonly Known[], { features, table }: Memory): Float64Array {
  relations(words, MASK, features);
  const sums = table.weigh(features.feature, features.count).slice();
  for (const { sums: alone } of words)
    for (let c = 0; c <= COLUMNS; c++) sums[c] = (sums[c] as number) + (alone[c] as number);
  return sums;
}

const NO_MORE: readonly number[] = [];

/** The words as the network hears them: their phrase and quotation marks count too. */
function spokenWords(tokens: readonly Token[], words: readonly Known[], { network }: Model): Spoken[] {
  const quoted = [network.shape.classes];
  const spoken: Spoken[] = [];
  for (let at = 0; at < words.length; at++) {
    const { placed, spoken: plain } = words[at] as Known;
    spoken.push(tokens[at]?.quoted ? { word: placed, more: quoted } : plain);
  }
  for (let at = 0; at < words.length; at++) {
    if (words[at]?.phrases === null) continue;
    for (const { at: where, one } of phraseClasses(words, at)) {
      const { word, more } = spoken[where] as Spoken;
      spoken[where] = { word, more: [...more, one] };
    }
  }
  return spoken;
}

const NONE: readonly { readonly at: number; readonly one: number }[] = [];

/** The classes that phrases which begin here give their words, but for those that a word has by itself. */
export function phraseClasses(words: readonly Word[], index: number): typeof NONE {
  const begun = phrasesAt(words, index);
  if (begun.length === 0) return NONE;
  const given: { readonly at: number; readonly one: number }[] = [];
  for (const { rest, number } of begun)
    for (let at = index; at < index + rest.length + 2; at++)
      if (!words[at]?.classes.includes(number)) given.push({ at, one: number });
  return given;
}

/** What each task's log-odds are made of: the model's scores, and the lexicon's (0..1 each). */
export function evidenceOf(judged: Judged, lexicon: readonly number[]): readonly number[] {
  return [...judged.whole, ...judged.strongest, ...judged.heard, ...lexicon];
}

export function probability(evidence: readonly number[], stack: readonly number[]): number {
  let odds = stack[evidence.length] ?? 0;
  for (const [at, one] of evidence.entries()) odds += one * (stack[at] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}

/**
 * How much each token adds to the task's own scores, as they count in its log-odds: by the table of features, and
 * by the network, where a filter's answer is its middle word's.
 */
export function weightsOf(tokens: readonly Token[], judged: Judged, task: Task, model: Model): Float64Array {
  const memory = memoryOf(model);
  const words = tokens.map((token) => know(formOf(token, model.vocabulary), model, memory));
  const whole = TASKS.indexOf(task);
  const stack = model.head.stack[whole] ?? [];
  const spoken = memory.listener.brought(judged.spoken, whole);
  const share = stack[2 * TASKS.length + whole] ?? 0;
  for (const [at, one] of spoken.entries()) spoken[at] = one * share;
  const { scales } = model.head;
  const [wholeLength, partLengths] = judged.lengths;
  const part = TASKS.length + whole;
  const wholeScale = ((scales[whole] ?? 0) * (stack[whole] ?? 0)) / wholeLength;
  const partScale = ((scales[part] ?? 0) * (stack[part] ?? 0)) / (partLengths[whole] ?? 1);
  const [begin, end] = judged.where[whole] ?? [0, 0];
  const { checks, rows } = model;
  const { features } = memory;
  for (const [at, { sums }] of words.entries())
    spoken[at] = (spoken[at] as number) + (sums[whole] as number) * wholeScale;
  for (const [from, to] of sentencesOf(tokens)) {
    // The strongest part of the text counts twice, as such and in the whole. Only there are neighbours looked at.
    if (from < begin || to > end) continue;
    const here = words.slice(from, to);
    for (const [at, { sums }] of here.entries())
      spoken[from + at] = (spoken[from + at] as number) + (sums[part] as number) * partScale;
    relations(here, MASK, features);
    for (let at = 0; at < features.count; at++) {
      const row = rowOf(checks, features.feature[at] as number);
      if (row < 0) continue;
      const weight =
        (DECODED[rows[row + 1 + whole] as number] as number) * wholeScale +
        (DECODED[rows[row + 1 + part] as number] as number) * partScale;
      for (const place of [features.first[at] as number, features.last[at] as number])
        spoken[from + place] = (spoken[from + place] as number) + weight / 2;
    }
  }
  return spoken;
}

/** For each finer question the likelihood of each of its names, the likeliest first; they sum to 1. */
export type FinerAnswers = Readonly<Record<Finer, readonly (readonly [string, number])[]>>;

/** Worth asking only when a task was answered yes. */
export function finer(tokens: readonly Token[], model: Model): FinerAnswers {
  const { head, finerWeights } = model;
  const columns = FINER.reduce((sum, name) => sum + head.finer[name].length, 0);
  const sums = new Float64Array(columns);
  let count = 0;
  const memory = memoryOf(model);
  const read = tokens.slice(0, MOST_FINER_TOKENS);
  const words = read.map((token) => know(formOf(token, model.vocabulary), model, memory));
  finerFeatures(words, (row) => {
    count++;
    const from = row * columns;
    for (let at = 0; at < columns; at++)
      sums[at] = (sums[at] as number) + (finerWeights[from + at] as number);
  });
  const length = Math.sqrt(Math.max(1, count));
  const odds = Array.from(
    sums,
    (sum, at) => (sum * (head.finerScales[at] ?? 0)) / length + (head.finerBiases[at] ?? 0),
  );
  const answer = (question: Finer): readonly (readonly [string, number])[] => {
    const before = FINER.slice(0, FINER.indexOf(question));
    const first = before.reduce((sum, name) => sum + head.finer[name].length, 0);
    const own = odds.slice(first, first + head.finer[question].length);
    const powers = own.map((one) => Math.exp(2 * (one - Math.max(...own))));
    const total = powers.reduce((sum, one) => sum + one, 0);
    const named = head.finer[question].map((name, at) => [name, (powers[at] ?? 0) / total] as const);
    return named.sort(([, one], [, other]) => other - one);
  };
  return { category: answer("category"), target: answer("target"), kind: answer("kind") };
}

/** Long enough to tell the kind of a message. */
export const MOST_FINER_TOKENS = 2_000;

/** The rows of the second table: words, their classes, and neighbours. `words` are the first tokens', in order. */
export function finerFeatures(words: readonly Word[], emit: (row: number) => void): void {
  let before: Word | undefined;
  for (const here of words) {
    emit(here.word & (FINER_ROWS - 1));
    for (const tag of here.tags) emit(tag & (FINER_ROWS - 1));
    if (before) neighbours(before, here, (feature) => emit(feature & (FINER_ROWS - 1)));
    before = here;
  }
}
