// Is this nearly the same message again: a typo, another comma or an added word make no new message.

/** Longer texts are compared by their beginning and their length. */
const mostWords = 120;
const codeDigits = 5;

// Costs of making one text of the other, in thirds of a word.
const otherWord = 3;
const typo = 1;
const tooMuch = Number.POSITIVE_INFINITY;

/**
 * What a text is compared by: the number of its words in base 36, a dot, and five digits (base 36)
 * for each of its first 120 words. Case, punctuation, accents and repeated letters leave no trace.
 * "" for a text without any word or sign. As personal as the text, so it is erased with it.
 */
export function fingerprint(text: string): string {
  const words = wordsOf(text);
  if (words.length === 0) return "";
  const codes = words.slice(0, mostWords).map((word) => code(word).toString(36).padStart(codeDigits, "0"));
  return `${words.length.toString(36)}.${codes.join("")}`;
}

/**
 * Whether two fingerprints are of the same message but for typing mistakes and 15 % of added or left out words:
 * up to 3 words, one mistake; up to 13, one word or three mistakes; a word exchanged for another counts twice.
 * Fingerprints of no words (a picture alone) are like nothing.
 */
export function nearlySame(a: string, b: string): boolean {
  const left = decoded(a);
  const right = decoded(b);
  if (!left || !right) return false;
  if (a === b) return true;
  const most = allowance(Math.max(left.words, right.words));
  if (Math.abs(left.words - right.words) * otherWord > most) return false;
  return isWithin(most, left.codes, right.codes);
}

/**
 * Whether two texts are the same but for capitals, spaces and punctuation. Stricter than `nearlySame`, and over the
 * whole text: one added word or sign may make a threat of what was none. Texts of no words are like nothing.
 */
export function sameWords(a: string, b: string): boolean {
  const words = bare(a);
  return words !== "" && words === bare(b);
}

function bare(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’ʼ]|\p{Cf}/gu, "")
    .replace(/[\p{P}\s]+/gu, " ")
    .trim();
}

function allowance(words: number): number {
  return words < 4 ? typo : Math.max(otherWord, Math.floor(words * 0.15) * otherWord);
}

const wordPattern = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}]+/gu;

function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}'’ʼ]/gu, "")
    .toLowerCase()
    .replace(/(\p{L})\1+/gu, "$1");
  // A text of signs alone ("👍", "???") is compared by its signs.
  return plain.match(wordPattern) ?? plain.replace(/(\S)\1+/gu, "$1").match(/\S/gu) ?? [];
}

/**
 * 24 bits. For a word of letters, the set of its letters: a mistyped word differs from the right one in one
 * or two bits, another word in more. Numbers and single signs are all or nothing: 12 is no mistyped 13.
 */
function code(word: string): number {
  const letters = [...word];
  if (letters.length === 1 || /\p{N}/u.test(word)) return hash(word);
  let set = 0;
  for (const letter of letters) set |= 1 << ((letter.codePointAt(0) ?? 0) % 24);
  return set;
}

/** FNV-1a (draft-eastlake-fnv), folded to 24 bits. */
function hash(word: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1) {
    sum = Math.imul(sum ^ word.charCodeAt(index), 0x01000193);
  }
  return ((sum >>> 24) ^ sum) & 0xffffff;
}

interface Decoded {
  readonly words: number;
  readonly codes: readonly number[];
}

/** null for what `fingerprint` did not write. */
function decoded(print: string): Decoded | null {
  const [, count, digits] = /^([0-9a-z]+)\.((?:[0-9a-z]{5})+)$/.exec(print) ?? [];
  if (!count || !digits) return null;
  const codes: number[] = [];
  for (let at = 0; at < digits.length; at += codeDigits) {
    codes.push(Number.parseInt(digits.slice(at, at + codeDigits), 36));
  }
  return { words: Number.parseInt(count, 36), codes };
}

/**
 * Whether `from` becomes `to` at a cost of at most `most`: Levenshtein's distance over words, row by row and only
 * near the diagonal, left as soon as a whole row costs too much, which is soon for different messages.
 */
function isWithin(most: number, from: readonly number[], to: readonly number[]): boolean {
  const reach = Math.floor(most / otherWord);
  let above = Array.from({ length: to.length + 1 }, (_, column) => column * otherWord);
  for (const [row, word] of from.entries()) {
    const here = nextRow(above, row, word, to, reach);
    if (here.every((cost) => cost > most)) return false;
    above = here;
  }
  return (above[to.length] ?? tooMuch) <= most;
}

function nextRow(
  above: readonly number[],
  row: number,
  word: number,
  to: readonly number[],
  reach: number,
): number[] {
  const here = new Array<number>(to.length + 1).fill(tooMuch);
  here[0] = (row + 1) * otherWord;
  const last = Math.min(to.length - 1, row + reach);
  for (let column = Math.max(0, row - reach); column <= last; column += 1) {
    here[column + 1] = Math.min(
      (here[column] ?? tooMuch) + otherWord,
      (above[column + 1] ?? tooMuch) + otherWord,
      (above[column] ?? tooMuch) + exchange(word, to[column] ?? 0),
    );
  }
  return here;
}

function exchange(word: number, other: number): number {
  if (word === other) return 0;
  const apart = ones(word ^ other);
  // In a word of three letters, two other ones make another word: "Tom" is no mistyped "Tim".
  const short = Math.min(ones(word), ones(other)) <= 3;
  return apart <= (short ? 1 : 2) ? typo : 2 * otherWord;
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
