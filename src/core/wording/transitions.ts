// A table of numbers by two other numbers, made to be read very often.

export interface Transitions {
  /** UNKNOWN when nothing was put there. */
  readonly get: (from: number, symbol: number) => number;
  /** At most once for each pair. */
  readonly put: (from: number, symbol: number, to: number) => void;
  readonly size: () => number;
}

export const UNKNOWN = -2;
const FIRST_CAPACITY = 1 << 12;

export function transitions(): Transitions {
  // Three numbers for each place: from + 1 (0: free), symbol, to.
  let places = new Int32Array(3 * FIRST_CAPACITY);
  let mask = FIRST_CAPACITY - 1;
  let size = 0;

  const get = (from: number, symbol: number): number => {
    for (let at = hash(from, symbol) & mask; ; at = (at + 1) & mask) {
      const found = places[3 * at];
      if (found === 0) return UNKNOWN;
      if (found === from + 1 && places[3 * at + 1] === symbol) return places[3 * at + 2] ?? UNKNOWN;
    }
  };

  const put = (from: number, symbol: number, to: number): void => {
    // Half full at most: a look-up seldom needs a second place.
    if (2 * ++size > mask) grow();
    let at = hash(from, symbol) & mask;
    while (places[3 * at] !== 0) at = (at + 1) & mask;
    places.set([from + 1, symbol, to], 3 * at);
  };

  const grow = (): void => {
    const before = places;
    size = 1;
    mask = 2 * mask + 1;
    places = new Int32Array(3 * (mask + 1));
    for (let at = 0; at < before.length; at += 3) {
      const [from = 0, symbol = 0, to = 0] = before.subarray(at, at + 3);
      if (from !== 0) put(from - 1, symbol, to);
    }
  };

  return { get, put, size: () => size };
}

function hash(from: number, symbol: number): number {
  const mixed = Math.imul(from, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
