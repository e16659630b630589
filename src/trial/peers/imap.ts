// The staff's mail server of the trial school: hoodiecrow-imap, with a mailbox for each user and its state on disk.
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import hoodiecrow, {
  type CommandHandler,
  type Connection,
  type FetchHandler,
  type Mailbox,
  type Server,
  type StoredMessage,
} from "hoodiecrow-imap";
import type { Instant } from "../../core/types.ts";
import { listenOn } from "../ports.ts";
import { mendQuirks } from "./imap-quirks.ts";
import { openMailboxFile } from "./mailbox-file.ts";

export interface MailUser {
  readonly user: string;
  readonly password: string;
}

export interface StoredMail {
  readonly uid: number;
  readonly raw: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: Instant;
}

export interface ImapPeer {
  readonly port: number;
  /** Puts a message into a folder, as delivery does. @returns its UID. @throws when there is no such user */
  append(user: string, folder: string, raw: Buffer, internalDate: Instant, flags?: readonly string[]): number;
  /** What is in a folder, oldest first; empty when the folder does not exist. */
  list(user: string, folder: string): readonly StoredMail[];
  /** Called with the user after each saved change. @returns how to stop */
  onChange(listener: (user: string) => void): () => void;
  stop(): Promise<void>;
}

interface Box {
  readonly password: string;
  readonly server: Server;
  save(): void;
}

const usualFetch = createRequire(import.meta.url)(
  "hoodiecrow-imap/lib/commands/handlers/fetch.js",
) as Readonly<Record<string, FetchHandler>>;
const plugins = ["ID", "IDLE", "MOVE", "NAMESPACE", "UIDPLUS", "UNSELECT", "LITERALPLUS"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "27-Nov-2026 21:00:00 +0000". The package's own way is wrong in zones with half hours. */
function toInternalDate(instant: Instant): string {
  const [date = "", time = ""] = new Date(instant).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}-${months[Number(month) - 1]}-${year} ${time.slice(0, 8)} +0000`;
}

/**
 * Starts the server on loopback. One hoodiecrow has one set of folders for all its users, so there is one for
 * each user, and signing in hands the connection over to it.
 * @param options.dir where state is kept: the same folder gives the same UIDs and UIDVALIDITY
 * @param options.port tried first; another one when it is taken
 */
export async function startImap(options: {
  readonly users: readonly MailUser[];
  readonly dir: string;
  readonly port?: number;
}): Promise<ImapPeer> {
  const listeners = new Set<(user: string) => void>();
  const tell = (user: string) => {
    for (const listener of listeners) listener(user);
  };
  const boxes = new Map(options.users.map((user) => [user.user, openBox(user, options.dir, tell)]));
  const sockets = new Set<Socket>();
  const front = hoodiecrow({ plugins: [...plugins, mendQuirks(usualFetch)] });
  front.setCommandHandler("LOGIN", login(boxes));
  front.connectionHandlers.push((connection) => follow(connection, sockets));
  const port = await listenOn(front.server, options.port ?? 0);
  const boxOf = (user: string): Box => {
    const box = boxes.get(user);
    if (box === undefined) throw new Error(`The trial school has no mailbox "${user}".`);
    return box;
  };

  return {
    port,
    append(user, folder, raw, internalDate, flags = []) {
      const { server, save } = boxOf(user);
      if (server.getMailbox(folder) === undefined) server.createMailbox(folder);
      const mailbox = server.getMailbox(folder);
      if (mailbox === undefined) throw new Error(`The mailbox "${user}" has no folder "${folder}".`);
      const date = toInternalDate(internalDate);
      const { message } = server.appendMessage(mailbox, [...flags], date, raw.toString("latin1"));
      save();
      return message.uid;
    },
    list: (user, folder) => (boxOf(user).server.getMailbox(folder)?.messages ?? []).map(toStoredMail),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => front.server.close(() => resolve()));
    },
  };
}

const toStoredMail = (message: StoredMessage): StoredMail => ({
  uid: message.uid,
  raw: Buffer.from(message.raw, "latin1"),
  flags: [...message.flags],
  internalDate: new Date(message.internaldate.replace(/^(\d+)-(\w+)-(\d+)/, "$1 $2 $3")).toISOString(),
});

function openBox({ user, password }: MailUser, dir: string, tell: (user: string) => void): Box {
  const file = openMailboxFile(dir, user);
  const server = hoodiecrow({
    plugins: [...plugins, mendQuirks(usualFetch), distinctUidValidity],
    storage: file.read(),
  });
  server.setMaxListeners(0);
  const save = () => {
    // Not within a command: a listener that appends in turn would come between its answers.
    if (file.save(foldersOf(server))) queueMicrotask(() => tell(user));
  };
  // A handler runs before its response is written: what a client has been told is on disk.
  server.outputHandlers.push((_connection, response) => {
    if (response.tag !== "*" && response.notification !== true) save();
  });
  save();
  return { password, server, save };
}

const foldersOf = (server: Server): readonly Mailbox[] => Object.values(server.folderCache);

/** The package gives every folder UIDVALIDITY 1: a client of an earlier trial would take new mail for old. */
function distinctUidValidity(server: Server): void {
  const usual = server.processMailbox.bind(server);
  let next = Math.floor(Date.now() / 1000);
  server.processMailbox = (path, mailbox, namespace) => {
    mailbox.uidvalidity ??= next++;
    usual(path, mailbox, namespace);
  };
}

/** Checks the password and hands the connection over to the user's own server. */
function login(boxes: ReadonlyMap<string, Box>): CommandHandler {
  return (connection, parsed, data, callback) => {
    const answer = (command: string, description: string, value: string) =>
      connection.send(
        { tag: parsed.tag, command, attributes: [{ type: "TEXT", value }] },
        description,
        parsed,
        data,
      );
    const [user, password] = parsed.attributes ?? [];
    const box = boxes.get(user?.value ?? "");
    if (box === undefined || box.password !== password?.value) {
      answer("NO", "LOGIN FAILED", "[AUTHENTICATIONFAILED] There is no such user or password");
      return callback();
    }
    connection.server.removeListener("notify", connection._notificationCallback);
    connection.server = box.server;
    connection.server.on("notify", connection._notificationCallback);
    connection.state = "Authenticated";
    answer("OK", "LOGIN SUCCESS", "Signed in");
    callback();
  };
}

/** The package leaves the half-hour timer of an IDLE behind when its connection breaks: nothing could end. */
function follow(connection: Connection, sockets: Set<Socket>): void {
  const { socket } = connection;
  if (socket === null) return;
  sockets.add(socket);
  // Each line of an answer is a write of its own.
  socket.setNoDelay(true);
  socket.prependListener("close", () => {
    sockets.delete(socket);
    if (connection.inputHandler !== false) connection.inputHandler("DONE");
  });
}
