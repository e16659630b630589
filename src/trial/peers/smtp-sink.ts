// The outside world as an SMTP server on loopback: it takes every mail and keeps it in memory.
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

export interface SunkMail {
  /** Counted from 1. */
  readonly number: number;
  /** null is the null reverse-path. */
  readonly envelopeFrom: string | null;
  readonly envelopeTo: readonly string[];
  /** The connection was encrypted. */
  readonly encrypted: boolean;
  /** The octets between DATA and the final dot, dots unstuffed. */
  readonly raw: Buffer;
}

export interface SmtpSinkOptions {
  readonly port?: number;
  /** Sign-in that is asked for; absent = everyone may send. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Offers STARTTLS; both in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** "550 5.1.1 No such person" to refuse a recipient; null to take it. */
  readonly refuseRecipient?: (address: string) => string | null;
  /** The same for a whole mail, after its end. */
  readonly refuseMail?: (mail: SunkMail) => string | null;
}

export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  /** Calls back for each mail that was taken; returns how to stop. */
  onMessage(listener: (mail: SunkMail) => void): () => void;
  /** The first mail, past or future, that the test accepts. */
  waitFor(accept: (mail: SunkMail) => boolean): Promise<SunkMail>;
  clear(): void;
  close(): Promise<void>;
}

export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: SunkMail[] = [];
  const listeners = new Set<(mail: SunkMail) => void>();
  let count = 0;

  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    count += 1;
    const mail = sunk(count, session, Buffer.concat(chunks));
    const refusal = options.refuseMail?.(mail) ?? null;
    if (refusal !== null) throw asReply(refusal);
    mails.push(mail);
    for (const listener of [...listeners]) listener(mail);
  };

  const server = new SMTPServer({
    banner: "Afterbell's trial mail server",
    ...(options.account ? {} : { disabledCommands: ["AUTH"] }),
    ...(options.tls ?? { hideSTARTTLS: true }),
    allowInsecureAuth: true,
    authOptional: options.account === undefined,
    disableReverseLookup: true,
    size: 50 * 1024 * 1024,
    closeTimeout: 100,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === options.account?.user && auth.password === options.account?.password;
      callback(isRight ? null : asReply("535 5.7.8 Wrong user name or password"), { user: auth.username });
    },
    onRcptTo(address, _session, callback) {
      const refusal = options.refuseRecipient?.(address.address) ?? null;
      callback(refusal === null ? null : asReply(refusal));
    },
    onData(stream, session, callback) {
      take(stream, session).then(
        () => callback(null, "2.0.0 Kept"),
        (error: Error) => callback(error),
      );
    },
  });
  // A client that goes away in the middle is its own affair.
  server.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitFor: (accept) =>
      new Promise((resolve) => {
        const found = mails.find(accept);
        if (found) return resolve(found);
        const listener = (mail: SunkMail): void => {
          if (!accept(mail)) return;
          listeners.delete(listener);
          resolve(mail);
        };
        listeners.add(listener);
      }),
    clear: () => {
      mails.length = 0;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function sunk(number: number, session: SMTPServerSession, raw: Buffer): SunkMail {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    number,
    envelopeFrom: mailFrom && mailFrom.address !== "" ? mailFrom.address : null,
    envelopeTo: rcptTo.map((recipient) => recipient.address),
    encrypted: session.secure,
    raw,
  };
}

/** smtp-server takes the code from the error and writes the rest of the line. */
function asReply(line: string): Error {
  return Object.assign(new Error(line.slice(4)), { responseCode: Number(line.slice(0, 3)) });
}
