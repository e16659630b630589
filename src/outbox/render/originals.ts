// Attaches what came in, octet for octet.

import type { OutgoingAttachment } from "../../channels/smtp.ts";
import type { Channel } from "../../core/types.ts";

/** A message as it is in the store. */
export interface Original {
  readonly channel: Channel;
  /** "" when unknown. */
  readonly fromName: string;
  /** Mail address or E.164 number; "" when unknown or withheld. */
  readonly fromAddress: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: string;
  readonly raw: Uint8Array;
  /** SHA-256 of `raw`, hexadecimal. */
  readonly rawHash: string;
}

/** Mail servers commonly take 25 MB and more; base64 adds a third. */
const MOST_ATTACHED_BYTES = 15 * 1024 * 1024;

export interface Attached {
  readonly attachments: readonly OutgoingAttachment[];
  /** What to tell the reader of each original, in their order; "" when there is nothing to say. */
  readonly notes: readonly string[];
}

/** Attaches originals in their order, until the mail would be too large to send; the store keeps them all. */
export function attachOriginals(originals: readonly Original[]): Attached {
  const attachments: OutgoingAttachment[] = [];
  const notes: string[] = [];
  let bytes = 0;
  for (const [index, original] of originals.entries()) {
    const name = originals.length === 1 ? "original" : `message-${index + 1}`;
    const attachment = toAttachment(original, name);
    bytes += attachment.octets.byteLength;
    if (bytes <= MOST_ATTACHED_BYTES) attachments.push(attachment);
    notes.push(note(original, attachment, bytes <= MOST_ATTACHED_BYTES));
  }
  return { attachments, notes };
}

function note(original: Original, attachment: OutgoingAttachment, isAttached: boolean): string {
  if (!isAttached)
    return "The original is too large to be attached. Afterbell keeps it: ask whoever looks after it.";
  if (original.channel !== "email") return "";
  return `The original is attached as it came (${attachment.name}).`;
}

function toAttachment(original: Original, name: string): OutgoingAttachment {
  if (original.channel !== "email")
    return { name: `${name}.txt`, type: "text/plain; charset=utf-8", octets: Buffer.from(original.text) };
  return {
    name: `${name}.eml`,
    type: isSafeInSmtp(original.raw) ? "message/rfc822" : "application/octet-stream",
    octets: original.raw,
  };
}

const CR = 0x0d;
const LF = 0x0a;
/** RFC 5321 section 4.5.3.1.6, without the line end. */
const LONGEST_LINE = 998;

/**
 * message/rfc822 must not be base64 (RFC 2046 section 5.2.1), and SMTP passes lines only: a lone CR or LF,
 * a NUL or an endless line would be changed on the way. Such originals travel as base64 instead.
 */
export function isSafeInSmtp(raw: Uint8Array): boolean {
  let lineStart = 0;
  for (let index = 0; index < raw.length; index += 1) {
    const octet = raw[index];
    if (octet === 0 || (octet === LF && raw[index - 1] !== CR)) return false;
    if (octet === CR && raw[index + 1] !== LF) return false;
    if (octet === LF) lineStart = index + 1;
    else if (octet !== CR && index - lineStart >= LONGEST_LINE) return false;
  }
  return true;
}
