// Octets of a mail → Message. Nothing that comes in makes it fail: what cannot be read is said in parseError.
import { createHash } from "node:crypto";
import type { MailHeaders } from "../core/automatic/mail-headers.ts";
import { isAutomatic, suppressReply } from "../core/automatic.ts";
import type { Address, Authenticity, Automatic, Instant, Message } from "../core/types.ts";
import { readAddresses } from "./email/addresses.ts";
import { authenticity } from "./email/authenticity.ts";
import { readDate } from "./email/date.ts";
import type { Head } from "./email/head.ts";
import { bodyStart, namedCharset, readHead, straighten } from "./email/head.ts";
import { mimeHead } from "./email/mime-head.ts";
import { parseApart, startParsing, stopParsing } from "./email/parser.ts";
import { isOwnLoopMark, LOOP_FIELD } from "./loop-mark.ts";

const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
const DEFAULT_DEADLINE_MS = 15_000;
/** Of a mail that is over the limit. */
const LARGE_BODY_BYTES = 1024 * 1024;
const MAX_REFERENCES = 100;
const MAX_SUBJECT_CHARS = 2000;

export interface ReadOptions {
  /** Message.key. */
  readonly key: string;
  readonly receivedAt: Instant;
  /** The provider's name in Authentication-Results; null: nobody checks senders. */
  readonly authservId: string | null;
  /** Lower case: every address of staff, school and gateway. Only mail from one of them can bear our loop mark. */
  readonly ownAddresses: readonly string[];
  /** The secret of our loop mark; null: no mark is known. */
  readonly loopSecret: string | null;
  /** Over this size the head and the start of the text are read, and no attachments. Default 50 MiB. */
  readonly maxBytes?: number;
  /** For parsing the body, in milliseconds. Default 15,000. */
  readonly deadlineMs?: number;
}

/** What judging the head alone needs of them. */
export type HeadOptions = Pick<ReadOptions, "authservId" | "loopSecret" | "ownAddresses">;
const TRUSTING_NOBODY: HeadOptions = { authservId: null, loopSecret: null, ownAddresses: [] };

export interface MailHead {
  readonly headers: MailHeaders;
  /** null when there is not exactly one From address. */
  readonly from: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly date: Instant | null;
  readonly messageId: string | null;
  readonly references: readonly string[];
  readonly automatic: Automatic | null;
  readonly suppressReply: string | null;
  readonly authenticity: Authenticity;
}

/**
 * The head alone, for judging a mail before its body is fetched.
 * `rawHead`: the octets of the head; what follows an empty line is ignored. Never throws.
 */
export function readHeaders(rawHead: Buffer, reading: HeadOptions = TRUSTING_NOBODY): MailHead {
  const mail = straighten(rawHead);
  const head = readHead(mail.subarray(0, bodyStart(mail)), namedCharset(mail));
  const { doubt, ...envelope } = readEnvelope(head);
  const context = { text: "", partTypes: [], ownLoopMark: hasOwnLoopMark(head.headers, envelope, reading) };
  return {
    headers: head.headers,
    ...envelope,
    automatic: isAutomatic(head.headers, context),
    suppressReply: suppressReply(head.headers, context),
    authenticity: authenticity(head.headers, envelope.from?.address ?? null, doubt, reading.authservId),
  };
}

/** The whole mail. Never rejects; the body is parsed in a thread of its own, under a deadline. */
export async function readEmail(raw: Buffer, options: ReadOptions): Promise<Message> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const isLarge = raw.length > maxBytes;
  const mail = straighten(isLarge ? raw.subarray(0, Math.min(raw.length, 2 * LARGE_BODY_BYTES)) : raw);
  const end = bodyStart(mail);
  const head = readHead(mail.subarray(0, end), namedCharset(mail));
  const start = head.isNone ? 0 : end;
  const envelope = readEnvelope(head);
  const body = mail.subarray(start, isLarge ? start + LARGE_BODY_BYTES : mail.length);
  const parsed = await parseApart(mimeHead(head.raw, body), body, options.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const context = {
    text: parsed.text,
    partTypes: parsed.partTypes,
    ownLoopMark: hasOwnLoopMark(head.headers, envelope, options),
  };
  const { from, doubt, ...rest } = envelope;
  return {
    key: options.key,
    channel: "email",
    from,
    ...rest,
    text: parsed.text,
    newText: parsed.newText,
    automatic: isAutomatic(head.headers, context),
    suppressReply: suppressReply(head.headers, context),
    authenticity: authenticity(head.headers, from?.address ?? null, doubt, options.authservId),
    attachments: isLarge ? [] : parsed.attachments,
    receivedAt: options.receivedAt,
    rawHash: createHash("sha256").update(raw).digest("hex"),
    parseError: isLarge
      ? `The mail is larger than ${maxBytes} bytes: only its start was read.`
      : (parsed.error ?? headError(head)),
  };
}

/** Opens the parsing thread, for a caller that has something else to do before its first mail. */
export const startReading = (): void => startParsing();

/** Ends the parsing thread. Call it when nothing is being read; the next mail opens another. */
export const stopReading = (): Promise<void> => stopParsing();

const headError = (head: Head): string | null =>
  head.cut ? "The head of the mail is larger than is read: only its start was." : null;

interface Envelope {
  readonly from: Address | null;
  /** Why the From field identifies nobody; null when it does, or when there is none. */
  readonly doubt: string | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly date: Instant | null;
  readonly messageId: string | null;
  readonly references: readonly string[];
}

function readEnvelope({ raw, headers }: Head): Envelope {
  const many = (name: string): Address[] =>
    raw
      .all(name)
      .flatMap((value) => readAddresses(value).addresses)
      .filter((each) => each.address.includes("@"));
  return {
    ...readFrom(raw),
    to: many("to"),
    cc: many("cc"),
    subject: (headers.get("subject") ?? "").slice(0, MAX_SUBJECT_CHARS).toWellFormed(),
    date: readDate(headers.get("date")),
    messageId: messageIds(raw.get("message-id"))[0] ?? null,
    references: [...new Set([...raw.all("references"), ...raw.all("in-reply-to")].flatMap(messageIds))].slice(
      -MAX_REFERENCES,
    ),
  };
}

/** Exactly one address, or nobody: never Reply-To, Sender or the display name. */
function readFrom(raw: MailHeaders): Pick<Envelope, "from" | "doubt"> {
  const lists = raw.all("from").map(readAddresses);
  const found = lists.flatMap((list) => list.addresses).filter((each) => each.address.includes("@"));
  const [first] = found;
  if (new Set(found.map((each) => each.address)).size > 1)
    return { from: null, doubt: "Several From addresses." };
  if (lists.some((list) => list.group)) return { from: null, doubt: "The From field holds a group." };
  if (first === undefined) return { from: null, doubt: null };
  const local = first.address.slice(0, first.address.lastIndexOf("@"));
  return { from: first, doubt: local.includes("@") ? "The From address has a second @ in it." : null };
}

function messageIds(value: string | null): string[] {
  if (value === null) return [];
  const bracketed = value.match(/<[^<>\s]{1,990}>/g);
  if (bracketed) return bracketed;
  const bare = /^[^\s<>]{3,990}$/.exec(value.trim())?.[0];
  return bare ? [`<${bare}>`] : [];
}

function hasOwnLoopMark(
  headers: MailHeaders,
  envelope: Pick<Envelope, "from" | "messageId">,
  { loopSecret, ownAddresses }: HeadOptions,
): boolean {
  const { from, messageId } = envelope;
  if (loopSecret === null || from === null || messageId === null || !ownAddresses.includes(from.address))
    return false;
  return headers.all(LOOP_FIELD.toLowerCase()).some((mark) => isOwnLoopMark(loopSecret, messageId, mark));
}
