// How long a text message is, in what is paid for: segments (3GPP TS 23.038 and 23.040).

const GSM_7 =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Each of these takes two septets: an escape and a character. */
const GSM_7_EXTENSION = "\f^{}\\[~]|€";
const basic = new Set(GSM_7);
const extended = new Set(GSM_7_EXTENSION);

export interface TextLength {
  readonly encoding: "GSM-7" | "UCS-2";
  /** Septets for GSM-7, UTF-16 code units for UCS-2. */
  readonly units: number;
  readonly segments: number;
}

/** One segment holds 160 septets or 70 code units; several hold 153 or 67 each, for their header. */
export function segments(text: string): TextLength {
  const characters = [...text];
  const isGsm = characters.every((character) => basic.has(character) || extended.has(character));
  const sizes = characters.map((character) => (isGsm ? (extended.has(character) ? 2 : 1) : character.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [single, part] = isGsm ? [160, 153] : [70, 67];
  return {
    encoding: isGsm ? "GSM-7" : "UCS-2",
    units,
    segments: units <= single ? 1 : parts(sizes, part),
  };
}

/** An escaped or astral character is never split over two segments. */
function parts(sizes: readonly number[], capacity: number): number {
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}

const PUNCTUATION: Readonly<Record<string, string>> = {
  "‘": "'",
  "’": "'",
  "‚": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "...",
  "\u00a0": " ",
  "\u202f": " ",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
};

const plain = (character: string): string =>
  basic.has(character) || extended.has(character)
    ? character
    : (PUNCTUATION[character] ?? character.normalize("NFD").replace(/\p{M}/gu, ""));

/**
 * Says the same in GSM-7 where that only costs accents and curly quotes ("St Mary’s", "Łoś").
 * A text in another script is left as it is: its letters matter more than its length.
 */
export function inGsm7(text: string): string {
  const folded = [...text.normalize("NFC")].map(plain).join("");
  return segments(folded).encoding === "GSM-7" ? folded : text;
}
