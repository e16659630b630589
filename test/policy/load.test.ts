// What a sound configuration becomes: policy, directory data, and a version that says what was loaded.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a school writes.
// biome-ignore-all lint/suspicious/noThenProperty: a rule's consequence; never awaited.
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ConfigError, loadConfig, redactConfig } from "../../src/policy/load.ts";
import { formatProblems } from "../../src/policy/report.ts";
import { changed, ENV, SCHOOL, type SchoolFolder, STAFF, schoolFolder } from "./school-folder.ts";

let folder: SchoolFolder | null = null;
afterEach(() => folder?.discard());

const loaded = (files: Readonly<Record<string, string>> = {}) => {
  folder = schoolFolder(files);
  return folder.load();
};

describe("the policy", () => {
  test("has hours as blocks, per member of staff and for the school's own number", () => {
    const own = "    hours: { weeks: [{ sun: 22:00-06:00 }], all_year: true }\n";
    const { policy } = loaded({ "staff.yaml": changed(STAFF, "  - id: marsh", `${own}  - id: marsh`) });
    const schoolHours = {
      weeks: [
        {
          mon: [{ start: "08:00", end: "17:00" }],
          tue: [
            { start: "08:00", end: "12:00" },
            { start: "13:00", end: "17:00" },
          ],
        },
      ],
      weekOne: null,
      leave: [],
      allYear: false,
    };
    expect(policy.hours).toEqual({
      school: schoolHours,
      marsh: schoolHours,
      okafor: {
        weeks: [{ sun: [{ start: "22:00", end: "06:00" }] }],
        weekOne: null,
        leave: [],
        allYear: true,
      },
    });
  });

  test("has the calendar with the nation's bank holidays", () => {
    const { calendar } = loaded().policy;
    expect(calendar.zone).toBe("Europe/London");
    expect(calendar.bankHolidays).toContainEqual({ date: "2026-12-25", name: "Christmas Day" });
    expect(calendar.years[0]?.terms[1]).toEqual({ first: "2027-01-04", last: "2027-07-21", name: "" });
    expect(calendar.staffWorkOnInset).toBe(true);
  });

  test("takes the nation's own holidays", () => {
    const { calendar } = loaded({
      "school.yaml": changed(SCHOOL, "  id: oakhill", "  id: oakhill\n  nation: scotland"),
    }).policy;
    expect(calendar.bankHolidays.map(({ date }) => date)).toContain("2026-11-30");
  });

  test("has rules with defaults filled in, and their place", () => {
    const rule = loaded().policy.rules.find(({ id }) => id === "hours.hold");
    expect(rule?.when).toMatchObject({
      sender: ["parent", "probably-parent"],
      machine: "no",
      offDuty: true,
      overLimit: "any",
      words: null,
    });
    expect(rule?.then).toEqual({
      outcome: "hold",
      never: [],
      reply: "out-of-hours",
      forward: [],
      alert: [],
      openCase: null,
      batch: false,
    });
    expect(rule?.source.line).toBe(3);
    expect(rule?.source.file).toMatch(/rules\/out-of-hours\.yaml$/);
  });

  test("answers no text without SMS", () => {
    expect(loaded().policy.texts).toEqual({ replyPrefixes: ["+447"], repliesPerNumberPerDay: 1 });
    const withoutSms = SCHOOL.slice(0, SCHOOL.indexOf("sms:\n"));
    expect(loaded({ "school.yaml": withoutSms }).policy.texts).toBeNull();
  });
});

describe("staff and numbers", () => {
  test("have addresses in lower case and numbers in E.164", () => {
    const { staff, school } = loaded();
    expect(staff[1]).toMatchObject({ email: ["marsh@oakhill.example"], mobile: "+447700900111" });
    expect(school.sms?.numbers[0]?.number).toBe("+447700900100");
  });

  test("a number may name one owner without a list", () => {
    const { school } = loaded({ "school.yaml": changed(SCHOOL, "belongs_to: school", "belongs_to: okafor") });
    expect(school.sms?.numbers[0]?.belongs_to).toEqual(["okafor"]);
  });

  test("contacts come with a hash of their file; without the file there are none", () => {
    expect(loaded()).toMatchObject({ contacts: [], contactsHash: null });
    const { contacts, contactsHash } = loaded({
      "contacts.csv": "id,name,email\n1,Dana Kowalczyk,D@x.example\n",
    });
    expect(contacts.map(({ emails }) => emails)).toEqual([["d@x.example"]]);
    expect(contactsHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a school's own rules", () => {
  const own = (text: string) => loaded({ "rules/own.yaml": `family: own\n${text}` }).policy;

  test("switch a shipped rule off by its id", () => {
    const { rules } = own("rules:\n  - { id: hours.hold, enabled: false }\n");
    expect(rules.map(({ id }) => id)).toEqual(["safeguarding.alert"]);
  });

  test("change a shipped rule key by key and leave the rest", () => {
    const { rules } = own(
      "rules:\n  - { id: hours.hold, why: Later., then: { reply: frequent }, when: { channel: email } }\n",
    );
    const rule = rules.find(({ id }) => id === "hours.hold");
    expect(rule).toMatchObject({
      family: "out-of-hours",
      clause: "3.3",
      why: "Later.",
      when: { offDuty: true, channel: ["email"] },
      then: { outcome: "hold", reply: "frequent" },
    });
    expect(rule?.source.file).toMatch(/own\.yaml$/);
    expect(rule?.examples.match[0]?.source?.file).toMatch(/out-of-hours\.yaml$/);
  });

  test("add a rule", () => {
    const { rules } = own(
      "rules:\n  - id: own.trips\n    clause: '3.4'\n    why: Trips go to the office.\n    when: { words: trip }\n    then: { forward: office }\n    examples: { match: [The trip], pass: [Hello] }\n",
    );
    expect(rules.map(({ id }) => id)).toContain("own.trips");
    expect(rules.at(-1)).toMatchObject({
      family: "own",
      when: { words: ["trip"] },
      then: { forward: ["office"] },
    });
  });

  test("add words, and weigh shipped ones anew; strength 0 switches a word off", () => {
    const { lexicon } = own(
      "lexicon:\n  - { category: threat, strength: 0, terms: [You will regret] }\n  - { category: own, strength: 0.5, terms: [wibble] }\n",
    );
    const terms = lexicon.map(({ term }) => term);
    expect(terms).toContain("wibble");
    expect(terms).not.toContain("you will regret");
    expect(terms).not.toContain("You will regret");
  });

  test("a school's own bank holidays replace the shipped ones", () => {
    folder = schoolFolder();
    const day = [{ date: "2026-12-01", name: "Founders' Day" }];
    const nations = { "england-and-wales": day, scotland: day, "northern-ireland": day };
    const file = { source: "own", licence: "own", lastUpdated: "2026-09-01", nations };
    folder.write("bank-holidays.json", JSON.stringify(file));
    expect(folder.load().policy.calendar.bankHolidays).toEqual(day);
    folder.write("bank-holidays.json", "{ half");
    expect(folder.problems()[0]).toMatch(/^bank-holidays\.json:1: is not JSON/);
  });
});

describe("the version", () => {
  test("is 12 hexadecimal digits, and the same for the same meaning", () => {
    const { version } = loaded().policy;
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(loaded({ "school.yaml": `# a comment\n${SCHOOL}` }).policy.version).toBe(version);
  });

  test.each([
    ["a limit", { "school.yaml": changed(SCHOOL, "messages: 6", "messages: 7") }],
    ["a person", { "staff.yaml": changed(STAFF, "Ms Marsh", "Mrs Marsh") }],
    ["a contact", { "contacts.csv": "id,name\n1,Dana Kowalczyk\n" }],
    ["a rule", { "rules/own.yaml": "family: own\nrules:\n  - { id: hours.hold, why: Because. }\n" }],
    [
      "a word",
      { "rules/own.yaml": "family: own\nlexicon:\n  - { category: own, strength: 1, terms: [wibble] }\n" },
    ],
  ])("changes with %s", (_, files) => {
    const { version } = loaded().policy;
    expect(loaded(files).policy.version).not.toBe(version);
  });

  test("does not change with a password", () => {
    const { version } = loaded().policy;
    expect(folder?.load({ ...ENV, SMTP_PASSWORD: "another-sesame" }).policy.version).toBe(version);
  });
});

describe("secrets", () => {
  const values = Object.values(ENV).map(String);

  test("are filled in from the environment", () => {
    const { school, staff } = loaded();
    expect(school.mail?.smtp?.password).toBe("smtp-sesame-417");
    expect(school.sms?.auth_token).toBe("token-of-twilio-88");
    expect(staff[0]?.mailbox?.password).toBe("head-sesame-2209");
  });

  test("are read from files, trimmed; $${ stands for ${", () => {
    folder = schoolFolder({
      "school.yaml": changed(changed(SCHOOL, "${SMTP_PASSWORD}", "file:secrets/smtp"), "AC0123", "file:sid"),
      "staff.yaml": changed(STAFF, "Ms Marsh", "Ms $${Marsh}"),
      "secrets/smtp": "from a file\n",
      sid: " AC77 \n",
    });
    const { school, staff } = folder.load();
    expect(school.mail?.smtp?.password).toBe("from a file");
    expect(school.sms?.account_sid).toBe("AC77");
    expect(staff[1]?.name).toBe("Ms ${Marsh}");
  });

  test("stand in no redacted copy, wherever they were written", () => {
    folder = schoolFolder({
      "school.yaml": changed(SCHOOL, "user: afterbell@oakhill.example", 'user: "${SMTP_USER}"'),
    });
    const config = folder.load({ ...ENV, SMTP_USER: "smtp-user-5561" });
    const shown = JSON.stringify(redactConfig(config));
    for (const secret of [...values, "smtp-user-5561", "AC0123"]) expect(shown).not.toContain(secret);
    expect(shown).toContain("afterbell@oakhill.example");
  });

  test("stand in no problem, even when they are what is wrong", () => {
    folder = schoolFolder({
      "school.yaml": changed(
        changed(changed(SCHOOL, "dsl: marsh", "dsl: ${SMTP_PASSWORD}"), "port: 993", "port: ${TWILIO_TOKEN}"),
        "first: 2026-09-01\n",
        "first: ${HEAD_PASSWORD}\n",
      ),
      "staff.yaml": changed(
        changed(STAFF, "id: marsh", "id: okafor"),
        "[Marsh@oakhill.example]",
        '["${SMTP_PASSWORD}@oakhill.example"]',
      ),
    });
    try {
      folder.load();
      throw new Error("it must not load");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const shown = `${formatProblems(error.problems)}${error.message}${inspect(error)}`;
      for (const secret of values) expect(shown).not.toContain(secret);
      expect(error.problems.length).toBeGreaterThan(3);
    }
  });

  test("written into the file by mistake are not repeated", () => {
    folder = schoolFolder({ "school.yaml": changed(SCHOOL, "${TWILIO_TOKEN}", "plain-token-1234") });
    expect(folder.problems().join("\n")).toContain("is a secret and may not stand here");
    expect(folder.problems().join("\n")).not.toContain("plain-token-1234");
  });
});

test("an unreadable folder is a ConfigError and no crash", () => {
  expect(() => loadConfig("/nowhere/at/all", {})).toThrow(ConfigError);
});
