// What a person does in their own mail program: delivers, reads, moves and deletes, beside the gateway.
import { ImapFlow } from "imapflow";
import type { Dovecot } from "./dovecot.ts";

export interface Mail {
  readonly uid: number;
  readonly raw: Buffer;
  readonly seen: boolean;
  readonly flags: readonly string[];
  readonly internalDate: string;
}

export interface ImapClient {
  /** Appends as a delivery would; answers the UID. */
  readonly deliver: (
    raw: string | Buffer,
    options?: { folder?: string; at?: string; flags?: string[] },
  ) => Promise<number>;
  /** Everything in a folder, oldest first, with the flags as they are; marks nothing. */
  readonly list: (folder: string) => Promise<Mail[]>;
  readonly folders: () => Promise<{ path: string; subscribed: boolean }[]>;
  readonly move: (from: string, uid: number, to: string) => Promise<void>;
  readonly remove: (folder: string, uid: number) => Promise<void>;
  /** Marks only, as a mail program does before its owner empties the folder. */
  readonly flag: (folder: string, uid: number, flag: string) => Promise<void>;
  readonly create: (folder: string) => Promise<void>;
  readonly drop: (folder: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function listFolder(client: ImapFlow, folder: string): Promise<Mail[]> {
  await client.mailboxOpen(folder, { readOnly: true });
  const query = { uid: true, flags: true, internalDate: true, source: true };
  const messages = await client.fetchAll("1:*", query, { uid: true });
  return messages.map(({ uid, flags, source, internalDate }) => ({
    uid,
    raw: source ?? Buffer.alloc(0),
    seen: flags?.has("\\Seen") === true,
    flags: [...(flags ?? [])].filter((flag) => flag !== "\\Recent"),
    internalDate: internalDate instanceof Date ? internalDate.toISOString() : String(internalDate),
  }));
}

/** Signs in as `user` over the plain port. */
export async function openImap(
  server: Pick<Dovecot, "host" | "port" | "password">,
  user = "teacher",
): Promise<ImapClient> {
  const { host, port, password } = server;
  const auth = { user, pass: password };
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
    disableAutoIdle: true,
  });
  client.on("error", () => {});
  await client.connect();
  const open = async (folder: string) => await client.mailboxOpen(folder);
  return {
    deliver: async (raw, { folder = "INBOX", at, flags = [] } = {}) => {
      const octets = typeof raw === "string" ? Buffer.from(raw.replaceAll(/\r?\n/g, "\r\n")) : raw;
      const answer = await client.append(folder, octets, flags, at === undefined ? undefined : new Date(at));
      if (!answer) throw new Error("The server did not take the message.");
      return answer.uid ?? 0;
    },
    list: async (folder) => await listFolder(client, folder),
    folders: async () => (await client.list()).map(({ path, subscribed }) => ({ path, subscribed })),
    move: async (from, uid, to) => {
      await open(from);
      await client.messageMove(`${uid}`, to, { uid: true });
    },
    remove: async (folder, uid) => {
      await open(folder);
      await client.messageDelete(`${uid}`, { uid: true });
    },
    flag: async (folder, uid, flag) => {
      await open(folder);
      await client.messageFlagsAdd(`${uid}`, [flag], { uid: true });
    },
    create: async (folder) => {
      await client.mailboxCreate(folder);
    },
    drop: async (folder) => {
      await client.mailboxDelete(folder);
    },
    close: async () => {
      await client.logout();
    },
  };
}
