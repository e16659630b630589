// How a lexicon's term is written, and what is wrong with one.
//
// A term is words. Beyond that: `word*` any ending; `(a|b c|)` one of these, or nothing (brackets may stand in
// brackets); `_` any one word; `...` up to five words; `<adult>` a group of groups.ts.
import { GROUPS } from "./groups.ts";
import { normalise } from "./normalise.ts";

/** A word to match, or alternatives. A word is normalised as the text will be. */
export type Sequence = readonly (string | readonly Sequence[])[];

/** What is wrong with a term, in one sentence; null when nothing is. */
export function termProblem(term: string): string | null {
  if (/[^\s(|]\(|\)[^\s)|]/.test(term))
    return `"${term}" has a bracket inside a word: put a space before it.`;
  const depth = bracketDepth(term);
  if (depth === null) return `"${term}" has brackets that do not pair, or a | outside them.`;
  const groups = [...term.matchAll(/<([^>]*)>/g)].map((match) => match[1] ?? "");
  const unknown = groups.find((name) => !Object.hasOwn(GROUPS, name));
  if (unknown !== undefined)
    return `"${term}" names the unknown group <${unknown}>; known are ${Object.keys(GROUPS).join(", ")}.`;
  return needsWord(parseTerm(term)) ? null : `"${term}" has no word to look for.`;
}

const DEEPEST = 8;

/** 0 when every bracket has its partner and every | stands inside one; null otherwise. */
function bracketDepth(term: string): 0 | null {
  let depth = 0;
  for (const char of term) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (depth < 0 || depth > DEEPEST || (char === "|" && depth === 0)) return null;
  }
  return depth === 0 ? 0 : null;
}

function needsWord(sequence: Sequence): boolean {
  return sequence.some((item) =>
    typeof item === "string" ? item !== "..." && item !== "_" : item.every(needsWord),
  );
}

/** Reads a term in which termProblem finds nothing. */
export function parseTerm(term: string): Sequence {
  const parts = term.match(/[()|]|[^\s()|]+/g) ?? [];
  let at = 0;
  const sequence = (): Sequence => {
    const items: (string | readonly Sequence[])[] = [];
    for (; at < parts.length; at++) {
      const part = parts[at] ?? "";
      if (part === "|" || part === ")") return items;
      if (part === "(") items.push(alternatives());
      else items.push(...steps(part));
    }
    return items;
  };
  const alternatives = (): readonly Sequence[] => {
    const found: Sequence[] = [];
    do {
      at++;
      found.push(sequence());
    } while (parts[at] === "|");
    return found;
  };
  return sequence();
}

function steps(part: string): readonly string[] {
  if (part === "..." || part === "_" || part.startsWith("<")) return [part];
  const ending = part.endsWith("*") ? "*" : "";
  const tokens = normalise(ending ? part.slice(0, -1) : part);
  return tokens.map((token, at) => (token.forms[0] ?? "") + (at === tokens.length - 1 ? ending : ""));
}

/** Every single word that a term may consist of: what it can be masked as. */
export function wholeWords(sequence: Sequence): readonly string[] {
  const [only] = sequence;
  if (sequence.length !== 1 || only === undefined) return [];
  return typeof only === "string" ? [only.replace("*", "")] : only.flatMap(wholeWords);
}

/** Every word that stands anywhere in a term. */
export function allWords(sequence: Sequence): readonly string[] {
  return sequence.flatMap((item) =>
    typeof item === "string" ? [item.replace("*", "")] : item.flatMap(allWords),
  );
}
