// Turns a lexicon's terms into one tree of words, and finds all of them in one pass over a text.
import type { Lexicon, LexiconEntry, Span } from "../types.ts";
import { type Automaton, automaton } from "./automaton.ts";
import { GROUPS } from "./groups.ts";
import { normalise, type Token } from "./normalise.ts";
import { joinSpaced } from "./spaced.ts";
import { allWords, parseTerm, termProblem, wholeWords } from "./term.ts";
import { addTerm, LONGEST_GAP, type Node, node } from "./tree.ts";

export interface Hit {
  readonly entry: LexiconEntry;
  /** Indexes of the first token and the one after the last. */
  readonly first: number;
  readonly after: number;
}

interface Compiled {
  readonly root: Node;
  readonly automaton: Automaton;
  /** Every word of a term: what spaced-out letters are joined into. */
  readonly known: ReadonlySet<string>;
  /** Words worth masking ("f*ck"), by length. */
  readonly masked: ReadonlyMap<number, readonly string[]>;
}

/** What one letter and three stars stand for. */
const FOUR_LETTER_WORDS = ["fuck", "shit", "cunt", "twat"];
const compiledBefore = new WeakMap<Lexicon, Compiled>();
const groupTrees = new Map(Object.entries(GROUPS).map(([name, terms]) => [name, groupTree(terms)]));
/** The words that a group's members begin with, those of groups inside it included. */
function firstWords(tree: Node): readonly string[] {
  const inner = [...tree.groups.keys()].flatMap((name) => firstWords(groupTrees.get(name) ?? node()));
  return [...tree.words.keys(), ...inner];
}

/** Which groups a word may begin. */
const groupsByFirst = new Map<string, readonly string[]>();
for (const [name, tree] of groupTrees) {
  for (const word of new Set(firstWords(tree)))
    groupsByFirst.set(word, [...(groupsByFirst.get(word) ?? []), name]);
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
  const compiled = { root, automaton: automaton(root, groupTrees), known, masked: lists };
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
  const tokens = unmasked(joinSpaced(normalise(text), compiled.known), compiled.masked);
  const hits: Hit[] = [];
  let first = 0;
  const found: Found = (node, after) => {
    for (const entry of node.entries) hits.push({ entry, first, after });
  };
  const beginsTerm = compiled.automaton(tokens);
  for (; first < tokens.length; first++) if (beginsTerm(first)) begin(tokens, compiled.root, first, found);
  return { tokens, hits };
}

/** As `walk` from the root, of whose many groups few can begin with one word. */
function begin(tokens: readonly Token[], root: Node, first: number, found: Found): void {
  const token = tokens[first];
  if (!token) return;
  const { sentence } = token;
  for (const form of token.forms) {
    onward(tokens, root.words.get(form), first + 1, sentence, found);
    for (const length of root.stemLengths) {
      if (length <= form.length)
        onward(tokens, root.stems.get(form.slice(0, length)), first + 1, sentence, found);
    }
    for (const name of groupsByFirst.get(form) ?? []) {
      const nodes = root.groups.get(name);
      if (nodes)
        for (const after of groupEnds(name, tokens, first)) onward(tokens, nodes, after, sentence, found);
    }
  }
  onward(tokens, root.any, first + 1, sentence, found);
  for (let skip = 0; root.gap.length > 0 && skip <= LONGEST_GAP; skip++)
    onward(tokens, root.gap, first + skip, sentence, found);
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
  if (!tree || !token || !mayBegin(name, token)) return [];
  if (!isTitleOrNoTitle(tokens, index)) return [];
  const ends: number[] = [];
  walk(tokens, tree, index, token.sentence, (_, after) => ends.push(after));
  return ends;
}

function mayBegin(name: string, token: Token): boolean {
  for (const form of token.forms) if (groupsByFirst.get(form)?.includes(name)) return true;
  return false;
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
    if (from.words.size > 0) onward(tokens, from.words.get(form), index + 1, sentence, found);
    for (const length of from.stemLengths) {
      if (length <= form.length)
        onward(tokens, from.stems.get(form.slice(0, length)), index + 1, sentence, found);
    }
  }
  if (from.any.length > 0) onward(tokens, from.any, index + 1, sentence, found);
  if (from.groups.size > 0 && token.forms.some((form) => groupsByFirst.has(form))) {
    for (const [name, nodes] of from.groups) {
      for (const after of groupEnds(name, tokens, index)) onward(tokens, nodes, after, sentence, found);
    }
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

const isMasked = (form: string): boolean => form.includes("*");

function unmasked(tokens: readonly Token[], masked: Compiled["masked"]): readonly Token[] {
  // Most texts mask nothing.
  for (const { forms } of tokens) {
    for (const form of forms) if (isMasked(form)) return tokens.map((token) => unmask(token, masked));
  }
  return tokens;
}

/** "f*ck" → the words of this lexicon that fit, letter by letter. */
function unmask(token: Token, masked: ReadonlyMap<number, readonly string[]>): Token {
  const mask = token.forms.find(isMasked);
  if (!mask) return token;
  const visible = mask.replaceAll("*", "").length;
  const plain = token.forms.filter((form) => !isMasked(form));
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
