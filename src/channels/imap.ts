// Watching a mailbox over IMAP: new mail is handed to a host, held mail is kept in a folder of its own.
import type { Instant, Place } from "../core/types.ts";
import { Bell } from "./imap/bell.ts";
import {
  ConnectionLost,
  closeClient,
  errorCode,
  isSignInRefused,
  newClient,
  retryDelayMs,
  type Timing,
  usualTiming,
} from "./imap/connection.ts";
import { type FoundFolder, findFolder, type Role } from "./imap/folders.ts";
import { Jobs } from "./imap/jobs.ts";
import { type Moved, moveTo } from "./imap/moves.ts";
import { Trail } from "./imap/places.ts";
import { Session } from "./imap/session.ts";
import { openWatch, type WatchNeeds } from "./imap/watch.ts";

export interface WatchedMailbox {
  /** The staff id; it is part of every key and place. */
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  /** PEM of a certificate authority that the machine does not know by itself. */
  readonly tlsCa?: string;
  readonly user: string;
  readonly password: string;
  /** With "/" between its parts, whatever the server's own delimiter is. */
  readonly heldFolder: string;
  readonly referredFolder: string;
  /** How often INBOX is looked at beside IDLE. */
  readonly pollMs: number;
  readonly maxMessageBytes: number;
}

/** How far INBOX has been dealt with. */
export interface MailboxPosition {
  readonly uidValidity: string;
  readonly lastUid: number;
  /** The newest INTERNALDATE that was dealt with; null when unknown. Used when UIDVALIDITY changes. */
  readonly lastAt: Instant | null;
}

export interface Incoming {
  readonly raw: Buffer;
  /** The key of the place at which the message was first seen; see placeKey. */
  readonly key: string;
  /** Where it is now. */
  readonly place: Place;
  /** INTERNALDATE. */
  readonly receivedAt: Instant;
  /** "held" and "referred": found there at a reconciliation, without a record. */
  readonly origin: Role;
  /** true: larger than `maxMessageBytes`; `raw` is its beginning. */
  readonly truncated: boolean;
}

/**
 * What the watcher needs from outside. No method may wait for Mailbox.move: both use the one connection.
 * A throw, where nothing else is said, ends the connection, and all is tried again.
 */
export interface MailboxHost {
  /** From the head alone: may this message be moved to the held folder before it is read? */
  shield(head: Buffer, receivedAt: Instant): Promise<boolean>;
  /** Resolves when the message is durably recorded. Throws: it stays where it is and is given again later. */
  received(incoming: Incoming): Promise<void>;
  /** Which of these places are recorded, as keys by placeKey, whatever became of the message. */
  known(places: readonly Place[]): Promise<ReadonlySet<string>>;
  /** The places in one folder at which the record expects a message to be now. */
  recorded(folder: string): Promise<readonly Place[]>;
  /** Which of these recorded places held the message with these octets; null when none did. */
  recognise(raw: Buffer, among: readonly Place[]): Promise<Place | null>;
  /** A recorded message is now at `to`, or nowhere that we know. Nothing is recorded at `from`: ignore it. */
  moved(from: Place, to: Place | null): Promise<void>;
  position(folder: string): Promise<MailboxPosition | null>;
  savePosition(folder: string, position: MailboxPosition): Promise<void>;
  readonly log: MailboxLog;
}

/** Fits pino. Never given a text or an address. */
export interface MailboxLog {
  info(detail: object, message: string): void;
  warn(detail: object, message: string): void;
}

/** "refused": the server does not let us in; it is tried again, seldom. */
export type MailboxState = "stopped" | "connecting" | "watching" | "waiting" | "refused";

export interface FolderReport {
  readonly held: FoundFolder;
  readonly referred: FoundFolder;
  /** How messages are moved on this server; see imap/moves.ts. */
  readonly moves: "move" | "copy-and-expunge" | "copy-and-flag";
  /** false: new mail is noticed by polling only. */
  readonly idle: boolean;
}

/** A connection that lasted this long was a good one: the next failure starts with a short wait again. */
const GOOD_SESSION_MS = 30_000;

export class Mailbox {
  readonly #watched: WatchedMailbox;
  readonly #host: MailboxHost;
  readonly #timing: Timing;
  readonly #trail = new Trail();
  readonly #jobs = new Jobs();
  readonly #bell = new Bell();
  #state: MailboxState = "stopped";
  #lastError: string | null = null;
  #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(watched: WatchedMailbox, host: MailboxHost, timing: Partial<Timing> = {}) {
    this.#watched = watched;
    this.#host = host;
    this.#timing = { ...usualTiming, ...timing };
  }

  get state(): MailboxState {
    return this.#state;
  }

  /** A short code of what went wrong last, such as "ECONNREFUSED"; null while all is well. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /**
   * Resolves when the mailbox is watched and reconciled for the first time, however long the server is away,
   * or when it is stopped before.
   * @throws with `failFast`: the first error, and the mailbox is stopped
   */
  async start({ failFast = false } = {}): Promise<void> {
    if (this.#running !== null) throw new Error("This mailbox is watched already.");
    this.#stop = new AbortController();
    await new Promise<void>((resolve, reject) => {
      this.#running = this.#run(resolve, failFast ? reject : null).finally(() => {
        this.#setState("stopped");
        this.#jobs.rejectAll(new ConnectionLost("Stopped"));
        this.#running = null;
        resolve();
      });
    });
  }

  /** Ends after the message at hand. What was not recorded is found again at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#bell.ring();
    await this.#running;
  }

  /**
   * Moves messages, those of one folder in one command. The answer is by placeKey of the places given:
   * the new place, "gone" (its owner moved or deleted it: nothing is brought back), or "refused" (it stays
   * where it was; the log says why). The caller records the new places soon after.
   * @throws when there is no connection or it breaks: try again later, with the places then recorded
   */
  async move(places: readonly Place[], to: Role): Promise<ReadonlyMap<string, Moved>> {
    if (places.some(({ account }) => account !== this.#watched.account)) {
      throw new Error("These messages are in another mailbox.");
    }
    if (this.#running === null || this.#stop.signal.aborted) throw new ConnectionLost("Stopped");
    if (this.#state === "waiting" || this.#state === "refused") {
      throw new ConnectionLost(this.#lastError ?? "NoConnection");
    }
    const moved = this.#jobs.add(places, to);
    this.#bell.ring();
    return await moved;
  }

  /**
   * The same without watching, on a connection of its own that is closed afterwards: for a command that
   * runs beside the service. What the service has not reconciled yet is "refused".
   */
  async moveOnce(places: readonly Place[], to: Role): Promise<ReadonlyMap<string, Moved>> {
    const watch = await openWatch(this.#needs());
    try {
      return await moveTo(watch, places, to);
    } finally {
      await closeClient(watch.client);
    }
  }

  /** Signs in on a connection of its own and says what it finds; makes nothing. Throws imapflow's errors. */
  async checkFolders(): Promise<FolderReport> {
    const client = newClient(this.#watched, this.#timing, () => {});
    try {
      await client.connect();
      const listing = await client.list();
      const copies = client.capabilities.has("UIDPLUS") ? "copy-and-expunge" : "copy-and-flag";
      return {
        held: findFolder(client, listing, this.#watched.heldFolder),
        referred: findFolder(client, listing, this.#watched.referredFolder),
        moves: client.capabilities.has("MOVE") ? "move" : copies,
        idle: client.capabilities.has("IDLE"),
      };
    } finally {
      await closeClient(client);
    }
  }

  #needs(): WatchNeeds {
    return {
      watched: this.#watched,
      host: this.#host,
      timing: this.#timing,
      trail: this.#trail,
      stop: this.#stop.signal,
    };
  }

  #setState(state: MailboxState): void {
    this.#state = state;
  }

  async #run(ready: () => void, failFast: ((error: unknown) => void) | null): Promise<void> {
    let attempt = 0;
    let onError = failFast;
    while (!this.#stop.signal.aborted) {
      const beganMs = performance.now();
      try {
        await this.#oneSession(() => {
          onError = null;
          ready();
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#lastError = errorCode(error);
        this.#jobs.rejectAll(error);
        if (onError !== null) {
          onError(error);
          return;
        }
        if (performance.now() - beganMs > GOOD_SESSION_MS) attempt = 0;
        await this.#pause(error, attempt++);
      }
    }
  }

  async #oneSession(ready: () => void): Promise<void> {
    this.#setState("connecting");
    const { account } = this.#watched;
    const session = await Session.open(this.#needs(), this.#jobs, this.#bell);
    try {
      await session.enter();
      this.#setState("watching");
      this.#lastError = null;
      this.#host.log.info({ account }, "Mailbox is being watched.");
      ready();
      await session.work();
    } finally {
      await session.close();
    }
  }

  async #pause(error: unknown, attempt: number): Promise<void> {
    const stop = this.#stop.signal;
    if (stop.aborted) return;
    const refused = isSignInRefused(error);
    this.#setState(refused ? "refused" : "waiting");
    // Repeated failures to sign in lock accounts: be seldom at once.
    const waitMs = refused ? this.#timing.longestRetryMs : retryDelayMs(this.#timing, attempt);
    const detail = { account: this.#watched.account, because: this.#lastError, retryMs: Math.round(waitMs) };
    this.#host.log.warn(detail, "Mailbox is not watched; connecting again later.");
    const until = performance.now() + waitMs;
    while (!stop.aborted && performance.now() < until) await this.#bell.wait(until - performance.now());
  }
}
