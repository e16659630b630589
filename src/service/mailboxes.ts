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
  const open = new Map<string, Mailbox>();

  const mailboxFor = (watched: WatchedMailbox): Mailbox => {
    const { account, heldFolder, referredFolder } = watched;
    const host = mailboxHost({ reception, account, heldFolder, referredFolder, loopSecret, log });
    return new Mailbox(watched, host);
  };

  const connected = async (account: string): Promise<Mailbox> => {
    const known = open.get(account);
    if (known) return known;
    const watched = mailboxesOf(reception.loaded()).find((one) => one.account === account);
    if (!watched) throw new PerformError("this mailbox has no sign-in in staff.yaml any more", true);
    if (!onDemand) throw new PerformError("this mailbox is not connected yet", true);
    const mailbox = mailboxFor(watched);
    open.set(account, mailbox);
    await mailbox.start({ failFast: true }).catch((error: unknown) => {
      open.delete(account);
      throw error;
    });
    return mailbox;
  };

  return {
    async start() {
      if (onDemand) return;
      const starting: Promise<void>[] = [];
      for (const watched of mailboxesOf(reception.loaded())) {
        const mailbox = mailboxFor(watched);
        open.set(watched.account, mailbox);
        starting.push(mailbox.start());
        await pause(staggerMs);
      }
      await Promise.race([Promise.all(starting), pause(patienceMs)]);
    },
    async stop() {
      await Promise.all([...open.values()].map((mailbox) => mailbox.stop()));
    },
    async move(account, places, to) {
      return (await connected(account)).move(places, to);
    },
    health() {
      const states = [...open.values()].map(({ state }) => state);
      return { watched: states.length, connected: states.filter((state) => state === "watching").length };
    },
  };
}
