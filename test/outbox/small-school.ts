// A school without a mail server: messages are received into a store in memory, and the worker performs what
// follows with a real SMTP server and Twilio's stand-in. Folders are a list of what was asked to be moved.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readEmail } from "../../src/channels/email.ts";
import type { Moved } from "../../src/channels/imap/moves.ts";
import { placeKey } from "../../src/channels/imap/places.ts";
import { loopMark } from "../../src/channels/loop-mark.ts";
import { createMailer, type Mailer } from "../../src/channels/smtp.ts";
import { createTexter, type Texter } from "../../src/channels/twilio/send.ts";
import { textMessage } from "../../src/channels/twilio.ts";
import { MovableClock } from "../../src/clock.ts";
import type { Place } from "../../src/core/types.ts";
import { buildDirectory } from "../../src/directory/senders.ts";
import { performers } from "../../src/outbox/perform/index.ts";
import type { Folder, Tools } from "../../src/outbox/perform/tools.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import { Worker } from "../../src/outbox/worker.ts";
import { loadConfig } from "../../src/policy/load.ts";
import { type OpinionAsker, type Reception, receive } from "../../src/receive.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import type { DeliveryState, EffectsTable } from "../../src/store/tables.ts";
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { startTwilioPeer, type TwilioPeer, type TwilioPeerOptions } from "../../src/trial/peers/twilio.ts";
import { writeConfig } from "../service/whole-school.ts";

export const fridayNight = "2026-11-13T21:00:00.000Z";
export const mondayMorning = "2026-11-16T08:00:00.000Z";
const authToken = "a-token-for-tests-only";
const accountSid = "AC00000000000000000000000000000001";

export interface SmallSchool {
  readonly store: Store;
  readonly clock: MovableClock;
  readonly sink: SmtpSink;
  readonly twilio: TwilioPeer;
  readonly tools: Tools;
  /** Stands for the mail server; replace it to have it fail. */
  folders: (account: string, places: readonly Place[], to: Folder) => Promise<ReadonlyMap<string, Moved>>;
  /** What was asked of it. */
  readonly moves: { readonly to: Folder; readonly uids: readonly number[] }[];
  /** Replace it to have sending fail in ways that a server on loopback does not. */
  mailer: Mailer;
  texter: Texter;
  readonly worker: Worker;
  /** Another process over the same store. */
  anotherWorker(): Worker;
  mailIn(octets: string, where?: { uid?: number; state?: DeliveryState; account?: string }): Promise<void>;
  textIn(text: { from: string; to: string; body: string; sid?: string }): Promise<void>;
  effects(kind?: string): Promise<EffectsTable[]>;
  close(): Promise<void>;
}

export interface SmallSchoolOptions {
  readonly at?: string;
  readonly sink?: SmtpSinkOptions;
  readonly refuseText?: TwilioPeerOptions["refuse"];
  readonly perSecond?: number;
  readonly secondOpinion?: OpinionAsker;
}

const folderOf: Readonly<Record<string, string>> = {
  inbox: "INBOX",
  held: "Afterbell/Held",
  referred: "Afterbell/Referred",
};

export async function openSmallSchool(options: SmallSchoolOptions = {}): Promise<SmallSchool> {
  const dir = mkdtempSync(join(tmpdir(), "ab-small-"));
  const clock = new MovableClock();
  clock.set(options.at ?? fridayNight);
  const sink = await startSmtpSink(options.sink);
  const twilio = await startTwilioPeer({
    accountSid,
    authToken,
    nowMs: () => clock.nowMs(),
    ...(options.refuseText ? { refuse: options.refuseText } : {}),
  });
  const ports = { imap: 1, smtp: sink.port, twilioUrl: twilio.url };
  writeConfig(dir, ports, {
    change: (file) => Object.assign(file.get("sms") ?? {}, { per_second: options.perSecond ?? 100 }),
  });
  const loaded = loadConfig(dir, { TWILIO_AUTH_TOKEN: authToken, MAIL_PASSWORD: "x" });
  const store = await openStore(":memory:");
  const directory = buildDirectory(loaded.staff, loaded.contacts, loaded.school);
  const reception: Reception = {
    store,
    loaded: () => loaded,
    directory: () => directory,
    now: () => clock.now(),
    wake: () => {},
    secondOpinion: () => options.secondOpinion ?? null,
  };
  let arrivals = 10_000;
  const moves: { to: Folder; uids: number[] }[] = [];
  const { host, port } = { host: "127.0.0.1", port: sink.port };
  const mailer = createMailer({ host, port, tls: "none" });
  const texter = createTexter({ accountSid, authToken, apiUrl: twilio.url });
  const tools: Tools = {
    store,
    clock,
    loaded: () => loaded,
    mailboxes: { move: (account, places, to) => school.folders(account, places, to) },
    mailer: () => school.mailer,
    texter: () => school.texter,
    letterhead: () => ({
      renderer: createRenderer(),
      schoolName: loaded.school.school.name,
      zone: loaded.policy.calendar.zone,
      gateway: { name: "Oakhill", address: "afterbell@oakhill.example" },
      officeEmail: loaded.school.school.office.email,
      loopMark: (messageId) => loopMark("secret", messageId),
    }),
    publicUrl: () => null,
  };
  const log = pino({ level: process.env["AFTERBELL_TEST_LOG"] ?? "silent" });
  const newWorker = () => new Worker({ store, clock, log, perform: performers(tools), random: Math.random });
  const school: SmallSchool = {
    store,
    clock,
    sink,
    twilio,
    tools,
    moves,
    mailer,
    texter,
    worker: newWorker(),
    anotherWorker: newWorker,
    async folders(account, places, to) {
      moves.push({ to, uids: places.map(({ uid }) => uid) });
      return new Map(
        places.map((place): [string, Moved] => {
          arrivals += 1;
          const now = { account, folder: folderOf[to] ?? to, uidValidity: "1", uid: arrivals };
          return [placeKey(place), now];
        }),
      );
    },
    async mailIn(octets, { uid = 1, state = "inbox", account = "shah" } = {}) {
      const raw = Buffer.from(octets);
      const place = { account, folder: folderOf[state] ?? state, uidValidity: "1", uid };
      const message = await readEmail(raw, {
        key: placeKey(place),
        receivedAt: clock.now(),
        authservId: null,
        ownAddresses: [],
        loopSecret: null,
      });
      await receive(reception, { message, raw, recipients: [account], place, origin: state });
    },
    async textIn({ from, to, body, sid }) {
      const raw = Buffer.from(new URLSearchParams({ From: from, To: to, Body: body }).toString());
      const key = `twilio:${sid ?? createHash("sha256").update(`${from}${body}`).digest("hex")}`;
      const nothing = { numMedia: 0, media: [], optedOut: false };
      const text = { ...nothing, key, channel: "sms" as const, from, to, text: body, raw };
      const message = textMessage(text, clock.now());
      const recipients = directory.recipientsOf(to);
      await receive(reception, { message, raw, recipients, place: null, origin: "inbox" });
    },
    async effects(kind) {
      const all = store.selectFrom("effects").selectAll().orderBy("due_at");
      return (kind === undefined ? all : all.where("kind", "=", kind)).execute();
    },
    async close() {
      await school.worker.stop(0);
      mailer.close();
      await Promise.all([sink.close(), twilio.close()]);
      await store.destroy();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return school;
}
