// The root's Content-* fields as the parser gets them: what is broken in them is put right where the body shows how.
import type { MailHeaders } from "../../core/automatic/mail-headers.ts";

const MAX_VALUE_CHARS = 4000;
const LOOK_BYTES = 16 * 1024;

/**
 * Field lines with CR LF, without the empty line. `fields`: unfolded, undecoded. A multipart whose boundary is
 * absent, or is not the one of the body, gets the boundary that the body begins with.
 */
export function mimeHead(fields: MailHeaders, body: Buffer): string {
  const [encoding, disposition] = ["content-transfer-encoding", "content-disposition"].map((name) => {
    const value = fields.get(name);
    return value === null ? "" : `${name}: ${value.slice(0, MAX_VALUE_CHARS)}\r\n`;
  });
  const type = contentType(fields.get("content-type"), body);
  return `${type === "" ? "" : `content-type: ${type}\r\n`}${encoding}${disposition}`;
}

function contentType(value: string | null, body: Buffer): string {
  const given = (value ?? "").slice(0, MAX_VALUE_CHARS).replace(/\s\([^()"]*\)(?=\s*(?:;|$))/g, "");
  if (given !== "" && !/^multipart\//i.test(given)) return given;
  const named = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]*))/i.exec(given);
  const boundary = named?.[1] ?? named?.[2] ?? "";
  if (boundary !== "" && body.includes(`--${boundary}`)) return given;
  const seen = firstBoundary(body);
  // Without any type only a body that begins with a part is one of parts.
  if (seen === null || (given === "" && seen.at > 0)) return given;
  const bare = given.replace(/;\s*boundary\s*=\s*(?:"[^"]*"?|[^\s;]*)/i, "");
  return `${bare || "multipart/mixed"}; boundary="${seen.boundary}"`;
}

/** Of the first line that begins a part: "--x" with a Content-* field below it. `at`: where it stands. */
function firstBoundary(body: Buffer): { readonly boundary: string; readonly at: number } | null {
  const start = body.toString("latin1", 0, LOOK_BYTES).trimStart();
  const match = /(?:^|\n)--([^\s"\\][^"\r\n\\]{0,69}?)[ \t]*\r?\ncontent-[a-z-]+:/i.exec(start);
  return match === null ? null : { boundary: match[1] ?? "", at: match.index };
}
