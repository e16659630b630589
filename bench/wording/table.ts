// Aligned tables of plain text.
import type { Share } from "./shares.ts";

/** A column is as wide as its widest cell; the first is aligned left, the others right. A head of nothing is left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = head.every((name) => name === "") ? rows : [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    head
      .map((_, column) => {
        const cell = row[column] ?? "";
        return column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2);
      })
      .join("")
      .trimEnd();
  return `${all.map((row) => `  ${line(row)}\n`).join("")}\n`;
}

/** "97.1 %"; "-" of none. */
export function percent(part: number | null): string {
  return part === null ? "-" : `${(part * 100).toFixed(1)} %`;
}

/** "97.1 % (95.0-98.4)". */
export function interval({ share, low, high }: Share): string {
  if (share === null || low === null || high === null) return "-";
  return `${percent(share)} (${(low * 100).toFixed(1)}-${(high * 100).toFixed(1)})`;
}

export const outOf = ({ hits, of }: Share): string => `${hits}/${of}`;
