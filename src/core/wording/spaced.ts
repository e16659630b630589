// Reads words whose letters were set apart: "i d i o t", "k.i.l.l", "y o u   i d i o t".
import type { Token } from "./normalise.ts";

const FEWEST_LETTERS = 3;
const LONGEST_WORD = 24;
/** More than this between two letters, and they belong to different sentences or columns. */
const WIDEST_GAP = 4;
/** A letter that belongs to no known word costs as much as three words. */
const LONE_LETTER_COST = 3;

/** Runs of single letters become the words of `known` that they spell; all else stays. Linear. */
export function joinSpaced(tokens: readonly Token[], known: ReadonlySet<string>): readonly Token[] {
  if (!hasRun(tokens)) return tokens;
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const end = Math.max(at + 1, runEnd(tokens, at));
    if (end - at < FEWEST_LETTERS) {
      for (; at < end; at++) joined.push(tokens[at] as Token);
      continue;
    }
    // One by one: a run may be longer than a call may have arguments.
    for (const token of spell(tokens.slice(at, end), known)) joined.push(token);
    at = end;
  }
  return joined;
}

/** Most texts have none. */
function hasRun(tokens: readonly Token[]): boolean {
  let letters = 0;
  for (const { start, end } of tokens) {
    letters = end - start === 1 ? letters + 1 : 0;
    if (letters === FEWEST_LETTERS) return true;
  }
  return false;
}

function runEnd(tokens: readonly Token[], start: number): number {
  let at = start;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    const before = tokens[at - 1];
    if (!token || token.end - token.start !== 1) break;
    if (at > start && before && token.start - before.end > WIDEST_GAP) break;
  }
  return at;
}

/** "u" and "r" alone were read as "you" and "are". */
function letterOf(token: Token): string {
  const form = token.forms[0] ?? "";
  if (form === "you") return "u";
  return form === "are" ? "r" : form.slice(0, 1);
}

/** The cheapest way to cut the letters into known words; a wide gap always cuts. */
function spell(letters: readonly Token[], known: ReadonlySet<string>): readonly Token[] {
  const text = letters.map((token) => letterOf(token) || "?").join("");
  const gaps = letters.map((token, at) => token.start - (letters[at - 1]?.end ?? token.start));
  const usual = Math.min(...gaps.slice(1, LONGEST_WORD));
  const cost: number[] = [0];
  const length: number[] = [0];
  for (let end = 1; end <= letters.length; end++) {
    cost[end] = (cost[end - 1] ?? 0) + LONE_LETTER_COST;
    length[end] = 1;
    for (let size = 2; size <= Math.min(end, LONGEST_WORD); size++) {
      if ((gaps[end - size + 1] ?? 0) > usual) break;
      const total = (cost[end - size] ?? 0) + 1;
      if (total >= (cost[end] ?? 0) || !known.has(text.slice(end - size, end))) continue;
      cost[end] = total;
      length[end] = size;
    }
  }
  const words: Token[] = [];
  for (let end = letters.length; end > 0; end -= length[end] ?? 1) {
    const size = length[end] ?? 1;
    const first = letters[end - size];
    const last = letters[end - 1];
    if (!first || !last) break;
    const form = text.slice(end - size, end);
    words.push(size === 1 ? first : { ...first, forms: [form], end: last.end });
  }
  return words.reverse();
}
