// Octets → text under any label, true or not.
import { TextDecoder } from "node:util";

const MAX_CACHED = 100;
const decoders = new Map<string, TextDecoder | null>();
const ALIASES: Readonly<Record<string, string>> = {
  "latin-1": "windows-1252",
  cp932: "shift_jis",
  ms_kanji: "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  cp950: "big5",
};

function decoderFor(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  const spellings = [
    ALIASES[charset] ?? charset,
    charset.replace(/^(?:cp|win(?:dows)?)[-_]?(?=\d)/, "windows-"),
    charset.replace(/^(?:iso-2022-jp|cp5022).*$/, "iso-2022-jp"),
    charset.replace(/^x-|_/g, ""),
  ];
  for (const label of spellings) {
    try {
      decoder ??= new TextDecoder(label);
    } catch {
      // Not a name that the WHATWG registry knows; the next spelling may be.
    }
  }
  if (decoders.size < MAX_CACHED) decoders.set(charset, decoder);
  return decoder;
}

const UTF_8 = new TextDecoder("utf-8");
const UTF_8_ONLY = new TextDecoder("utf-8", { fatal: true });
const WINDOWS_1252 = new TextDecoder("windows-1252");
const ISO_2022_JP = new TextDecoder("iso-2022-jp");

/** null when it is not UTF-8. */
export function strictUtf8(octets: Uint8Array): string | null {
  try {
    return UTF_8_ONLY.decode(octets);
  } catch {
    return null;
  }
}

/** UTF-8 when it is, or is but for a few cut letters; otherwise Windows-1252, which every octet fits. */
export function latinOrUtf8(octets: Uint8Array): string {
  const strict = strictUtf8(octets);
  if (strict !== null) return strict;
  const lenient = UTF_8.decode(octets);
  const broken = lenient.split("\ufffd").length - 1;
  const whole = lenient.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0;
  return whole > 2 * broken ? lenient : WINDOWS_1252.decode(octets);
}

/** ISO-2022-JP in 7 bits, sent without its name (RFC 1468). */
function isEscaped(octets: Uint8Array): boolean {
  if (!octets.includes(0x1b)) return false;
  const text = Buffer.from(octets).toString("latin1");
  return ["$@", "$B", "(J"].some((set) => text.includes(`\x1b${set}`));
}

const UNSAID =
  /^$|^(?:us-?)?ascii$|^(?:ansi_x3\.4-19\d\d|iso646-us)$|^utf-?8|^(?:x-)?unknown|^default|^_?iso-?8859-?1$/;
const ONE_OCTET = /^(?:iso-?8859|windows|cp-?125|latin|koi8|macintosh|x-mac)/;

/** Never fails. A label that the octets cannot bear is passed over; an unknown one is read as UTF-8 or Windows-1252. */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  const label = charset.trim().toLowerCase();
  if (/^(?:unicode-1-1-|x-unicode-\d-\d-)?utf-?7$/.test(label)) return decodeUtf7(octets);
  if (UNSAID.test(label)) return isEscaped(octets) ? ISO_2022_JP.decode(octets) : latinOrUtf8(octets);
  // Text of single octets is UTF-8 by chance only when it is ASCII.
  if (ONE_OCTET.test(label)) {
    const utf8 = strictUtf8(octets);
    if (utf8 !== null) return utf8;
  }
  if (/^utf-?(?:16|32)/.test(label) && !octets.includes(0)) return latinOrUtf8(octets);
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
