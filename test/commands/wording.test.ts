// afterbell wording: what the report counts, what an export holds, and what is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { productDir } from "../../src/commands/command.ts";
import { type Judgement, recordJudgement } from "../../src/store/judgements.ts";
import { openStore } from "../../src/store/open.ts";
import { putCase } from "../web/school.ts";
import { copySchool, say } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-wording-"));
const schools = { off: join(folder, "off"), labels: join(folder, "labels"), texts: join(folder, "texts") };
beforeAll(() => {
  copySchool(schools.labels);
  copySchool(schools.off, (yaml) => `${yaml}\nwording: { learning: off }\n`);
  copySchool(schools.texts, (yaml) => `${yaml}\nwording:\n  learning: texts\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let data: string;
let count = 0;
beforeEach(() => {
  count += 1;
  data = join(folder, `data-${count}`);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const run = (kept: keyof typeof schools, ...args: string[]) =>
  say(["wording", ...args, "--config", schools[kept]], { env: { AFTERBELL_DATA: data } });

interface Said {
  readonly verdict: Judgement["judge"]["verdict"];
  readonly abusive: boolean;
  readonly at?: string;
  readonly text?: string | null;
  readonly words?: readonly string[];
}

/** Messages with what the headteacher said of them. */
async function judged(...all: readonly Said[]): Promise<void> {
  const store = await openStore(join(data, "data", "afterbell.db"));
  for (const [index, { verdict, abusive, text = null, words = [], ...one }] of all.entries()) {
    const at = one.at ?? `2026-11-20T21:30:0${index}.000Z`;
    const { messageId } = await putCase(store, { wording: { verdict } });
    const category = verdict === "ok" ? null : "insult";
    const rules = { abusive: ["abuse.insult", "out-of-hours.hold"], unsure: ["abuse.unsure"], ok: [] }[
      verdict
    ];
    await store.transaction().execute((trx) =>
      recordJudgement(trx, "oakhill", {
        messageId,
        at,
        by: "okafor",
        channel: "email",
        judge: {
          verdict,
          score: 0.9,
          category,
          target: "staff",
          safeguarding: false,
          mustNotWait: null,
          rules,
        },
        head: { abusive, category: abusive ? "harassment" : null, target: abusive ? "staff" : null },
        text,
        words,
      }),
    );
  }
  await store.destroy();
}

describe("report", () => {
  test("says plainly that there is nothing yet", async () => {
    await judged();
    const labels = await run("labels", "report");
    expect(labels).toMatchObject({ status: 0, stderr: "" });
    expect(labels.stdout).toContain("The headteacher has not judged any words yet: ");
    expect((await run("off", "report")).stdout).toContain("wording.learning is off in school.yaml.");
  });

  const all: readonly Said[] = [
    { verdict: "abusive", abusive: true },
    { verdict: "abusive", abusive: true },
    { verdict: "abusive", abusive: false, text: "You\u001b[2J are a hero, NAME", words: ["hero"] },
    { verdict: "unsure", abusive: true, text: "Well well" },
    { verdict: "unsure", abusive: false },
    { verdict: "ok", abusive: false },
    // Monday 00:30 in Auckland, still Sunday in London.
    { verdict: "ok", abusive: true, at: "2026-11-22T23:30:00.000Z" },
    { verdict: "ok", abusive: false, at: "2026-11-23T00:30:00.000Z" },
  ];

  test("counts what was called what, agreement, false alarms and misses, by category, rule and week", async () => {
    await judged(...all);
    const { status, stdout, stderr } = await run("labels", "report", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      learning: "labels",
      messages: { abusive: 3, unsure: 2, ok: 3 },
      judged: {
        abusive: { abuse: 2, notAbuse: 1 },
        unsure: { abuse: 1, notAbuse: 1 },
        ok: { abuse: 1, notAbuse: 2 },
      },
      total: { judged: 8, agreed: 4, falseAlarms: 1, misses: 2 },
      agreement: 4 / 6,
      falseAlarms: { count: 1, byCategory: { insult: 1 }, byRule: { "abuse.insult": 1 } },
      misses: { count: 2, byCategory: { harassment: 2 }, byRule: { "abuse.unsure": 1, "no rule": 1 } },
      byWeek: [
        { week: "2026-11-16", judged: 7, agreed: 3, falseAlarms: 1, misses: 2 },
        { week: "2026-11-23", judged: 1, agreed: 1, falseAlarms: 0, misses: 0 },
      ],
      overruled: [],
    });
  });

  test("reads as a table, with words only where the school keeps them", async () => {
    await judged(...all);
    const labels = (await run("labels", "report")).stdout;
    expect(labels).toContain(
      "The headteacher agreed with 4 of 6 that the judge was sure of (67 %). It was unsure of 2.",
    );
    expect(labels).toMatch(/^unsure +2 +1 +1$/m);
    expect(labels).toMatch(/^2026-11-16 +7 +3 +1 +2$/m);
    expect(labels).toContain("No words are shown, since none are kept: wording.learning is labels.");
    expect(labels).not.toContain("hero");
    const texts = (await run("texts", "report")).stdout;
    expect(texts).toContain(
      "judge: abusive 0.90, headteacher: not abuse\n    You [2J are a hero, NAME\n    marked: hero\n",
    );
    for (const line of texts.split("\n")) expect(line.length).toBeLessThanOrEqual(230);
  });
});

describe("export", () => {
  const examples: readonly Said[] = [
    { verdict: "abusive", abusive: true, text: "Mrs Shah is useless", words: ["Mrs Shah is useless"] },
    { verdict: "unsure", abusive: false, text: "Useless weather", words: ["Useless"] },
    { verdict: "abusive", abusive: true },
  ];
  const lines = (file: string) =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("writes what is kept, in the form of the corpus, for this user only", async () => {
    await judged(...examples);
    const file = join(folder, "one.jsonl");
    expect(await run("texts", "export", file)).toEqual({
      status: 0,
      stdout: `2 examples written to ${file}: 1 abusive, 1 not. Read it before you hand it on.\n`,
      stderr: "",
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(lines(file)).toEqual([
      {
        id: "headteacher-1",
        text: "Mrs NAME is useless",
        channel: "email",
        abusive: true,
        category: "harassment",
        kind: "confirmed",
        target: "staff",
        safeguarding: false,
        mustNotWait: null,
        words: ["Mrs NAME is useless"],
        protected: null,
        pair: null,
      },
      expect.objectContaining({ abusive: false, kind: "near-miss", target: null, words: ["Useless"] }),
    ]);
    const corpus = readFileSync(join(productDir, "training/corpus/hollins.jsonl"), "utf8").split("\n");
    expect(Object.keys(lines(file)[0])).toEqual(Object.keys(JSON.parse(corpus[0] ?? "{}")));
  });

  test("never writes over a file", async () => {
    await judged(...examples);
    const file = join(folder, "two.jsonl");
    writeFileSync(file, "precious");
    const answer = await run("texts", "export", file);
    expect(answer).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toBe(`${file} is there already: name a new file, or take the old one away.\n`);
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  test.each(["labels", "off"] as const)(
    "with %s there are no words to export, whatever is still stored",
    async (kept) => {
      await judged(...examples);
      const file = join(folder, `${kept}.jsonl`);
      const answer = await run(kept, "export", file);
      expect(answer).toMatchObject({ status: 2, stdout: "" });
      expect(answer.stderr).toMatch(/set wording\.learning to texts .*\.\n$/);
      expect(existsSync(file)).toBe(false);
    },
  );

  test("nothing to export is work that failed, and makes no file", async () => {
    await judged({ verdict: "abusive", abusive: true });
    const file = join(folder, "none.jsonl");
    const answer = await run("texts", "export", file);
    expect(answer).toMatchObject({ status: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^There is nothing to export yet: .*\.\n$/);
    expect(existsSync(file)).toBe(false);
  });

  test("a folder that is not there is said", async () => {
    await judged(...examples);
    const answer = await run("texts", "export", join(folder, "nowhere", "x.jsonl"));
    expect(answer).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toMatch(/cannot be made: there is no such folder\.\n$/);
  });
});

test.each([
  [[]],
  [["rport"]],
  [["export"]],
  [["export", "a", "b"]],
  [["report", "a"]],
  [["export", "a", "--json"]],
])("%j is a wrong call", async (args) => {
  await judged();
  const answer = await run("texts", ...args);
  expect(answer).toMatchObject({ status: 2, stdout: "" });
  expect(answer.stderr).toMatch(/^[^\n]+\.\n$/);
});

test("before the first start there is no store to ask", async () => {
  const answer = await run("labels", "report");
  expect(answer).toMatchObject({ status: 2, stdout: "" });
  expect(answer.stderr).toContain("There is no store at");
});
