// What every step of the work on one open connection shares.
import type { ImapFlow } from "imapflow";
import type { Place } from "../../core/types.ts";
import type { MailboxHost, WatchedMailbox } from "../imap.ts";
import { errorCode, newClient, type Timing } from "./connection.ts";
import { ensureFolders, type Folders } from "./folders.ts";
import { Shelf, type Trail } from "./places.ts";

export interface WatchNeeds {
  readonly watched: WatchedMailbox;
  readonly host: MailboxHost;
  readonly timing: Timing;
  /** Outlives the connection. */
  readonly trail: Trail;
  /** Aborted when the work is to end after the step at hand. */
  readonly stop: AbortSignal;
}

export interface Watch extends WatchNeeds {
  readonly client: ImapFlow;
  readonly folders: Folders;
  readonly shelf: Shelf;
  /** The UIDVALIDITY of each folder as this connection first saw it. */
  readonly validities: Map<string, string>;
  /** The code of the last NO that the server answered, such as "OVERQUOTA". */
  readonly refusal: () => string;
}

/** Connects, signs in, sees to the folders. Throws imapflow's errors; the connection is closed then. */
export async function openWatch(needs: WatchNeeds): Promise<Watch> {
  const { watched, host, timing, stop } = needs;
  const client = newClient(watched, timing, (error) => {
    host.log.warn({ account: watched.account, because: errorCode(error) }, "The mail connection failed.");
  });
  const abandon = () => client.close();
  stop.addEventListener("abort", abandon);
  let refusal = "NO";
  client.on("response", ({ response, code }) => {
    if (response.toUpperCase() === "NO") refusal = code ?? "NO";
  });
  try {
    await client.connect();
    const folders = await ensureFolders(client, watched);
    return { ...needs, client, folders, shelf: new Shelf(), validities: new Map(), refusal: () => refusal };
  } catch (error) {
    client.close();
    throw error;
  } finally {
    stop.removeEventListener("abort", abandon);
  }
}

/** Tells the host where a message has gone, and remembers it. */
export async function follow(watch: Watch, from: Place, to: Place | null): Promise<void> {
  await watch.host.moved(from, to);
  watch.shelf.take(from);
  if (to !== null) watch.trail.add(from, to);
}
