// The real service as a process of its own, as an operator starts it, between servers that live in the test.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { parseDocument } from "yaml";
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { startTwilioPeer, type TwilioPeer } from "../../src/trial/peers/twilio.ts";
import { type Dovecot, startDovecot } from "../peers/dovecot.ts";
import { type ImapClient, openImap } from "../peers/imap-client.ts";
import { until, writeConfig } from "./whole-school.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const accountSid = "AC00000000000000000000000000000001";
const authToken = "a-token-for-tests-only";
const webhook = "https://afterbell.oakhill.example/twilio/sms";

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, as somebody at a terminal would. */
export function runCommand(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; input?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    env: { PATH: process.env["PATH"], TZ: process.env["TZ"], ...options.env },
    cwd: options.cwd ?? tmpdir(),
  });
  child.stdin?.end(options.input ?? "");
  return endOf(child);
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (octets) => {
    stdout += octets;
  });
  child.stderr?.on("data", (octets) => {
    stderr += octets;
  });
  return new Promise((resolve) => {
    child.once("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

export interface ChildSchool {
  readonly dovecot: Dovecot;
  readonly sink: SmtpSink;
  readonly twilio: TwilioPeer;
  readonly configDir: string;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  /** Starts the service; resolves when it says that it is running. */
  start(): Promise<void>;
  /** At once, without a word to it. */
  kill(): void;
  /** Sends a signal; resolves when the process has ended. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** All that the service has said since its last start. */
  readonly said: { stdout: string; stderr: string };
  command(...args: string[]): Promise<Ended>;
  mailOf(user: string): Promise<ImapClient>;
  /** The store, beside the service: one statement. */
  sql(statement: string, ...values: (string | number)[]): Record<string, unknown>[];
  /** Rewrites school.yaml, and staff.yaml with the mailboxes that are watched. */
  configure(change: (file: ReturnType<typeof parseDocument>) => void, watched?: readonly string[]): void;
  /** Resolves when the service's log has this; throws after a while. */
  untilLogged(words: string): Promise<void>;
  close(): Promise<void>;
}

/** "HH:MM" in London, some hours from now. */
function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toLocaleTimeString("en-GB", {
    timeZone: "Europe/London",
    hour: "2-digit",
    minute: "2-digit",
  });
}

function everyDay(block: string): Record<string, string> {
  return Object.fromEntries(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, block]));
}

/** Nobody works now, and everybody does in six hours or a day. */
export const closed = () => ({ weeks: [everyDay(`${inHours(6)}-${inHours(8)}`)], all_year: true });
/** Everybody always works, whatever the day. */
export const open = () => ({ weeks: [everyDay("00:00-24:00")], all_year: true });

/** A term around today, whenever the test runs, and no bank holiday near it. */
function aroundToday(): object {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const span = { first: day(-60), last: day(60) };
  return {
    years: [{ name: "this year", ...span, terms: [{ ...span, name: "term" }], inset: [], closures: [] }],
  };
}

export interface ChildOptions {
  /** Whose mailboxes there are; only Mrs Shah's is watched until `watch` says more. */
  readonly users?: readonly string[];
  readonly sink?: SmtpSinkOptions;
  readonly env?: Record<string, string>;
  readonly change?: (file: ReturnType<typeof parseDocument>) => void;
}

export async function openChildSchool(options: ChildOptions = {}): Promise<ChildSchool> {
  const dataDir = mkdtempSync(join(tmpdir(), "ab-child-"));
  const configDir = join(dataDir, "config");
  const dovecot = await startDovecot({ users: options.users ?? ["shah"] });
  const sink = await startSmtpSink(options.sink);
  const twilio = await startTwilioPeer({ accountSid, authToken });
  const ports = { imap: dovecot.port, smtp: sink.port, twilioUrl: twilio.url };
  const configure: ChildSchool["configure"] = (change, watched = ["shah"]) => {
    writeConfig(configDir, ports, {
      watched,
      change: (file) => {
        file.set("calendar", aroundToday());
        file.set("hours", closed());
        options.change?.(file);
        change(file);
      },
    });
  };
  configure(() => {});
  const env = {
    AFTERBELL_DATA: dataDir,
    AFTERBELL_LOG: "info",
    TWILIO_AUTH_TOKEN: authToken,
    MAIL_PASSWORD: dovecot.password,
    ...options.env,
  };
  let child: ChildProcess | undefined;
  let ended: Promise<Ended> = Promise.resolve({ status: 0, signal: null, stdout: "", stderr: "" });
  const clients: ImapClient[] = [];
  const said = { stdout: "", stderr: "" };

  const school: ChildSchool = {
    dovecot,
    sink,
    twilio,
    configDir,
    dataDir,
    env,
    said,
    configure,
    async start() {
      const args = ["--disable-warning=ExperimentalWarning", main, "start", "--config", configDir];
      const started = spawn(process.execPath, args, {
        env: { PATH: process.env["PATH"], ...env },
        cwd: dataDir,
      });
      child = started;
      ended = endOf(started);
      said.stdout = "";
      said.stderr = "";
      started.stdout.on("data", (octets) => {
        said.stdout += octets;
      });
      started.stderr.on("data", (octets) => {
        said.stderr += octets;
      });
      await until(async () => {
        if (started.exitCode !== null || started.signalCode !== null)
          throw new Error(`The service ended: ${said.stderr}${said.stdout}`);
        return said.stderr.includes("Afterbell is running");
      });
      const [, url = ""] = /pages: (\S+)/.exec(said.stderr) ?? [];
      twilio.setWebhook({ publicUrl: webhook, target: `${url}/twilio/sms` });
    },
    kill() {
      child?.kill("SIGKILL");
    },
    signal(signal) {
      child?.kill(signal);
    },
    async end(signal) {
      child?.kill(signal);
      return ended;
    },
    untilLogged: async (words) => {
      await until(async () => said.stdout.includes(words));
    },
    command: (...args) => runCommand([...args, "--config", configDir], { env, cwd: dataDir }),
    async mailOf(user) {
      const client = await openImap(dovecot, user);
      clients.push(client);
      return client;
    },
    sql(statement, ...values) {
      const database = new DatabaseSync(join(dataDir, "data", "afterbell.db"), { timeout: 5_000 });
      try {
        return database.prepare(statement).all(...values);
      } finally {
        database.close();
      }
    },
    async close() {
      child?.kill("SIGKILL");
      await ended;
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all([sink.close(), twilio.close(), dovecot.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return school;
}
