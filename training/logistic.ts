// Logistic regression for a handful of numbers: Newton's method with a small ridge.

/** @returns the weights, then the constant. Deterministic. */
export function logistic(
  inputs: readonly (readonly number[])[],
  answers: readonly number[],
  ridge = 1,
): readonly number[] {
  const size = (inputs[0]?.length ?? 0) + 1;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 25; step++) {
    const gradient = weights.map((weight, at) => (at === size - 1 ? 0 : ridge * weight));
    const curve = Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => (row === column ? (row === size - 1 ? 1e-6 : ridge) : 0)),
    );
    for (const [n, input] of inputs.entries()) {
      const full = [...input, 1];
      const odds = full.reduce((sum, one, at) => sum + one * (weights[at] ?? 0), 0);
      const chance = 1 / (1 + Math.exp(-odds));
      const slope = Math.max(1e-6, chance * (1 - chance));
      for (let row = 0; row < size; row++) {
        const x = full[row] ?? 0;
        gradient[row] = (gradient[row] ?? 0) + (chance - (answers[n] ?? 0)) * x;
        const line = curve[row] ?? [];
        for (let column = 0; column < size; column++)
          line[column] = (line[column] ?? 0) + slope * x * (full[column] ?? 0);
      }
    }
    const change = solve(curve, gradient);
    weights = weights.map((weight, at) => weight - (change[at] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-8) break;
  }
  return weights;
}

/** Gaussian elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const size = right.length;
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const held = rows[column] as number[];
    rows[column] = rows[pivot] as number[];
    rows[pivot] = held;
    const own = rows[column] as number[];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const other = rows[row] as number[];
      const factor = (other[column] ?? 0) / (own[column] || 1);
      for (let at = column; at <= size; at++) other[at] = (other[at] ?? 0) - factor * (own[at] ?? 0);
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] || 1));
}
