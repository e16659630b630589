// What could not be sent, as an operator meets it; and what the log says of people, which is nothing.
import { afterEach, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import { type ChildSchool, openChildSchool } from "./child-service.ts";
import { mail, shahsNumber, until } from "./whole-school.ts";

const lately = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();

let school: ChildSchool;
afterEach(() => school?.close());

const deadLetters = () =>
  Number(school.sql("select count(*) as count from effects where state = 'dead'")[0]?.["count"]);

(dovecotInstalled ? describe : describe.skip)("a reply that the parent's server refuses", () => {
  test("is listed with the reason, tried again by hand, and then sent", async () => {
    let refusing = true;
    const refuse = (address: string) =>
      refusing && address === "rosa.delgado@gmail.com" ? `550 5.1.1 <${address}>: mailbox full` : null;
    school = await openChildSchool({ sink: { refuseRecipient: refuse } });
    await school.start();
    expect(await school.command("dead-letters")).toMatchObject({
      status: 0,
      stdout: "Everything has been sent.\n",
    });
    const shah = await school.mailOf("shah");
    await shah.deliver(mail({}), { at: lately });
    await until(async () => deadLetters() === 1);

    const { status, stdout } = await school.command("dead-letters");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f-]{36} {2}The automatic reply to a parent \(r•••@gmail\.com\)/);
    expect(stdout).toContain("<r•••@gmail.com>: mailbox full");
    expect(stdout).not.toContain("rosa");
    expect(stdout).toMatch(/\n1 could not be sent: [^\n]+\n$/);

    const wrong = await school.command("dead-letters", "--retry", "no-such-id");
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/^There is no dead letter no-such-id: [^\n]+\n$/);

    refusing = false;
    const [id = ""] = stdout.split(" ");
    await school.end("SIGTERM");
    expect(await school.command("dead-letters", "--retry", id)).toMatchObject({ status: 0 });
    await school.start();
    await until(async () => school.sink.mails.length === 1);
    expect(await school.command("dead-letters", "--retry", "all")).toMatchObject({
      status: 0,
      stdout: "Everything has been sent.\n",
    });
  }, 90_000);
});

(dovecotInstalled ? describe : describe.skip)("the log at info", () => {
  test("has no address, number, name, subject or word of a message", async () => {
    const refuse = (address: string) => (address.startsWith("mallory") ? `550 5.1.1 <${address}>: no` : null);
    const refuseLater = (address: string) =>
      address.startsWith("head") ? `450 4.2.1 <${address}>: busy` : null;
    school = await openChildSchool({
      env: { AFTERBELL_LOG: "info" },
      sink: { refuseRecipient: (address) => refuse(address) ?? refuseLater(address) },
    });
    await school.start();
    const shah = await school.mailOf("shah");
    const to = "Anjali Shah <a.shah@oakhill.example>";
    const subject = "Xylophone practice";
    await shah.deliver(mail({ to, subject, text: "Where is the zanzibar book?" }), { at: lately });
    const from = "Mallory Quux <mallory.quux@gmail.com>";
    await shah.deliver(
      mail({ from, to, subject, text: "You useless fucking bitch, I will smash your face in." }),
      {
        at: lately,
      },
    );
    await shah.deliver(mail({ from: "broken", to, subject: "Xylophone", text: "zanzibar" }), { at: lately });
    await school.twilio.sendAsParent({
      from: "+447700900301",
      to: shahsNumber,
      body: "is zanzibar on Tuesday?",
    });
    const recorded = "select count(*) as count from deliveries";
    await until(async () => school.sql(recorded)[0]?.["count"] === 4);
    await until(async () => school.said.stdout.includes("will be tried again"));
    await until(async () => school.said.stdout.includes("could not be performed"));
    await until(async () => school.twilio.sent.length === 1);
    await school.end("SIGTERM");

    const said = `${school.said.stdout}${school.said.stderr}`.toLowerCase();
    expect(said).toContain('"kind":"reply"');
    const people = ["rosa", "delgado", "mallory", "quux", "anjali", "a.shah@", "head@", "7700900301"];
    const words = ["xylophone", "zanzibar", "smash", "bitch", "useless"];
    for (const word of [...people, ...words]) expect(said).not.toContain(word);
    // One JSON object a line.
    for (const line of school.said.stdout.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
  }, 60_000);
});
