// The folder changes while the service runs: what is right takes effect, what is broken changes nothing.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import type { ImapClient } from "../peers/imap-client.ts";
import { type ChildSchool, closed, open, openChildSchool } from "./child-service.ts";
import { mail, until } from "./whole-school.ts";

const lately = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();
const readAgain = "The configuration was read again.";

(dovecotInstalled ? describe : describe.skip)("while the service runs", () => {
  let school: ChildSchool;
  let shah: ImapClient;
  let count = 0;
  beforeAll(async () => {
    school = await openChildSchool({ users: ["shah", "lindqvist"] });
    await school.start();
    shah = await school.mailOf("shah");
  }, 30_000);
  afterAll(() => school?.close());

  /** Whom the message with this Message-ID was taken to come from, and what was decided. */
  const recorded = (id: string) =>
    until(async () => {
      const join = "deliveries d join messages m on m.id = d.message_id";
      const [row] = school.sql(`select m.role, d.outcome from ${join} where m.message_id = ?`, id);
      return row;
    });

  /** Delivers a mail and says where it is once it is recorded: "held", "inbox", … */
  async function fateOf(text: string, client = shah, to = "a.shah@oakhill.example"): Promise<unknown> {
    count += 1;
    const id = `<reload-${count}@gmail.com>`;
    await client.deliver(mail({ text, id, to, from: `parent${count}@gmail.com` }), { at: lately });
    return (await recorded(id))["outcome"];
  }

  async function changed(change: () => void): Promise<void> {
    school.said.stdout = "";
    change();
    await school.untilLogged(readAgain);
  }

  test("other hours take effect, both ways", async () => {
    expect(await fateOf("Which book does she need?")).toBe("hold");
    await changed(() => school.configure((file) => file.set("hours", open())));
    expect(await fateOf("Which book does he need?")).toBe("deliver");
    await changed(() => school.configure((file) => file.set("hours", closed())));
    expect(await fateOf("Which book do they need?")).toBe("hold");
  });

  test("a rule that the school adds takes effect", async () => {
    const rules = join(school.configDir, "rules");
    const rule = `family: own
rules:
  - id: own.coach
    clause: "3.3"
    why: The coach company's messages cannot wait.
    when: { words: [the coach is late] }
    then: { outcome: deliver, never: hold }
    examples:
      match: [We are sorry but the coach is late tonight.]
      pass: [Which coach are we on?]
`;
    await changed(() => {
      mkdirSync(rules);
      writeFileSync(join(rules, "own.yaml"), rule);
    });
    expect(await fateOf("Sorry, the coach is late tonight.")).toBe("deliver");
    expect(await fateOf("Which coach are we on?")).toBe("hold");
  });

  test("a broken change keeps the last good configuration, and the log says what to mend", async () => {
    school.said.stdout = "";
    appendFileSync(join(school.configDir, "school.yaml"), "\nhuors: nonsense\n");
    await school.untilLogged("The changed configuration has errors");
    expect(school.said.stdout).toMatch(/school\.yaml:\d+/);
    expect(school.said.stdout).toContain("huors");
    expect(await fateOf("Is the club on?")).toBe("hold");
    await changed(() => school.configure((file) => file.set("hours", open())));
    expect(await fateOf("Is the club off?")).toBe("deliver");
    await changed(() => school.configure((file) => file.set("hours", closed())));
  });

  test("SIGHUP reads it again and ends nothing", async () => {
    await changed(() => {
      school.configure((file) => file.set("hours", open()));
      school.signal("SIGHUP");
    });
    expect(await fateOf("Who has the key?")).toBe("deliver");
    await changed(() => school.configure((file) => file.set("hours", closed())));
  });

  test("a mailbox that is added is watched", async () => {
    await changed(() => school.configure(() => {}, ["shah", "lindqvist"]));
    await school.untilLogged('"account":"lindqvist","msg":"Mailbox is being watched."');
    const lindqvist = await school.mailOf("lindqvist");
    expect(await fateOf("Who is the tutor?", lindqvist, "e.lindqvist@oakhill.example")).toBe("hold");
    await until(async () => (await lindqvist.list("Afterbell/Held")).length === 1);
  });

  test("contacts that a command imports are known, and the folder's own list does not undo them", async () => {
    const list = join(school.dataDir, "list.csv");
    const header = "id,name,email,mobile,roles,language,adjustments,children\n";
    writeFileSync(list, `${header}7,Rosa Delgado,rosa.delgado@gmail.com,,parent,en,no-hold,Leo (3B)\n`);
    const { status, stdout } = await school.command("import", list);
    expect(stdout).toContain("takes the list up within seconds");
    expect(status).toBe(0);
    const from = "rosa.delgado@gmail.com";
    let number = 0;
    await until(async () => {
      number += 1;
      const id = `<rosa-${number}@gmail.com>`;
      await shah.deliver(mail({ from, id, text: `Number ${number}: where is the key?` }), { at: lately });
      const row = await recorded(id);
      return row["role"] === "parent" && row["outcome"] === "deliver";
    });
    await changed(() => school.configure((file) => file.setIn(["school", "name"], "Oakhill School")));
    expect(school.sql("select id from contacts")).toEqual([{ id: "7" }]);
  });
});
