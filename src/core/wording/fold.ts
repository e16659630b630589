// Makes one shape of the many in which a letter can be written, and remembers where each one stood.

export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text`: the first unit of the original character, and the one after its last. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Each run of letters on the left looks like the letters on the right, one by one. */
const LOOKALIKES: readonly (readonly [string, string])[] = [
  // Cyrillic
  ["авсԁеһіјкмнорԛѕтухүԝьӏ", "abcdehijkmhopqstuxywbl"],
  // Greek
  ["αβϲεηικμνορτυχωγς", "abcenikuvoptuxwyc"],
  // Armenian
  ["օսոհցյ", "ounhgj"],
  // Latin that NFKD leaves whole, small capitals included
  ["łøđðıɩƒɡɑħŧəɐɔɛ", "lodd" + "iifgahteac" + "e"],
  ["ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"],
  ["’‘ʼ`´′＇", "'''''''"],
];

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
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{M}|\p{Emoji_Modifier}/u;
const MARKS = /\p{M}/gu;
const foldedBefore = new Map<number, string>();

/** Negative circled and negative squared letters, which NFKD leaves alone. */
function boxedLetter(code: number): string | null {
  if (code >= 0x1f150 && code <= 0x1f169) return String.fromCharCode(97 + code - 0x1f150);
  if (code >= 0x1f170 && code <= 0x1f189) return String.fromCharCode(97 + code - 0x1f170);
  return null;
}

function foldCharacter(code: number): string {
  const char = String.fromCodePoint(code);
  if (INVISIBLE.test(char)) return "";
  const boxed = boxedLetter(code);
  if (boxed) return boxed;
  // The apostrophes come first: NFKD makes a space and a mark of some.
  const known = PLAIN.get(char);
  if (known) return known;
  const bare = char.normalize("NFKD").toLowerCase().replace(MARKS, "");
  // One character may be a whole sentence (U+FDFA): the text must not grow eighteenfold.
  const parts = [...bare].slice(0, LONGEST_LIGATURE);
  return parts.map((part) => PLAIN.get(part) ?? part).join("");
}

function foldOnce(code: number): string {
  const known = foldedBefore.get(code);
  if (known !== undefined) return known;
  const folded = foldCharacter(code);
  // Bounded: hostile text may hold every code point there is.
  if (foldedBefore.size < 20_000) foldedBefore.set(code, folded);
  return folded;
}

/** Small letters, NFKD, lookalikes as Latin, nothing invisible. Linear in the length of `text`. */
export function fold(text: string): Folded {
  const parts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    const folded = code < 0x80 && code !== 0x60 ? asciiLower(code) : foldOnce(code);
    parts.push(folded);
    for (let unit = 0; unit < folded.length; unit++) {
      from.push(at);
      to.push(at + width);
    }
    at += width;
  }
  return { text: parts.join(""), from, to };
}

function asciiLower(code: number): string {
  return String.fromCharCode(code >= 65 && code <= 90 ? code + 32 : code);
}
