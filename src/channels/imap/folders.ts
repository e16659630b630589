// The held and referred folders: found in whatever case and delimiter the server has, made when absent.
import type { ImapFlow, ListResponse } from "imapflow";
import type { WatchedMailbox } from "../imap.ts";

export const ROLES = ["inbox", "held", "referred"] as const;
export type Role = (typeof ROLES)[number];

/** The server's own names. */
export type Folders = Readonly<Record<Role, string>>;

export interface FoundFolder {
  readonly path: string;
  /** false: it would have to be made. */
  readonly exists: boolean;
  readonly subscribed: boolean;
}

/** The server's name for a folder that is configured as "Afterbell/Held", and whether it is there. */
export function findFolder(client: ImapFlow, listing: readonly ListResponse[], wanted: string): FoundFolder {
  const delimiter =
    client.namespace?.delimiter ?? listing.find((folder) => folder.delimiter)?.delimiter ?? "";
  const segments = wanted.split("/").filter((segment) => segment !== "");
  let path = client.namespace?.prefix ?? "";
  let found: ListResponse | undefined;
  for (const [index, segment] of segments.entries()) {
    const own = delimiter === "" ? segment : segment.replaceAll(delimiter, "_");
    // A flat namespace has no delimiter: the name becomes "Afterbell-Held".
    const candidate = index === 0 ? path + own : `${path}${delimiter || "-"}${own}`;
    found = listing.find((folder) => folder.path.toLowerCase() === candidate.toLowerCase());
    path = found?.path ?? candidate;
  }
  const exists = found !== undefined && !found.flags.has("\\Noselect") && !found.flags.has("\\NonExistent");
  return { path, exists, subscribed: exists && found?.subscribed === true };
}

async function ensureFolder(
  client: ImapFlow,
  listing: readonly ListResponse[],
  wanted: string,
): Promise<string> {
  const folder = findFolder(client, listing, wanted);
  if (!folder.exists) await client.mailboxCreate(folder.path);
  else if (!folder.subscribed) await client.mailboxSubscribe(folder.path);
  return folder.path;
}

/** Makes and subscribes the folders that are absent. Throws what the server answers when it refuses. */
export async function ensureFolders(client: ImapFlow, watched: WatchedMailbox): Promise<Folders> {
  const listing = await client.list();
  const held = await ensureFolder(client, listing, watched.heldFolder);
  const referred = await ensureFolder(client, listing, watched.referredFolder);
  return { inbox: "INBOX", held, referred };
}
