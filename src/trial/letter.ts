// A mail as its sender's program writes it, and what the mail server adds when it delivers it.
import { randomUUID } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Instant } from "../core/types.ts";
import { AUTHSERV_ID } from "./school.ts";
import type { Sender } from "./senders.ts";

/** Writes mails and sends none. */
const writer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });

export interface Composed {
  readonly raw: Buffer;
  /** With its angle brackets. */
  readonly messageId: string;
}

/** @param to names and addresses of all who are addressed */
export async function compose(letter: {
  readonly sender: Sender;
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly subject: string;
  readonly text: string;
  readonly at: Instant;
}): Promise<Composed> {
  const { sender, to, subject, text, at } = letter;
  const address = sender.email ?? "";
  const messageId = `<${randomUUID()}@${domainOf(address)}>`;
  const { message } = await writer.sendMail({
    from: { name: sender.name, address },
    to: to.map((one) => ({ ...one })),
    subject,
    text,
    date: new Date(at),
    messageId,
    headers: sender.headers,
  });
  if (!Buffer.isBuffer(message)) throw new Error("A mail was not written as a whole.");
  return { raw: message, messageId };
}

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf("@") + 1) || "unknown.example";

/**
 * What a mail server writes above a mail that it delivers: the envelope's sender, the mailbox, and
 * that the sender's domain has vouched for the mail (RFC 5321 4.4, RFC 8601).
 * @param envelopeFrom null for a bounce
 */
export function delivered(raw: Buffer, to: string, envelopeFrom: string | null, at: Instant): Buffer {
  const domain = domainOf(envelopeFrom ?? fromDomain(raw));
  const date = new Date(at).toUTCString().replace("GMT", "+0000");
  const lines = [
    `Return-Path: <${envelopeFrom ?? ""}>`,
    `Delivered-To: ${to}`,
    `Authentication-Results: ${AUTHSERV_ID}; spf=pass smtp.mailfrom=${domain};`,
    ` dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`,
    `Received: from mail.${domain} by ${AUTHSERV_ID} with ESMTPS;`,
    ` ${date}`,
  ];
  return Buffer.concat([Buffer.from(lines.map((line) => `${line}\r\n`).join("")), raw]);
}

/** The address in From, for the domain that vouches for a mail without an envelope sender. */
function fromDomain(raw: Buffer): string {
  const head = raw.subarray(0, 64 * 1024).toString("latin1");
  return /^From:[^\r\n]*?([^\s<>@"]+@[^\s<>@"]+)/im.exec(head)?.[1] ?? "";
}
