// The trained model: reads its file, and says how much each sentence weighs for abuse, a disclosure, urgency.
import {
  type Features,
  modelWord,
  neighbours,
  noFeatures,
  readWord,
  relations,
  sentencesOf,
  type Vocabulary,
  type Word,
} from "./features.ts";
import type { Token } from "./normalise.ts";

/** What is judged, in the order of the model's columns. */
export const TASKS = ["abuse", "safeguarding", "mustNotWait"] as const;
export type Task = (typeof TASKS)[number];
/** Which kind of abuse, whom it is aimed at, and what must not wait: the second table's columns. */
export const FINER = ["category", "target", "kind"] as const;
export type Finer = (typeof FINER)[number];

/** Training uses as many bits, so that a feature's number is the same there and here. */
export const FEATURE_BITS = 26;
const MASK = 2 ** FEATURE_BITS - 1;
export const FINER_ROWS = 2 ** 14;
/** The model's table has 2 ** ROW_BITS rows; a feature's row is its lowest bits, and the rest is its check. */
export const ROW_BITS = 19;
export const ROWS = 2 ** ROW_BITS;
/** Weights of whole messages, of sentences, and of the public sets' abuse. */
export const COLUMNS = 7;
/** What an occurrence is worth, and a weight for each column. */
export const ROW_BYTES = 1 + COLUMNS;
/**
 * What each code of a weight stands for, -1 to 1: finer near 0, for most weights are small and many small ones
 * decide together. Times the column's scale it is the weight.
 */
export const DECODED = Float64Array.from({ length: 256 }, (_, code) => {
  const part = (code - 128) / 127;
  return Math.sign(part) * part * part;
});

/** The code that stands for a share of the scale, -1 to 1. */
export function encode(share: number): number {
  const part = Math.sign(share) * Math.sqrt(Math.min(1, Math.abs(share)));
  return 128 + Math.round(part * 127);
}

/** Worth is kept in steps of this size. */
export const WORTH_STEP = 0.05;
const PUBLIC_COLUMN = 6;

/** What stands at the head of the model's file, as JSON. */
export interface ModelHead {
  readonly version: 2;
  /** One line a word: the word, its coarse and its fine group (-1: none), its classes joined by commas. */
  readonly words: string;
  /** One line a phrase: its words, and its classes joined by commas. */
  readonly phrases: string;
  readonly scales: readonly number[];
  readonly biases: readonly number[];
  readonly finer: Readonly<Record<Finer, readonly string[]>>;
  readonly finerScales: readonly number[];
  readonly finerBiases: readonly number[];
  /** For each task: the weights of the evidence (see `evidenceOf`), then the constant: log-odds. */
  readonly stack: readonly (readonly number[])[];
  /** From which probability on. */
  readonly thresholds: {
    readonly abusive: number;
    readonly unsure: number;
    readonly safeguarding: number;
    readonly mustNotWait: number;
  };
}

interface Known extends Word {
  /** Sums over the features that need no neighbour: one for each column, then the squared worth. */
  readonly sums: Float64Array;
}

export interface Model {
  readonly head: ModelHead;
  /** Which feature has each row: its check plus one, 0 for none. Apart from the weights, so that a miss is cheap. */
  readonly checks: Uint8Array;
  /** For each row what an occurrence is worth, then a code for each column. */
  readonly rows: Uint8Array;
  readonly finerWeights: Int8Array;
  readonly vocabulary: Vocabulary;
}

/** Words that were met before, and a place to work in: neither changes what is judged. */
interface Memory {
  readonly known: Map<string, Known>;
  readonly features: Features;
}
const memories = new WeakMap<Model, Memory>();

function memoryOf(model: Model): Memory {
  const before = memories.get(model);
  if (before) return before;
  const memory: Memory = { known: new Map(), features: noFeatures() };
  memories.set(model, memory);
  return memory;
}

const MAGIC = "ABW1";
const HEAD_AT = 8;

/** Throws an Error when the bytes are no model of this version. */
export function readModel(bytes: Uint8Array): Model {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isModel = bytes.length > HEAD_AT && new TextDecoder().decode(bytes.subarray(0, 4)) === MAGIC;
  const headLength = isModel ? view.getUint32(4, true) : 0;
  if (!isModel || HEAD_AT + headLength > bytes.length)
    throw new Error("The wording model is not one of this version: make it with npm run train.");
  const head = readHead(bytes.subarray(HEAD_AT, HEAD_AT + headLength));
  const tableAt = HEAD_AT + headLength;
  const rowsAt = tableAt + ROWS;
  const finerAt = rowsAt + ROWS * ROW_BYTES;
  const columns = FINER.reduce((sum, name) => sum + head.finer[name].length, 0);
  if (bytes.length !== finerAt + FINER_ROWS * columns)
    throw new Error("The wording model is cut short or of another version: make it with npm run train.");
  return {
    head,
    checks: bytes.subarray(tableAt, rowsAt),
    rows: bytes.subarray(rowsAt, finerAt),
    finerWeights: new Int8Array(bytes.buffer, bytes.byteOffset + finerAt, FINER_ROWS * columns),
    vocabulary: readVocabulary(head),
  };
}

function readHead(json: Uint8Array): ModelHead {
  let head: ModelHead | null = null;
  try {
    head = JSON.parse(new TextDecoder().decode(json)) as ModelHead | null;
  } catch {
    // Said below: a head that is no JSON is as unreadable as one of another version.
  }
  if (head?.version !== 2 || typeof head.words !== "string" || FINER.some((name) => !head?.finer?.[name]))
    throw new Error("The wording model is of another version or damaged: make it with npm run train.");
  return head;
}

/** The bytes that `readModel` reads. */
export function writeModel(
  head: ModelHead,
  checks: Uint8Array,
  rows: Uint8Array,
  finer: Int8Array,
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  const finerBytes = new Uint8Array(finer.buffer, finer.byteOffset, finer.byteLength);
  const parts = [new TextEncoder().encode(MAGIC), length, json, checks, rows, finerBytes];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function readVocabulary(head: Pick<ModelHead, "words" | "phrases">): Vocabulary {
  const coarse = new Map<string, number>();
  const fine = new Map<string, number>();
  const tags = new Map<string, readonly number[]>();
  for (const line of head.words === "" ? [] : head.words.split("\n")) {
    const [word = "", first = "", second = "", classes = ""] = line.split(" ");
    if (first !== "-1") coarse.set(word, Number(first));
    if (second !== "-1") fine.set(word, Number(second));
    if (classes !== "") tags.set(word, classes.split(",").map(Number));
  }
  const phrases = new Map<string, { readonly words: readonly string[]; readonly tag: number }[]>();
  for (const line of head.phrases === "" ? [] : head.phrases.split("\n")) {
    const [text = "", classes = ""] = line.split("\t");
    const words = text.split(" ");
    const known = phrases.get(words[0] ?? "") ?? [];
    for (const tag of classes.split(",")) known.push({ words, tag: Number(tag) });
    phrases.set(words[0] ?? "", known);
  }
  return { coarse, fine, tags, phrases };
}

/** Bounded: hostile text may hold any number of words. */
const MOST_KNOWN = 40_000;

function know(form: string, model: Model, { known: met }: Memory): Known {
  const before = met.get(form);
  if (before) return before;
  const word = readWord(form, model.vocabulary, MASK);
  const sums = new Float64Array(COLUMNS + 1);
  for (const feature of word.alone) add(model, feature, sums);
  const known = { ...word, sums };
  if (met.size >= MOST_KNOWN) met.clear();
  met.set(form, known);
  return known;
}

/** Where the feature's row begins; -1 when the model has none for it. */
function rowOf(checks: Uint8Array, feature: number): number {
  const row = feature & (ROWS - 1);
  return checks[row] === (feature >>> ROW_BITS) + 1 ? row * ROW_BYTES : -1;
}

function add({ checks, rows }: Model, feature: number, sums: Float64Array): void {
  const at = rowOf(checks, feature);
  if (at < 0) return;
  for (let column = 0; column < COLUMNS; column++)
    sums[column] = (sums[column] ?? 0) + (DECODED[rows[at + 1 + column] as number] as number);
  const worth = (rows[at] ?? 0) * WORTH_STEP;
  sums[COLUMNS] = (sums[COLUMNS] ?? 0) + worth * worth;
}

/** The form under which the model knows a token: the first that it has met, else the likeliest. */
export function formOf(token: Token, vocabulary: Vocabulary): string {
  const [likeliest = ""] = token.forms;
  if (token.forms.length < 2) return likeliest;
  return (
    token.forms.find((form) => vocabulary.tags.has(form) || vocabulary.coarse.has(modelWord(form))) ??
    likeliest
  );
}

export interface Judged {
  /** What speaks for each task: see `evidenceOf`. */
  readonly whole: readonly number[];
  readonly strongest: readonly number[];
  /** The part of the text that is strongest for each task: indexes of tokens. */
  readonly where: readonly (readonly [number, number])[];
  readonly publicAbuse: number;
}

/** Weighs the sentences, two neighbours at a time, and the whole. Linear in the number of tokens. */
export function judge(tokens: readonly Token[], model: Model): Judged {
  const { scales, biases } = model.head;
  const ranges = sentencesOf(tokens);
  const sums = ranges.map(([from, to]) => sentenceSums(tokens, from, to, model));
  const total = new Float64Array(COLUMNS + 1);
  for (const one of sums) for (let at = 0; at <= COLUMNS; at++) total[at] = (total[at] ?? 0) + (one[at] ?? 0);
  const score = (column: number, one: Float64Array): number =>
    ((one[column] ?? 0) * (scales[column] ?? 0)) / Math.sqrt(Math.max(1, one[COLUMNS] ?? 1)) +
    (biases[column] ?? 0);
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
      where[task] = [ranges[at]?.[0] ?? 0, (ranges[at + 1] ?? ranges[at])?.[1] ?? 0];
    }
  }
  return {
    whole: TASKS.map((_, task) => score(task, total)),
    strongest: strongest.map((one, task) => (sums.length === 0 ? (biases[TASKS.length + task] ?? 0) : one)),
    where,
    publicAbuse: score(PUBLIC_COLUMN, total),
  };
}

/** The hottest loop of the program: plain variables, for an array of sums is twice as slow. */
function sentenceSums(tokens: readonly Token[], from: number, to: number, model: Model): Float64Array {
  const sums = new Float64Array(COLUMNS + 1);
  const words: Known[] = [];
  const memory = memoryOf(model);
  for (let at = from; at < to; at++) {
    const known = know(formOf(tokens[at] as Token, model.vocabulary), model, memory);
    words.push(known);
    for (let c = 0; c <= COLUMNS; c++) sums[c] = (sums[c] as number) + (known.sums[c] as number);
  }
  const { checks, rows } = model;
  const { features } = memory;
  relations(words, MASK, features);
  const { feature, count } = features;
  let [a, b, c, d, e, f, g, square] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    const row = rowOf(checks, feature[at] as number);
    if (row < 0) continue;
    const worth = rows[row] as number;
    square += worth * worth;
    a += DECODED[rows[row + 1] as number] as number;
    b += DECODED[rows[row + 2] as number] as number;
    c += DECODED[rows[row + 3] as number] as number;
    d += DECODED[rows[row + 4] as number] as number;
    e += DECODED[rows[row + 5] as number] as number;
    f += DECODED[rows[row + 6] as number] as number;
    g += DECODED[rows[row + 7] as number] as number;
  }
  const near = [a, b, c, d, e, f, g, square * WORTH_STEP * WORTH_STEP];
  for (let at = 0; at <= COLUMNS; at++) sums[at] = (sums[at] as number) + (near[at] as number);
  return sums;
}

/** What each task's log-odds are made of: the model's scores, and the lexicon's (0..1 each). */
export function evidenceOf(judged: Judged, lexicon: readonly number[]): readonly number[] {
  return [...judged.whole, ...judged.strongest, judged.publicAbuse, ...lexicon];
}

export function probability(evidence: readonly number[], stack: readonly number[]): number {
  let odds = stack[evidence.length] ?? 0;
  for (const [at, one] of evidence.entries()) odds += one * (stack[at] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}

/** How much each token speaks for the task, within a range of tokens. */
export function weightsOf(
  tokens: readonly Token[],
  range: readonly [number, number],
  task: Task,
  model: Model,
): Float64Array {
  const spoken = new Float64Array(tokens.length);
  const memory = memoryOf(model);
  const { checks, rows, head } = model;
  const whole = TASKS.indexOf(task);
  const part = TASKS.length + whole;
  const [wholeScale = 0, partScale = 0] = [head.scales[whole], head.scales[part]];
  const { features } = memory;
  for (const [from, to] of sentencesOf(tokens)) {
    if (to <= range[0] || from >= range[1]) continue;
    const words = tokens.slice(from, to).map((token) => know(formOf(token, model.vocabulary), model, memory));
    for (const [at, { sums }] of words.entries())
      spoken[from + at] = (sums[whole] ?? 0) * wholeScale + (sums[part] ?? 0) * partScale;
    relations(words, MASK, features);
    for (let at = 0; at < features.count; at++) {
      const row = rowOf(checks, features.feature[at] as number);
      if (row < 0) continue;
      const inWhole = (DECODED[rows[row + 1 + whole] as number] as number) * wholeScale;
      const inPart = (DECODED[rows[row + 1 + part] as number] as number) * partScale;
      for (const place of [features.first[at] as number, features.last[at] as number])
        spoken[from + place] = (spoken[from + place] as number) + (inWhole + inPart) / 2;
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
