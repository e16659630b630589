// Turns a lexicon's terms into one tree of words, and finds all of them in one pass over a text.
import type { Lexicon, LexiconEntry, Span } from "../types.ts";
import { GROUPS } from "./groups.ts";
import { normalise, type Token } from "./normalise.ts";
import { joinSpaced } from "./spaced.ts";
import { allWords, parseTerm, type Sequence, termProblem, wholeWords } from "./term.ts";

export interface Hit {
  readonly entry: LexiconEntry;
  /** Indexes of the first token and the one after the last. */
  readonly first: number;
  readonly after: number;
}

/** A place inside a term, and which words lead on from it. */
interface Node {
  readonly words: Map<string, Node[]>;
  readonly stems: Map<string, Node[]>;
  readonly groups: Map<string, Node[]>;
  readonly any: Node[];
  readonly gap: Node[];
  readonly entries: LexiconEntry[];
}

interface Compiled {
  readonly root: Node;
  /** Every word of a term: what spaced-out letters are joined into. */
  readonly known: ReadonlySet<string>;
  /** Words worth masking ("f*ck"), by length. */
  readonly masked: ReadonlyMap<number, readonly string[]>;
}

const LONGEST_GAP = 5;
const LONGEST_WORD = 24;
/** What one letter and three stars stand for. */
const FOUR_LETTER_WORDS = ["fuck", "shit", "cunt", "twat"];
const compiledBefore = new WeakMap<Lexicon, Compiled>();
const groupTrees = new Map(Object.entries(GROUPS).map(([name, terms]) => [name, groupTree(terms)]));

function node(): Node {
  return { words: new Map(), stems: new Map(), groups: new Map(), any: [], gap: [], entries: [] };
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
  else if (part.endsWith("*")) lead(from.stems, part.slice(0, -1), to);
  else lead(from.words, part, to);
}

/**
 * Leads from every node of `starts` along the sequence to `end`.
 * @returns where one may be afterwards: `end`, and where one was when all of it may be left out
 */
function plant(starts: readonly Node[], sequence: Sequence, end: Node): readonly Node[] {
  let here = starts;
  for (const [index, item] of sequence.entries()) {
    const target = index === sequence.length - 1 ? end : node();
    if (typeof item === "string") {
      for (const start of here) connect(start, item, target);
      here = [target];
    } else {
      const before = here;
      here = [...new Set(item.flatMap((each) => (each.length > 0 ? plant(before, each, target) : before)))];
    }
  }
  return here;
}

function addTerm(root: Node, sequence: Sequence, entry: LexiconEntry): void {
  for (const end of plant([root], sequence, node())) if (end !== root) end.entries.push(entry);
}

function groupTree(terms: readonly string[]): Node {
  const root = node();
  for (const term of terms) addTerm(root, parseTerm(term), { term, category: "", strength: 1, language: "" });
  return root;
}

/** Throws an Error that says what is wrong when a term cannot be read. */
function compile(lexicon: Lexicon): Compiled {
  const before = compiledBefore.get(lexicon);
  if (before) return before;
  const root = node();
  const known = new Set<string>();
  const masked = new Map<number, Set<string>>();
  for (const entry of lexicon) {
    const problem = termProblem(entry.term);
    if (problem) throw new Error(problem);
    const sequence = parseTerm(entry.term);
    addTerm(root, sequence, entry);
    for (const word of allWords(sequence)) if (/^\p{L}{2,}$/u.test(word)) known.add(word);
    if (isMaskable(entry)) for (const word of wholeWords(sequence)) maskable(masked, word);
  }
  const lists = new Map([...masked].map(([length, set]) => [length, [...set]] as const));
  const compiled = { root, known, masked: lists };
  compiledBefore.set(lexicon, compiled);
  return compiled;
}

function isMaskable(entry: LexiconEntry): boolean {
  return entry.category === "profanity" || (entry.category !== "figure" && entry.strength >= 0.4);
}

function maskable(masked: Map<number, Set<string>>, word: string): void {
  const list = masked.get(word.length) ?? new Set();
  list.add(word);
  masked.set(word.length, list);
}

/**
 * The words of `text` as this lexicon sees them ("i d i o t" joined, "f*ck" read), and every term found.
 * Linear in the length of the text.
 */
export function find(
  text: string,
  lexicon: Lexicon,
): { readonly tokens: readonly Token[]; readonly hits: readonly Hit[] } {
  const compiled = compile(lexicon);
  const tokens = joinSpaced(normalise(text), compiled.known).map((token) => unmask(token, compiled.masked));
  const hits: Hit[] = [];
  for (let first = 0; first < tokens.length; first++) {
    walk(tokens, compiled.root, first, tokens[first]?.sentence ?? 0, (found, after) => {
      for (const entry of found.entries) hits.push({ entry, first, after });
    });
  }
  return { tokens, hits };
}

export function spanOf(tokens: readonly Token[], hit: Hit): Span {
  return {
    start: tokens[hit.first]?.start ?? 0,
    end: tokens[hit.after - 1]?.end ?? 0,
    category: hit.entry.category,
  };
}

/** Where the group's members that begin at `index` end; several when one member begins another. */
export function groupEnds(name: string, tokens: readonly Token[], index: number): readonly number[] {
  const tree = groupTrees.get(name);
  const token = tokens[index];
  if (!tree || !token || !isTitleOrNoTitle(tokens, index)) return [];
  const ends: number[] = [];
  walk(tokens, tree, index, token.sentence, (_, after) => ends.push(after));
  return ends;
}

/** "Miss Patel" is a person; "miss school" is not. */
function isTitleOrNoTitle(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.forms[0] !== "miss") return true;
  return token.capital || tokens[index + 1]?.capital === true;
}

type Found = (node: Node, after: number) => void;

function walk(tokens: readonly Token[], from: Node, index: number, sentence: number, found: Found): void {
  if (from.entries.length > 0) found(from, index);
  const token = tokens[index];
  if (token?.sentence !== sentence) return;
  for (const form of token.forms) {
    onward(tokens, from.words.get(form), index + 1, sentence, found);
    const longest = from.stems.size > 0 ? Math.min(form.length, LONGEST_WORD) : 0;
    for (let length = 1; length <= longest; length++)
      onward(tokens, from.stems.get(form.slice(0, length)), index + 1, sentence, found);
  }
  onward(tokens, from.any, index + 1, sentence, found);
  for (const [name, nodes] of from.groups) {
    for (const after of groupEnds(name, tokens, index)) onward(tokens, nodes, after, sentence, found);
  }
  for (let skip = 0; from.gap.length > 0 && skip <= LONGEST_GAP; skip++)
    onward(tokens, from.gap, index + skip, sentence, found);
}

function onward(
  tokens: readonly Token[],
  nodes: readonly Node[] | undefined,
  index: number,
  sentence: number,
  found: Found,
): void {
  if (nodes) for (const next of nodes) walk(tokens, next, index, sentence, found);
}

/** "f*ck" → the words of this lexicon that fit, letter by letter. */
function unmask(token: Token, masked: ReadonlyMap<number, readonly string[]>): Token {
  const mask = token.forms.find((form) => form.includes("*"));
  if (!mask) return token;
  const visible = mask.replaceAll("*", "").length;
  const plain = token.forms.filter((form) => !form.includes("*"));
  const isReadable = mask.length >= 4 && !mask.startsWith("*") && (visible >= 2 || mask.length === 4);
  if (!isReadable) return { ...token, forms: plain };
  const candidates = visible === 1 ? FOUR_LETTER_WORDS : (masked.get(mask.length) ?? []);
  const fitting = candidates.filter((word) => fits(mask, word));
  return { ...token, forms: [...plain, ...fitting.slice(0, 12)] };
}

function fits(mask: string, word: string): boolean {
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] !== "*" && mask[at] !== word[at]) return false;
  }
  return true;
}
