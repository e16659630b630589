// Cuts a text into words as a lexicon knows them, each with the place where it stands in the original.
import { fold } from "./fold.ts";
import { readings } from "./spelling.ts";

export interface Token {
  /** What the word may stand for, the likeliest first. An emoji stands for itself. */
  readonly forms: readonly string[];
  /** UTF-16 offsets into the original text; the words of one contraction share them. */
  readonly start: number;
  readonly end: number;
  /** Number of the sentence, from 0. */
  readonly sentence: number;
  /** Between quotation marks. */
  readonly quoted: boolean;
  /** Written with a capital at its start. */
  readonly capital: boolean;
}

const WORD_END = /[\s"“”«»‘’)\]']/u;
const TITLES = new Set(["mr", "mrs", "ms", "dr", "miss", "st", "e.g", "i.e"]);
const YOU_ARE_NEXT = new Set(["a", "an", "such", "just", "nothing", "so", "all"]);
/** Longer than any word: a run of letters is cut here, so that no step looks at more. */
const LONGEST_RUN = 400;

const OTHER = 0;
const LETTER = 1;
const SYMBOL = 2;
const APOSTROPHE = 3;
const EMOJI = 4;
type Class = typeof OTHER | typeof LETTER | typeof SYMBOL | typeof APOSTROPHE | typeof EMOJI;
const ASCII_CLASS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[a-z0-9]/.test(char)) return LETTER;
  if (/[@$!*#%+|]/.test(char)) return SYMBOL;
  return char === "'" ? APOSTROPHE : OTHER;
});
const SPACE = 32;
const EXCLAMATION = 33;

const classBefore = new Map<number, Class>();

function classOf(code: number): Class {
  if (code < 128) return ASCII_CLASS[code] as Class;
  const known = classBefore.get(code);
  if (known !== undefined) return known;
  const kind = strangeClass(code);
  // Bounded: hostile text may hold every code point there is.
  if (classBefore.size < 20_000) classBefore.set(code, kind);
  return kind;
}

function strangeClass(code: number): Class {
  const char = String.fromCodePoint(code);
  // A mark that is left after folding is a vowel sign: a letter of its word.
  if (/[\p{L}\p{N}\p{M}]/u.test(char)) return LETTER;
  if (char === "€") return SYMBOL;
  return /\p{Extended_Pictographic}/u.test(char) ? EMOJI : OTHER;
}

/** The words of `text` in order. Linear in its length. */
export function normalise(text: string): readonly Token[] {
  const folded = fold(text);
  const source = folded.text;
  const tokens: Token[] = [];
  let sentence = 0;
  let quote = "";
  let hasYour = false;

  const push = (word: readonly string[], from: number, to: number) => {
    const start = folded.from[from] ?? 0;
    const code = text.charCodeAt(start);
    const capital = code < 128 ? code >= 65 && code <= 90 : isCapital(text.charAt(start));
    const end = folded.to[to - 1] ?? start;
    if (word[0] === "your") hasYour = true;
    tokens.push({ forms: word, start, end, sentence, quoted: quote !== "", capital });
  };

  for (let at = 0; at < source.length; ) {
    const code = source.codePointAt(at) ?? 0;
    const kind = classOf(code);
    if (kind === EMOJI) {
      const width = code > 0xffff ? 2 : 1;
      push([String.fromCodePoint(code)], at, at + width);
      at += width;
    } else if (kind === LETTER || kind === SYMBOL) {
      const end = wordEnd(source, at);
      const [first, last] = trim(source, at, end);
      const inner = source.slice(first, last);
      if (last > first) for (const shapes of readings(inner)) push(shapes, first, last);
      if (last < end && hasExclamation(source, last, end)) sentence++;
      at = end;
    } else if (code === SPACE) {
      at++;
    } else {
      const char = source.charAt(at);
      quote = quoteAfter(quote, source, at);
      if (endsSentence(source, at, tokens.at(-1)?.forms[0] ?? "")) sentence++;
      if (char === "\n" && source.charAt(at + 1) === "\n") quote = "";
      at += code > 0xffff ? 2 : 1;
    }
  }
  return hasYour ? mendYour(tokens) : tokens;
}

const isCapital = (char: string): boolean => char !== char.toLowerCase();

function wordEnd(source: string, start: number): number {
  const limit = Math.min(source.length, start + LONGEST_RUN);
  let at = start;
  while (at < limit) {
    const unit = source.charCodeAt(at);
    if (unit < 128) {
      const kind = ASCII_CLASS[unit];
      if (kind === OTHER) break;
      // An apostrophe belongs to the word when a letter follows.
      if (kind === APOSTROPHE && classOf(source.codePointAt(at + 1) ?? 0) !== LETTER) break;
      at++;
      continue;
    }
    const code = source.codePointAt(at) ?? 0;
    const kind = classOf(code);
    if (kind !== LETTER && kind !== SYMBOL) break;
    at += code > 0xffff ? 2 : 1;
  }
  // A run that was cut goes on: the rest belongs to the same unreadable word.
  return at;
}

function hasExclamation(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (source.charCodeAt(at) === EXCLAMATION) return true;
  return false;
}

const codesOf = (chars: string): ReadonlySet<number> => new Set([...chars].map((char) => char.charCodeAt(0)));
const BEFORE_WORD = codesOf("*#!+|%'");
const AFTER_WORD = codesOf("#!+|%€'");
const AFTER_STARRED = codesOf("*#!+|%€'");
const STAR = 42;

/** Takes punctuation off the ends: "sh!t!!" → sh!t, "*twat*" → twat, "a$$" stays. */
function trim(source: string, from: number, to: number): readonly [number, number] {
  let first = from;
  let last = to;
  while (first < last && isLoose(BEFORE_WORD, source.charCodeAt(first))) first++;
  const after = first > from && source.charCodeAt(from) === STAR ? AFTER_STARRED : AFTER_WORD;
  while (last > first && isLoose(after, source.charCodeAt(last - 1))) last--;
  return [first, last];
}

/** Most words begin and end with a letter. */
const isLoose = (loose: ReadonlySet<number>, code: number): boolean =>
  ASCII_CLASS[code] !== LETTER && loose.has(code);

function endsSentence(source: string, at: number, word: string): boolean {
  const char = source.charAt(at);
  const next = source.charAt(at + 1);
  if (char === "\n") return next === "\n" || next === "\r" || /[,:]/.test(source.charAt(at - 1));
  if (char === ";") return true;
  if (char !== "." && char !== "?") return false;
  if (next !== "" && !WORD_END.test(next)) return false;
  // An ellipsis is a pause, "Mrs." a title, "p.m." and "i.d.i.o.t." are letters apart.
  return char === "?" || !(/[.\s]/.test(source.charAt(at - 1)) || TITLES.has(word) || isInitial(source, at));
}

/** The last of letters with a full stop after each. */
function isInitial(source: string, at: number): boolean {
  return source.charAt(at - 2) === "." && classOf(source.charCodeAt(at - 1)) === LETTER;
}

/** Which quotation mark is open after the character at `at`. */
function quoteAfter(open: string, source: string, at: number): string {
  const char = source.charAt(at);
  if (char === '"' || char === "“" || char === "”" || char === "«" || char === "»" || char === "„")
    return open === '"' ? "" : '"';
  if (char !== "'") return open;
  const before = source.charAt(at - 1);
  const after = source.charAt(at + 1);
  if (open === "" && (before === "" || /[\s(:,]/.test(before)) && /[\p{L}\p{N}]/u.test(after)) return "'";
  if (open === "'" && !/[\p{L}\p{N}]/u.test(after)) return "";
  return open;
}

/** "your an idiot" was meant as "you are an idiot". */
function mendYour(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    if (token.forms[0] !== "your" || !next || next.sentence !== token.sentence) return [token];
    if (!next.forms.some((form) => YOU_ARE_NEXT.has(form))) return [token];
    return [
      { ...token, forms: ["you"] },
      { ...token, forms: ["are"] },
    ];
  });
}
