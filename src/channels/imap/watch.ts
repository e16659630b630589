// What every step of the work on one open connection shares.
import type { ImapFlow } from "imapflow";
import type { Place } from "../../core/types.ts";
import type { MailboxHost, WatchedMailbox } from "../imap.ts";
import type { Timing } from "./connection.ts";
import type { Folders } from "./folders.ts";
import type { Shelf, Trail } from "./places.ts";

export interface Watch {
  readonly client: ImapFlow;
  readonly watched: WatchedMailbox;
  readonly host: MailboxHost;
  readonly timing: Timing;
  readonly folders: Folders;
  /** Outlives the connection. */
  readonly trail: Trail;
  readonly shelf: Shelf;
  /** The UIDVALIDITY of each folder as this connection first saw it. */
  readonly validities: Map<string, string>;
  /** The code of the last NO that the server answered, such as "OVERQUOTA". */
  readonly refusal: () => string;
  /** Aborted when the work is to end after the step at hand. */
  readonly stop: AbortSignal;
}

/** Tells the host where a message has gone, and remembers it. */
export async function follow(watch: Watch, from: Place, to: Place | null): Promise<void> {
  await watch.host.moved(from, to);
  watch.shelf.take(from);
  if (to !== null) watch.trail.add(from, to);
}
