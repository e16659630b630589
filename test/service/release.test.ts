// The way out: held mail is given back by a command, whether the service runs or not.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import type { ImapClient } from "../peers/imap-client.ts";
import { type ChildSchool, openChildSchool } from "./child-service.ts";
import { mail, shahsNumber, until } from "./whole-school.ts";

const lately = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();
const abuse = "You are a useless fucking bitch and I will smash your face in.";

(dovecotInstalled ? describe : describe.skip)("afterbell release", () => {
  let school: ChildSchool;
  let shah: ImapClient;
  let sent: string[] = [];
  beforeAll(async () => {
    school = await openChildSchool();
    await school.start();
    shah = await school.mailOf("shah");
  }, 30_000);
  afterAll(() => school?.close());

  const countIn = async (folder: string) => (await shah.list(folder).catch(() => [])).length;
  const inState = (state: string) =>
    Number(school.sql("select count(*) as count from deliveries where state = ?", state)[0]?.["count"]);

  /** Mails of different parents that are held and recorded. */
  async function hold(count: number): Promise<void> {
    const before = inState("held");
    for (let n = 0; n < count; n += 1) {
      const octets = mail({ from: `parent${sent.length}@gmail.com` });
      sent.push(octets);
      await shah.deliver(octets, { at: lately });
    }
    await until(async () => inState("held") === before + count);
  }

  async function expectAllBack(): Promise<void> {
    expect(await countIn("Afterbell/Held")).toBe(0);
    const inbox = await shah.list("INBOX");
    expect(inbox.map(({ raw }) => raw.toString()).sort()).toEqual([...sent].sort());
    expect(new Set(inbox.map(({ seen, internalDate }) => `${seen} ${internalDate}`))).toEqual(
      new Set([`false ${lately}`]),
    );
  }

  test("--all while the service runs gives all of it back, and the service takes none of it in again", async () => {
    await hold(3);
    expect(await school.command("release", "--all")).toMatchObject({
      status: 0,
      stdout: "3 messages given back.\n",
      stderr: "",
    });
    await expectAllBack();
    // The next message shows that the service has looked at INBOX since.
    await hold(1);
    expect(school.sql("select count(*) as count from deliveries")[0]?.["count"]).toBe(4);
    expect(inState("inbox")).toBe(3);
  });

  test("--list shows what is held, and not from whom; an id gives back just that", async () => {
    await hold(1);
    const { stdout } = await school.command("release", "--list");
    const lines = stdout.trim().split("\n");
    expect(lines.at(-1)).toBe("2 held.");
    expect(stdout).not.toContain("@");
    const [id = ""] = lines[0]?.split(" ") ?? [];
    expect(await school.command("release", id)).toMatchObject({
      status: 0,
      stdout: "1 message given back.\n",
    });
    expect(await countIn("Afterbell/Held")).toBe(1);
    const again = await school.command("release", id);
    expect(again).toMatchObject({ status: 2, stdout: "" });
    expect(again.stderr).toBe(`Nothing with the id ${id} is held: afterbell release --list shows what is.\n`);
  });

  test("what is with the headteacher comes back only by its own id", async () => {
    const octets = mail({ text: abuse, from: "parent99@gmail.com" });
    await shah.deliver(octets, { at: lately });
    await until(async () => inState("referred") === 1);
    expect(await school.command("release", "--all")).toMatchObject({ stdout: "1 message given back.\n" });
    expect(await countIn("Afterbell/Referred")).toBe(1);
    const id = String(school.sql("select id from deliveries where state = 'referred'")[0]?.["id"]);
    expect(await school.command("release", id)).toMatchObject({
      status: 0,
      stdout: "1 message given back.\n",
    });
    sent.push(octets);
    await expectAllBack();
  });

  test("--all while the service is down gives back mail and texts", async () => {
    await hold(2);
    const text = { from: "+447700900301", to: shahsNumber, body: "what time is the trip on Tuesday?" };
    await school.twilio.sendAsParent(text);
    await until(async () => inState("held") === 3);
    await school.end("SIGTERM");
    expect(await school.command("release", "--all")).toMatchObject({
      status: 0,
      stdout: "3 messages given back.\n",
      stderr: "",
    });
    await expectAllBack();
    const passedOn = school.sink.mails.filter(({ envelopeTo }) =>
      envelopeTo.includes("a.shah@oakhill.example"),
    );
    expect(passedOn).toHaveLength(1);
    expect(passedOn[0]?.raw.toString()).toContain(text.body);
    expect(await school.command("release", "--all")).toMatchObject({
      status: 0,
      stdout: "0 messages given back.\n",
    });
    await school.start();
    await hold(1);
    expect(inState("inbox")).toBe(sent.length);
    expect(await school.command("release", "--all")).toMatchObject({ stdout: "1 message given back.\n" });
  });

  test("what its owner has deleted is left alone", async () => {
    await hold(2);
    await school.end("SIGTERM");
    const [first] = await shah.list("Afterbell/Held");
    await shah.remove("Afterbell/Held", first?.uid ?? 0);
    sent = sent.filter((octets) => octets !== first?.raw.toString());
    expect(await school.command("release", "--all")).toMatchObject({
      status: 0,
      stdout: "1 message given back.\n1 message left alone: its owner had moved or deleted it.\n",
    });
    await expectAllBack();
    await school.start();
  });

  test("a mail server that is away: status 1, and it is tried again", async () => {
    await hold(1);
    await school.end("SIGTERM");
    school.configure((file) =>
      Object.assign(file.get("mail") ?? {}, { imap: { host: "127.0.0.1", port: 1, tls: "none" } }),
    );
    const { status, stdout, stderr } = await school.command("release", "--all");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "0 messages given back.\n" });
    expect(stderr).toMatch(/^1 message could not be given back yet: .*\n$/);
    school.configure(() => {});
    await school.start();
    await until(async () => (await countIn("Afterbell/Held")) === 0);
    await expectAllBack();
  });
});
