// A linear classifier with squared hinge loss, by dual coordinate descent (Hsieh et al., ICML 2008).
import { random, shuffle } from "./random.ts";

/** Views of one long list of rows: example i is rows[start[i]] … rows[end[i] - 1], each worth value[row]. */
export interface Examples {
  readonly rows: Int32Array;
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
  /** 1 / length of each example's vector. */
  readonly scale: Float64Array;
}

export interface Linear {
  readonly weights: Float32Array;
  readonly bias: number;
}

/**
 * @param value what an occurrence of each row is worth
 * @param labels 1 or -1
 * @param cost how much a mistake costs, for each example; 0 leaves it out
 */
export function train(
  examples: Examples,
  value: Float32Array,
  labels: Int8Array,
  cost: Float64Array,
  options: { readonly passes: number; readonly seed: number },
): Linear {
  const { rows, start, end, scale } = examples;
  const weights = new Float32Array(value.length);
  let bias = 0;
  const used = Int32Array.from(Array.from(labels.keys()).filter((i) => (cost[i] ?? 0) > 0));
  const alpha = new Float64Array(labels.length);
  const square = new Float64Array(labels.length);
  for (const i of used) {
    // Occurrences of one row add up: the true square needs their counts.
    const counts = new Map<number, number>();
    for (let at = start[i] as number; at < (end[i] as number); at++) {
      const row = rows[at] as number;
      counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    let sum = 1;
    for (const [row, count] of counts) sum += (count * (value[row] as number) * (scale[i] as number)) ** 2;
    square[i] = sum;
  }
  const next = random(options.seed);
  for (let pass = 0; pass < options.passes; pass++) {
    shuffle(used, next);
    let moved = 0;
    for (const i of used) {
      const label = labels[i] as number;
      const factor = scale[i] as number;
      let score = 0;
      for (let at = start[i] as number; at < (end[i] as number); at++) {
        const row = rows[at] as number;
        score += (weights[row] as number) * (value[row] as number);
      }
      score = score * factor + bias;
      const diagonal = 0.5 / (cost[i] as number);
      const before = alpha[i] as number;
      const gradient = label * score - 1 + diagonal * before;
      const after = Math.max(0, before - gradient / ((square[i] as number) + diagonal));
      const step = (after - before) * label;
      if (step === 0) continue;
      moved = Math.max(moved, Math.abs(step));
      alpha[i] = after;
      const change = step * factor;
      for (let at = start[i] as number; at < (end[i] as number); at++) {
        const row = rows[at] as number;
        weights[row] = (weights[row] as number) + change * (value[row] as number);
      }
      bias += step;
    }
    if (moved < 1e-3) break;
  }
  return { weights, bias };
}

/** The scores of all examples. */
export function scores(examples: Examples, value: Float32Array, { weights, bias }: Linear): Float64Array {
  const { rows, start, end, scale } = examples;
  return Float64Array.from({ length: start.length }, (_, i) => {
    let score = 0;
    for (let at = start[i] as number; at < (end[i] as number); at++) {
      const row = rows[at] as number;
      score += (weights[row] as number) * (value[row] as number);
    }
    return score * (scale[i] as number) + bias;
  });
}
