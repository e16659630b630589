// Ten ways in which people hide what they write, or write it badly: seeded, so that a run can be repeated.
import { random } from "../training/random.ts";

/** Half-open, in UTF-16 units. */
export type Range = readonly [start: number, end: number];
type Next = () => number;

export interface Obfuscation {
  readonly name: string;
  /** `deciding`: the words to hide, in order and apart from each other. */
  readonly write: (text: string, deciding: readonly Range[], next: Next) => string;
}

/** No message grows longer than this many times, and this many units more. */
export const LONGEST = { times: 4, more: 20 };
/** Shorter words give nothing away. */
const SHORTEST_HIDDEN = 3;
const LETTERS = /\p{L}[\p{L}\p{M}]*/gu;

const LEET = new Map(Object.entries({ a: "4@", e: "3", i: "1!", o: "0", s: "5$", t: "7", b: "8", g: "9" }));
const LOOKALIKES = new Map(
  Object.entries({
    a: "аα",
    b: "Ь",
    c: "сϲ",
    d: "ԁ",
    e: "еε",
    h: "һ",
    i: "іι",
    j: "ј",
    k: "κк",
    l: "ӏ",
    m: "м",
    n: "η",
    o: "оο",
    p: "рρ",
    s: "ѕ",
    t: "тτ",
    u: "υ",
    v: "ν",
    w: "ԝω",
    x: "хχ",
    y: "уγ",
  }),
);
const INVISIBLE = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"];
/** Such as anyone sends: a clown's face would turn an ok message into another. */
const EMOJI = ["😂", "🙏", "👍🏽", "❤️", "😭", "🙂", "✨", "👀", "🎉", "😊"];

const pick = <T>(list: readonly T[], next: Next): T => list[Math.floor(next() * list.length)] as T;

/** Rewrites each word that is hidden; the rest stays as it is. */
function eachHidden(
  text: string,
  deciding: readonly Range[],
  rewrite: (word: string, isNextToAnother: boolean) => string,
): string {
  const parts: string[] = [];
  let done = 0;
  let lastEnd = -1;
  for (const [start, end] of deciding) {
    for (const match of text.slice(start, end).matchAll(LETTERS)) {
      const [word] = match;
      const at = start + match.index;
      if ([...word].length < SHORTEST_HIDDEN) continue;
      const gap = text.slice(done, at);
      parts.push(gap, rewrite(word, lastEnd >= 0 && /^\s+$/.test(text.slice(lastEnd, at))));
      done = lastEnd = at + word.length;
    }
  }
  return parts.join("") + text.slice(done);
}

/** Replaces some letters by what stands for them, one in each word at least where one can be. */
function replaceLetters(word: string, faces: ReadonlyMap<string, string>, share: number, next: Next): string {
  const letters = [...word];
  const places = [...letters.keys()].filter((at) => faces.has((letters[at] ?? "").toLowerCase()));
  if (places.length === 0) return word;
  const certain = pick(places, next);
  for (const at of places) {
    if (at !== certain && next() >= share) continue;
    letters[at] = pick([...(faces.get((letters[at] ?? "").toLowerCase()) ?? "")], next);
  }
  return letters.join("");
}

function starVowel(word: string, next: Next): string {
  const inner = [...word.matchAll(/[aeiou]/gi)].map(({ index }) => index).filter((at) => at > 0);
  const at = inner.length > 0 ? pick(inner, next) : 1;
  return `${word.slice(0, at)}*${word.slice(at + 1)}`;
}

/** Two that stand beside each other keep a wider gap, or nobody could read them. */
function apart(word: string, by: string, isNextToAnother: boolean): string {
  return (isNextToAnother ? "  " : "") + [...word].join(by);
}

function stretch(word: string, next: Next): string {
  const letters = [...word];
  const vowels = [...letters.keys()].filter((at) => at > 0 && /[aeiou]/i.test(letters[at] ?? ""));
  const at = vowels.length > 0 ? pick(vowels, next) : letters.length - 1;
  letters[at] = (letters[at] ?? "").repeat(3 + Math.floor(next() * 4));
  return letters.join("");
}

/** Two letters swapped, one lost or one twice; the first stays, as it does under a thumb. */
function mistype(word: string, next: Next): string {
  const letters = [...word];
  const at = 1 + Math.floor(next() * (letters.length - 2));
  const kind = Math.floor(next() * 3);
  const [here = "", after = ""] = [letters[at], letters[at + 1]];
  if (kind === 0 && here !== after) letters.splice(at, 2, after, here);
  else if (kind === 1) letters.splice(at, 1);
  else letters.splice(at, 0, here);
  return letters.join("");
}

/** Every second word, from the first on: nobody mistypes all of them. */
function mistypeSome(text: string, deciding: readonly Range[], next: Next): string {
  let count = 0;
  return eachHidden(text, deciding, (word) => (count++ % 2 === 0 ? mistype(word, next) : word));
}

/** Emoji between the words of the whole text, one at least; every third gap of the deciding words is closed. */
function strewAndJoin(text: string, deciding: readonly Range[], next: Next): string {
  let gaps = 0;
  const strewn = text.replace(/\s+/g, (gap: string, at: number) => {
    const isHidden = deciding.some(([start, end]) => at > start && at < end);
    if (isHidden && gaps++ % 3 === 0) return "";
    return next() < 0.2 ? ` ${pick(EMOJI, next)}${gap}` : gap;
  });
  return `${strewn} ${pick(EMOJI, next)}`;
}

export const OBFUSCATIONS: readonly Obfuscation[] = [
  {
    name: "leetspeak",
    write: (text, deciding, next) =>
      eachHidden(text, deciding, (word) => replaceLetters(word, LEET, 0.5, next)),
  },
  {
    name: "an asterisk for a vowel",
    write: (text, deciding, next) => eachHidden(text, deciding, (word) => starVowel(word, next)),
  },
  {
    name: "letters apart by spaces",
    write: (text, deciding) => eachHidden(text, deciding, (word, beside) => apart(word, " ", beside)),
  },
  {
    name: "letters apart by full stops",
    write: (text, deciding) => eachHidden(text, deciding, (word) => apart(word, ".", false)),
  },
  {
    name: "Cyrillic and Greek lookalikes",
    write: (text, deciding, next) =>
      eachHidden(text, deciding, (word) => replaceLetters(word, LOOKALIKES, 0.5, next)),
  },
  {
    name: "invisible characters between letters",
    write: (text, deciding, next) =>
      eachHidden(text, deciding, (word) => [...word].reduce((all, one) => all + pick(INVISIBLE, next) + one)),
  },
  {
    name: "stretched letters",
    write: (text, deciding, next) => eachHidden(text, deciding, (word) => stretch(word, next)),
  },
  { name: "capitals throughout", write: (text) => text.toUpperCase() },
  { name: "typing mistakes", write: mistypeSome },
  { name: "emoji strewn, words run together", write: strewAndJoin },
];

/** FNV-1a, so that each message has chances of its own. */
export function seedOf(id: string): number {
  let seed = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) seed = Math.imul(seed ^ id.charCodeAt(at), 0x01000193);
  return seed >>> 0;
}

/** Where `words` stand in `text`, in order, none within another. */
export function rangesOf(text: string, words: readonly string[]): readonly Range[] {
  const found = words.flatMap((word): Range[] => {
    const at = word === "" ? -1 : text.indexOf(word);
    return at < 0 ? [] : [[at, at + word.length]];
  });
  const ranges: Range[] = [];
  for (const [start, end] of found.sort(([a], [b]) => a - b)) {
    const before = ranges.at(-1);
    if (before && start < before[1]) ranges[ranges.length - 1] = [before[0], Math.max(before[1], end)];
    else ranges.push([start, end]);
  }
  return ranges;
}

/** As long as the deciding words of a message mostly are. */
const WORDS_HIDDEN_ELSE = 5;

/** The deciding words, or, where nothing decides, so many words in a row. */
function hiddenIn(text: string, words: readonly string[], next: Next): readonly Range[] {
  const deciding = rangesOf(text, words);
  if (deciding.length > 0) return deciding;
  const all = [...text.matchAll(LETTERS)];
  const first = Math.floor(next() * Math.max(1, all.length - WORDS_HIDDEN_ELSE + 1));
  const run = all.slice(first, first + WORDS_HIDDEN_ELSE);
  const [begin, end] = [run[0], run.at(-1)];
  return begin && end ? [[begin.index, end.index + end[0].length]] : [];
}

/** `text` so hidden: the same for the same `id`. `words`: what decides, exactly as it stands in the text. */
export function obfuscate(
  { write, name }: Obfuscation,
  { id, text, words }: { readonly id: string; readonly text: string; readonly words: readonly string[] },
): string {
  // The same words are hidden by each of the ten.
  const hidden = hiddenIn(text, words, random(seedOf(id)));
  return write(text, hidden, random(seedOf(`${id} ${name}`)));
}
