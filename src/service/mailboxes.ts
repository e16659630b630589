// The watched mailboxes of the school: one connection each, started gently.
import type { Logger } from "pino";
import { Mailbox, type WatchedMailbox } from "../channels/imap.ts";
import type { Mailboxes } from "../outbox/perform/tools.ts";
import { PerformError } from "../outbox/worker.ts";
import type { LoadedConfig } from "../policy/load.ts";
import type { Reception } from "../receive.ts";
import { mailboxHost } from "./mailbox-host.ts";

export interface WatchedMailboxes extends Mailboxes {
  /** Resolves when every mailbox has been tried once or a little time has passed; watching goes on either way. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** After a reload: mailboxes that are new or have changed are watched, the others are left. */
  follow(): Promise<void>;
  health(): { readonly watched: number; readonly connected: number };
}

export interface MailboxesSettings {
  readonly reception: Reception;
  readonly loopSecret: string;
  readonly log: Logger;
  /** true: a mailbox is connected only when something is to be moved in it. */
  readonly onDemand: boolean;
}

/** Servers count connections a second: the next mailbox waits this long. */
const staggerMs = 10;
/** A server that is away must not keep the service from starting. */
const patienceMs = 10_000;

/** Every mailbox that staff.yaml gives a sign-in for. */
export function mailboxesOf({ school, staff }: LoadedConfig): readonly WatchedMailbox[] {
  const { mail } = school;
  const imap = mail?.imap;
  if (!mail || !imap) return [];
  return staff.flatMap(({ id, mailbox }) =>
    mailbox
      ? [
          {
            account: id,
            host: imap.host,
            port: imap.port,
            tls: imap.tls,
            user: mailbox.user,
            password: mailbox.password,
            heldFolder: mail.held_folder,
            referredFolder: mail.referred_folder,
            pollMs: mail.poll_seconds * 1_000,
            maxMessageBytes: imap.max_message_mb * 1024 * 1024,
          },
        ]
      : [],
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

export function watchMailboxes({
  reception,
  loopSecret,
  log,
  onDemand,
}: MailboxesSettings): WatchedMailboxes {
  const open = new Map<string, { readonly watched: WatchedMailbox; readonly mailbox: Mailbox }>();

  const mailboxFor = (watched: WatchedMailbox): Mailbox => {
    const { account, heldFolder, referredFolder } = watched;
    const host = mailboxHost({ reception, account, heldFolder, referredFolder, loopSecret, log });
    return new Mailbox(watched, host);
  };

  /** Stops what is no longer in the configuration or has changed there. */
  const leave = async (wanted: readonly WatchedMailbox[]) => {
    const kept = new Set(wanted.map((one) => JSON.stringify(one)));
    const left = [...open].filter(([, { watched }]) => !kept.has(JSON.stringify(watched)));
    for (const [account] of left) open.delete(account);
    await Promise.all(left.map(([, { mailbox }]) => mailbox.stop()));
  };

  const follow = async () => {
    if (onDemand) return;
    const wanted = mailboxesOf(reception.loaded());
    await leave(wanted);
    const starting: Promise<void>[] = [];
    for (const watched of wanted) {
      if (open.has(watched.account)) continue;
      const mailbox = mailboxFor(watched);
      open.set(watched.account, { watched, mailbox });
      starting.push(mailbox.start());
      await pause(staggerMs);
    }
    await Promise.race([Promise.all(starting), pause(patienceMs)]);
  };

  return {
    start: follow,
    follow,
    stop: () => leave([]),
    async move(account, places, to) {
      const known = open.get(account);
      if (known) return known.mailbox.move(places, to);
      const watched = mailboxesOf(reception.loaded()).find((one) => one.account === account);
      if (!watched) throw new PerformError("this mailbox has no sign-in in staff.yaml any more", true);
      if (!onDemand) throw new PerformError("this mailbox is not connected yet", true);
      return mailboxFor(watched).moveOnce(places, to);
    },
    health() {
      const states = [...open.values()].map(({ mailbox }) => mailbox.state);
      return { watched: states.length, connected: states.filter((state) => state === "watching").length };
    },
  };
}
