// A trial school in a folder of its own, on free ports.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { pino } from "pino";
import type { Written } from "../../src/trial/journal.ts";
import { type Draft, sendToSchool } from "../../src/trial/post.ts";
import { type Running, settle } from "../../src/trial/running.ts";
import { sendersOf } from "../../src/trial/senders.ts";
import { startTrial, type Trial } from "../../src/trial/start.ts";

export interface Temporary {
  readonly dataDir: string;
  readonly trial: Trial;
  readonly printed: string;
  restart(fresh?: boolean): Promise<void>;
  remove(): Promise<void>;
}

export async function temporaryTrial(): Promise<Temporary> {
  const dataDir = mkdtempSync(join(tmpdir(), "afterbell-trial-"));
  const log = pino({ level: "silent" });
  const state = { printed: "" };
  const stdout = {
    write: (text: string) => {
      state.printed += text;
    },
  };
  let trial = await startTrial({ fresh: false, dataDir, log, stdout, webPort: 0, trialPort: 0 });
  return {
    dataDir,
    get trial() {
      return trial;
    },
    get printed() {
      return state.printed;
    },
    async restart(fresh = false) {
      await trial.stop();
      state.printed = "";
      trial = await startTrial({ fresh, dataDir, log, stdout });
    },
    async remove() {
      await trial.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const patienceMs = 15_000;

/** Sends as somebody of senders.ts, and waits until Afterbell has done with it. */
export async function write(
  running: Running,
  draft: Omit<Draft, "sender" | "channel"> & { readonly sender: string; readonly channel?: "email" | "sms" },
): Promise<Written> {
  const sender = sendersOf(running.loaded().contacts).find(({ id }) => id === draft.sender);
  if (!sender) throw new Error(`There is no sender ${draft.sender}.`);
  const written = await sendToSchool(running.post, { channel: "email", ...draft, sender });
  if (!(await settle(running, [written], patienceMs))) throw new Error("Afterbell did not settle.");
  return written;
}

export async function moveClock(running: Running, at: string): Promise<void> {
  running.clock.set(at);
  if (!(await settle(running, [], patienceMs))) throw new Error("Afterbell did not settle.");
}

/** Subjects in a folder of a member of staff, oldest first. */
export async function subjects(running: Running, user: string, folder: string): Promise<string[]> {
  const mails = await Promise.all(running.imap.list(user, folder).map(({ raw }) => simpleParser(raw)));
  return mails.map(({ subject }) => subject ?? "");
}

/** Mails that an address has got, oldest first. */
export async function lettersTo(running: Running, address: string) {
  const letters = running.journal.letters().filter(({ to }) => to.includes(address));
  return Promise.all(letters.map(({ number }) => simpleParser(running.journal.rawLetter(number) ?? "")));
}

export const textsTo = (running: Running, number: string): readonly string[] =>
  running.journal
    .texts()
    .filter(({ to }) => to === number)
    .map(({ body }) => body);
