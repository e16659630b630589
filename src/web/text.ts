// Hostile text made safe to look at. HTML escaping is the templates' work (autoescape, everywhere); this is
// about what escaping leaves: control and direction marks (cleaned once, over the whole page), endless lines,
// and marked words.
import type { Span } from "../core/types.ts";

// C0 and C1 without tab and line feed, and lone surrogates.
const control = /[\p{Cc}\p{Cs}]/gu;
// Marks that turn the direction of everything after them, and invisible formatting that hides words.
const direction = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e001f}]/gu;

/** Longer messages are cut on the page; the original can be downloaded. UTF-16 code units. */
export const longestShownChars = 20_000;

/** Several lines: control characters become visible, direction marks go. */
export const cleanLines = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll(direction, "")
    .replaceAll(control, (found) => (found === "\n" || found === "\t" ? found : "\ufffd"));

/** One line of at most `longest` characters: for names, subjects and file names. */
export function cleanLine(text: string, longest = 200): string {
  const line = cleanLines(text).replaceAll(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}

export interface Piece {
  readonly text: string;
  /** The category of a marked piece; null for the rest. */
  readonly category: string | null;
}

/**
 * Cuts a text at its spans. Spans may be out of range, out of order or overlap: they are clamped, and
 * where two overlap the earlier one wins.
 */
export function pieces(text: string, spans: readonly Span[]): readonly Piece[] {
  const found: Piece[] = [];
  let done = 0;
  const add = (end: number, category: string | null) => {
    if (end > done) found.push({ text: text.slice(done, end), category });
    done = Math.max(done, end);
  };
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = whole(text, Math.max(span.start, done));
    const end = whole(text, Math.min(span.end, text.length));
    if (!(end > start)) continue;
    add(start, null);
    add(end, span.category);
  }
  add(text.length, null);
  return found;
}

/** Never between the two halves of one character. */
function whole(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}

export interface Shown {
  readonly text: string;
  /** true when the text was longer than a page should hold. */
  readonly cut: boolean;
}

export const shorten = (text: string, longest = longestShownChars): Shown =>
  text.length <= longest ? { text, cut: false } : { text: text.slice(0, whole(text, longest)), cut: true };

/**
 * What stands in the message beside the sender's new text: quotes, signature, disclaimer.
 * null when there is nothing else; `whole` when the two cannot be told apart.
 */
export function besideNewText(
  text: string,
  newText: string,
): { readonly text: string; readonly whole: boolean } | null {
  const all = text.trim();
  const fresh = newText.trim();
  if (all === fresh || all === "") return null;
  if (fresh !== "" && all.startsWith(fresh)) return { text: all.slice(fresh.length).trim(), whole: false };
  return { text: all, whole: true };
}
