// What went in and out of the trial school: what was written to it, and what Afterbell sent to anybody outside it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Instant } from "../core/types.ts";
import { readJson, writeWhole } from "./files.ts";

const written = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  channel: z.enum(["email", "sms"]),
  /** As in senders.ts. */
  senderId: z.string(),
  senderName: z.string(),
  /** The address or number that it came from. */
  from: z.string(),
  /** Staff ids, or one of the school's numbers. */
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  /** Message-ID of a mail, MessageSid of a text. */
  reference: z.string(),
});
/** One message to the school, by mail or text. */
export type Written = z.output<typeof written>;

const letter = z.object({
  number: z.number(),
  at: z.iso.datetime(),
  /** The envelope's recipients. */
  to: z.array(z.string()),
  hash: z.string(),
});
/** One mail that left Afterbell. */
export type Letter = z.output<typeof letter>;

const text = z.object({
  sid: z.string(),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  statusCallback: z.string().nullable(),
  createdAtMs: z.number(),
  status: z.string(),
});
/** One text that left Afterbell, as the stand-in for Twilio keeps it. */
export type Text = z.output<typeof text>;

const journalFile = z.object({ written: z.array(written), letters: z.array(letter), texts: z.array(text) });

export interface Journal {
  written(): readonly Written[];
  letters(): readonly Letter[];
  texts(): readonly Text[];
  addWritten(one: Written): void;
  /** @returns its number, counted from 1 */
  addLetter(one: { readonly at: Instant; readonly to: readonly string[]; readonly raw: Buffer }): number;
  addText(one: Text): void;
  /** The octets of a letter; null when there is none of that number. */
  rawLetter(number: number): Buffer | null;
}

/** @param dir where it is kept; every addition is on disk when the call returns */
export function openJournal(dir: string): Journal {
  const path = join(dir, "journal.json");
  const kept = readJson(path, journalFile, { written: [], letters: [], texts: [] });
  const save = () => writeWhole(path, JSON.stringify(kept));
  return {
    written: () => kept.written,
    letters: () => kept.letters,
    texts: () => kept.texts,
    addWritten(one) {
      kept.written.push(one);
      save();
    },
    addLetter({ at, to, raw }) {
      const hash = createHash("sha256").update(raw).digest("hex");
      const number = kept.letters.length + 1;
      writeWhole(join(dir, `${hash}.eml`), raw);
      kept.letters.push({ number, at, to: [...to], hash });
      save();
      return number;
    },
    addText(one) {
      kept.texts.push(one);
      save();
    },
    rawLetter(number) {
      const found = kept.letters.find((one) => one.number === number);
      return found ? readFileSync(join(dir, `${found.hash}.eml`)) : null;
    },
  };
}
