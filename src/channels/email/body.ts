// The body of a mail by mailparser: its text, and what is attached. Runs in parse-thread.ts, off the main thread.
import type { AttachmentStream } from "mailparser";
import { MailParser } from "mailparser";
import { newText } from "../../core/quoting.ts";
import type { Attachment } from "../../core/types.ts";
import { decodeCharset } from "./decode-words.ts";
import { htmlText } from "./html-text.ts";

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
  readonly children?: readonly Part[];
}

/**
 * `mimeHead`: the root's Content-* fields alone, so that nothing else of a strange head can stop the parser.
 * Never rejects: what was read before an error comes back beside it.
 */
export async function parseBody(mimeHead: string, body: Buffer): Promise<ParsedBody> {
  const whole = await parse(mimeHead, body);
  // The parser gives up at once over 1,000 parts: the start of the mail usually has its words.
  const { root, attachments, spare } =
    whole.error === null || bodyText(whole) !== ""
      ? whole
      : await parse(mimeHead, body.subarray(0, START_BYTES));
  const text = bodyText({ root, spare }) || unstructured(root, attachments, body);
  return {
    text,
    newText: newText(text),
    partTypes: root === null ? [] : partTypes(root),
    attachments,
    error: whole.error === null ? null : `The mail could not be read whole: ${whole.error}`,
  };
}

interface Parsed {
  readonly root: Part | null;
  readonly attachments: readonly Attachment[];
  readonly spare: readonly string[];
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
  const attachments: Attachment[] = [];
  const spare: string[] = [];
  const error = await new Promise<string | null>((resolve) => {
    parser.on("error", (failure: Error) => resolve(failure.message));
    parser.on("data", (data) => {
      if (data.type === "attachment") takeAttachment(data, attachments, spare);
    });
    parser.on("end", () => resolve(null));
    parser.end(Buffer.concat([Buffer.from(`${mimeHead}\r\n`), body]));
  });
  const root = (parser as unknown as { tree?: Part | false }).tree || null;
  return { root, attachments, spare, error };
}

const bodyText = ({ root, spare }: Pick<Parsed, "root" | "spare">): string =>
  bounded(root === null ? "" : partText(root)) || bounded(spare.join("\n"));

/** Octets are hashed and dropped. Text of an old type (text/enriched) without a file name is kept aside. */
function takeAttachment(data: AttachmentStream, attachments: Attachment[], spare: string[]): void {
  const type = (data.contentType || "application/octet-stream").toLowerCase();
  const isSpare =
    /^text(?:$|\/(?!calendar|(?:x-)?vcard|rfc822|directory))/.test(type) &&
    !data.filename &&
    data.contentDisposition !== "attachment";
  const chunks: Buffer[] = [];
  let bytes = 0;
  data.content.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (isSpare && bytes <= MAX_TEXT_CHARS) chunks.push(chunk);
  });
  data.content.on("end", () => {
    if (isSpare) spare.push(decodeCharset(Buffer.concat(chunks), charsetOf(data)).replace(/\r\n/g, "\n"));
    else if (attachments.length < MAX_ATTACHMENTS) {
      attachments.push({ name: fileName(data.filename), type, bytes: data.size, sha256: data.checksum });
    }
    data.release();
  });
}

function charsetOf(data: AttachmentStream): string {
  const type: unknown = data.headers.get("content-type");
  const params = typeof type === "object" && type !== null && "params" in type ? type.params : null;
  const charset = typeof params === "object" && params !== null && "charset" in params ? params.charset : "";
  return typeof charset === "string" ? charset : "";
}

/** "" when the sender gave none. */
function fileName(name: string | false | undefined): string {
  return (name || "")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .toWellFormed()
    .trim()
    .slice(0, MAX_NAME_CHARS);
}

const typeOf = (part: Part): string => (part.contentType || "").toLowerCase();

function partTypes(root: Part): string[] {
  return (root.children ?? []).flatMap((part) => [typeOf(part), ...partTypes(part)]);
}

function partText(part: Part): string {
  if (part.textContent !== undefined && part.textContent !== "") {
    return typeOf(part) === "text/html" ? htmlText(part.textContent, MAX_TEXT_CHARS) : part.textContent;
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
  return letters(rich) > 4 * letters(plain) + 40 ? rich : plain;
}

/** A multipart whose boundary never comes: the body as it stands. */
function unstructured(root: Part | null, attachments: readonly Attachment[], body: Buffer): string {
  const isMultipart = root === null || typeOf(root).startsWith("multipart/");
  if (!isMultipart || attachments.length > 0) return "";
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
