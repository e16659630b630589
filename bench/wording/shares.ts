// Shares with their intervals, recall at a share of false alarms, calibration: plain counting.

/** A share of `of` messages, with its 95 % interval by Wilson; all three are null of none. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

export function share(hits: number, of: number): Share {
  if (of === 0) return { hits, of, share: null, low: null, high: null };
  const observed = hits / of;
  const scale = 1 + (Z * Z) / of;
  const centre = (observed + (Z * Z) / (2 * of)) / scale;
  const half = (Z / scale) * Math.sqrt((observed * (1 - observed)) / of + (Z * Z) / (4 * of * of));
  return { hits, of, share: observed, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** The share of `list` for which `isHit`. */
export function shareOf<T>(list: readonly T[], isHit: (one: T) => boolean): Share {
  return share(list.filter(isHit).length, list.length);
}

export interface AtFalseAlarms {
  readonly atMost: number;
  readonly recall: Share;
  readonly falseAlarms: Share;
  /** The lowest score that still counts as a hit is above this. */
  readonly above: number;
}

/** The best recall that scores allow with no more than so many false alarms. Equal scores fall together. */
export function recallAt(
  positives: readonly number[],
  negatives: readonly number[],
  atMost: number,
): AtFalseAlarms {
  const sorted = [...negatives].sort((a, b) => b - a);
  const above = sorted[Math.floor(atMost * negatives.length + 1e-9)] ?? Number.NEGATIVE_INFINITY;
  const isHit = (score: number) => score > above;
  return { atMost, recall: shareOf(positives, isHit), falseAlarms: shareOf(negatives, isHit), above };
}

export interface Bin {
  readonly from: number;
  readonly count: number;
  readonly predicted: number | null;
  readonly observed: number | null;
}
export interface Calibration {
  readonly bins: readonly Bin[];
  /** The mean distance between predicted and observed, each bin counting as much as it holds. */
  readonly expectedError: number;
  readonly brier: number;
}

const BINS = 10;

export function calibration(list: readonly { readonly score: number; readonly is: boolean }[]): Calibration {
  const mean = (numbers: readonly number[]) =>
    numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const bins = Array.from({ length: BINS }, (_, bin): Bin => {
    const inside = list.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === bin);
    return {
      from: bin / BINS,
      count: inside.length,
      predicted: mean(inside.map(({ score }) => score)),
      observed: mean(inside.map(({ is }) => Number(is))),
    };
  });
  const apart = bins.map(
    ({ count, predicted, observed }) => count * Math.abs((predicted ?? 0) - (observed ?? 0)),
  );
  return {
    bins,
    expectedError: apart.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length),
    brier: mean(list.map(({ score, is }) => (score - Number(is)) ** 2)) ?? 0,
  };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
