// What the text of a mail speaks for, when no header field tells: a delivery report, an autoresponder, a notice.
import { AUTO_STRONG, AWAY } from "./away-words.ts";
import { BOUNCE_OPENING, BOUNCE_STRONG, BOUNCE_WEAK, TECHNICAL } from "./bounce-words.ts";
import { MAILING, NOTICE, RECEIPT, TELLTALE } from "./notice-words.ts";

/** Points of several kinds of evidence; 0 is none. */
export interface TextEvidence {
  /** The first line is a mail server's: a person who quotes a bounce begins with words of their own. */
  readonly opensAsBounce: boolean;
  readonly bounce: number;
  readonly autoReply: number;
  readonly notice: number;
  /** It says one thing that only software says. */
  readonly telltale: boolean;
  readonly mailing: boolean;
  readonly receipt: boolean;
  /** It holds an address, a reply code or a field, as a delivery report does. */
  readonly technical: boolean;
  readonly isEmpty: boolean;
  /** The first phrase found, for the reason. */
  readonly phrase: string;
}

const MAX_CHARS = 16_000;
const TELLTALE_CHARS = 3_000;

const FORWARDED =
  /^\s*(?:-{2,}\s?(?:forwarded|weitergeleitete|mensaje reenviado|message transf)|begin forwarded message)/;
const DIVIDER = /^\s*[-_]{2,}\s?(?:original|urspr[üu]ngliche) (?:message|nachricht|mail)/;
const FIELD =
  /^\s*\*?(?:from|sent|to|cc|subject|date|von|gesendet|an|betreff|datum|de|envoy[ée]|[àa]|objet|para|asunto|enviado|da|inviato|oggetto|van|verzonden|aan|onderwerp)\s?:\*? ?\S/;

/** The head of the mail that a reply quotes: three fields together. */
function quotesHead(lines: readonly string[], at: number): boolean {
  return [0, 1, 2].every((step) => FIELD.test((lines[at + step] ?? "").slice(0, 200)));
}

/**
 * The text without quoted lines, and only up to the point where somebody else's mail begins;
 * lower case, at most 16,000 characters. A delivery report holds the head of a mail as its own; a reply quotes it.
 */
function ownWords(text: string, isReply: boolean): string {
  const lines: string[] = [];
  const all = text.slice(0, MAX_CHARS).toLowerCase().split("\n");
  for (const [at, line] of all.entries()) {
    if (/^\s*>/.test(line)) continue;
    if (FORWARDED.test(line)) break;
    if (isReply && lines.length > 0 && (DIVIDER.test(line) || quotesHead(all, at))) break;
    lines.push(line.replace(/[’‘]/g, "'").replace(/\s+/g, " "));
  }
  return lines.join("\n");
}

/** Reads at most the first 16,000 characters. `isReply`: what follows a quoted head is somebody else's. */
export function textEvidence(text: string, isReply: boolean): TextEvidence {
  const words = ownWords(text, isReply);
  // A sentence runs over lines; an empty line ends it.
  const flowed = words.replace(/([^\n])\n(?=[^\n])/g, "$1 ");
  const first = (words.split("\n").find((line) => /[\p{L}\d]/u.test(line)) ?? "").trim().slice(0, 600);
  const start = Math.max(0, words.indexOf(first.slice(0, 60)));
  const opening = words
    .slice(start, start + 400)
    .replace(/\s+/g, " ")
    .trim();
  const said = (patterns: readonly RegExp[], ...texts: readonly string[]): readonly RegExp[] =>
    patterns.filter((pattern) => texts.some((each) => pattern.test(each)));
  const opener = BOUNCE_OPENING.find((pattern) => pattern.test(first) || pattern.test(opening));
  const strong = said(BOUNCE_STRONG, words, flowed);
  const auto = said(AUTO_STRONG, flowed);
  const away = said(AWAY, flowed);
  const notice = said(NOTICE, flowed);
  const telltale = said(TELLTALE, flowed.slice(0, TELLTALE_CHARS))[0];
  const telling = opener ?? strong[0] ?? telltale ?? auto[0] ?? away[0] ?? notice[0];
  return {
    opensAsBounce: opener !== undefined,
    bounce: (opener ? 2 : 0) + 2 * strong.length + said(BOUNCE_WEAK, words).length,
    autoReply: 2 * auto.length + away.length,
    notice: notice.length,
    telltale: telltale !== undefined,
    mailing: said(MAILING, flowed).length > 1,
    receipt: said(RECEIPT, flowed).length > 0,
    technical: said(TECHNICAL, words).length > 0,
    isEmpty: !/[\p{L}\d]/u.test(words),
    phrase: telling
      ? (telling.exec(opening)?.[0] ?? telling.exec(flowed)?.[0] ?? "").slice(0, 80).trim()
      : "",
  };
}
