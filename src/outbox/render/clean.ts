// Takes out of a stranger's words what could do harm in a header, a subject line or a plain-text mail.

/** Marks that turn the reading direction round, or that cannot be seen: they disguise names and links. */
const INVISIBLE =
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
const LINE_OR_CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
const CONTROL_IN_TEXT = /[^\P{Cc}\n\t]/gu;

/** One line without control characters or direction marks, at most `maxCharacters` (code points) long. */
export function oneLine(value: string, maxCharacters: number): string {
  const line = value.toWellFormed().replace(INVISIBLE, "").replace(LINE_OR_CONTROL, " ").trim();
  return shorten(line, maxCharacters);
}

/** Several lines; line ends become \n; what cannot be seen is taken out. */
export function plainText(value: string, maxCharacters: number): string {
  const text = value
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(INVISIBLE, "")
    .replace(CONTROL_IN_TEXT, "");
  return shorten(text.trim(), maxCharacters);
}

function shorten(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = [...text];
  if (characters.length <= maxCharacters) return text;
  return `${characters
    .slice(0, maxCharacters - 1)
    .join("")
    .trimEnd()}…`;
}

/** Marks every line as another's words, so that a message cannot pass itself off as part of the notice. */
export const quoted = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
