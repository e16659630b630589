// afterbell check: every error at once with its place, and with --online every server that refuses.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type SmtpSink, startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { startTwilioPeer, type TwilioPeer } from "../../src/trial/peers/twilio.ts";
import { type Dovecot, dovecotInstalled, startDovecot } from "../peers/dovecot.ts";
import { type Redis, redisInstalled, startRedis } from "../peers/redis.ts";
import { runCommand } from "../service/child-service.ts";
import { writeConfig } from "../service/whole-school.ts";
import { copySchool, say } from "./terminal.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ab-check-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let dir = "";
let count = 0;
function school(change?: (text: string) => string): string {
  count += 1;
  dir = join(folder, `school-${count}`);
  copySchool(dir, change);
  return dir;
}
afterEach(() => {
  if (dir) rmSync(dir, { recursive: true, force: true });
});

describe("check", () => {
  test("of the example school says what it has read", async () => {
    const { status, stdout, stderr } = await say(["check", "--config", school()]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^The configuration is good: 9 staff, 10 contacts, \d+ rules with \d+ examples, policy [0-9a-f]+\.\n$/,
    );
    // Nothing is watched yet: said, and no reason to fail.
    expect(stderr).toMatch(/school\.yaml:\d+:\d+: warning: mail: [^\n]+\n1 warning\.\n$/);
  });

  test("names every error with file, line and what to change, and fails with 2", async () => {
    school((text) =>
      text.replace("staff_work_on_inset", "staff_works_on_inset").replace("08:00-17:00", "8-17"),
    );
    writeFileSync(join(dir, "contacts.csv"), "id,name,email\n1,Rosa,not-an-address\n");
    const { status, stdout, stderr } = await say(["check", "--config", dir]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /school\.yaml:\d+:\d+: calendar\.staff_works_on_inset: .*did you mean staff_work_on_inset\?/,
    );
    expect(stderr).toMatch(/school\.yaml:\d+:\d+: hours\.weeks\[0\]\.mon: /);
    expect(stderr).toMatch(/contacts\.csv:2(:\d+)?: email: /);
    expect(stderr).toMatch(/\n3 errors and \d+ warnings?\.\n$/);
  });

  test("tries the school's own rules on their examples", async () => {
    school();
    mkdirSync(join(dir, "rules"));
    const rule = `family: own
rules:
  - id: own.coach
    clause: "3.3"
    why: The coach company's messages cannot wait.
    when: { words: [the coach is late] }
    then: { outcome: deliver, never: hold }
    examples:
      match: [The bus is late.]
      pass: [Which coach are we on?]
`;
    writeFileSync(join(dir, "rules", "own.yaml"), rule);
    const { status, stderr } = await say(["check", "--config", dir]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /rules\/own\.yaml:9: examples\.match\[0\]: own\.coach must match this example and does not/,
    );
  });

  test("tries the school's own templates", async () => {
    school();
    mkdirSync(join(dir, "templates", "replies", "en"), { recursive: true });
    writeFileSync(join(dir, "templates", "replies", "en", "out-of-hours.txt.njk"), "Hello\n{{ nobody }\n");
    const { status, stderr } = await say(["check", "--config", dir]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/out-of-hours\.txt\.njk:\d+/);
  });

  test("prints no secret", async () => {
    school();
    const ports = { imap: 1, smtp: 1, twilioUrl: "http://127.0.0.1:1" };
    writeConfig(dir, ports, { change: (file) => file.setIn(["school", "nmae"], "x") });
    const env = { TWILIO_AUTH_TOKEN: "sesame-token-1", MAIL_PASSWORD: "sesame-mail-2" };
    const { status, stdout, stderr } = await say(["check", "--config", dir], { env });
    expect(status).toBe(2);
    expect(`${stdout}${stderr}`).not.toContain("sesame");
    const without = await say(["check", "--config", dir], { env: { MAIL_PASSWORD: "x" } });
    expect(without.stderr).toContain("TWILIO_AUTH_TOKEN");
  });
});

(dovecotInstalled && redisInstalled ? describe : describe.skip)("check --online", () => {
  const accountSid = "AC00000000000000000000000000000001";
  const account = { user: "gateway", password: "smtp-sesame" };
  let dovecot: Dovecot;
  let sink: SmtpSink;
  let twilio: TwilioPeer;
  let redis: Redis;
  let right: Record<string, string>;
  beforeAll(async () => {
    dovecot = await startDovecot({ users: ["shah", "marsh"] });
    sink = await startSmtpSink({ account });
    twilio = await startTwilioPeer({ accountSid, authToken: "token-sesame" });
    redis = await startRedis();
    right = {
      MAIL_PASSWORD: dovecot.password,
      TWILIO_AUTH_TOKEN: "token-sesame",
      SMTP_PASSWORD: account.password,
      REDIS_URL: redis.url,
    };
  });
  afterAll(async () => {
    await Promise.all([dovecot.stop(), sink.close(), twilio.close(), redis.stop()]);
  });

  const online = async (env: Record<string, string>, change: { smtpPort?: number } = {}) => {
    school();
    const port = change.smtpPort ?? sink.port;
    writeConfig(
      dir,
      { imap: dovecot.port, smtp: port, twilioUrl: twilio.url },
      {
        watched: ["shah", "marsh"],
        change: (file) => {
          const smtp = {
            host: "127.0.0.1",
            port,
            tls: "none",
            user: account.user,
            password: "${SMTP_PASSWORD}",
          };
          Object.assign(file.get("mail") ?? {}, { smtp });
        },
      },
    );
    return runCommand(["check", "--online", "--config", dir], { env: { ...right, ...env } });
  };
  const linesOf = (text: string) => text.trim().split("\n").slice(1);

  test("signs in to every server, sends nothing and leaves nothing behind", async () => {
    const { status, stdout } = await online({});
    expect(linesOf(stdout)).toEqual([
      expect.stringMatching(/^ok {6}mailbox of marsh: signed in, folders will be made, moves by MOVE, IDLE$/),
      expect.stringMatching(/^ok {6}mailbox of shah: signed in, /),
      expect.stringMatching(/^ok {6}mail out by 127\.0\.0\.1:\d+: signed in$/),
      expect.stringMatching(/^ok {6}texts by Twilio: signed in; its webhook is to call https:/),
      expect.stringMatching(/^ok {6}Redis: /),
    ]);
    expect(status).toBe(0);
    expect(sink.mails).toEqual([]);
    expect(twilio.sent).toEqual([]);
  });

  test.each([
    ["MAIL_PASSWORD", 2, /^failed {2}mailbox of marsh: .*mail\.imap in school\.yaml.*staff\.yaml\.$/],
    ["SMTP_PASSWORD", 1, /^failed {2}mail out by .*look at mail\.smtp in school\.yaml\.$/],
    ["TWILIO_AUTH_TOKEN", 1, /^failed {2}texts by Twilio: .*sms\.account_sid and sms\.auth_token/],
  ])(
    "with a wrong %s names the setting, tries the others, and fails with 1",
    async (name, failures, sentence) => {
      const { status, stdout, stderr } = await online({ [name]: "wrong-sesame" });
      const failed = linesOf(stdout).filter((line) => line.startsWith("failed"));
      expect(failed).toHaveLength(failures);
      expect(failed[0]).toMatch(sentence);
      expect(linesOf(stdout)).toHaveLength(5);
      expect(stderr).toContain(`${failures} of 5 servers failed: mend what the lines above say.\n`);
      expect(status).toBe(1);
      expect(`${stdout}${stderr}`).not.toContain("sesame");
    },
  );

  test("with servers that are not there says which, and comes to an end", async () => {
    const { status, stdout } = await online({ REDIS_URL: "redis://127.0.0.1:1" }, { smtpPort: 1 });
    const failed = linesOf(stdout).filter((line) => line.startsWith("failed"));
    expect(failed).toEqual([
      expect.stringMatching(/^failed {2}mail out by 127\.0\.0\.1:1: .*look at mail\.smtp in school\.yaml\.$/),
      expect.stringMatching(/^failed {2}Redis: .*look at REDIS_URL\.$/),
    ]);
    expect(status).toBe(1);
  });
});
