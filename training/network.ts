// Trains the network of src/core/wording/network.ts: Adam, dropout, one cycle of the learning rate. Seeded.
import {
  featuresOf,
  LONGEST_TRAINED,
  type Network,
  type NetworkPart,
  type NetworkShape,
  slotsOf,
} from "../src/core/wording/network.ts";
import { random, shuffle } from "./random.ts";
import { workplace } from "./workplace.ts";

/** A word as it stands somewhere: with the classes that its phrase gives it, and quoted or not. */
export interface Variant {
  /** Of the word among the known ones, -1 for none. */
  readonly row: number;
  readonly runs: Int32Array;
  readonly classes: Int32Array;
}

export interface Sample {
  /** Numbers of variants. */
  readonly words: Int32Array;
  /** For each output 1, 0, or -1 where nothing is known. */
  readonly labels: Int8Array;
  readonly weight: number;
}

export interface NetworkTask {
  readonly shape: NetworkShape;
  readonly variants: readonly Variant[];
  readonly samples: readonly Sample[];
  /** Where the words' vectors begin: for the unknown word, then for each known one. */
  readonly vectors: Float32Array;
  readonly passes: number;
  readonly seed: number;
}

/** The network's numbers before they are made small. */
export type Weights = Readonly<Record<NetworkPart, Float32Array>>;

const BATCH = 48;
const RATE = 4e-3;
/** The share of the steps in which the rate rises. */
const RISE = 0.3;
const DROP_INPUT = 0.2;
const DROP_OUTPUT = 0.3;
/** So often a word is read as one that nobody knows. */
const DROP_WORD = 0.06;
const DECAY_MEAN = 0.9;
const DECAY_SQUARE = 0.999;
const TINY = 1e-8;

/** A number of the network, its gradient, and what Adam remembers of both. */
interface Parameter {
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

function parameter(value: Float32Array, gradient = new Float32Array(value.length)): Parameter {
  const { length } = value;
  return {
    value,
    gradient,
    mean: new Float32Array(length),
    square: new Float32Array(length),
  };
}

/** Numbers around 0, near enough to normally distributed. */
function spread(length: number, scale: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, () => (next() + next() + next() + next() - 2) * 1.73 * scale);
}

/** The rate rises along a cosine, then falls to nothing (Smith 2018). */
function rateAt(step: number, steps: number): number {
  const top = steps * RISE;
  if (step < top) return RATE * (0.04 + 0.96 * (0.5 - 0.5 * Math.cos((Math.PI * step) / top)));
  return RATE * (0.5 + 0.5 * Math.cos((Math.PI * (step - top)) / Math.max(1, steps - top)));
}

/** @param say called after each pass with the mean loss */
export function trainNetwork(task: NetworkTask, say: (loss: number) => void = () => {}): Weights {
  const { shape, variants, samples } = task;
  const { dimensions: D, filters: F, heads, outputs } = shape;
  const next = random(task.seed);
  const slots = slotsOf(shape);
  const S = slots * F;
  const O = featuresOf(shape);
  const Z = (1 + heads) * O;
  const words = parameter(task.vectors.slice());
  const runs = parameter(spread(shape.runs * D, 0.05, next));
  const classes = parameter(spread((shape.classes + 1) * D, 0.05, next));
  const { W, dW, X, dX, P, dP, forward, backward } = workplace(D, S, BATCH * LONGEST_TRAINED);
  const kernel = parameter(W, dW);
  const bias = parameter(new Float32Array(O));
  // As many inputs as a filter has, as is usual.
  let slot = 0;
  for (const width of shape.widths) {
    const scale = 1 / Math.sqrt(3 * width * D);
    for (let d = 0; d < D; d++) kernel.value.set(spread(width * F, scale, next), d * S + slot * F);
    slot += width;
  }
  const attention = parameter(spread(heads * O, 0.05, next));
  const output = parameter(spread(outputs * Z, 0.5 / Math.sqrt(Z), next));
  const outputBias = parameter(new Float32Array(outputs));
  const dense = [kernel, bias, attention, output, outputBias];

  const order = Int32Array.from(samples.keys());
  const steps = task.passes * Math.ceil(samples.length / BATCH);
  let step = 0;

  // One batch's words, each variant once.
  const localOf = new Map<number, number>();
  const mask = new Float32Array(X.length);
  const H = new Float32Array(LONGEST_TRAINED * O);
  const dH = new Float32Array(LONGEST_TRAINED * O);
  const shares = Array.from({ length: heads }, () => new Float32Array(LONGEST_TRAINED));
  const given = new Float32Array(LONGEST_TRAINED);
  const z = new Float32Array(Z);
  const dz = new Float32Array(Z);
  const zMask = new Float32Array(Z);
  const strongestAt = new Int32Array(O);

  const rowsTouched = new Set<number>();
  const runsTouched = new Set<number>();
  const classesTouched = new Set<number>();

  for (let pass = 0; pass < task.passes; pass++) {
    shuffle(order, next);
    let lossSum = 0;
    for (let begin = 0; begin < order.length; begin += BATCH) {
      const batch = order.subarray(begin, begin + BATCH);
      localOf.clear();
      const locals: Int32Array[] = [];
      const list: number[] = [];
      for (const n of batch) {
        const sample = samples[n] as Sample;
        const length = Math.min(LONGEST_TRAINED, sample.words.length);
        const local = new Int32Array(length);
        for (let t = 0; t < length; t++) {
          const key = 2 * (sample.words[t] as number) + (next() < DROP_WORD ? 1 : 0);
          let at = localOf.get(key);
          if (at === undefined) {
            at = list.push(key) - 1;
            localOf.set(key, at);
          }
          local[t] = at;
        }
        locals.push(local);
      }
      const U = list.length;
      // ---- Vectors of the words ----
      const keep = 1 / (1 - DROP_INPUT);
      for (let u = 0; u < U; u++) {
        const key = list[u] as number;
        const variant = variants[key >> 1] as Variant;
        const to = u * D;
        const from = (key & 1 ? 0 : variant.row + 1) * D;
        for (let d = 0; d < D; d++) X[to + d] = words.value[from + d] as number;
        const part = 1 / Math.max(1, variant.runs.length);
        for (const run of variant.runs)
          for (let d = 0; d < D; d++)
            X[to + d] = (X[to + d] as number) + part * (runs.value[run * D + d] as number);
        for (const one of variant.classes)
          for (let d = 0; d < D; d++)
            X[to + d] = (X[to + d] as number) + (classes.value[one * D + d] as number);
        for (let d = 0; d < D; d++) {
          const kept = next() < DROP_INPUT ? 0 : keep;
          mask[to + d] = kept;
          X[to + d] = (X[to + d] as number) * kept;
        }
      }
      // Nothing can be learnt from texts without words.
      if (U === 0) continue;
      forward(U);
      dP.fill(0, 0, U * S);
      // ---- Each message ----
      const share = 1 / batch.length;
      for (const [index, n] of batch.entries()) {
        const sample = samples[n] as Sample;
        const local = locals[index] as Int32Array;
        const count = local.length;
        if (count === 0) continue;
        forwardFilters(shape, local, P, bias.value, H, z, strongestAt);
        for (let head = 0; head < heads; head++)
          attendTo(H, count, O, attention.value, head, shares[head] as Float32Array, z);
        const keepOut = 1 / (1 - DROP_OUTPUT);
        for (let f = 0; f < Z; f++) {
          const kept = next() < DROP_OUTPUT ? 0 : keepOut;
          zMask[f] = kept;
          z[f] = (z[f] as number) * kept;
        }
        dz.fill(0);
        for (let out = 0; out < outputs; out++) {
          const label = sample.labels[out] as number;
          if (label < 0) continue;
          const from = out * Z;
          let odds = outputBias.value[out] as number;
          for (let f = 0; f < Z; f++) odds += (z[f] as number) * (output.value[from + f] as number);
          const chance = 1 / (1 + Math.exp(-odds));
          lossSum += -Math.log(Math.max(1e-7, label > 0 ? chance : 1 - chance)) * sample.weight;
          const wrong = (chance - label) * sample.weight * share;
          outputBias.gradient[out] = (outputBias.gradient[out] as number) + wrong;
          for (let f = 0; f < Z; f++) {
            output.gradient[from + f] = (output.gradient[from + f] as number) + wrong * (z[f] as number);
            dz[f] = (dz[f] as number) + wrong * (output.value[from + f] as number);
          }
        }
        for (let f = 0; f < Z; f++) dz[f] = (dz[f] as number) * (zMask[f] as number);
        dH.fill(0, 0, count * O);
        for (let f = 0; f < O; f++) {
          const at = (strongestAt[f] as number) * O + f;
          dH[at] = (dH[at] as number) + (dz[f] as number);
        }
        for (let head = 0; head < heads; head++) {
          const one = shares[head] as Float32Array;
          const from = (1 + head) * O;
          let mean = 0;
          for (let t = 0; t < count; t++) {
            let sum = 0;
            const part = one[t] as number;
            for (let f = 0; f < O; f++) {
              const slope = dz[from + f] as number;
              sum += slope * (H[t * O + f] as number);
              dH[t * O + f] = (dH[t * O + f] as number) + part * slope;
            }
            given[t] = sum;
            mean += sum * part;
          }
          for (let t = 0; t < count; t++) {
            const slope = (one[t] as number) * ((given[t] as number) - mean);
            if (slope === 0) continue;
            for (let f = 0; f < O; f++) {
              attention.gradient[head * O + f] =
                (attention.gradient[head * O + f] as number) + slope * (H[t * O + f] as number);
              dH[t * O + f] = (dH[t * O + f] as number) + slope * (attention.value[head * O + f] as number);
            }
          }
        }
        backFilters(shape, local, H, dH, dP, bias.gradient);
      }
      // ---- Back to the words ----
      backward(U);
      rowsTouched.clear();
      runsTouched.clear();
      classesTouched.clear();
      for (let u = 0; u < U; u++) {
        const key = list[u] as number;
        const variant = variants[key >> 1] as Variant;
        const from = u * D;
        for (let d = 0; d < D; d++) dX[from + d] = (dX[from + d] as number) * (mask[from + d] as number);
        const row = key & 1 ? 0 : variant.row + 1;
        rowsTouched.add(row);
        for (let d = 0; d < D; d++)
          words.gradient[row * D + d] = (words.gradient[row * D + d] as number) + (dX[from + d] as number);
        const part = 1 / Math.max(1, variant.runs.length);
        for (const run of variant.runs) {
          runsTouched.add(run);
          for (let d = 0; d < D; d++)
            runs.gradient[run * D + d] =
              (runs.gradient[run * D + d] as number) + part * (dX[from + d] as number);
        }
        for (const one of variant.classes) {
          classesTouched.add(one);
          for (let d = 0; d < D; d++)
            classes.gradient[one * D + d] =
              (classes.gradient[one * D + d] as number) + (dX[from + d] as number);
        }
      }
      step++;
      const rate = rateAt(step, steps);
      for (const one of dense) adam(one, 0, one.value.length, rate, step);
      for (const row of rowsTouched) adam(words, row * D, (row + 1) * D, rate, step);
      for (const run of runsTouched) adam(runs, run * D, (run + 1) * D, rate, step);
      for (const one of classesTouched) adam(classes, one * D, (one + 1) * D, rate, step);
    }
    say(lossSum / samples.length);
  }
  return {
    words: words.value,
    runs: runs.value,
    classes: classes.value,
    // Copied: it stands in a larger memory.
    kernel: kernel.value.slice(),
    bias: bias.value,
    attention: attention.value,
    output: output.value,
    outputBias: outputBias.value,
  };
}

function adam(
  { value, gradient, mean, square }: Parameter,
  from: number,
  to: number,
  rate: number,
  step: number,
) {
  const meanShare = 1 - DECAY_MEAN ** step;
  const squareShare = 1 - DECAY_SQUARE ** step;
  const scaled = rate / meanShare;
  for (let at = from; at < to; at++) {
    const slope = gradient[at] as number;
    gradient[at] = 0;
    const first = (mean[at] as number) * DECAY_MEAN + slope * (1 - DECAY_MEAN);
    const second = (square[at] as number) * DECAY_SQUARE + slope * slope * (1 - DECAY_SQUARE);
    mean[at] = first;
    square[at] = second;
    value[at] = (value[at] as number) - (scaled * first) / (Math.sqrt(second / squareShare) + TINY);
  }
}

function forwardFilters(
  shape: NetworkShape,
  local: Int32Array,
  P: Float32Array,
  bias: Float32Array,
  H: Float32Array,
  strongest: Float32Array,
  strongestAt: Int32Array,
): void {
  const { widths, filters } = shape;
  const O = featuresOf(shape);
  const S = slotsOf(shape) * filters;
  const count = local.length;
  strongest.fill(0, 0, O);
  strongestAt.fill(0);
  let slot = 0;
  for (const [index, width] of widths.entries()) {
    const half = width >> 1;
    const first = index * filters;
    for (let t = 0; t < count; t++) {
      const at = t * O + first;
      for (let f = 0; f < filters; f++) H[at + f] = bias[first + f] as number;
      for (let place = 0; place < width; place++) {
        const beside = t + place - half;
        if (beside < 0 || beside >= count) continue;
        const from = (local[beside] as number) * S + (slot + place) * filters;
        for (let f = 0; f < filters; f++) H[at + f] = (H[at + f] as number) + (P[from + f] as number);
      }
      for (let f = 0; f < filters; f++) {
        const reached = H[at + f] as number;
        if (reached <= 0) H[at + f] = 0;
        else if (reached > (strongest[first + f] as number)) {
          strongest[first + f] = reached;
          strongestAt[first + f] = t;
        }
      }
    }
    slot += width;
  }
}

function attendTo(
  H: Float32Array,
  count: number,
  O: number,
  attention: Float32Array,
  head: number,
  share: Float32Array,
  z: Float32Array,
): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < count; t++) {
    let sum = 0;
    for (let f = 0; f < O; f++) sum += (H[t * O + f] as number) * (attention[head * O + f] as number);
    share[t] = sum;
    if (sum > most) most = sum;
  }
  let total = 0;
  for (let t = 0; t < count; t++) {
    share[t] = Math.exp((share[t] as number) - most);
    total += share[t] as number;
  }
  const from = (1 + head) * O;
  z.fill(0, from, from + O);
  for (let t = 0; t < count; t++) {
    const part = (share[t] as number) / total;
    share[t] = part;
    for (let f = 0; f < O; f++) z[from + f] = (z[from + f] as number) + part * (H[t * O + f] as number);
  }
}

function backFilters(
  shape: NetworkShape,
  local: Int32Array,
  H: Float32Array,
  dH: Float32Array,
  dP: Float32Array,
  biasGradient: Float32Array,
): void {
  const { widths, filters } = shape;
  const O = featuresOf(shape);
  const S = slotsOf(shape) * filters;
  const count = local.length;
  // What a filter did not let through goes no further back.
  for (let at = 0; at < count * O; at++) if ((H[at] as number) <= 0) dH[at] = 0;
  let slot = 0;
  for (const [index, width] of widths.entries()) {
    const half = width >> 1;
    const first = index * filters;
    for (let t = 0; t < count; t++) {
      const at = t * O + first;
      for (let f = 0; f < filters; f++)
        biasGradient[first + f] = (biasGradient[first + f] as number) + (dH[at + f] as number);
      for (let place = 0; place < width; place++) {
        const beside = t + place - half;
        if (beside < 0 || beside >= count) continue;
        const to = (local[beside] as number) * S + (slot + place) * filters;
        for (let f = 0; f < filters; f++) dP[to + f] = (dP[to + f] as number) + (dH[at + f] as number);
      }
    }
    slot += width;
  }
}

/** The most that a step of one byte may stand for is what keeps this share of the numbers whole. */
const KEPT_WHOLE = 0.9995;

function small(values: Float32Array): { readonly values: Int8Array; readonly scale: number } {
  const sizes = values.map(Math.abs).sort();
  const scale = (sizes[Math.floor(KEPT_WHOLE * (sizes.length - 1))] ?? 1) / 127 || 1;
  return {
    values: Int8Array.from(values, (one) => Math.max(-127, Math.min(127, Math.round(one / scale)))),
    scale,
  };
}

/** As it will be shipped: a byte for each number of the words' and runs' vectors. */
export function shipped(shape: NetworkShape, weights: Weights): Network {
  const [words, runs] = [small(weights.words), small(weights.runs)];
  return {
    ...weights,
    shape,
    words: words.values,
    wordScale: Math.fround(words.scale),
    runs: runs.values,
    runScale: Math.fround(runs.scale),
  };
}
