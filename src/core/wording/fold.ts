// Makes one shape of the many in which a letter can be written, and remembers where each one stood.

export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text`: the first unit of the original character, and the one after its last. */
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

/** Without the grave accent, which stands for an apostrophe. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII too.
const PLAIN_ASCII = /^[\x00-\x5f\x61-\x7f]*$/;
/** 0, 1, 2, …: where the characters of a plain text stood. Grown when a longer text comes. */
let counted = Int32Array.from({ length: 4096 }, (_, at) => at);

function unmoved(length: number): Pick<Folded, "from" | "to"> {
  if (counted.length <= length) counted = Int32Array.from({ length: 2 * length }, (_, at) => at);
  return { from: counted.subarray(0, length), to: counted.subarray(1, length + 1) };
}

/** Each run of letters on the left looks like the letters on the right, one by one. */
const CYRILLIC = ["авсԁеһіјкмнорԛѕтухүԝьӏ", "abcdehijkmhopqstuxywbl"] as const;
const GREEK = ["αβϲεηικμνορτυχωγς", "abcenikuvoptuxwyc"] as const;
const ARMENIAN = ["օսոհցյ", "ounhgj"] as const;
const LOOKALIKES: readonly (readonly [string, string])[] = [
  CYRILLIC,
  GREEK,
  ARMENIAN,
  // Latin that NFKD leaves whole, small capitals included
  ["łøđðıɩƒɡɑħŧəɐɔɛ", "lodd" + "iifgahteac" + "e"],
  ["ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"],
  ["’‘ʼ`´′＇", "'''''''"],
  // One letter of Arabic, Persian and Urdu keyboards; full stops and commas of several scripts.
  ["يىكةهۃەۂ", "ییکہہہہہ"],
  ["۔।॥؟؛،", "...?;,"],
];

const ASCII_LOWER = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code).toLowerCase());

const PLAIN = new Map<string, string>([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
]);
for (const [strange, latin] of LOOKALIKES) {
  const letters = [...latin];
  for (const [at, char] of [...strange].entries()) PLAIN.set(char, letters[at] ?? char);
}

const LONGEST_LIGATURE = 4;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Emoji_Modifier}|\u0640/u;
const ALL_MARKS = /\p{M}/u;
/** Marks that no word is told apart by: accents, Arabic and Hebrew vowels, whatever is piled on letters. */
const LOOSE =
  "\\p{sc=Inherited}\\p{sc=Common}\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Cyrillic}\\p{sc=Arabic}\\p{sc=Hebrew}";
const LOOSE_MARK = new RegExp(`(?=[${LOOSE}])\\p{M}`, "u");
const LOOSE_MARKS = new RegExp(LOOSE_MARK, "gu");
/** What stands in these scripts carries no mark of its own; in all others a vowel sign is a letter. */
const BARE = new RegExp(`[${LOOSE}\\p{sc=Armenian}]`, "u");

interface FoldedCharacter {
  readonly text: string;
  /** The same, where it is no disguise of a Latin letter. */
  readonly ownText: string;
  /** Whether a mark after it is part of the word; null for a mark or what nobody sees: as before it. */
  readonly takesMarks: boolean | null;
}
const foldedBefore = new Map<number, FoldedCharacter>();

/** Negative circled and negative squared letters, which NFKD leaves alone. */
function boxedLetter(code: number): string | null {
  if (code >= 0x1f150 && code <= 0x1f169) return String.fromCharCode(97 + code - 0x1f150);
  if (code >= 0x1f170 && code <= 0x1f189) return String.fromCharCode(97 + code - 0x1f170);
  return null;
}

function foldCharacter(code: number): string {
  const char = String.fromCodePoint(code);
  if (INVISIBLE.test(char) || LOOSE_MARK.test(char)) return "";
  const boxed = boxedLetter(code);
  if (boxed) return boxed;
  // The apostrophes come first: NFKD makes a space and a mark of some.
  const known = PLAIN.get(char);
  if (known) return known;
  const bare = char.normalize("NFKD").toLowerCase().replace(LOOSE_MARKS, "");
  // One character may be a whole sentence (U+FDFA): the text must not grow eighteenfold.
  const parts = [...bare].slice(0, LONGEST_LIGATURE);
  return parts.map((part) => PLAIN.get(part) ?? part).join("");
}

function foldOnce(code: number): FoldedCharacter {
  const known = foldedBefore.get(code);
  if (known !== undefined) return known;
  const char = String.fromCodePoint(code);
  const isTransparent = ALL_MARKS.test(char) || INVISIBLE.test(char);
  const text = foldCharacter(code);
  const folded = {
    text,
    ownText: DECEIVING.some(({ any }) => any.test(char)) && text !== "" ? foldInScript(char) : text,
    takesMarks: isTransparent ? null : !BARE.test(char),
  };
  // Bounded: hostile text may hold every code point there is.
  if (foldedBefore.size < 20_000) foldedBefore.set(code, folded);
  return folded;
}

/** A letter of a script whose letters look like Latin ones, as its own script writes it: "Й" → и. */
function foldInScript(char: string): string {
  return char.normalize("NFKD").toLowerCase().replace(LOOSE_MARKS, "");
}

/** Scripts with lookalikes of Latin letters, and those of their letters. */
const DECEIVING = [
  { letters: "\\p{sc=Cyrillic}", lookalikes: CYRILLIC[0] },
  { letters: "\\p{sc=Greek}", lookalikes: GREEK[0] },
  { letters: "\\p{sc=Armenian}", lookalikes: ARMENIAN[0] },
].map(({ letters, lookalikes }) => {
  const faces = lookalikes + lookalikes.toUpperCase();
  return {
    any: new RegExp(letters, "u"),
    /** A letter that nobody would take for a Latin one. */
    own: new RegExp(`(?![${faces}])(?=\\p{L})${letters}`, "u"),
    strange: new RegExp(`(?!${letters})\\p{L}`, "u"),
  };
});
const LATIN = /[a-z]/i;
const RUN = /[\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}]+/gu;

/**
 * Where words stand that are truly in Cyrillic, Greek or Armenian, as pairs of offsets in order. A word that
 * is mixed with Latin is a disguise; so is every word of a Latin text in which none but lookalikes stand.
 */
function wordsInOwnScript(text: string): readonly (readonly [number, number])[] {
  const here = DECEIVING.filter(({ any, own }) => any.test(text) && (own.test(text) || !LATIN.test(text)));
  if (here.length === 0) return [];
  const found: (readonly [number, number])[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (here.some(({ any, strange }) => any.test(run) && !strange.test(run)))
      found.push([index, index + run.length]);
  }
  return found;
}

/**
 * Small letters, NFKD, lookalikes as Latin unless the whole word is in another script, nothing invisible, and
 * no marks but those that are letters of a word (Gurmukhi, Bengali, …). Linear in the length of `text`.
 */
export function fold(text: string): Folded {
  if (PLAIN_ASCII.test(text)) return { text: text.toLowerCase(), ...unmoved(text.length) };
  const own = wordsInOwnScript(text);
  const parts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let word = 0;
  let takesMarks = false;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (code < 0x80 && code !== 0x60) {
      parts.push(ASCII_LOWER[code] ?? "");
      from.push(at);
      to.push(++at);
      takesMarks = false;
      continue;
    }
    const width = code > 0xffff ? 2 : 1;
    const known = foldOnce(code);
    while ((own[word]?.[1] ?? text.length) <= at) word++;
    const isOwn = (own[word]?.[0] ?? text.length) <= at;
    let folded = isOwn ? known.ownText : known.text;
    if (known.takesMarks !== null) takesMarks = known.takesMarks;
    else if (!takesMarks) folded = "";
    parts.push(folded);
    for (let unit = 0; unit < folded.length; unit++) {
      from.push(at);
      to.push(at + width);
    }
    at += width;
  }
  return { text: parts.join(""), from, to };
}
