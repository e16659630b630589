// Terms as a tree of words: what one may read next at each place inside them.
import type { LexiconEntry } from "../types.ts";
import type { Sequence } from "./term.ts";

/** Words that `...` may stand for, at most. */
export const LONGEST_GAP = 5;

/** A place inside a term, and which words lead on from it. */
export interface Node {
  readonly words: Map<string, Node[]>;
  readonly stems: Map<string, Node[]>;
  /** How long the stems are, each length once. */
  readonly stemLengths: number[];
  readonly groups: Map<string, Node[]>;
  readonly any: Node[];
  readonly gap: Node[];
  readonly entries: LexiconEntry[];
  /** Places to which only this one way leads, by the part of a term: terms that begin alike share them. */
  readonly own: Map<string, Node> | null;
}

export function node(isShared = false): Node {
  const own = isShared ? null : new Map<string, Node>();
  return {
    words: new Map(),
    stems: new Map(),
    stemLengths: [],
    groups: new Map(),
    any: [],
    gap: [],
    entries: [],
    own,
  };
}

function lead(edges: Map<string, Node[]>, key: string, to: Node): void {
  const known = edges.get(key);
  if (known) known.push(to);
  else edges.set(key, [to]);
}

function connect(from: Node, part: string, to: Node): void {
  if (part === "...") from.gap.push(to);
  else if (part === "_") from.any.push(to);
  else if (part.startsWith("<")) lead(from.groups, part.slice(1, -1), to);
  else if (part.endsWith("*")) {
    lead(from.stems, part.slice(0, -1), to);
    if (!from.stemLengths.includes(part.length - 1)) from.stemLengths.push(part.length - 1);
  } else lead(from.words, part, to);
}

/**
 * Leads from every node of `starts` along the sequence to `end`; to places of its own when `end` is null.
 * @returns where one may be afterwards: the end, and where one was when all of it may be left out
 */
function plant(starts: readonly Node[], sequence: Sequence, end: Node | null): readonly Node[] {
  let here = starts;
  for (const [index, item] of sequence.entries()) {
    const last = index === sequence.length - 1 ? end : null;
    if (typeof item === "string") {
      here = [step(here, item, last)];
    } else {
      const before = here;
      const target = last ?? node(true);
      here = [...new Set(item.flatMap((each) => (each.length > 0 ? plant(before, each, target) : before)))];
    }
  }
  return here;
}

function step(from: readonly Node[], part: string, end: Node | null): Node {
  const [only] = from;
  const own = end === null && from.length === 1 ? only?.own : null;
  const known = own?.get(part);
  if (known) return known;
  const target = end ?? node(own === null || own === undefined);
  for (const start of from) connect(start, part, target);
  own?.set(part, target);
  return target;
}

export function addTerm(root: Node, sequence: Sequence, entry: LexiconEntry): void {
  for (const end of plant([root], sequence, null)) if (end !== root) end.entries.push(entry);
}
