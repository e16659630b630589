// A host for the watcher: records in memory what a store would keep, and lets a test wait for it.
import { createHash } from "node:crypto";
import type { Timing } from "../../src/channels/imap/connection.ts";
import { placeKey } from "../../src/channels/imap/places.ts";
import type { Incoming, MailboxHost, MailboxPosition, WatchedMailbox } from "../../src/channels/imap.ts";
import type { Instant, Place } from "../../src/core/types.ts";
import type { Dovecot } from "../peers/dovecot.ts";

export interface Entry {
  readonly incoming: Incoming;
  place: Place | null;
}

const LONGEST_WAIT_MS = 20_000;

export class Ledger implements MailboxHost {
  /** By key: insert-or-nothing. */
  readonly entries = new Map<string, Entry>();
  readonly positions = new Map<string, MailboxPosition>();
  readonly logged: { level: string; detail: object; message: string }[] = [];
  /** Every call of `received`, also those that failed. */
  given: Incoming[] = [];
  offDuty = true;
  /** Throws instead of recording while it answers true. */
  failing: (incoming: Incoming) => boolean = () => false;
  readonly #waiting = new Set<() => void>();

  readonly log = {
    info: (detail: object, message: string) => this.#note("info", detail, message),
    warn: (detail: object, message: string) => this.#note("warn", detail, message),
  };

  /** Resolves as soon as `condition` holds; it is looked at after every call of the watcher. */
  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`Waited in vain for: ${what}`)), LONGEST_WAIT_MS);
      const look = () => {
        if (!condition()) return;
        clearTimeout(patience);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async untilRecorded(count: number): Promise<Entry[]> {
    await this.until(`${count} recorded`, () => this.entries.size >= count);
    return [...this.entries.values()];
  }

  async untilLogged(part: string): Promise<void> {
    await this.until(`log: ${part}`, () => this.logged.some(({ message }) => message.includes(part)));
  }

  entry(subject: string): Entry {
    const found = [...this.entries.values()].find(({ incoming }) =>
      incoming.raw.includes(`Subject: ${subject}\r\n`),
    );
    if (!found) throw new Error(`No record of ${subject}`);
    return found;
  }

  place(subject: string): Place {
    const { place } = this.entry(subject);
    if (place === null) throw new Error(`${subject} is gone`);
    return place;
  }

  /** What the outbox does with the answer of a move. */
  settle(moved: ReadonlyMap<string, Place | "gone" | "refused">): void {
    for (const entry of this.entries.values()) {
      const to = entry.place && moved.get(placeKey(entry.place));
      if (to && to !== "refused") entry.place = to === "gone" ? null : to;
    }
  }

  async shield(head: Buffer, _receivedAt: Instant): Promise<boolean> {
    return this.offDuty && !head.includes("@supplier.example");
  }

  async received(incoming: Incoming): Promise<void> {
    this.given.push(incoming);
    if (this.failing(incoming)) {
      this.#look();
      throw new Error("The store is away.");
    }
    if (!this.entries.has(incoming.key)) this.entries.set(incoming.key, { incoming, place: incoming.place });
    this.#look();
  }

  async known(places: readonly Place[]): Promise<ReadonlySet<string>> {
    const here = new Set([...this.entries.values()].flatMap(({ place }) => (place ? [placeKey(place)] : [])));
    const keys = places.map(placeKey);
    return new Set(keys.filter((key) => here.has(key) || this.entries.has(key)));
  }

  async recorded(folder: string): Promise<readonly Place[]> {
    return [...this.entries.values()].flatMap(({ place }) => (place?.folder === folder ? [place] : []));
  }

  async recognise(raw: Buffer, among: readonly Place[]): Promise<Place | null> {
    const hash = sha256(raw);
    const keys = new Set(among.map(placeKey));
    for (const { incoming, place } of this.entries.values()) {
      if (place && keys.has(placeKey(place)) && sha256(incoming.raw) === hash) return place;
    }
    return null;
  }

  async moved(from: Place, to: Place | null): Promise<void> {
    for (const entry of this.entries.values()) {
      if (entry.place && placeKey(entry.place) === placeKey(from)) entry.place = to;
    }
    this.#look();
  }

  async position(folder: string): Promise<MailboxPosition | null> {
    return this.positions.get(folder) ?? null;
  }

  async savePosition(folder: string, position: MailboxPosition): Promise<void> {
    this.positions.set(folder, position);
    this.#look();
  }

  #note(level: string, detail: object, message: string): void {
    this.logged.push({ level, detail, message });
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

function sha256(raw: Buffer): string {
  return createHash("sha256").update(raw).digest("hex");
}

export function watched(
  server: Pick<Dovecot, "host" | "port" | "password">,
  changes: Partial<WatchedMailbox> = {},
): WatchedMailbox {
  return {
    account: "okafor",
    host: server.host,
    port: server.port,
    tls: "none",
    user: "teacher",
    password: server.password,
    heldFolder: "Afterbell/Held",
    referredFolder: "Afterbell/Referred",
    pollMs: 60_000,
    maxMessageBytes: 50 * 1024 * 1024,
    ...changes,
  };
}

/** Quick enough for a test; otherwise as in use. */
export const quick: Partial<Timing> = { firstRetryMs: 20, longestRetryMs: 200, random: () => 0 };

/** A parent's mail, with something that is not ASCII and a line that begins with a dot. */
export function mail(subject: string, changes: { from?: string; id?: string; body?: string } = {}): string {
  const {
    from = "Robin Fletcher <robin.fletcher@parents.example>",
    id = `${subject}@parents.example`,
    body = "",
  } = changes;
  return `Received: from mx.parents.example by mail.oakhill.example; ${subject}
From: ${from}
To: Ada Okafor <a.okafor@oakhill.example>
Subject: ${subject}
Message-ID: <${id}>
Date: Fri, 13 Nov 2026 21:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Is there homework? Café, naïve.
.a dot
${body}
`;
}
