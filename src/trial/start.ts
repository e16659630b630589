// The trial school: a whole school on this machine, with its mail server, its parents and their telephones.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { type MovableClock, systemClock } from "../clock.ts";
import type { Instant } from "../core/types.ts";
import { type KeptConfig, keepLoaded } from "../policy/reload.ts";
import { openService, type Service } from "../service/open.ts";
import { readSignIn } from "../store/sign-ins.ts";
import { createSignIn } from "../web/sign-in.ts";
import { type Journal, openJournal } from "./journal.ts";
import { firstFriday } from "./moments.ts";
import { openingDay, openingTime } from "./opening.ts";
import { buildPage } from "./page/app.ts";
import { type ImapPeer, startImap } from "./peers/imap.ts";
import { startSmtpSink } from "./peers/smtp-sink.ts";
import { startTwilioPeer, type TwilioPeer } from "./peers/twilio.ts";
import { freePort } from "./ports.ts";
import { type PostSettings, sendToSchool, takeLetter } from "./post.ts";
import { type Running, schoolTime, settle } from "./running.ts";
import { ACCOUNT_SID, mailPassword, textsToken, trialEnv, webhookUrl, writeTrialConfig } from "./school.ts";
import { sendersOf } from "./senders.ts";
import { clearTrial, type KeptState, keepState, startClock, type TrialState } from "./state.ts";
import { welcome } from "./welcome.ts";

export interface TrialOptions {
  /** true: everything of an earlier trial in the folder is removed first. */
  readonly fresh: boolean;
  /** Where its state is kept, such as data/trial. */
  readonly dataDir: string;
  readonly log: Logger;
  readonly stdout: { write(text: string): unknown };
  /** Tried first; another one when it is taken. 0 = any. */
  readonly webPort?: number;
  readonly trialPort?: number;
}

export interface Trial {
  /** The headteacher's pages. */
  readonly webUrl: string;
  readonly trialUrl: string;
  readonly running: Running;
  readonly service: Service;
  stop(): Promise<void>;
}

const exampleDir = fileURLToPath(new URL("../../config", import.meta.url));
const patienceMs = 15_000;

/**
 * Starts the trial school where it was left, or on its first Friday.
 * @throws Error in one sentence when it is running already or its folder cannot be read
 */
export async function startTrial(options: TrialOptions): Promise<Trial> {
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { ...(await startAll(options, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param closers gets what stops each part, in the order in which they were started */
async function startAll(options: TrialOptions, closers: (() => unknown)[]): Promise<Omit<Trial, "stop">> {
  const { dataDir, log } = options;
  if (await isRunning(dataDir)) {
    throw new Error("The trial school is running already: stop it first (Ctrl+C where it runs).");
  }
  if (options.fresh) clearTrial(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const state = keepState(dataDir);
  state.change({ ports: await choosePorts(options, state.read().ports) });
  const kept = loadSchool(dataDir, state, log);
  closers.push(kept.stop);
  const { zone } = schoolTime(kept.current()).calendar;
  // A first Friday that was cut short goes on.
  const friday = firstFriday(state.read().now ?? systemClock.now(), schoolTime(kept.current()));
  const { clock, stop: stopClock } = startClock(
    state,
    friday ? openingTime(friday, zone) : systemClock.now(),
  );
  closers.push(stopClock);

  const journal = openJournal(join(dataDir, "post"));
  const outside = await startOutside({ state, kept, clock, journal, dataDir, closers });
  const service = await openService({ loaded: kept, clock, log, dataDir });
  closers.push(service.stop);
  await service.start();
  const running: Running = {
    ...outside,
    clock,
    journal,
    loaded: () => kept.current(),
    store: service.store,
    signIn: await signInOf(service, kept, state, clock),
    webUrl: service.webUrl,
    dataDir,
  };
  const page = await buildPage(running, log);
  closers.push(() => page.close());
  const trialUrl = await page.listen({ host: "127.0.0.1", port: state.read().ports.trial });
  await untilWatching(service);
  if (!state.read().opened && friday) await liveThrough(running, friday, zone);
  state.change({ opened: true });
  options.stdout.write(welcome(running, trialUrl));
  return { webUrl: service.webUrl, trialUrl, running, service };
}

/** The ports of last time where they are free: bookmarks stay right. */
async function choosePorts(options: TrialOptions, last: TrialState["ports"]): Promise<TrialState["ports"]> {
  return {
    web: await freePort(options.webPort ?? last.web),
    trial: await freePort(options.trialPort ?? last.trial),
    imap: await freePort(last.imap),
    smtp: await freePort(last.smtp),
    texts: await freePort(last.texts),
  };
}

function loadSchool(dataDir: string, state: KeptState, log: Logger): KeptConfig {
  const dir = join(dataDir, "config");
  const today = (state.read().now ?? systemClock.now()).slice(0, 10);
  writeTrialConfig({ exampleDir, dir, ports: state.read().ports, today });
  return keepLoaded(
    dir,
    trialEnv,
    () => log.info("The trial school's configuration was read again."),
    () => log.error("The trial school's changed configuration has errors: the last good one stays."),
  );
}

interface OutsideSettings {
  readonly state: KeptState;
  readonly kept: KeptConfig;
  readonly clock: MovableClock;
  readonly journal: Journal;
  readonly dataDir: string;
  readonly closers: (() => unknown)[];
}

/** Everything that Afterbell talks to: the staff's mail server, the way out for mail, and Twilio's. */
async function startOutside(settings: OutsideSettings): Promise<Pick<Running, "imap" | "post" | "onChange">> {
  const { state, kept, clock, journal, dataDir, closers } = settings;
  const { ports } = state.read();
  const staff = () => kept.current().staff;
  const users = staff().flatMap(({ mailbox }) =>
    mailbox ? [{ user: mailbox.user, password: mailPassword }] : [],
  );
  const imap: ImapPeer = await startImap({ users, dir: join(dataDir, "mail"), port: ports.imap });
  closers.push(imap.stop);
  const texts: TwilioPeer = await startTwilioPeer({
    accountSid: ACCOUNT_SID,
    authToken: textsToken,
    port: ports.texts,
    nowMs: () => clock.nowMs(),
    webhook: { publicUrl: webhookUrl(ports.web) },
    earlier: [...journal.texts()],
  });
  closers.push(texts.close);
  const sink = await startSmtpSink({ port: ports.smtp });
  closers.push(sink.close);
  const post: PostSettings = { imap, texts, journal, clock, staff };
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  imap.onChange(changed);
  clock.onMove(changed);
  sink.onMessage((mail) => {
    takeLetter(post, mail);
    changed();
  });
  texts.onSent((text) => {
    journal.addText(text);
    changed();
  });
  return {
    imap,
    post,
    onChange(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The headteacher's password is made once and kept beside the trial: it protects invented people only. */
async function signInOf(service: Service, kept: KeptConfig, state: KeptState, clock: MovableClock) {
  const { staff, school, policy } = kept.current();
  const id = school.desks.headteacher;
  const known = state.read().signIn;
  if (known && (await readSignIn(service.store, policy.school, id))) return known;
  const password = await createSignIn(service.store, policy.school, id, clock);
  const signIn = { address: staff.find((one) => one.id === id)?.email[0] ?? "", password };
  state.change({ signIn });
  return signIn;
}

/** Mail that is there before a mailbox is first watched is left alone, so nothing may be sent before that. */
async function untilWatching(service: Service): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { watched, connected } = service.mailboxes.health();
    if (connected >= watched) return;
    if (performance.now() > until) {
      throw new Error(`Only ${connected} of ${watched} trial mailboxes are being watched; start it again.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first Friday, message by message, up to 21:00; what was sent before the clock's time is not sent again. */
async function liveThrough(running: Running, friday: Instant, zone: string): Promise<void> {
  for (const { at, draft } of openingDay(friday, zone, sendersOf(running.loaded().contacts))) {
    if (at <= running.clock.now()) continue;
    running.clock.set(at);
    const written = await sendToSchool(running.post, draft);
    await settle(running, [written], patienceMs);
  }
  if (running.clock.now() < friday) running.clock.set(friday);
}

/** Two at once would write into the same files. */
async function isRunning(dataDir: string): Promise<boolean> {
  const { trial } = keepState(dataDir).read().ports;
  try {
    const answer = await fetch(`http://127.0.0.1:${trial}/running`, { signal: AbortSignal.timeout(1_000) });
    return (await answer.text()) === resolve(dataDir);
  } catch {
    return false;
  }
}
