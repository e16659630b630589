// Reads the head of a mail tolerantly: any line ending, any octets, any length, never an error.

import type { MailHeaders } from "../../core/automatic/mail-headers.ts";
import { mailHeaders } from "../../core/automatic/mail-headers.ts";
import { decodeCharset, strictUtf8 } from "./charset.ts";
import { decodeWords } from "./decode-words.ts";

const MAX_HEAD_BYTES = 1024 * 1024;
const MAX_FIELDS = 2000;
const MAX_VALUE_CHARS = 64 * 1024;

export interface Head {
  readonly headers: MailHeaders;
  /** The unfolded but undecoded fields: what addresses and MIME parameters are read from. */
  readonly raw: MailHeaders;
  /** true when nothing in it is a field: then it is the beginning of a body. */
  readonly isNone: boolean;
  /** true when the head was longer than what is read of it. */
  readonly cut: boolean;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * The mail with line feeds where it had bare carriage returns or CR CR LF, without a byte-order mark,
 * leading empty lines and an mbox "From " line. The same buffer when nothing was odd.
 */
export function straighten(raw: Buffer): Buffer {
  let start = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0;
  while (raw[start] === LF || raw[start] === CR) start++;
  let mail = start === 0 ? raw : raw.subarray(start);
  const firstCr = mail.indexOf(CR);
  const firstLf = mail.indexOf(LF);
  if (firstCr >= 0 && (firstLf < 0 || firstCr < firstLf - 1)) mail = withLineFeeds(mail);
  if (/^>?From [^\s:][^\n]*\n/.test(mail.toString("latin1", 0, 300)))
    mail = mail.subarray(mail.indexOf(LF) + 1);
  return mail;
}

function withLineFeeds(mail: Buffer): Buffer {
  const out = Buffer.allocUnsafe(mail.length);
  let length = 0;
  for (let at = 0; at < mail.length; at++) {
    const octet = mail[at] ?? 0;
    if (octet === CR && (mail[at + 1] === LF || (mail[at + 1] === CR && mail[at + 2] === LF))) continue;
    out[length++] = octet === CR ? LF : octet;
  }
  return out.subarray(0, length);
}

/** Where the body begins in a straightened mail; its length when there is no body. */
export function bodyStart(mail: Buffer): number {
  if (mail[0] === LF) return 1;
  const ends = ["\n\n", "\n\r\n"].map((gap) => {
    const at = mail.indexOf(gap, 0, "latin1");
    return at < 0 ? mail.length : at + gap.length;
  });
  return Math.min(...ends);
}

/**
 * `head`: the octets up to the body, straightened. `charset`: what raw letters are written in where they are no
 * UTF-8; "" when nobody knows.
 */
export function readHead(head: Buffer, charset = ""): Head {
  const raw: { name: string; lines: string[] }[] = [];
  let cut = head.length > MAX_HEAD_BYTES;
  for (const line of linesOf(head.subarray(0, MAX_HEAD_BYTES), charset)) {
    if (/^[ \t]/.test(line)) {
      raw.at(-1)?.lines.push(line);
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon < 1 ? "" : line.slice(0, colon).trimEnd().toLowerCase();
    if (!/^[!-9;-~]{1,200}$/.test(name)) continue;
    if (raw.length === MAX_FIELDS) {
      cut = true;
      break;
    }
    raw.push({ name, lines: [line.slice(colon + 1)] });
  }
  const unfolded = raw.map(({ name, lines }) => ({
    name,
    value: tidy(lines.join("")).slice(0, MAX_VALUE_CHARS),
  }));
  return {
    raw: mailHeaders(unfolded),
    headers: mailHeaders(unfolded.map(({ name, value }) => ({ name, value: tidy(decodeWords(value)) }))),
    isNone: raw.length === 0,
    cut,
  };
}

/** ASCII as a whole, other octets line by line: one field may be UTF-8 and the next one not. */
function linesOf(head: Buffer, charset: string): string[] {
  const text = strictUtf8(head);
  if (text !== null && !text.includes("\x1b")) return text.replaceAll("\0", "").split("\n");
  return head
    .toString("latin1")
    .replaceAll("\0", "")
    .split("\n")
    .map((line) => {
      const octets = Buffer.from(line, "latin1");
      return strictUtf8(octets) === null ? decodeCharset(octets, charset) : decodeCharset(octets, "");
    });
}

const CHARSET = /charset\s*=\s*["']?([\w.:-]{2,40})/gi;
const GUESS_BYTES = 64 * 1024;

/** The first charset that a mail names and that says something of raw octets in its head; "" when none does. */
export function namedCharset(mail: Buffer): string {
  const start = mail.toString("latin1", 0, GUESS_BYTES);
  for (const [, name = ""] of start.matchAll(CHARSET)) {
    if (!/^(?:utf|us-ascii|ascii|iso-2022)/i.test(name)) return name;
  }
  return "";
}

/** Decoded words can hold line feeds, which would write fields of their own when printed again. */
const tidy = (value: string): string => value.replace(/\p{Cc}+/gu, " ").trim();
