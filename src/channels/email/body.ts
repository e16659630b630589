// The body of a mail by mailparser: its text, and what is attached. Runs in parse-thread.ts, off the main thread.
import { createHash } from "node:crypto";
import type { AttachmentStream } from "mailparser";
import { MailParser } from "mailparser";
import { newText } from "../../core/quoting.ts";
import type { Attachment } from "../../core/types.ts";
import { decodeCharset } from "./charset.ts";
import { htmlText } from "./html-text.ts";
import { decodeOctets } from "./octets.ts";
import { takeUuencoded } from "./uuencode.ts";

export const MAX_TEXT_CHARS = 1024 * 1024;
const MAX_NAME_CHARS = 255;
const MAX_ATTACHMENTS = 1000;
const START_BYTES = 16 * 1024;

export interface ParsedBody {
  readonly text: string;
  readonly newText: string;
  /** Media types of all parts but the root, lower case. */
  readonly partTypes: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly error: string | null;
}

/** What this file needs of mailparser's tree, which its exact version (package.json) keeps to. */
interface Part {
  readonly contentType?: string | false;
  readonly textContent?: string;
  readonly headers?: ReadonlyMap<string, unknown>;
  readonly children?: readonly Part[];
}

/**
 * `mimeHead`: the root's Content-* fields alone, so that nothing else of a strange head can stop the parser.
 * Never rejects: what was read before an error comes back beside it.
 */
export async function parseBody(mimeHead: string, body: Buffer): Promise<ParsedBody> {
  const whole = await parse(mimeHead, body);
  // The parser gives up at once over 1,000 parts: the start of the mail usually has its words.
  const best =
    whole.error === null || bodyText(whole) !== ""
      ? whole
      : await parse(mimeHead, body.subarray(0, START_BYTES));
  const { root, attachments } = best;
  const { text, files } = takeUuencoded(bodyText(best) || unstructured(best, body));
  return {
    text,
    newText: newText(text),
    partTypes: root === null ? [] : partTypes(root),
    attachments: [...attachments, ...files.map(asAttachment)].slice(0, MAX_ATTACHMENTS),
    error: whole.error === null ? null : `The mail could not be read whole: ${whole.error}`,
  };
}

interface Found {
  readonly attachments: Attachment[];
  /** Text of an old type: the words of a mail that has no others. */
  readonly spare: string[];
  /** Text files that mail programs show below the words. */
  readonly shown: string[];
}
interface Parsed extends Found {
  readonly root: Part | null;
  readonly error: string | null;
}

async function parse(mimeHead: string, body: Buffer): Promise<Parsed> {
  // Attached mails stay whole: their text is not the sender's.
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    checksumAlgo: "sha256",
    ...{ ignoreEmbedded: true },
  });
  decodeOctets(parser);
  const found: Found = { attachments: [], spare: [], shown: [] };
  const error = await new Promise<string | null>((resolve) => {
    parser.on("error", (failure: Error) => resolve(failure.message));
    parser.on("data", (data) => {
      if (data.type === "attachment") takeAttachment(data, found);
    });
    parser.on("end", () => resolve(null));
    parser.end(Buffer.concat([Buffer.from(`${mimeHead}\r\n`), body]));
  });
  const root = (parser as unknown as { tree?: Part | false }).tree || null;
  return { ...found, root, error };
}

function bodyText({ root, spare, shown }: Parsed): string {
  const words = bounded(root === null ? "" : partText(root)) || bounded(spare.join("\n"));
  return shown.length === 0 ? words : bounded([words, ...shown].join("\n\n"));
}

/** RFC 6838 s4.2. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/;
const OTHER_TEXT = /^text(?:$|\/(?!calendar|(?:x-)?vcard|rfc822|directory))/;

/** Octets are hashed and dropped, but for text that is to be read. */
function takeAttachment(data: AttachmentStream, { attachments, spare, shown }: Found): void {
  const type = (data.contentType || "application/octet-stream").toLowerCase();
  const isText = OTHER_TEXT.test(type) && data.contentDisposition !== "attachment";
  const isSpare = isText && !data.filename;
  const chunks: Buffer[] = [];
  let bytes = 0;
  data.content.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (isText && bytes <= MAX_TEXT_CHARS) chunks.push(chunk);
  });
  data.content.on("end", () => {
    const text = isText ? oldText(decodeCharset(Buffer.concat(chunks), charsetOf(data)), type) : "";
    if (isSpare) spare.push(text);
    else if (attachments.length < MAX_ATTACHMENTS) {
      const safeType = MEDIA_TYPE.test(type) ? type : "application/octet-stream";
      attachments.push({
        name: fileName(data.filename),
        type: safeType,
        bytes: data.size,
        sha256: data.checksum,
      });
    }
    if (!isSpare && /^text\/(?:plain|html)$/.test(type) && text !== "") shown.push(text.trim());
    data.release();
  });
}

/** Enriched text has tags as HTML has, and its line ends count from the second one on (RFC 1896). */
function oldText(text: string, type: string): string {
  const lines = text.replace(/\r\n/g, "\n");
  if (type === "text/html") return htmlText(lines, MAX_TEXT_CHARS);
  if (!/^text\/(?:enriched|richtext)/.test(type)) return lines;
  return htmlText(
    lines.replace(/\n(\n*)/g, (_all, more: string) => "<br>".repeat(more.length) || " "),
    MAX_TEXT_CHARS,
  );
}

const charsetOf = (data: AttachmentStream): string => parameter(data.headers, "charset");

/** Of Content-Type; "" when absent. */
function parameter(headers: ReadonlyMap<string, unknown> | undefined, name: string): string {
  const type = headers?.get("content-type");
  const params = typeof type === "object" && type !== null && "params" in type ? type.params : null;
  const value =
    typeof params === "object" && params !== null ? (params as Readonly<Record<string, unknown>>)[name] : "";
  return typeof value === "string" ? value : "";
}

const asAttachment = (file: { readonly name: string; readonly octets: Buffer }): Attachment => ({
  name: fileName(file.name),
  type: "application/octet-stream",
  bytes: file.octets.length,
  sha256: createHash("sha256").update(file.octets).digest("hex"),
});

/** "" when the sender gave none. */
function fileName(name: string | false | undefined): string {
  return (name || "")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .toWellFormed()
    .trim()
    .slice(0, MAX_NAME_CHARS);
}

const typeOf = (part: Part): string => (part.contentType || "").toLowerCase();

/** A calendar's method stays with its type: an answer to an invitation is no invitation. */
function partTypes(root: Part): string[] {
  return (root.children ?? []).flatMap((part) => {
    const method = typeOf(part) === "text/calendar" ? parameter(part.headers, "method") : "";
    return [
      method === "" ? typeOf(part) : `${typeOf(part)}; method=${method.toLowerCase()}`,
      ...partTypes(part),
    ];
  });
}

/** Some programs send HTML and call it plain text. */
const SAYS_HTML = /^\s*(?:<!doctype html|<html[\s>])/i;

function partText(part: Part): string {
  if (part.textContent !== undefined && part.textContent !== "") {
    const isHtml = typeOf(part) === "text/html" || SAYS_HTML.test(part.textContent.slice(0, 500));
    return isHtml ? htmlText(part.textContent, MAX_TEXT_CHARS) : part.textContent;
  }
  const children = part.children ?? [];
  if (typeOf(part) === "multipart/alternative") return bestAlternative(children);
  return children
    .map(partText)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

const letters = (text: string): number => text.slice(0, MAX_TEXT_CHARS).replace(/[^\p{L}]+/gu, "").length;

/** The plain version, unless it is a stub ("your mail program cannot show HTML"): staff see the other one. */
function bestAlternative(versions: readonly Part[]): string {
  const isPlain = (part: Part): boolean => typeOf(part) === "text/plain";
  const plain = versions.filter(isPlain).map(partText).join("\n");
  const rich = versions
    .filter((part) => !isPlain(part))
    .map(partText)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
  return plain.trim() === "" || letters(rich) > 4 * letters(plain) + 40 ? rich : plain;
}

/** A multipart whose boundary never comes: the body as it stands. */
function unstructured({ root, attachments }: Parsed, body: Buffer): string {
  const hasParts =
    root !== null && (!typeOf(root).startsWith("multipart/") || (root.children ?? []).length > 0);
  if (hasParts || attachments.length > 0) return "";
  return bounded(decodeCharset(body.subarray(0, MAX_TEXT_CHARS), ""));
}

/** No NUL (PostgreSQL refuses it), no half surrogates, line feeds only, at most 1 MiB in UTF-8. */
function bounded(text: string): string {
  const clean = text
    .slice(0, MAX_TEXT_CHARS)
    .replaceAll("\0", "")
    .replace(/\r\n?/g, "\n")
    .toWellFormed()
    .trim();
  if (Buffer.byteLength(clean) <= MAX_TEXT_CHARS) return clean;
  // A letter cut in half at the end decodes to U+FFFD.
  return Buffer.from(clean)
    .subarray(0, MAX_TEXT_CHARS)
    .toString()
    .replace(/\ufffd$/, "");
}
