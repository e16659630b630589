// Which words are used alike, and which classes they belong to: what the model knows before it sees a message.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./random.ts";

export interface Embeddings {
  readonly words: readonly string[];
  /** `dimensions` numbers for each word, in the order of `words`. */
  readonly vectors: Float32Array;
  readonly dimensions: number;
}

export interface Tags {
  readonly names: readonly string[];
  /** Entry ("watch your back") → numbers of its classes. */
  readonly entries: ReadonlyMap<string, readonly number[]>;
}

/** Reads `class: entry, entry, …` lines. */
export function readTags(folder: string): Tags {
  const names: string[] = [];
  const entries = new Map<string, number[]>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort()) {
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      const colon = line.indexOf(":");
      if (line.startsWith("#") || colon < 1) continue;
      const number = names.push(line.slice(0, colon).trim()) - 1;
      for (const entry of line.slice(colon + 1).split(",")) {
        const words = entry.trim().toLowerCase().replace(/\s+/g, " ");
        if (words === "") continue;
        const known = entries.get(words);
        if (!known) entries.set(words, [number]);
        else if (!known.includes(number)) known.push(number);
      }
    }
  }
  return { names, entries };
}

/**
 * Spherical k-means by mini-batches, seeded.
 * @param weights how often each word is met: frequent words draw the groups apart where it matters
 * @returns for each word the number of its group
 */
export function group(
  { words, vectors, dimensions }: Embeddings,
  weights: Float64Array,
  groups: number,
  seed: number,
): Int32Array {
  const next = random(seed);
  const count = words.length;
  const unit = new Float32Array(vectors.length);
  for (let word = 0; word < count; word++) {
    let sum = 0;
    for (let d = 0; d < dimensions; d++) sum += (vectors[word * dimensions + d] ?? 0) ** 2;
    const length = Math.sqrt(sum) || 1;
    for (let d = 0; d < dimensions; d++)
      unit[word * dimensions + d] = (vectors[word * dimensions + d] ?? 0) / length;
  }
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let word = 0; word < count; word++) cumulative[word] = total += weights[word] ?? 0;
  const draw = (): number => {
    const wanted = next() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const centres = new Float32Array(groups * dimensions);
  for (let g = 0; g < groups; g++) centres.set(unit.subarray(...range(draw(), dimensions)), g * dimensions);
  const seen = new Float64Array(groups);
  const nearest = (word: number): number => {
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    const from = word * dimensions;
    for (let g = 0; g < groups; g++) {
      let dot = 0;
      const centre = g * dimensions;
      for (let d = 0; d < dimensions; d++) dot += (unit[from + d] ?? 0) * (centres[centre + d] ?? 0);
      if (dot > highest) {
        highest = dot;
        best = g;
      }
    }
    return best;
  };
  for (let step = 0; step < groups * 40; step++) {
    const word = draw();
    const g = nearest(word);
    seen[g] = (seen[g] ?? 0) + 1;
    const rate = 1 / (1 + (seen[g] ?? 1));
    let sum = 0;
    for (let d = 0; d < dimensions; d++) {
      const at = g * dimensions + d;
      const moved = (centres[at] ?? 0) * (1 - rate) + (unit[word * dimensions + d] ?? 0) * rate;
      centres[at] = moved;
      sum += moved * moved;
    }
    const length = Math.sqrt(sum) || 1;
    for (let d = 0; d < dimensions; d++)
      centres[g * dimensions + d] = (centres[g * dimensions + d] ?? 0) / length;
  }
  return Int32Array.from({ length: count }, (_, word) => nearest(word));
}

/**
 * The same vectors in fewer dimensions: those in which they differ most (principal components, by orthogonal
 * iteration), each vector of length 1 before.
 * @returns `wanted` numbers for each word
 */
export function narrowed({ words, vectors, dimensions }: Embeddings, wanted: number): Float32Array {
  const count = words.length;
  const unit = new Float32Array(vectors.length);
  const spread = new Float64Array(dimensions * dimensions);
  for (let word = 0; word < count; word++) {
    const from = word * dimensions;
    let sum = 0;
    for (let d = 0; d < dimensions; d++) sum += (vectors[from + d] ?? 0) ** 2;
    const length = Math.sqrt(sum) || 1;
    for (let d = 0; d < dimensions; d++) unit[from + d] = (vectors[from + d] ?? 0) / length;
    for (let a = 0; a < dimensions; a++)
      for (let b = 0; b < dimensions; b++)
        spread[a * dimensions + b] =
          (spread[a * dimensions + b] ?? 0) + (unit[from + a] ?? 0) * (unit[from + b] ?? 0);
  }
  const next = random(1);
  let axes = Array.from({ length: wanted }, () =>
    Float64Array.from({ length: dimensions }, () => next() - 0.5),
  );
  for (let step = 0; step < 60; step++) {
    axes = axes.map((axis) =>
      Float64Array.from({ length: dimensions }, (_, a) => {
        let sum = 0;
        for (let b = 0; b < dimensions; b++) sum += (spread[a * dimensions + b] ?? 0) * (axis[b] ?? 0);
        return sum;
      }),
    );
    for (const [at, axis] of axes.entries()) {
      for (const other of axes.slice(0, at)) {
        const shared = axis.reduce((sum, one, d) => sum + one * (other[d] ?? 0), 0);
        for (let d = 0; d < dimensions; d++) axis[d] = (axis[d] ?? 0) - shared * (other[d] ?? 0);
      }
      const length = Math.sqrt(axis.reduce((sum, one) => sum + one * one, 0)) || 1;
      for (let d = 0; d < dimensions; d++) axis[d] = (axis[d] ?? 0) / length;
    }
  }
  const narrow = new Float32Array(count * wanted);
  for (let word = 0; word < count; word++)
    for (const [at, axis] of axes.entries()) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += (unit[word * dimensions + d] ?? 0) * (axis[d] ?? 0);
      narrow[word * wanted + at] = sum;
    }
  return narrow;
}

const range = (word: number, dimensions: number): [number, number] => [
  word * dimensions,
  (word + 1) * dimensions,
];
