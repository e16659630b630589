// The whole trial school: its first Friday, a weekend, a restart, and a fresh start.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { whenWorking } from "../../src/core/hours.ts";
import { MINUTE_MS } from "../../src/core/local-time.ts";
import { readSignIn } from "../../src/store/sign-ins.ts";
import { momentsAfter } from "../../src/trial/moments.ts";
import { type Running, schoolTime } from "../../src/trial/running.ts";
import { startTrial } from "../../src/trial/start.ts";
import { isPassword } from "../../src/web/passwords.ts";
import {
  lettersTo,
  moveClock,
  subjects,
  type Temporary,
  temporaryTrial,
  textsTo,
  write,
} from "./temporary.ts";

let school: Temporary;
const running = (): Running => school.trial.running;

beforeAll(async () => {
  school = await temporaryTrial();
}, 60_000);
afterAll(() => school.remove());

const moment = (id: string) => {
  const at = momentsAfter(running().clock.now(), schoolTime(running().loaded())).find(
    (one) => one.id === id,
  )?.at;
  if (at === undefined) throw new Error(`The clock has no button ${id}.`);
  return at;
};

describe("the first Friday", () => {
  test("ends at 21:00, out of everybody's hours", () => {
    const { clock, loaded } = running();
    const { policy, staff } = loaded();
    expect(running().journal.written()).toHaveLength(8);
    const working = staff.filter(({ id }) => {
      const hours = policy.hours[id];
      return hours && whenWorking(clock.now(), policy.calendar, hours).working;
    });
    expect(working).toEqual([]);
  });

  test("leaves an evening's question in each one's held folder, and one answer in the parent's language", async () => {
    for (const id of ["shah", "brennan", "haddad"]) {
      expect(await subjects(running(), id, "Afterbell/Held")).toContain("Zofia - violin lessons");
      expect(await subjects(running(), id, "INBOX")).not.toContain("Zofia - violin lessons");
    }
    const replies = await lettersTo(running(), "marek.zielonka@example.net");
    expect(replies.map(({ subject }) => subject)).toEqual(["Odpowiedź automatyczna: Zofia - violin lessons"]);
  });

  test("leaves a disclosure with its addressee, and the safeguarding lead alerted both ways", async () => {
    expect(await subjects(running(), "shah", "INBOX")).toContain("Kian");
    expect(await subjects(running(), "shah", "Afterbell/Held")).not.toContain("Kian");
    expect(await subjects(running(), "marsh", "INBOX")).toHaveLength(1);
    expect(textsTo(running(), "+447700900112")).toHaveLength(1);
  });

  test("leaves abuse out of the teacher's sight and in the headteacher's queue", async () => {
    expect(await subjects(running(), "novak", "Afterbell/Referred")).toEqual(["Nia's detention"]);
    expect(await subjects(running(), "novak", "INBOX")).toEqual([]);
    const cases = await running().store.selectFrom("cases").select(["number", "state"]).execute();
    expect(cases).toEqual([{ number: 1, state: "open" }]);
    expect((await subjects(running(), "okafor", "INBOX")).join()).toContain("Huw Pritchard");
  });

  test("leaves an absence and a complaint with their addressees, and with those who must have them", async () => {
    expect(await subjects(running(), "shah", "INBOX")).toContain("Alfie not in today");
    expect((await subjects(running(), "office", "INBOX")).join()).toContain("Joanne Tibbs");
    expect(await lettersTo(running(), "complaints@oakhill.example")).toHaveLength(1);
  });

  test("leaves a supplier's mail and a newsletter alone, unanswered", async () => {
    expect(await subjects(running(), "office", "INBOX")).toContain("Your order 40718 has been sent");
    expect(await subjects(running(), "brennan", "INBOX")).toContain("This week: growing beans in a jar");
    expect(await lettersTo(running(), "orders@brightpaper.example")).toEqual([]);
    expect(await lettersTo(running(), "news@science-weekly.example")).toEqual([]);
  });

  test("is printed with the addresses and the sign-in, which is right", async () => {
    const { store, signIn, loaded } = running();
    expect(school.printed).toContain(school.trial.trialUrl);
    expect(school.printed).toContain(school.trial.webUrl);
    expect(school.printed).toContain(signIn.password);
    const kept = await readSignIn(store, loaded().policy.school, "okafor");
    expect(await isPassword(signIn.password, kept?.secret ?? null)).toBe(true);
  });
});

describe("a weekend", () => {
  test("a mail of Friday evening waits, is answered once, and is back on Monday with its octets, date and unseen", async () => {
    const written = await write(running(), {
      sender: "1002",
      to: ["shah"],
      subject: "Reading book",
      text: "When?",
    });
    const held = running().imap.list("shah", "Afterbell/Held").at(-1);
    expect(await subjects(running(), "shah", "INBOX")).not.toContain("Reading book");
    await write(running(), {
      sender: "1002",
      to: ["shah"],
      subject: "Reading book again",
      text: "And where?",
    });
    const replies = await lettersTo(running(), "priya.raman@example.net");
    expect(replies.map(({ inReplyTo }) => inReplyTo)).toEqual([written.reference]);

    await moveClock(running(), moment("saturday"));
    expect(await subjects(running(), "shah", "INBOX")).not.toContain("Reading book");
    await moveClock(running(), new Date(Date.parse(moment("monday")) + 30 * MINUTE_MS).toISOString());

    const back = running()
      .imap.list("shah", "INBOX")
      .find(({ raw }) => held?.raw.equals(raw));
    expect(back).toMatchObject({ internalDate: held?.internalDate, flags: [] });
    expect(await subjects(running(), "shah", "Afterbell/Held")).toEqual([]);
  });

  test("a part-time teacher's mail is still waiting on Monday", async () => {
    expect(await subjects(running(), "brennan", "Afterbell/Held")).toEqual(["Zofia - violin lessons"]);
  });

  test("the text of Friday evening was answered by text and is in the teacher's mail on Monday", async () => {
    expect(textsTo(running(), "+447700900210")).toHaveLength(1);
    const mails = running().imap.list("shah", "INBOX");
    expect(mails.filter(({ raw }) => raw.includes("PE kit"))).toHaveLength(1);
  });

  test("a message in working hours is never moved or answered", async () => {
    await write(running(), {
      sender: "1006",
      to: ["shah"],
      subject: "Trip money",
      text: "It is in his bag.",
    });
    expect(await subjects(running(), "shah", "INBOX")).toContain("Trip money");
    expect(
      (await lettersTo(running(), "leila.farahani@example.com")).map(({ subject }) => subject),
    ).toHaveLength(1);
  });
});

describe("stopping and starting", () => {
  test("two at once are refused", async () => {
    const { dataDir } = school;
    const again = startTrial({
      fresh: false,
      dataDir,
      log: pino({ level: "silent" }),
      stdout: { write: () => {} },
    });
    await expect(again).rejects.toThrow("running already");
  });

  test("keeps mail, texts, clock, ports and sign-in; held mail comes back after it", async () => {
    await moveClock(running(), moment("friday"));
    await write(running(), { sender: "1001", to: ["shah"], subject: "Książka", text: "Kiedy?" });
    await write(running(), {
      sender: "1004",
      channel: "sms",
      to: ["+447700900101"],
      subject: "",
      text: "Bus?",
    });
    const before = {
      lists: ["INBOX", "Afterbell/Held"].map((folder) => running().imap.list("shah", folder)),
      letters: running().journal.letters(),
      texts: running().journal.texts(),
      written: running().journal.written(),
      signIn: running().signIn,
      urls: [school.trial.webUrl, school.trial.trialUrl],
    };
    const clockBefore = running().clock.nowMs();

    await school.restart();

    expect({
      lists: ["INBOX", "Afterbell/Held"].map((folder) => running().imap.list("shah", folder)),
      letters: running().journal.letters(),
      texts: running().journal.texts(),
      written: running().journal.written(),
      signIn: running().signIn,
      urls: [school.trial.webUrl, school.trial.trialUrl],
    }).toEqual(before);
    expect(Math.abs(running().clock.nowMs() - clockBefore)).toBeLessThan(30_000);

    await moveClock(running(), moment("monday"));
    expect(await subjects(running(), "shah", "INBOX")).toContain("Książka");
    expect(await lettersTo(running(), "dana.kowalczyk@gmail.com")).toHaveLength(1);
    expect(textsTo(running(), "+447700900204")).toHaveLength(1);
  }, 60_000);

  test("--fresh begins with another first Friday", async () => {
    const { password } = running().signIn;
    await school.restart(true);
    expect(running().journal.written()).toHaveLength(8);
    expect(await subjects(running(), "shah", "INBOX")).not.toContain("Książka");
    expect(running().signIn.password).not.toBe(password);
  }, 60_000);
});
