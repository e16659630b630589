// One IMAP connection: how it is set up, how long to wait before the next one, and how its errors are named.
import { ImapFlow } from "imapflow";
import type { WatchedMailbox } from "../imap.ts";

/** How patient the watcher is. Tests make it quicker. */
export interface Timing {
  /** The first wait after a failure; each further one doubles. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** 0..1, spreads the retries of many mailboxes. */
  readonly random: () => number;
  /** No octet for this long on a busy line means that it is dead. */
  readonly socketTimeoutMs: number;
  /**
   * INBOX is looked at once more this long after mail came. A server can miss what is delivered in the
   * instant in which IDLE begins (Dovecot 2.3 does, and notices only 30 s later), and mail comes in bursts.
   */
  readonly recheckMs: number;
  /** How often the held and referred folders are compared with what is recorded. */
  readonly sweepMs: number;
}

export const usualTiming: Timing = {
  firstRetryMs: 1_000,
  longestRetryMs: 300_000,
  random: Math.random,
  socketTimeoutMs: 75_000,
  recheckMs: 1_500,
  sweepMs: 600_000,
};

const CONNECT_TIMEOUT_MS = 30_000;
/** Below the half hour after which servers may end an IDLE (RFC 2177). */
const IDLE_TIME_MS = 9 * 60_000;
/** Room for the protocol's own words around the largest message. */
const FRAMING_BYTES = 1024 * 1024;

/** The wait before attempt number `attempt` (0 = the first retry): doubling, capped, half of it by chance. */
export function retryDelayMs(timing: Timing, attempt: number): number {
  const fullMs = Math.min(timing.firstRetryMs * 2 ** Math.min(attempt, 30), timing.longestRetryMs);
  return fullMs * (0.5 + timing.random() / 2);
}

/**
 * A client that has not connected yet; an instance connects once only. Its log is off: imapflow names
 * users and quotes the server there. `onError` is attached first, since an unhandled one ends the process.
 */
export function newClient(
  watched: WatchedMailbox,
  timing: Timing,
  onError: (error: Error) => void,
): ImapFlow {
  const implicit = watched.tls === "implicit";
  const maxBytes = watched.maxMessageBytes + FRAMING_BYTES;
  const client = new ImapFlow({
    host: watched.host,
    port: watched.port,
    secure: implicit,
    ...(implicit ? {} : { doSTARTTLS: watched.tls === "starttls" }),
    ...(watched.tlsCa === undefined ? {} : { tls: { ca: watched.tlsCa } }),
    auth: { user: watched.user, pass: watched.password },
    clientInfo: { name: "Afterbell" },
    logger: false,
    disableAutoIdle: true,
    // A deflate stream costs each of a thousand mailboxes more memory than its few kilobytes save.
    disableCompression: true,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: timing.socketTimeoutMs,
    maxIdleTime: IDLE_TIME_MS,
    maxLiteralSize: maxBytes,
    maxLineLength: FRAMING_BYTES,
    maxResponseSize: maxBytes + FRAMING_BYTES,
  });
  client.on("error", onError);
  return client;
}

/** Signs out politely, and closes in any case after a moment. */
export async function closeClient(client: ImapFlow): Promise<void> {
  const patience = setTimeout(() => client.close(), 2_000);
  await client.logout().catch(() => undefined);
  clearTimeout(patience);
  client.close();
}

/** The connection is gone or its state is no longer known: only a new one helps. */
export class ConnectionLost extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The connection to the mail server was given up (${code}).`);
    this.code = code;
  }
}

function field(error: object, name: string): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" && value !== "" ? value : null;
}

/** A short name of what went wrong. Never the server's own words: they may hold addresses. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if (isSignInRefused(error)) return "sign-in-refused";
  return (
    field(error, "serverResponseCode") ??
    field(error, "code") ??
    field(error, "responseStatus") ??
    field(error, "name") ??
    "unknown"
  );
}

export function isSignInRefused(error: unknown): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, "authenticationFailed") === true;
}
