// One trial mailbox on disk: its folders as JSON, and each message's octets in a file named by their hash.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mailbox, StoredMessage } from "hoodiecrow-imap";
import { z } from "zod";
import { writeWhole } from "../files.ts";

const mailboxFile = z.object({
  folders: z.array(
    z.object({
      path: z.string(),
      uidValidity: z.number(),
      uidNext: z.number(),
      subscribed: z.boolean(),
      messages: z.array(
        z.object({ uid: z.number(), flags: z.array(z.string()), internalDate: z.string(), hash: z.string() }),
      ),
    }),
  ),
});
type SavedFolder = z.output<typeof mailboxFile>["folders"][number];

/** What hoodiecrow starts with. */
interface Branch {
  uidvalidity?: number;
  uidnext?: number;
  subscribed?: boolean;
  messages?: StoredMessage[];
  folders?: Record<string, Branch>;
}
export type Storage = Record<string, Branch & { separator?: string; type?: string }>;

export interface MailboxFile {
  /** Folders and messages as they were last saved; empty ones at first. */
  read(): Storage;
  /** Writes what differs from the last time. @returns whether anything did */
  save(folders: readonly Mailbox[]): boolean;
}

/** @param dir where the mailboxes lie; made when absent */
export function openMailboxFile(dir: string, user: string): MailboxFile {
  const file = join(dir, `${user}.json`);
  const rawDir = join(dir, "messages");
  const hashes = new WeakMap<StoredMessage, string>();
  let written = "";
  mkdirSync(rawDir, { recursive: true });

  function hashOf(message: StoredMessage): string {
    const known = hashes.get(message);
    if (known !== undefined) return known;
    const octets = Buffer.from(message.raw, "latin1");
    const hash = createHash("sha256").update(octets).digest("hex");
    const path = join(rawDir, `${hash}.eml`);
    if (!existsSync(path)) writeWhole(path, octets);
    hashes.set(message, hash);
    return hash;
  }

  const saved = (folder: Mailbox): SavedFolder => ({
    path: folder.path,
    uidValidity: folder.uidvalidity,
    uidNext: folder.uidnext,
    subscribed: folder.subscribed,
    messages: folder.messages.map((message) => ({
      uid: message.uid,
      flags: message.flags,
      internalDate: message.internaldate,
      hash: hashOf(message),
    })),
  });

  return {
    read() {
      if (!existsSync(file)) return buildStorage([], rawDir);
      written = readFileSync(file, "utf8");
      return buildStorage(mailboxFile.parse(JSON.parse(written)).folders, rawDir);
    },
    save(folders) {
      const text = JSON.stringify({ folders: folders.map(saved) });
      if (text === written) return false;
      writeWhole(file, text);
      written = text;
      return true;
    },
  };
}

/** hoodiecrow keeps INBOX beside the namespaces, and in a namespace a tree of folders. */
function buildStorage(folders: readonly SavedFolder[], rawDir: string): Storage {
  const root: Branch & { separator: string; type: string } = {
    separator: "/",
    type: "personal",
    folders: {},
  };
  let inbox: Branch = {};
  for (const folder of folders) {
    const branch = toBranch(folder, rawDir);
    if (folder.path === "INBOX") inbox = branch;
    else Object.assign(branchAt(root, folder.path), branch);
  }
  return { INBOX: inbox, "": root };
}

function branchAt(root: Branch, path: string): Branch {
  let branch = root;
  for (const name of path.split("/")) {
    branch.folders ??= {};
    branch.folders[name] ??= {};
    branch = branch.folders[name];
  }
  return branch;
}

const toBranch = (folder: SavedFolder, rawDir: string): Branch => ({
  uidvalidity: folder.uidValidity,
  uidnext: folder.uidNext,
  subscribed: folder.subscribed,
  messages: folder.messages.map((message) => ({
    uid: message.uid,
    flags: message.flags,
    internaldate: message.internalDate,
    raw: readFileSync(join(rawDir, `${message.hash}.eml`), "latin1"),
  })),
});
