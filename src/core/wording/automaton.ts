// Answers in about one look-up for each word whether any term of a lexicon begins at it.
//
// A state is the set of all places inside terms that the words so far lead to; states are made as texts need
// them and kept. Groups are read as if their members stood in the term, and "miss" as a title wherever it
// stands: the answer may be yes where nothing is found, never no where something is.
import type { Token } from "./normalise.ts";
import { type Transitions, transitions, UNKNOWN } from "./transitions.ts";
import { LONGEST_GAP, type Node } from "./tree.ts";

/** Says of each word of a text whether a term begins at it. */
export type Automaton = (tokens: readonly Token[]) => (first: number) => boolean;

/** What all words have in common that no state tells apart. */
interface Symbol {
  /** null: no term holds the word as it is. */
  readonly word: string | null;
  readonly stems: readonly string[];
}

/** A place in a term, or in a group's member inside a term. */
interface Place {
  readonly id: number;
  readonly node: Node;
  readonly back: Return | null;
  /** By group. */
  readonly returns: Map<string, Return>;
}

/** Where the term goes on after a group's member. */
interface Return {
  readonly to: ReadonlySet<Place>;
  readonly inside: Map<Node, Place>;
}

const SEVERAL = -1;
/** Numbers of states: a term has ended; no term goes on; and the one before any word. */
const END = 0;
const DEAD = -1;
const START = 1;
/** Hostile text may hold any number of words, and lead to very many states. */
const MOST_WORDS = 30_000;
const MOST_STEPS = 200_000;

/** @param root of the tree of terms, which must not grow any more */
export function automaton(root: Node, groups: ReadonlyMap<string, Node>): Automaton {
  const { idOf, symbols } = alphabet([root, ...groups.values()]);
  let states = stateTable(root, groups, symbols);
  return (tokens) => {
    const ids: number[] = [];
    for (const { forms } of tokens) ids.push(forms.length === 1 ? idOf(forms[0] ?? "") : SEVERAL);
    /** Where the sentence ends. */
    let limit = 0;

    const reaches = (begun: number, begunAt: number): boolean => {
      const { gaps, steps } = states;
      let from = begun;
      for (let index = begunAt; ; index++) {
        if (from === END) return true;
        if (index >= limit) return false;
        const gap = gaps[from] ?? DEAD;
        if (gap !== DEAD && skips(gap, index)) return true;
        const symbol = ids[index] ?? SEVERAL;
        if (symbol === SEVERAL) return reachesByAny(from, index);
        let to = steps.get(from, symbol);
        if (to === UNKNOWN) to = states.step(from, symbol);
        if (to === DEAD) return false;
        from = to;
      }
    };

    const skips = (gap: number, index: number): boolean => {
      if (gap === END) return true;
      const last = Math.min(index + LONGEST_GAP, limit - 1);
      for (let at = index; at <= last; at++) if (reaches(gap, at)) return true;
      return false;
    };

    const reachesByAny = (from: number, index: number): boolean => {
      const { forms = [] } = tokens[index] ?? {};
      // A word that nothing can stand for is still any one word.
      for (const form of forms.length > 0 ? forms : [""]) {
        const symbol = idOf(form);
        const known = states.steps.get(from, symbol);
        const to = known === UNKNOWN ? states.step(from, symbol) : known;
        if (to !== DEAD && reaches(to, index + 1)) return true;
      }
      return false;
    };

    return (first) => {
      if (first >= limit) limit = sentenceEnd(tokens, first);
      if (states.steps.size() > MOST_STEPS) states = stateTable(root, groups, symbols);
      return reaches(START, first);
    };
  };
}

function sentenceEnd(tokens: readonly Token[], first: number): number {
  const sentence = tokens[first]?.sentence;
  let at = first + 1;
  while (at < tokens.length && tokens[at]?.sentence === sentence) at++;
  return at;
}

interface Alphabet {
  readonly idOf: (form: string) => number;
  /** By their ids. */
  readonly symbols: readonly Symbol[];
}

/** Gives every word its symbol: its own when a term holds it, else one for all words with the same stems. */
function alphabet(trees: readonly Node[]): Alphabet {
  const words = new Set<string>();
  const stems = new Set<string>();
  for (const node of reachable(trees)) {
    for (const word of node.words.keys()) words.add(word);
    for (const stem of node.stems.keys()) stems.add(stem);
  }
  const lengths = [...new Set([...stems].map(({ length }) => length))].sort((a, b) => a - b);
  const byForm = new Map<string, number>();
  const byKey = new Map<string, number>();
  const symbols: Symbol[] = [];
  const meet = (form: string): number => {
    const begins = lengths.filter((length) => length <= form.length).map((length) => form.slice(0, length));
    const matching = begins.filter((stem) => stems.has(stem));
    const word = words.has(form) ? form : null;
    // The longest stem says which shorter ones match.
    const key = word === null ? `${matching.at(-1) ?? ""}*` : form;
    const id = byKey.get(key) ?? symbols.push({ word, stems: matching }) - 1;
    byKey.set(key, id);
    if (byForm.size >= MOST_WORDS) byForm.clear();
    byForm.set(form, id);
    return id;
  };
  return { idOf: (form) => byForm.get(form) ?? meet(form), symbols };
}

function reachable(trees: readonly Node[]): ReadonlySet<Node> {
  const found = new Set(trees);
  // A set that grows while it is gone through is gone through to its end.
  for (const { words, stems, groups, any, gap } of found) {
    for (const edges of [words, stems, groups])
      for (const nodes of edges.values()) for (const to of nodes) found.add(to);
    for (const to of [...any, ...gap]) found.add(to);
  }
  return found;
}

interface States {
  /** By state: what a gap that begins there leads to. */
  readonly gaps: readonly number[];
  readonly steps: Pick<Transitions, "get" | "size">;
  /** Works out, and keeps, a step that `steps` does not know. */
  readonly step: (from: number, symbol: number) => number;
}

function stateTable(root: Node, groups: ReadonlyMap<string, Node>, symbols: readonly Symbol[]): States {
  const outside = new Map<Node, Place>();
  const known = new Map<string, number>();
  const placesOf: (readonly Place[])[] = [[]];
  const gaps: number[] = [DEAD];
  const steps = transitions();
  let made = 0;

  const placeAt = (node: Node, back: Return | null): Place => {
    const before = (back?.inside ?? outside).get(node);
    if (before) return before;
    const place = { id: made++, node, back, returns: new Map() };
    (back?.inside ?? outside).set(node, place);
    return place;
  };

  const arrive = (found: Set<Place>, nodes: readonly Node[] | undefined, back: Return | null): void => {
    for (const node of nodes ?? []) {
      found.add(placeAt(node, back));
      if (back !== null && node.entries.length > 0) for (const place of back.to) found.add(place);
    }
  };

  const goOn = (found: Set<Place>, place: Place, symbol: Symbol): void => {
    const { node, back } = place;
    if (symbol.word !== null) arrive(found, node.words.get(symbol.word), back);
    for (const stem of symbol.stems) arrive(found, node.stems.get(stem), back);
    arrive(found, node.any, back);
    for (const [name, after] of node.groups) {
      const tree = groups.get(name);
      if (tree) goOn(found, placeAt(tree, returnTo(place, name, after)), symbol);
    }
  };

  const returnTo = (place: Place, name: string, after: readonly Node[]): Return => {
    const before = place.returns.get(name);
    if (before) return before;
    const to = new Set<Place>();
    arrive(to, after, place.back);
    const back = { to, inside: new Map() };
    place.returns.set(name, back);
    return back;
  };

  const stateOf = (found: ReadonlySet<Place>): number => {
    if (found.size === 0) return DEAD;
    const places = [...found].sort((a, b) => a.id - b.id);
    if (places.some(({ node, back }) => back === null && node.entries.length > 0)) return END;
    const key = places.map(({ id }) => id).join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const state = placesOf.push(places) - 1;
    known.set(key, state);
    gaps[state] = DEAD;
    const skipped = new Set<Place>();
    for (const { node, back } of places) arrive(skipped, node.gap, back);
    gaps[state] = stateOf(skipped);
    return state;
  };

  const step = (from: number, id: number): number => {
    const found = new Set<Place>();
    const symbol = symbols[id];
    if (symbol) for (const place of placesOf[from] ?? []) goOn(found, place, symbol);
    const to = stateOf(found);
    steps.put(from, id, to);
    return to;
  };

  // The first state that is made is START.
  stateOf(new Set([placeAt(root, null)]));
  return { gaps, steps, step };
}
