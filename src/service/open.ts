// Puts the parts together: one service over one school's configuration and store.
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { caseActions } from "../cases/actions.ts";
import { knownNames, type Learning } from "../cases/learning.ts";
import { loopMark } from "../channels/loop-mark.ts";
import { createMailer, type Mailer } from "../channels/smtp.ts";
import { createTexter, type Texter } from "../channels/twilio/send.ts";
import type { Clock } from "../clock.ts";
import type { Instant } from "../core/types.ts";
import { buildDirectory, type Directory } from "../directory/senders.ts";
import { performers } from "../outbox/perform/index.ts";
import type { Tools } from "../outbox/perform/tools.ts";
import type { Letterhead } from "../outbox/render/compose.ts";
import { createRenderer } from "../outbox/render.ts";
import { bullWake, timerWake, type Wake } from "../outbox/wake.ts";
import { Worker } from "../outbox/worker.ts";
import type { LoadedConfig } from "../policy/load.ts";
import type { SchoolFile } from "../policy/schema.ts";
import { type Reception, recipientFacts } from "../receive.ts";
import { lastContactsHash, readContacts, replaceContacts } from "../store/contacts.ts";
import { keepOnly } from "../store/judgements.ts";
import { openStore, type Store } from "../store/open.ts";
import { keptSecret } from "../store/settings.ts";
import { buildWeb } from "../web/app.ts";
import { type WatchedMailboxes, watchMailboxes } from "./mailboxes.ts";
import { replanReleases } from "./replan.ts";
import { type SecondOpinions, secondOpinions } from "./second-opinion.ts";
import { takeTexts } from "./texts.ts";

export interface ServiceOptions {
  readonly loaded: { current(): LoadedConfig };
  readonly clock: Clock;
  readonly log: Logger;
  /** Where a relative store.file is; the working directory when absent. */
  readonly dataDir?: string;
  readonly redisUrl?: string | undefined;
  /** true: mailboxes are connected only when something is to be moved; nothing is watched, no page is served. */
  readonly onlyOutbox?: boolean;
}

export interface Service {
  /** Resolves when the pages are served and every mailbox that can be reached is being watched. */
  start(): Promise<void>;
  /** Finishes what is in flight, or hands it back, within ten seconds. */
  stop(): Promise<void>;
  readonly store: Store;
  readonly web: FastifyInstance;
  /** After start(): where the pages are. */
  readonly webUrl: string;
  readonly worker: Worker;
  readonly mailboxes: WatchedMailboxes;
  /** Something may be due. */
  wake(): void;
  /** After a reload of the configuration: contacts, staff, held messages and watched mailboxes follow it. */
  refresh(): Promise<void>;
}

/** The contacts that config/contacts.csv lists are brought in when the file has changed since the last time. */
async function bringInContacts(store: Store, { contacts, contactsHash, policy }: LoadedConfig, log: Logger) {
  if (contactsHash === null || (await lastContactsHash(store, policy.school)) === contactsHash) return;
  await replaceContacts(store, policy.school, contacts, contactsHash);
  log.info({ contacts: contacts.length }, "contacts.csv was brought in");
}

interface Following<T> {
  /** false: what was made serves no longer. By default after every reload. */
  readonly isSame?: (before: LoadedConfig, now: LoadedConfig) => boolean;
  readonly end?: (made: T) => void;
}

/** Mailer and texter follow the configuration: made anew when what they were made from has changed. */
function following<T>(
  make: (loaded: LoadedConfig) => T,
  current: () => LoadedConfig,
  { isSame = (before, now) => before === now, end }: Following<T> = {},
): () => T {
  let last: { readonly from: LoadedConfig; readonly made: T } | undefined;
  return () => {
    const loaded = current();
    if (last === undefined || !isSame(last.from, loaded)) {
      if (last !== undefined) end?.(last.made);
      last = { from: loaded, made: make(loaded) };
    }
    return last.made;
  };
}

/** A mailer has open connections: one that is replaced and not closed keeps the process from ending. */
const mailerFollows: Following<Mailer | null> = {
  isSame: (before, now) => JSON.stringify(before.school.mail?.smtp) === JSON.stringify(now.school.mail?.smtp),
  end: (mailer) => mailer?.close(),
};

/** What was counted and what has failed stays in mind until the endpoint is another. */
const opinionsFollow: Following<SecondOpinions | null> = {
  isSame: (before, now) =>
    JSON.stringify(before.school.wording.second_opinion) ===
    JSON.stringify(now.school.wording.second_opinion),
  end: (opinions) => opinions?.stop(),
};

function opinionsFor({ second_opinion }: SchoolFile["wording"], log: Logger): SecondOpinions | null {
  return second_opinion ? secondOpinions(second_opinion, { log }) : null;
}

function mailerFor({ school }: LoadedConfig): Mailer | null {
  return school.mail?.smtp ? createMailer(school.mail.smtp) : null;
}

function texterFor({ school }: LoadedConfig): Texter | null {
  const { sms } = school;
  if (!sms) return null;
  return createTexter({ accountSid: sms.account_sid, authToken: sms.auth_token, apiUrl: sms.api_url });
}

function letterheadFor(loopSecret: string) {
  return (loaded: LoadedConfig): Letterhead => {
    const { school, mail, replies } = loaded.school;
    return {
      renderer: createRenderer({ overrideDir: join(loaded.dir, "templates") }),
      schoolName: school.name,
      zone: loaded.policy.calendar.zone,
      gateway: { name: replies.from_name ?? school.name, address: mail?.address ?? school.office.email },
      officeEmail: school.office.email,
      loopMark: (messageId) => loopMark(loopSecret, messageId),
    };
  };
}

/** Not quoted: it may hold a password. ioredis would take any other word as a server on this machine. */
function mustBeRedis(url: string): void {
  if (/^rediss?:\/\/[^/]/.test(url)) return;
  throw new Error(
    "REDIS_URL is not the address of a Redis server: write redis://HOST:PORT, or take it away to do without.",
  );
}

function learningOf({ school, staff }: LoadedConfig): Learning {
  return { kept: school.wording.learning, names: knownNames(school, staff) };
}

/** When a member of staff is next at work; null when they are now, or when nobody knows. */
function nextAtWork(current: () => LoadedConfig, clock: Clock) {
  return (staffId: string): Instant | null => {
    const facts = recipientFacts(staffId, clock.now(), current());
    return facts.working === false ? facts.nextWorkingMoment : null;
  };
}

/**
 * Opens the store and builds everything over it; nothing listens, watches or sends until start().
 * @throws when the store cannot be opened, or Redis has no address
 */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { clock, log } = options;
  const current = () => options.loaded.current();
  const { school: file, policy } = current();
  if (options.redisUrl) mustBeRedis(options.redisUrl);
  const store = await openStore(resolve(options.dataDir ?? ".", file.store.file));
  const loopSecret = await keptSecret(store, policy.school, "loop-mark", randomBytes);
  const sessionSecret =
    file.web.session_secret ?? (await keptSecret(store, policy.school, "session", randomBytes));

  const readDirectory = async (): Promise<Directory> => {
    const loaded = current();
    await bringInContacts(store, loaded, log);
    return buildDirectory(loaded.staff, await readContacts(store, policy.school), loaded.school);
  };
  let directory = await readDirectory();

  const opinions = following(({ school: { wording } }) => opinionsFor(wording, log), current, opinionsFollow);
  let wake: Wake | undefined;
  const soon = () => wake?.soon();
  const reception: Reception = {
    store,
    loaded: current,
    directory: () => directory,
    now: () => clock.now(),
    wake: soon,
    secondOpinion: () => opinions(),
  };
  const mailboxes = watchMailboxes({ reception, loopSecret, log, onDemand: options.onlyOutbox === true });
  const tools: Tools = {
    store,
    clock,
    loaded: current,
    mailboxes,
    mailer: following(mailerFor, current, mailerFollows),
    texter: following(texterFor, current),
    letterhead: following(letterheadFor(loopSecret), current),
    publicUrl: () => current().school.web.public_url ?? null,
  };
  const worker = new Worker({ store, clock, log, perform: performers(tools), random: Math.random });
  const atWork = nextAtWork(current, clock);
  const web = await buildWeb({
    store,
    school: () => current().school,
    staff: () => current().staff,
    clock,
    sessionSecret,
    publicUrl: file.web.public_url ?? null,
    trustProxy: file.web.trust_proxy,
    log,
    actions: caseActions({
      store,
      school: () => policy.school,
      clock,
      atWork,
      learning: () => learningOf(current()),
      wake: soon,
    }),
    atWork,
    wake: soon,
    health: () => ({ mailboxes: mailboxes.health() }),
  });
  takeTexts(web, reception);

  const forget = async () => {
    const erased = await keepOnly(store, policy.school, current().school.wording.learning);
    if (erased > 0) log.info({ judgements: erased }, "What wording.learning no longer allows was erased.");
  };

  const replan = async () => {
    const moved = await replanReleases(reception);
    if (moved === 0) return;
    log.info({ messages: moved }, "The hours have changed: what is held is released by the new ones.");
    soon();
  };

  let webUrl = "";
  return {
    store,
    web,
    worker,
    mailboxes,
    wake: soon,
    async refresh() {
      directory = await readDirectory();
      await replan();
      await forget();
      await mailboxes.follow();
    },
    get webUrl() {
      return webUrl;
    },
    async start() {
      await replan();
      await forget();
      const { host, port } = current().school.web;
      webUrl = await web.listen({ host, port });
      wake = options.redisUrl
        ? bullWake(worker, store, clock, log, {
            redisUrl: options.redisUrl,
            school: policy.school,
            textsPerSecond: file.sms?.per_second ?? 1,
          })
        : timerWake(worker, clock, log);
      await mailboxes.start();
    },
    async stop() {
      opinions()?.stop();
      await web.close();
      await mailboxes.stop();
      await wake?.stop();
      await worker.stop();
      tools.mailer()?.close();
      await store.destroy();
    },
  };
}
