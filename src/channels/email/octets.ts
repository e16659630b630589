// Two of mailparser's choices made otherwise: who decodes text, and that a text file is an attachment.
import { Transform } from "node:stream";
import type { MailParser } from "mailparser";
import { decodeCharset } from "./charset.ts";

/** mailparser decodes what it is told is ASCII or UTF-8 itself, lies included: this name keeps it from that. */
const ANY = "x-any";

/** What this file needs of mailparser's inside, which its exact version (package.json) keeps to. */
interface Inside {
  decoder: { decodeStream(charset: string): Transform };
  createNode(node: SplitNode): Created;
}
interface SplitNode {
  readonly charset?: string | false;
  readonly filename?: string | false;
  readonly parentNode?: { readonly contentType?: string | false };
}
interface Created {
  charset?: string;
  isAttachment?: boolean;
  readonly disposition?: string;
}

/**
 * Changes the parser so that the octets of each text part are decoded by `decodeCharset`, whatever its label says,
 * and that a text with a file name behind the words of the mail is given out as an attachment.
 */
export function decodeOctets(parser: MailParser): void {
  const inside = parser as unknown as Inside;
  const createNode = inside.createNode.bind(parser);
  let hasWords = false;
  inside.createNode = (node) => {
    const created = createNode(node);
    created.charset = `${ANY}:${node.charset || ""}`;
    if (created.isAttachment === false) {
      const parent = node.parentNode?.contentType || "";
      if (hasWords && node.filename && !/alternative/.test(parent)) created.isAttachment = true;
      hasWords = true;
    }
    return created;
  };
  inside.decoder = { decodeStream: (charset) => decoding(charset.slice(ANY.length + 1)) };
}

function decoding(charset: string): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer | string, _encoding, done) {
      chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
      done();
    },
    flush(done) {
      done(null, Buffer.from(decodeCharset(Buffer.concat(chunks), charset)));
    },
  });
}
