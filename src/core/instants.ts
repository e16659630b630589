// Instants inside evidence are kept in UTC; whoever shows it says them in the school's own time.
import type { Instant } from "./types.ts";

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** Replaces each instant in a text by what `say` makes of it. */
export function sayInstants(text: string, say: (at: Instant) => string): string {
  return text.replaceAll(instant, say);
}
