// The trained weights of features, added up quickly.
import { grow, kernel } from "./kernel.ts";
import { COLUMNS, DECODED, type Model, ROW_BITS, ROW_BYTES, ROWS } from "./model.ts";

/** A row of the table as it is added up: two bytes for each column, then for half of the squared worth. */
const LANES = 8;
const SQUARE = COLUMNS;
/** What a column's scale is worth in these bytes. */
const WHOLE = 32_767;
const CHUNK = 16_384;

/** Sums over features: one for each column in parts of its scale, then the sum of the squared steps of worth. */
export interface Table {
  /** @returns overwritten by the next call */
  readonly weigh: (features: Int32Array, count: number) => Float64Array;
}

export function table({ checks, rows }: Pick<Model, "checks" | "rows">): Table {
  const loops = kernel();
  const checksAt = 0;
  const rowsAt = checksAt + ROWS;
  const featuresAt = rowsAt + ROWS * LANES * 2;
  const sumsAt = featuresAt + CHUNK * 4;
  grow(loops, sumsAt + LANES * 4);
  const { buffer } = loops.memory;
  new Uint8Array(buffer, checksAt, ROWS).set(checks);
  const decoded = Int16Array.from(DECODED, (one) => Math.round(one * WHOLE));
  const wide = new Int16Array(buffer, rowsAt, ROWS * LANES);
  for (let row = 0; row < ROWS; row++) {
    if (checks[row] === 0) continue;
    const [from, to] = [row * ROW_BYTES, row * LANES];
    for (let column = 0; column < COLUMNS; column++)
      wide[to + column] = decoded[rows[from + 1 + column] as number] as number;
    wide[to + SQUARE] = ((rows[from] as number) ** 2) >> 1;
  }
  const given = new Int32Array(buffer, featuresAt, CHUNK);
  const reached = new Int32Array(buffer, sumsAt, LANES);
  const sums = new Float64Array(COLUMNS + 1);
  return {
    weigh: (features, count) => {
      sums.fill(0);
      for (let from = 0; from < count; from += CHUNK) {
        const to = Math.min(count, from + CHUNK);
        given.set(features.subarray(from, to));
        loops.weigh(featuresAt, featuresAt + (to - from) * 4, checksAt, rowsAt, ROW_BITS, sumsAt);
        for (let column = 0; column < COLUMNS; column++)
          sums[column] = (sums[column] as number) + (reached[column] as number) / WHOLE;
        sums[SQUARE] = (sums[SQUARE] as number) + 2 * (reached[SQUARE] as number);
      }
      return sums;
    },
  };
}
