// A small convolutional network over words: what it is made of, and its part of the model's file.
//
// One layer of filters over one, three and five words, the strongest answer of each and weighted means of all,
// and a linear layer (Kim, EMNLP 2014, with attention). listener.ts reads texts by it.
import { hashOf } from "./features.ts";

/** How large everything is: part of the model's file. */
export interface NetworkShape {
  readonly dimensions: number;
  readonly filters: number;
  /** Over how many words each set of filters looks: odd numbers. */
  readonly widths: readonly number[];
  /** Words with a vector of their own, the unknown word not counted. */
  readonly words: number;
  /** Vectors that runs of letters share: a power of two. */
  readonly runs: number;
  readonly classes: number;
  /** Weighted means. */
  readonly heads: number;
  readonly outputs: number;
}

export interface Network {
  readonly shape: NetworkShape;
  /** A vector for the unknown word, then one for each known word: `wordScale` times these. */
  readonly words: Int8Array;
  readonly wordScale: number;
  readonly runs: Int8Array;
  readonly runScale: number;
  /** A vector for each class of words, then one for what is quoted. */
  readonly classes: Float32Array;
  /** `dimensions` rows of `slots * filters`. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  /** For each head a weight for each filter of each width. */
  readonly attention: Float32Array;
  /** For each output a weight for each strongest answer, then for each mean. */
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

/** Of a longer text training reads so many words. */
export const LONGEST_TRAINED = 300;
const RUN_SEED = 19;
const SHORTEST_RUN = 3;
const LONGEST_RUN = 4;
const MOST_RUNS = 20;

/** Places in a filter, all widths together. */
export const slotsOf = ({ widths }: NetworkShape): number => widths.reduce((sum, width) => sum + width, 0);
export const featuresOf = ({ widths, filters }: NetworkShape): number => widths.length * filters;

/** Which of the shared vectors the runs of letters of a word have. */
export function runsOf(form: string, buckets: number): readonly number[] {
  const padded = `_${form}_`;
  const found: number[] = [];
  for (let size = SHORTEST_RUN; size <= LONGEST_RUN; size++)
    for (let at = 0; at + size <= padded.length && found.length < MOST_RUNS; at++)
      found.push(hashOf(padded.slice(at, at + size), RUN_SEED) & (buckets - 1));
  return found;
}

/** A word as the network meets it. */
export interface Met {
  /** Among the known words, -1 for none. */
  readonly row: number;
  /** See `runsOf`. */
  readonly runs: readonly number[];
  readonly classes: readonly number[];
}

/** Its own vector, the mean of its runs of letters, and its classes, added up. */
export function vectorOf(network: Network, { row, runs, classes }: Met): Float32Array {
  const { dimensions } = network.shape;
  const vector = new Float32Array(dimensions);
  const from = (row + 1) * dimensions;
  for (let d = 0; d < dimensions; d++) vector[d] = (network.words[from + d] as number) * network.wordScale;
  const share = network.runScale / Math.max(1, runs.length);
  for (const run of runs)
    for (let d = 0; d < dimensions; d++)
      vector[d] = (vector[d] as number) + (network.runs[run * dimensions + d] as number) * share;
  for (const one of classes)
    for (let d = 0; d < dimensions; d++)
      vector[d] = (vector[d] as number) + (network.classes[one * dimensions + d] as number);
  return vector;
}

/** What training makes: all but the shape, and what a step of a byte stands for. */
export type NetworkPart = Exclude<keyof Network, "shape" | "wordScale" | "runScale">;

/** Lengths of the parts of a network in its file, in bytes, in their order. */
function partsOf(shape: NetworkShape): Readonly<Record<NetworkPart, number>> {
  const { dimensions, filters, words, runs, classes, heads, outputs } = shape;
  const size = featuresOf(shape);
  return {
    words: (words + 1) * dimensions,
    runs: runs * dimensions,
    classes: 4 * (classes + 1) * dimensions,
    kernel: 4 * dimensions * slotsOf(shape) * filters,
    bias: 4 * size,
    attention: 4 * heads * size,
    output: 4 * outputs * (1 + heads) * size,
    outputBias: 4 * outputs,
  };
}

export const networkBytes = (shape: NetworkShape): number =>
  Object.values(partsOf(shape)).reduce((sum, length) => sum + length, 0);

/** @param bytes exactly `networkBytes` of them */
export function readNetwork(
  shape: NetworkShape,
  scales: { readonly words: number; readonly runs: number },
  bytes: Uint8Array,
): Network {
  const lengths = partsOf(shape);
  let at = 0;
  const next = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const small = (length: number): Int8Array => {
    const part = next(length);
    return new Int8Array(part.buffer, part.byteOffset, part.length);
  };
  // Copied: four bytes must begin at a multiple of four.
  const numbers = (length: number): Float32Array => new Float32Array(new Uint8Array(next(length)).buffer);
  return {
    shape,
    words: small(lengths.words),
    wordScale: scales.words,
    runs: small(lengths.runs),
    runScale: scales.runs,
    classes: numbers(lengths.classes),
    kernel: numbers(lengths.kernel),
    bias: numbers(lengths.bias),
    attention: numbers(lengths.attention),
    output: numbers(lengths.output),
    outputBias: numbers(lengths.outputBias),
  };
}

/** The bytes that `readNetwork` reads. */
export function writeNetwork(network: Network): Uint8Array {
  const bytes = new Uint8Array(networkBytes(network.shape));
  let at = 0;
  for (const name of Object.keys(partsOf(network.shape)) as NetworkPart[]) {
    const { buffer, byteOffset, byteLength } = network[name];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
