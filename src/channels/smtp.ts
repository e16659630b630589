// Sends mail through the school's own server.
import { createTransport, type SendMailOptions, type Transporter } from "nodemailer";
import type { Address, Instant } from "../core/types.ts";

/** A mail that is ready to go: every field already says what it will say on the wire. */
export interface OutgoingMail {
  /** null is the null reverse-path: nothing can bounce back (RFC 3834 section 3.3). */
  readonly envelopeFrom: string | null;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With angle brackets; the same for every attempt. */
  readonly messageId: string;
  readonly date: Instant;
  /** Message-IDs with angle brackets. */
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** Further header fields, such as Auto-Submitted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly OutgoingAttachment[];
}

export interface OutgoingAttachment {
  readonly name: string;
  /** "message/rfc822" goes out octet for octet (RFC 2046 section 5.2.1); everything else in base64. */
  readonly type: string;
  readonly octets: Uint8Array;
}

export interface Sent {
  readonly messageId: string;
  readonly accepted: readonly string[];
  /** Recipients that the server refused while it took the mail for others. */
  readonly rejected: readonly string[];
  /** The server's last line, such as "250 2.0.0 Ok: queued as 4F1B". */
  readonly response: string;
}

export class MailError extends Error {
  /** true: a later attempt can succeed (network, 4xx, a wrong password that somebody will put right). */
  readonly temporary: boolean;
  /** true: the server may have taken the mail all the same, since no answer came after its end. */
  readonly maybeSent: boolean;
  /** SMTP reply code; null when there was no reply. */
  readonly code: number | null;

  constructor(
    message: string,
    facts: { temporary: boolean; maybeSent?: boolean; code?: number | null; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.name = "MailError";
    this.temporary = facts.temporary;
    this.maybeSent = facts.maybeSent ?? false;
    this.code = facts.code ?? null;
  }
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** "starttls" refuses to go on in clear; "none" is for servers on this very machine. */
  readonly tls: "implicit" | "starttls" | "none";
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** PEM of an authority of the school's own. */
  readonly ca?: string | undefined;
  readonly timeouts?: { readonly connectMs?: number; readonly idleMs?: number } | undefined;
}

export interface Mailer {
  /** @throws MailError */
  send(mail: OutgoingMail): Promise<Sent>;
  /** Connects and signs in. @throws MailError */
  verify(): Promise<void>;
  /** Ends idle connections now, busy ones when their mail is through. */
  close(): void;
}

export function createMailer(server: MailServer): Mailer {
  const transport = createTransport({
    pool: true,
    maxConnections: 2,
    // A mail whose connection was lost may have arrived: whether to send it again is the outbox's to decide.
    maxRequeues: 0,
    host: server.host,
    port: server.port,
    secure: server.tls === "implicit",
    requireTLS: server.tls === "starttls",
    ignoreTLS: server.tls === "none",
    ...(server.ca === undefined ? {} : { tls: { ca: server.ca } }),
    ...(server.user === undefined ? {} : { auth: { user: server.user, pass: server.password ?? "" } }),
    connectionTimeout: server.timeouts?.connectMs ?? 15_000,
    greetingTimeout: server.timeouts?.connectMs ?? 15_000,
    socketTimeout: server.timeouts?.idleMs ?? 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const where = `${server.host}:${server.port}`;
  const written = markWritten(transport);
  return {
    async send(mail) {
      const options = toOptions(mail);
      try {
        const info = await transport.sendMail(options);
        return {
          messageId: mail.messageId,
          accepted: info.accepted.map(String),
          rejected: info.rejected.map(String),
          response: info.response,
        };
      } catch (error) {
        throw mailError(error, where, written.has(mail.messageId));
      } finally {
        written.delete(mail.messageId);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw mailError(error, where, false);
      }
    },
    close: () => transport.close(),
  };
}

/** Message-IDs of mails that were read to their end: from then on the server may have them. */
function markWritten(transport: Transporter): Set<string> {
  const written = new Set<string>();
  transport.use("stream", (mail, done) => {
    const id = String(mail.data.messageId);
    mail.message.processFunc((octets) => octets.once("end", () => written.add(id)));
    done();
  });
  return written;
}

function toOptions(mail: OutgoingMail): SendMailOptions {
  const to = mail.to.map((address) => ({ name: address.name, address: plainAddress(address.address) }));
  return {
    envelope: {
      from: mail.envelopeFrom === null ? "" : plainAddress(mail.envelopeFrom),
      to: to.map((address) => address.address),
      // Originals go out as they came, 8-bit octets included (RFC 6152).
      use8BitMime: true,
    },
    from: { name: mail.from.name, address: plainAddress(mail.from.address) },
    to,
    ...(mail.replyTo === null ? {} : { replyTo: plainAddress(mail.replyTo) }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: new Date(mail.date),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    ...(mail.references.length === 0 ? {} : { references: mail.references.join(" ") }),
    headers: { ...mail.headers },
    attachments: mail.attachments.map((attachment) => ({
      filename: attachment.name,
      contentType: attachment.type,
      contentDisposition: "attachment",
      // A Buffer over the same memory: originals can be large.
      content: Buffer.from(
        attachment.octets.buffer,
        attachment.octets.byteOffset,
        attachment.octets.byteLength,
      ),
    })),
  };
}

/** One plain mailbox and nothing else: a quoted local part or a list could name another recipient. */
const PLAIN_ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()\\,;:"\p{Cc}]+$/u;

export const isPlainAddress = (address: string): boolean =>
  address.length <= 254 && PLAIN_ADDRESS.test(address);

function plainAddress(address: string): string {
  if (!isPlainAddress(address))
    throw new MailError("Mail cannot be sent to this address: it is not one plain mailbox.", {
      temporary: false,
    });
  return address;
}

interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message: string;
}

/** Replies that speak of our sign-in or of the server itself, not of this mail (RFC 4954 section 6). */
const ABOUT_THE_SERVER = new Set([421, 454, 502, 503, 504, 530, 534, 535, 538]);

function mailError(cause: unknown, where: string, isWritten: boolean): MailError {
  if (cause instanceof MailError) return cause;
  const failure: SmtpFailure = cause instanceof Error ? cause : { message: String(cause) };
  const code = failure.responseCode || null;
  const isAboutTheMail = failure.code === "EENVELOPE" || failure.code === "EMESSAGE";
  const isRefused = code === null || (code >= 500 && !ABOUT_THE_SERVER.has(code));
  return new MailError(sentence(failure, where), {
    temporary: !(isAboutTheMail && isRefused),
    maybeSent: code === null && isWritten,
    code,
    cause,
  });
}

function sentence(failure: SmtpFailure, where: string): string {
  if (failure.code === "EAUTH" || failure.code === "ENOAUTH")
    return `The mail server ${where} did not accept the user name and password.`;
  if (failure.code === "ETLS")
    return `No encrypted connection to the mail server ${where} could be made: ${failure.message}.`;
  if (failure.responseCode)
    return `The mail server ${where} answered: ${failure.response ?? failure.message}`;
  return `The mail server ${where} could not be reached: ${failure.message}.`;
}
