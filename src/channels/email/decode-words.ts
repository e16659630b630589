// Encoded words in header fields (RFC 2047).
import { decodeCharset } from "./charset.ts";

function unquote(text: string): Buffer {
  const latin = text
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  // A raw letter beyond Latin-1 inside an encoded word is illegal and yet sent.
  return /[^\0-\xff]/.test(latin) ? Buffer.from(text.replaceAll("_", " ")) : Buffer.from(latin, "latin1");
}

const WORD = /=\?([^?\s]{1,60})\?([bq])\?/iy;

/**
 * Encoded words decoded wherever they stand, and the space between two of them dropped (RFC 2047 s6.2).
 * Octets of neighbours in one charset are joined first: senders split letters between them.
 */
export function decodeWords(text: string): string {
  if (!text.includes("=?")) return text;
  let out = "";
  let pending: { charset: string; octets: Buffer[] } | null = null;
  const lastClose = text.lastIndexOf("?=");
  const flush = (): string => (pending ? decodeCharset(Buffer.concat(pending.octets), pending.charset) : "");
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("=?", at);
    const word = start < 0 ? null : wordAt(text, start, lastClose);
    if (start >= 0 && word === null) {
      // Not a word: copy past the "=?" and look on.
      out += flush() + text.slice(at, start + 2);
      pending = null;
      at = start + 2;
      continue;
    }
    const between = text.slice(at, start < 0 ? text.length : start);
    if (word === null || (pending !== null && between.trim() !== "") || pending === null) {
      out += flush() + between;
      pending = null;
    }
    if (word === null) return out;
    if (pending !== null && pending.charset !== word.charset) {
      out += flush();
      pending = null;
    }
    pending ??= { charset: word.charset, octets: [] };
    pending.octets.push(word.octets);
    at = word.end;
  }
  return out + flush();
}

function wordAt(
  text: string,
  start: number,
  lastClose: number,
): { charset: string; octets: Buffer; end: number } | null {
  WORD.lastIndex = start;
  const match = WORD.exec(text);
  const from = WORD.lastIndex;
  if (match === null || from > lastClose) return null;
  const close = text.indexOf("?=", from);
  const encoded = text.slice(from, close);
  // RFC 2231 s5: a language may follow the charset after "*".
  const charset = (match[1] ?? "").replace(/\*.*$/, "").toLowerCase();
  const octets = /b/i.test(match[2] ?? "") ? Buffer.from(encoded, "base64") : unquote(encoded);
  return { charset, octets, end: close + 2 };
}
