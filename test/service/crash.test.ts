// kill -9 at the worst moments, and start again: nothing is lost, nothing is answered twice.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import type { ImapClient, Mail } from "../peers/imap-client.ts";
import { type ChildSchool, openChildSchool } from "./child-service.ts";
import { mail, until } from "./whole-school.ts";

const folders = ["INBOX", "Afterbell/Held", "Afterbell/Referred"] as const;
/** A little ago, in whole seconds: Dovecot takes no date in the future, and old mail is not answered. */
const lately = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();

let school: ChildSchool;
afterEach(() => school?.close());

interface Found extends Mail {
  readonly folder: string;
}

async function everything(client: ImapClient): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of folders) {
    const list = await client.list(folder).catch(() => []);
    found.push(...list.map((one) => ({ ...one, folder })));
  }
  return found;
}

/** Every message is in exactly one place, octet for octet. */
async function expectWhole(client: ImapClient, octets: readonly string[]): Promise<Found[]> {
  const found = await everything(client);
  expect(found.map(({ raw }) => raw.toString()).sort()).toEqual([...octets].sort());
  return found;
}

const heldCount = async (client: ImapClient) => (await client.list("Afterbell/Held").catch(() => [])).length;

function repliesTo(address: string): number {
  return school.sink.mails.filter(({ envelopeTo }) => envelopeTo.includes(address)).length;
}

const settled = () =>
  until(async () => {
    const now = new Date().toISOString();
    const open =
      "select count(*) as count from effects where state = 'claimed' or (state = 'due' and due_at <= ?)";
    return school.sql(open, now)[0]?.["count"] === 0;
  });

(dovecotInstalled ? describe : describe.skip)("kill -9", () => {
  test("at every step of a message's way in: one place, one reply, one record", async () => {
    let onMail: () => void = () => {};
    school = await openChildSchool({
      sink: {
        refuseMail: () => {
          onMail();
          return null;
        },
      },
    });
    await school.start();
    const shah = await school.mailOf("shah");
    const sent: string[] = [];
    const deliver = async () => {
      const octets = mail({ from: `parent${sent.length}@gmail.com` });
      sent.push(octets);
      await shah.deliver(octets, { at: lately });
    };
    const again = async () => {
      school.kill();
      await school.end("SIGKILL");
      await school.start();
      await until(async () => (await heldCount(shah)) === sent.length);
      await expectWhole(shah, sent);
    };

    // As soon as it lies in INBOX.
    await deliver();
    await again();
    // When it has just left INBOX: on the server it is held, in the store perhaps not.
    await deliver();
    await until(async () => (await shah.list("INBOX")).length === 0);
    await again();
    // When the outside world has the reply, and the service does not know that it has.
    const replied = new Promise<void>((resolve) => {
      onMail = () => {
        school.kill();
        resolve();
      };
    });
    await deliver();
    await replied;
    onMail = () => {};
    await again();
    // Somewhere in between.
    for (const afterMs of [5, 40, 120]) {
      await deliver();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await again();
    }
    // While it was dead, and dead again just after its start.
    await school.end("SIGKILL");
    await deliver();
    await school.start();
    await again();

    await settled();
    await expectWhole(shah, sent);
    for (let n = 0; n < sent.length; n += 1) expect(repliesTo(`parent${n}@gmail.com`)).toBeLessThanOrEqual(1);
    // Silence is only where an answer had been begun: it is shown to a person.
    const dead = school.sql("select last_error from effects where state = 'dead'");
    expect(school.sink.mails.length + dead.length).toBeGreaterThanOrEqual(sent.length);
    expect(school.sql("select count(*) as count from messages")[0]?.["count"]).toBe(sent.length);
    expect(school.sql("select count(*) as count from deliveries")[0]?.["count"]).toBe(sent.length);
  }, 120_000);

  test("while abuse is being referred: one case, and it never comes back to INBOX by itself", async () => {
    school = await openChildSchool();
    await school.start();
    const shah = await school.mailOf("shah");
    const octets = mail({ text: "You are a useless fucking bitch and I will smash your face in." });
    await shah.deliver(octets, { at: lately });
    await until(async () => (await shah.list("INBOX")).length === 0);
    await school.end("SIGKILL");
    await school.start();
    await until(async () => (await shah.list("Afterbell/Referred")).length === 1);
    await settled();
    await school.end("SIGKILL");
    await school.start();
    await settled();
    const [found] = await expectWhole(shah, [octets]);
    expect(found?.folder).toBe("Afterbell/Referred");
    expect(school.sql("select count(*) as count from cases")[0]?.["count"]).toBe(1);
    expect(repliesTo("rosa.delgado@gmail.com")).toBeLessThanOrEqual(1);
    expect(repliesTo("head@oakhill.example")).toBeGreaterThanOrEqual(1);
  }, 60_000);

  test("during release: all of it is back, once, as it was", async () => {
    school = await openChildSchool();
    await school.start();
    const shah = await school.mailOf("shah");
    const sent: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const octets = mail({ from: `parent${n}@gmail.com` });
      sent.push(octets);
      await shah.deliver(octets, { at: lately });
    }
    const recorded = "select count(*) as count from deliveries where state = 'held'";
    await until(async () => school.sql(recorded)[0]?.["count"] === sent.length);
    await settled();
    await school.end("SIGKILL");
    // Their next working moment is now.
    const now = new Date().toISOString();
    school.sql("update deliveries set release_at = ?", now);
    school.sql("update effects set due_at = ? where kind = 'move' and state = 'due'", now);

    const starting = school.start().catch(() => {});
    await until(async () => (await heldCount(shah)) < sent.length);
    await school.end("SIGKILL");
    await starting;
    await expectWhole(shah, sent);
    await school.start();
    await until(async () => (await shah.list("INBOX")).length === sent.length);
    await settled();
    await school.end("SIGKILL");
    await school.start();
    await settled();
    const found = await expectWhole(shah, sent);
    expect(
      new Set(found.map(({ folder, seen, internalDate }) => `${folder} ${seen} ${internalDate}`)),
    ).toEqual(new Set([`INBOX false ${lately}`]));
    for (let n = 0; n < sent.length; n += 1) expect(repliesTo(`parent${n}@gmail.com`)).toBe(1);
    const states = school.sql("select distinct state, released_at is not null as released from deliveries");
    expect(states).toEqual([{ state: "inbox", released: 1 }]);
  }, 60_000);
});

(dovecotInstalled ? describe : describe.skip)("SIGTERM", () => {
  test("ends within ten seconds with exit status 0", async () => {
    school = await openChildSchool();
    await school.start();
    const beganMs = performance.now();
    const { status, signal } = await school.end("SIGTERM");
    expect({ status, signal }).toEqual({ status: 0, signal: null });
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });

  test("ends within ten seconds also while a mail server takes a reply and says nothing", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on("error", () => {})));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const smtp = { host: "127.0.0.1", port, tls: "none" };
    school = await openChildSchool({ change: (file) => Object.assign(file.get("mail") ?? {}, { smtp }) });
    try {
      await school.start();
      const shah = await school.mailOf("shah");
      await shah.deliver(mail({}), { at: lately });
      await until(async () => sockets.size > 0);
      const beganMs = performance.now();
      const { status, signal } = await school.end("SIGTERM");
      expect({ status, signal }).toEqual({ status: 0, signal: null });
      expect(performance.now() - beganMs).toBeLessThan(10_000);
      // What was in flight is nobody's any more.
      expect(school.sql("select state from effects where kind = 'reply'")).toEqual([{ state: "due" }]);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  }, 60_000);
});
