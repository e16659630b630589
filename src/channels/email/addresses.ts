// Reads address fields (RFC 5322 s3.4) as tolerantly as senders write them.
import type { Address } from "../../core/types.ts";
import { decodeWords } from "./decode-words.ts";

const MAX_CHARS = 64 * 1024;
const MAX_ADDRESSES = 2000;
const MAX_PIECE_CHARS = 2000;
/** Quotes and brackets that never close: each costs a look ahead, and after so many they are letters. */
const MAX_UNCLOSED = 50;

export interface AddressList {
  readonly addresses: readonly Address[];
  /** true when some stood in a group ("name: a, b;"). */
  readonly group: boolean;
}

/** Letters of one mailbox, sorted into what they can be. */
interface Pieces {
  phrase: string;
  comment: string;
  angle: string | null;
}
const nothing = (): Pieces => ({ phrase: "", comment: "", angle: null });

/** `value`: unfolded, with its encoded words still encoded, so that a comma inside one separates nothing. */
export function readAddresses(value: string): AddressList {
  const addresses: Address[] = [];
  let group = false;
  let now = nothing();
  let unclosed = 0;
  const text = value.slice(0, MAX_CHARS);
  // "Jo: Year 3 <jo@example.net>" is a name: only a group has its end.
  const lastSemicolon = text.lastIndexOf(";");
  const end = (): void => {
    const address = mailbox(now);
    if (address && addresses.length < MAX_ADDRESSES) addresses.push(address);
    now = nothing();
  };
  for (let at = 0; at < text.length; ) {
    const letter = text[at];
    const word = letter === "=" ? encodedWordEnd(text, at) : -1;
    if (word > 0) {
      now.phrase += text.slice(at, word);
      at = word;
    } else if (unclosed < MAX_UNCLOSED && letter === '"') {
      const close = quotedEnd(text, at);
      if (close === at + 1) unclosed++;
      now.phrase += text.slice(at, close);
      at = close;
    } else if (unclosed < MAX_UNCLOSED && letter === "(") {
      const close = commentEnd(text, at);
      if (close === at + 1) unclosed++;
      now.comment += ` ${text.slice(at + 1, close - 1)}`;
      at = close;
    } else if (unclosed < MAX_UNCLOSED && letter === "<") {
      const close = angleEnd(text, at);
      if (text[close] !== ">") unclosed++;
      now.angle ??= text.slice(at + 1, close);
      at = close + 1;
    } else if (letter === "," || letter === ";") {
      end();
      at++;
    } else if (letter === ":" && at < lastSemicolon && now.angle === null && !now.phrase.includes("@")) {
      group = true;
      now = nothing();
      at++;
    } else {
      now.phrase += letter;
      at++;
    }
  }
  end();
  return { addresses, group };
}

const ENCODED = /=\?[^?\s]{1,60}\?[bq]\?[^?]{0,1000}\?=/iy;
function encodedWordEnd(text: string, at: number): number {
  if (text[at + 1] !== "?") return -1;
  ENCODED.lastIndex = at;
  return ENCODED.test(text) ? ENCODED.lastIndex : -1;
}

/** One past the closing quote; an open one ends at the next comma or angle bracket, or counts for itself. */
function quotedEnd(text: string, at: number): number {
  for (let end = at + 1; end < text.length && end < at + MAX_PIECE_CHARS; end++) {
    if (text[end] === "\\") end++;
    else if (text[end] === '"') return end + 1;
  }
  return at + 1;
}

function commentEnd(text: string, at: number): number {
  let depth = 0;
  for (let end = at; end < text.length && end < at + MAX_PIECE_CHARS; end++) {
    if (text[end] === "\\") end++;
    else if (text[end] === "(") depth++;
    else if (text[end] === ")" && --depth === 0) return end + 1;
  }
  return at + 1;
}

function angleEnd(text: string, at: number): number {
  let quoted = false;
  for (let end = at + 1; end < text.length && end < at + MAX_PIECE_CHARS; end++) {
    if (text[end] === '"') quoted = !quoted;
    else if (text[end] === ">" && !quoted) return end;
  }
  const plain = text.indexOf(">", at);
  if (plain >= 0) return plain;
  const comma = text.indexOf(",", at);
  return comma < 0 ? text.length : comma;
}

function mailbox(pieces: Pieces): Address | null {
  const phrase = pieces.phrase.slice(-MAX_PIECE_CHARS);
  const comment = pieces.comment.slice(0, MAX_PIECE_CHARS);
  const angle = pieces.angle?.slice(0, MAX_PIECE_CHARS) ?? null;
  if (angle !== null) {
    const address = clean(angle);
    const name = plainName(phrase) || plainName(comment);
    // "<Ann Example> ann@oakhill.example": brackets round the name.
    if (!address.includes("@") && phrase.includes("@")) return bare(phrase, angle);
    return address === "" ? null : { name, address };
  }
  if (phrase.trim() === "" && comment.trim() === "") return null;
  return bare(phrase, comment);
}

function bare(phrase: string, comment: string): Address | null {
  const quotedLocal = /^\s*("(?:[^"\\]|\\.)*"@[^\s"@]+)\s*$/.exec(phrase)?.[1];
  if (quotedLocal) return { name: plainName(comment), address: clean(quotedLocal) };
  const decoded = phrase.includes("@") ? phrase : decodeWords(phrase);
  // Some senders encode name and address together; only an address in brackets is believed.
  const inside = phrase.includes("@") ? null : /<([^<>\s]+@[^<>\s]+)>/.exec(decoded)?.[1];
  if (inside) return { name: plainName(decoded.slice(0, decoded.indexOf("<"))), address: clean(inside) };
  const words = phrase.trim().split(/\s+/);
  const address = words.findLast((word) => /^[^"@\s]+@[^"@\s]+$/.test(word));
  if (address) {
    const rest = words.filter((word) => word !== address).join(" ");
    return { name: plainName(rest) || plainName(comment), address: clean(address) };
  }
  // "MAILER-DAEMON": no domain, and yet a sender.
  return { name: plainName(phrase) || plainName(comment), address: "" };
}

/** Without a source route ("@relay:user@host"), space and "mailto:"; lower case. */
function clean(angle: string): string {
  const route = /^@[^:]*:(.*)$/s.exec(angle.trim())?.[1] ?? angle;
  const quoted = /^\s*"/.test(route);
  const tight = quoted ? route.trim() : route.replace(/\s+/g, "");
  const plain = /^'(.+)'$/.exec(tight)?.[1] ?? tight;
  return plain
    .replace(/^mailto:/i, "")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

function plainName(raw: string): string {
  const trimmed = raw.trim();
  const unquoted = trimmed.replace(/"((?:[^"\\]|\\.)*)"/gs, (_all, inner: string) =>
    inner.replace(/\\(.)/gs, "$1"),
  );
  const name = decodeWords(unquoted)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return (/^'(.*)'$/s.exec(name)?.[1] ?? name).trim();
}
