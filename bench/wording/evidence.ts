// Whether the marked words are those that decide, and how much of the text is marked to get there.
import type { Assessment, Span } from "../../src/core/types.ts";
import { ABUSE_CATEGORIES } from "../../src/core/wording/categories.ts";
import { random } from "../../training/random.ts";
import { type Range, rangesOf, seedOf } from "../obfuscations.ts";
import { ABUSIVE, type Case, type Class, MUST_NOT_WAIT, SAFEGUARDING } from "./classes.ts";
import { type Share, share, shareOf } from "./shares.ts";

export interface Evidence {
  readonly name: string;
  /** Of the hits: a span of the class overlaps one, or each, of the deciding words. */
  readonly any: Share;
  readonly all: Share;
  /** The same spans laid anywhere else in the text: what marking as much would reach by chance. */
  readonly anyByChance: number;
  /** Means over the hits: how much of the text is marked, and how much of it decides. */
  readonly marked: number;
  readonly deciding: number;
}

const ABUSE: ReadonlySet<string> = new Set(ABUSE_CATEGORIES);

function belongsTo({ name }: Class, { category }: Span): boolean {
  if (name === SAFEGUARDING.name) return category === "safeguarding";
  return ABUSE.has(category) === (name === ABUSIVE.name) && category !== "safeguarding";
}

/** Sorted, none touching another. */
function united(spans: Assessment["spans"]): readonly Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const before = ranges.at(-1);
    if (before && start <= before[1]) ranges[ranges.length - 1] = [before[0], Math.max(before[1], end)];
    else ranges.push([start, end]);
  }
  return ranges;
}

const overlap = ([a, b]: Range, [c, d]: Range): boolean => a < d && c < b;
const length = (ranges: readonly Range[]): number => ranges.reduce((sum, [from, to]) => sum + to - from, 0);
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

/** Moves all ranges on by as much, what runs over the end to the start. */
function moved(ranges: readonly Range[], by: number, size: number): readonly Range[] {
  return ranges.flatMap(([start, end]): readonly Range[] => {
    const from = (start + by) % size;
    const to = from + end - start;
    return to <= size
      ? [[from, to]]
      : [
          [from, size],
          [0, to - size],
        ];
  });
}

const PLACES_TRIED = 20;

function byChance(marked: readonly Range[], deciding: readonly Range[], size: number, seed: number): number {
  const next = random(seed);
  const tries = Array.from({ length: PLACES_TRIED }, () => moved(marked, Math.floor(next() * size), size));
  return (
    share(
      tries.filter((some) => some.some((one) => deciding.some((word) => overlap(one, word)))).length,
      PLACES_TRIED,
    ).share ?? 0
  );
}

export function evidence(cases: readonly Case[]): readonly Evidence[] {
  return [ABUSIVE, SAFEGUARDING, MUST_NOT_WAIT].map((one) => {
    const hits = cases
      .filter(({ message, said }) => one.is(message) && one.says(said) && message.words.length > 0)
      .map(({ message: { id, text, words }, said }) => ({
        seed: seedOf(id),
        size: text.length,
        deciding: rangesOf(text, words),
        marked: united(said.spans.filter((span) => belongsTo(one, span))),
      }));
    return {
      name: one.name,
      any: shareOf(hits, ({ deciding, marked }) =>
        deciding.some((word) => marked.some((span) => overlap(span, word))),
      ),
      all: shareOf(hits, ({ deciding, marked }) =>
        deciding.every((word) => marked.some((span) => overlap(span, word))),
      ),
      anyByChance: mean(
        hits.map(({ deciding, marked, size, seed }) => byChance(marked, deciding, size, seed)),
      ),
      marked: mean(hits.map(({ marked, size }) => length(marked) / size)),
      deciding: mean(hits.map(({ deciding, size }) => length(deciding) / size)),
    };
  });
}
