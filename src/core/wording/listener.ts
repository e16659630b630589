// Reads texts by a network: it hears what is said in words that no list has.
//
// The first layer is linear in the words, so its part for each word is worked out once and kept; reading a text is
// then mostly additions, which kernels.wat does.
import { grow, kernel } from "./kernel.ts";
import { featuresOf, type Met, type Network, slotsOf, vectorOf } from "./network.ts";

/** So many words are read at a time, each part with half of the one before: in a long mail one sentence decides. */
const PART = 100;
/** Lets words whose vectors were worked out be forgotten when there are more than this. */
const MOST_PLACED = 12_000;
const LANE = 16;
/** Three lanes at a time: see kernels.wat. */
const ROW_STEP = 48;
/** A head that gives a word less than this looks elsewhere. */
const LEAST_SHARE = Math.fround(1e-4);

/** A word, and where the listener keeps what it adds to the filters. */
export interface Placed {
  readonly met: Met;
  /** As `hears` had put them there: pointer and generation. */
  pointer: number;
  since: number;
}

export const place = (met: Met): Placed => ({ met, pointer: 0, since: -1 });

/** One word of a text, with the classes that its phrase or quotation marks add to its own. */
export interface Spoken {
  readonly word: Placed;
  readonly more: readonly number[];
}

/** Each listener's own, so that what one has put somewhere no other looks for. */
let generations = 0;

/** Reads texts by one network. What it keeps between them changes no answer. */
export interface Listener {
  /** The log-odds of each output, of a text of any length: of a long one what its strongest part reaches. */
  readonly hears: (text: readonly Spoken[]) => Float64Array;
  /** How much of one output each word brought, the constant apart: in the part of the text that decided. */
  readonly brought: (text: readonly Spoken[], output: number) => Float64Array;
}

export function listener(network: Network): Listener {
  const { shape } = network;
  const { filters, widths, heads, outputs, dimensions } = shape;
  if (filters % 4 !== 0) throw new Error("A network's filters come in fours.");
  const loops = kernel();
  const slots = slotsOf(shape);
  const size = featuresOf(shape);
  const rowBytes = Math.ceil((slots * filters * 4) / ROW_STEP) * ROW_STEP;
  const half = Math.max(...widths) >> 1;

  // Where everything lies in the kernel's memory.
  let end = 0;
  const room = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / LANE) * LANE;
    return at;
  };
  /** Adds nothing: what stands before the first and after the last word. */
  const nobody = room(rowBytes);
  const biasAt = room(size * 4);
  const attentionAt = room(heads * size * 4);
  const kernelAt = room(dimensions * rowBytes);
  const vectorAt = room(dimensions * 4);
  const placesAt = room((PART + 2 * half) * 4);
  const answersAt = room(PART * size * 4);
  const sharesAt = room(heads * PART * 4);
  const strongestAt = room(size * 4);
  const meansAt = room(heads * size * 4);
  const changedAt = room(PART * rowBytes);
  const placedAt = end;

  let numbers = new Float32Array(0);
  let pointers = new Int32Array(0);
  const enlarge = (bytes: number) => {
    grow(loops, bytes);
    numbers = new Float32Array(loops.memory.buffer);
    pointers = new Int32Array(loops.memory.buffer);
  };
  enlarge(placedAt);
  numbers.set(network.bias, biasAt / 4);
  numbers.set(network.attention, attentionAt / 4);
  for (let d = 0; d < dimensions; d++)
    numbers.set(
      network.kernel.subarray(d * slots * filters, (d + 1) * slots * filters),
      (kernelAt + d * rowBytes) / 4,
    );

  let generation = ++generations;
  let kept = 0;
  const keep = (vector: Float32Array): number => {
    const at = placedAt + kept++ * rowBytes;
    // Twice as much each time: it is copied.
    if (at + rowBytes > numbers.byteLength)
      enlarge(Math.min(2 * at, placedAt + (MOST_PLACED + 1) * rowBytes) + rowBytes);
    numbers.set(vector, vectorAt / 4);
    loops.project(vectorAt, vectorAt + dimensions * 4, kernelAt, rowBytes, at);
    return at;
  };
  const pointerOf = (word: Placed): number => {
    if (word.since === generation) return word.pointer;
    word.pointer = keep(vectorOf(network, word.met));
    word.since = generation;
    return word.pointer;
  };
  const classPointers = new Map<number, number>();
  const classPointer = (one: number): number => {
    const before = classPointers.get(one);
    if (before !== undefined) return before;
    const made = keep(network.classes.slice(one * dimensions, (one + 1) * dimensions));
    classPointers.set(one, made);
    return made;
  };
  const forget = () => {
    generation = ++generations;
    kept = 0;
    classPointers.clear();
  };

  const setPlaces = (text: readonly Spoken[], from: number, count: number) => {
    // No more new words can come than there is room for.
    if (kept + count + shape.classes + 1 > MOST_PLACED) forget();
    for (let at = 0; at < count; at++) {
      const { word, more } = text[from + at] as Spoken;
      let pointer = pointerOf(word);
      if (more.length > 0) pointer = changed(at, pointer, more);
      pointers[placesAt / 4 + half + at] = pointer;
    }
    for (let at = 0; at < half; at++) {
      pointers[placesAt / 4 + at] = nobody;
      pointers[placesAt / 4 + half + count + at] = nobody;
    }
  };
  const changed = (at: number, pointer: number, more: readonly number[]): number => {
    const to = changedAt + at * rowBytes;
    let from = pointer;
    for (const one of more) {
      loops.add(from, classPointer(one), rowBytes, to);
      from = to;
    }
    return to;
  };

  const look = (head: number, count: number) => {
    const at = sharesAt + head * PART * 4;
    loops.attend(answersAt, count, size * 4, attentionAt + head * size * 4, at);
    const shares = numbers.subarray(at / 4, at / 4 + count);
    let most = Number.NEGATIVE_INFINITY;
    for (let word = 0; word < count; word++) most = Math.max(most, shares[word] as number);
    let total = 0;
    for (let word = 0; word < count; word++) {
      const share = Math.exp((shares[word] as number) - most);
      shares[word] = share;
      total += share;
    }
    for (let word = 0; word < count; word++) shares[word] = (shares[word] as number) / total;
    loops.mean(answersAt, count, size * 4, at, LEAST_SHARE, meansAt + head * size * 4);
  };

  /** What was read last is still there, and what is asked next is often what carried it. */
  let last: {
    readonly text: readonly Spoken[];
    readonly from: number;
    readonly reached: Float64Array;
  } | null = null;
  const part = (text: readonly Spoken[], from: number): Float64Array => {
    if (last?.text === text && last.from === from) return last.reached.slice();
    const count = Math.min(PART, text.length - from);
    const reached = Float64Array.from(network.outputBias);
    if (count <= 0) return reached;
    setPlaces(text, from, count);
    let slot = 0;
    for (const [index, width] of widths.entries()) {
      const offset = index * filters * 4;
      loops.filter(
        placesAt + (half - (width >> 1)) * 4,
        count,
        width,
        slot * filters * 4,
        filters * 4,
        biasAt + offset,
        answersAt + offset,
        size * 4,
        strongestAt + offset,
      );
      slot += width;
    }
    for (let head = 0; head < heads; head++) look(head, count);
    // The strongest answers and the means lie one after the other, as their weights do.
    const all = (1 + heads) * size;
    for (let out = 0; out < outputs; out++) {
      let sum = 0;
      for (let f = 0; f < all; f++)
        sum += (numbers[strongestAt / 4 + f] as number) * (network.output[out * all + f] as number);
      reached[out] = (reached[out] as number) + sum;
    }
    last = { text, from, reached };
    return reached.slice();
  };

  const broughtIn = (output: number, count: number): Float64Array => {
    const brought = new Float64Array(count);
    const weights = output * (1 + heads) * size;
    const answer = (word: number, f: number): number => numbers[answersAt / 4 + word * size + f] as number;
    for (let f = 0; f < size; f++) {
      const most = numbers[strongestAt / 4 + f] as number;
      if (most <= 0) continue;
      let word = 0;
      while (word < count - 1 && answer(word, f) !== most) word++;
      brought[word] = (brought[word] as number) + most * (network.output[weights + f] as number);
    }
    for (let head = 0; head < heads; head++)
      for (let word = 0; word < count; word++) {
        const share = numbers[sharesAt / 4 + head * PART + word] as number;
        if (share < LEAST_SHARE) continue;
        let sum = 0;
        for (let f = 0; f < size; f++)
          sum += answer(word, f) * (network.output[weights + (1 + head) * size + f] as number);
        brought[word] = (brought[word] as number) + sum * share;
      }
    return brought;
  };

  /** Of the text that was read last, where the strongest part for each output begins. */
  let decided: { readonly text: readonly Spoken[]; readonly from: Int32Array } | null = null;
  const hears = (text: readonly Spoken[]): Float64Array => {
    const strongest = part(text, 0);
    const begins = new Int32Array(outputs);
    for (const from of laterParts(text.length))
      for (const [output, odds] of part(text, from).entries()) {
        if (odds <= (strongest[output] as number)) continue;
        strongest[output] = odds;
        begins[output] = from;
      }
    decided = { text, from: begins };
    return strongest;
  };
  return {
    hears,
    brought: (text, output) => {
      if (decided?.text !== text) hears(text);
      const from = decided?.from[output] ?? 0;
      part(text, from);
      const brought = new Float64Array(text.length);
      brought.set(broughtIn(output, Math.max(0, Math.min(PART, text.length - from))), from);
      return brought;
    },
  };
}

/** Where the parts after the first begin: each is as long as the first, and half of it was read before. */
function laterParts(length: number): readonly number[] {
  const starts: number[] = [];
  for (let from = PART >> 1; from + (PART >> 1) < length; from += PART >> 1)
    starts.push(Math.min(from, length - PART));
  return starts;
}
