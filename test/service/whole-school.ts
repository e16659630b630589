// A whole school for tests: the real service between a real Dovecot, an SMTP server and Twilio's stand-in.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { parseDocument } from "yaml";
import { MovableClock } from "../../src/clock.ts";
import { ConfigError, loadConfig } from "../../src/policy/load.ts";
import { formatProblems } from "../../src/policy/report.ts";
import { openService, type Service } from "../../src/service/open.ts";
import { type SmtpSink, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { startTwilioPeer, type TwilioPeer } from "../../src/trial/peers/twilio.ts";
import { type Dovecot, startDovecot } from "../peers/dovecot.ts";
import { type ImapClient, openImap } from "../peers/imap-client.ts";

export const schoolNumber = "+447700900100";
export const shahsNumber = "+447700900101";
const accountSid = "AC00000000000000000000000000000001";
const authToken = "a-token-for-tests-only";
const webhook = "https://afterbell.oakhill.example/twilio/sms";

type Yaml = ReturnType<typeof parseDocument>;

export interface WholeSchool {
  readonly clock: MovableClock;
  readonly sink: SmtpSink;
  readonly twilio: TwilioPeer;
  readonly dovecot: Dovecot;
  readonly configDir: string;
  readonly dataDir: string;
  service: Service;
  /** A member of staff's own mail program. */
  mailOf(user: string): Promise<ImapClient>;
  /** Stops the service as a crash would not: in order. Then starts it again over the same store. */
  restart(): Promise<void>;
  /** Changes school.yaml, and staff.yaml if need be; the service is told by refresh() or a restart. */
  configure(change: (school: Yaml) => void, changeStaff?: (staff: Yaml) => void): void;
  close(): Promise<void>;
}

export interface WholeSchoolOptions {
  readonly at: string;
  /** Staff ids whose mailboxes are watched; the user is the id. */
  readonly watched?: readonly string[];
  readonly redisUrl?: string;
  readonly change?: (school: Yaml) => void;
}

/** The example school with real servers in it. */
export function writeConfig(
  dir: string,
  ports: {
    readonly imap: number;
    readonly smtp: number;
    readonly twilioUrl: string;
  },
  options: Pick<WholeSchoolOptions, "watched" | "change">,
): void {
  cpSync(new URL("../../config", import.meta.url).pathname, dir, { recursive: true });
  const school = parseDocument(readText(join(dir, "school.yaml")));
  school.set("mail", {
    address: "afterbell@oakhill.example",
    imap: { host: "127.0.0.1", port: ports.imap, tls: "none" },
    smtp: { host: "127.0.0.1", port: ports.smtp, tls: "none" },
    poll_seconds: 3600,
  });
  school.set("sms", {
    account_sid: accountSid,
    auth_token: "${TWILIO_AUTH_TOKEN}",
    public_url: webhook,
    api_url: ports.twilioUrl,
    numbers: [
      { number: schoolNumber, belongs_to: "school" },
      { number: shahsNumber, belongs_to: ["shah"] },
    ],
  });
  school.setIn(["web", "port"], 0);
  options.change?.(school);
  writeFileSync(join(dir, "school.yaml"), school.toString());
  const staff = parseDocument(readText(join(dir, "staff.yaml")));
  const watched = options.watched ?? ["shah"];
  const members = staff.toJS().staff as { id: string }[];
  for (const [index, { id }] of members.entries()) {
    if (watched.includes(id))
      staff.setIn(["staff", index, "mailbox"], { user: id, password: "${MAIL_PASSWORD}" });
  }
  writeFileSync(join(dir, "staff.yaml"), staff.toString());
}

function editYaml(file: string, change: (document: Yaml) => void): void {
  const document = parseDocument(readText(file));
  change(document);
  writeFileSync(file, document.toString());
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}

export async function startSchool(options: WholeSchoolOptions): Promise<WholeSchool> {
  const dataDir = mkdtempSync(join(tmpdir(), "ab-school-"));
  const configDir = join(dataDir, "config");
  const clock = new MovableClock();
  clock.set(options.at);
  const users = options.watched ?? ["shah"];
  const dovecot = await startDovecot({ users: [...users] });
  const sink = await startSmtpSink();
  const twilio = await startTwilioPeer({ accountSid, authToken, nowMs: () => clock.nowMs() });
  const close = async () => {
    await Promise.all([sink.close(), twilio.close(), dovecot.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const read = () => loadConfig(configDir, { TWILIO_AUTH_TOKEN: authToken, MAIL_PASSWORD: dovecot.password });
  const load = () => {
    try {
      writeConfig(configDir, { imap: dovecot.port, smtp: sink.port, twilioUrl: twilio.url }, options);
      return read();
    } catch (error) {
      void close();
      throw error instanceof ConfigError ? new Error(formatProblems(error.problems)) : error;
    }
  };
  let loaded = load();
  const log = pino({ level: process.env["AFTERBELL_TEST_LOG"] ?? "silent" });
  const open = () =>
    openService({
      loaded: { current: () => loaded },
      clock,
      log,
      dataDir,
      redisUrl: options.redisUrl,
    });
  const clients: ImapClient[] = [];
  const school: WholeSchool = {
    clock,
    sink,
    twilio,
    dovecot,
    configDir,
    dataDir,
    service: await open(),
    async mailOf(user) {
      const client = await openImap(dovecot, user);
      clients.push(client);
      return client;
    },
    async restart() {
      await school.service.stop();
      school.service = await open();
      await begin();
    },
    configure(change, changeStaff = () => {}) {
      editYaml(join(configDir, "school.yaml"), change);
      editYaml(join(configDir, "staff.yaml"), changeStaff);
      loaded = read();
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await school.service.stop();
      await close();
    },
  };
  const begin = async () => {
    await school.service.start();
    twilio.setWebhook({ publicUrl: webhook, target: `${school.service.webUrl}/twilio/sms` });
  };
  await begin();
  return school;
}

/** Asks again until it holds: for what a mail server shows only when asked. */
export async function until<T>(
  ask: () => Promise<T | null | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > endMs) throw new Error("It did not come true in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let count = 0;

/** A parent's mail with octets of its own. */
export function mail(fields: {
  readonly to?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: string;
}): string {
  count += 1;
  const extra = Object.entries(fields.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  return [
    "Return-Path: <parent@gmail.com>\r\n",
    `From: ${fields.from ?? "Rosa Delgado <rosa.delgado@gmail.com>"}\r\n`,
    `To: ${fields.to ?? "a.shah@oakhill.example"}\r\n`,
    `Subject: ${fields.subject ?? "A question"}\r\n`,
    "Date: Fri, 13 Nov 2026 21:00:00 +0000\r\n",
    `Message-ID: ${fields.id ?? `<${count}.${process.pid}@gmail.com>`}\r\n`,
    ...extra,
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
    `${fields.text ?? "Which book does she need on Monday?"}\r\n`,
  ].join("");
}
