// Text of header fields: raw 8-bit octets, and encoded words (RFC 2047).
import { TextDecoder } from "node:util";

const MAX_CACHED = 100;
const decoders = new Map<string, TextDecoder | null>();

function decoderFor(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  for (const label of [charset, charset.replace(/^cp-?/, "windows-"), charset.replace(/^x-|_/g, "")]) {
    try {
      decoder ??= new TextDecoder(label);
    } catch {
      // Not a name that the WHATWG registry knows; the next spelling may be.
    }
  }
  if (decoders.size < MAX_CACHED) decoders.set(charset, decoder);
  return decoder;
}

/** UTF-8 when it is valid, otherwise Windows-1252, which every octet fits. */
export function latinOrUtf8(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder("windows-1252").decode(octets);
  }
}

/** Never fails: an unknown charset is read as UTF-8 or Windows-1252. */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  const label = charset.trim().toLowerCase();
  if (/^(?:unicode-1-1-|x-unicode-\d-\d-)?utf-?7$/.test(label)) return decodeUtf7(octets);
  if (label === "" || /^(?:us-?)?ascii$|^utf-?8(?:mb4)?$|^unknown|^default/.test(label))
    return latinOrUtf8(octets);
  return decoderFor(label)?.decode(octets) ?? latinOrUtf8(octets);
}

/** RFC 2152; old Exchange servers write it. */
function decodeUtf7(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString("latin1")
    .replace(/\+([A-Za-z0-9/+]*)-?/g, (_all, base64: string) =>
      base64 === "" ? "+" : new TextDecoder("utf-16be").decode(Buffer.from(base64, "base64")),
    );
}

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
