// A second opinion on the way of a message: asked before the transaction, once a message, recorded, never sent out.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { wordingSettings } from "../../src/policy/schema.ts";
import type { OpinionAsker } from "../../src/receive.ts";
import { secondOpinions } from "../../src/service/second-opinion.ts";
import { inDoubt } from "../core/wording/in-doubt.ts";
import { openSmallSchool, type SmallSchool } from "../outbox/small-school.ts";
import { judging, type LanguageModel, startLanguageModel } from "../peers/language-model.ts";
import { shahsNumber } from "./whole-school.ts";

const parent = "+447700900202";
const atNoon = "2026-11-17T12:00:00.000Z";

let school: SmallSchool;
let model: LanguageModel;
let beforeAnswer: () => Promise<void>;

beforeEach(async () => {
  model = await startLanguageModel(judging("abusive", "insult", "It calls the teacher useless."));
  const { second_opinion } = wordingSettings.parse({
    second_opinion: { url: model.url, model: "small-model" },
  });
  if (!second_opinion) throw new Error("no second opinion is set");
  const asker = secondOpinions(second_opinion, { log: { info: () => {}, warn: () => {} } });
  beforeAnswer = async () => {};
  const secondOpinion: OpinionAsker = {
    async ask(question) {
      await beforeAnswer();
      return asker.ask(question);
    },
  };
  school = await openSmallSchool({ at: atNoon, secondOpinion });
});
afterEach(async () => {
  await school.close();
  await model.close();
});

const text = (body: string, sid = "SM1") => school.textIn({ from: parent, to: shahsNumber, body, sid });
const mail = (account: string, uid: number, body = inDoubt(), from = "Priya <priya.raman@example.net>") =>
  school.mailIn(
    `From: ${from}\r\nTo: a.shah@oakhill.example\r\nSubject: Re: Homework\r\nMessage-ID: <one@example.net>\r\nDate: Tue, 17 Nov 2026 11:59:00 +0000\r\n\r\n${body}\r\n\r\nOn Mon, 16 Nov 2026 at 10:00, Mrs Shah <a.shah@oakhill.example> wrote:\r\n> The results are attached.\r\n`,
    { account, uid },
  );
const rows = async () => {
  const messages = await school.store.selectFrom("messages").selectAll().execute();
  return messages.map(({ decision, wording }) => ({
    outcome: JSON.parse(decision).outcome as string,
    reasons: (JSON.parse(decision).reasons as { rule: string; evidence: string }[]).map(({ rule }) => rule),
    verdict: JSON.parse(wording).verdict as string,
  }));
};
const caseKinds = async () =>
  (await school.store.selectFrom("cases").select("kind").execute()).map(({ kind }) => kind);
const audited = async () => {
  const entries = await school.store.selectFrom("audit").selectAll().execute();
  return entries.filter(({ action }) => action === "message.decided").map(({ detail }) => JSON.parse(detail));
};

describe("words in doubt", () => {
  test("that it takes for abuse are kept from staff, and why is on record", async () => {
    await text(inDoubt());
    expect(await rows()).toEqual([
      { outcome: "escalate", reasons: ["abuse.insult", "wording.second-opinion"], verdict: "unsure" },
    ]);
    expect(await caseKinds()).toEqual(["insult"]);
    expect(await audited()).toMatchObject([
      { secondOpinion: { verdict: "abusive", category: "insult", model: "small-model" } },
    ]);
  });

  test("that it finds in order are delivered without a case, and that is on record too", async () => {
    model.behaviour = judging("ok", null, "It is criticism.");
    await text(inDoubt());
    expect(await rows()).toMatchObject([{ outcome: "deliver" }]);
    expect(await caseKinds()).toEqual([]);
    expect(await audited()).toMatchObject([{ outcome: "deliver", secondOpinion: { verdict: "ok" } }]);
  });

  test.each([
    ["is unsure", judging("unsure", null, "Hard to say.")],
    ["gives no answer", judging("maybe", null, "")],
  ])("go before the headteacher when it %s", async (_, behaviour) => {
    model.behaviour = behaviour;
    await text(inDoubt());
    expect(await rows()).toMatchObject([{ outcome: "deliver" }]);
    expect(await caseKinds()).toEqual(["please-look"]);
  });

  test("are asked about without what they quote", async () => {
    await mail("shah", 1);
    expect(model.questions).toHaveLength(1);
    const [system, user] = model.questions[0]?.body.messages ?? [];
    expect(user?.content).toContain(inDoubt());
    expect(`${system?.content}${user?.content}`).not.toMatch(/results are attached|priya|shah@/i);
  });

  test("nothing of the opinion goes to the sender", async () => {
    await mail("shah", 1);
    await school.worker.runDue();
    const toParent = school.sink.mails.filter(({ envelopeTo }) =>
      envelopeTo.includes("priya.raman@example.net"),
    );
    expect(toParent).toHaveLength(1);
    expect(toParent[0]?.raw.toString()).not.toMatch(/useless|small-model|opinion/i);
  });
});

describe("one message", () => {
  test("in six mailboxes is asked about once, and every copy is decided alike", async () => {
    await mail("shah", 1);
    model.behaviour = judging("ok", null, "It is criticism.");
    await mail("brennan", 2);
    await Promise.all([mail("haddad", 3), mail("novak", 4)]);
    expect(model.questions).toHaveLength(1);
    const outcomes = await school.store.selectFrom("deliveries").select("outcome").execute();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(4).fill("escalate"));
    expect(await caseKinds()).toEqual(["insult"]);
  });

  test("that was delivered without an answer stays so when a copy comes later", async () => {
    model.behaviour = (response) => response.destroy();
    await mail("shah", 1);
    model.behaviour = judging("abusive", "insult", "Rude.");
    await mail("brennan", 2);
    expect(model.questions).toHaveLength(1);
    expect(await caseKinds()).toEqual(["please-look"]);
  });

  test("that comes again is not asked about again", async () => {
    await text(inDoubt());
    await text(inDoubt());
    expect(model.questions).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });

  test("waits for its answer outside the transaction: others are taken in meanwhile", async () => {
    let answer = () => {};
    const isAsked = new Promise<void>((asked) => {
      beforeAnswer = () =>
        new Promise((resolve) => {
          answer = resolve;
          asked();
        });
    });
    const waiting = text(inDoubt(), "SM1");
    await isAsked;
    await text("Which book does she need for Monday?", "SM2");
    expect(await rows()).toHaveLength(1);
    answer();
    await waiting;
    expect(await rows()).toHaveLength(2);
  });
});

test.each<[string, () => Promise<void>]>([
  ["calm words", () => text("Thank you so much for all your help this term.")],
  ["plain abuse", () => text("You are an absolute idiot and everybody knows it.")],
  [
    "a possible disclosure",
    () => text(`${inDoubt()} My dad hits me every night and I am scared to go home.`),
  ],
  ["a colleague's words", () => mail("shah", 1, inDoubt(), "Mr Brennan <p.brennan@oakhill.example>")],
  ["a supplier's words", () => mail("shah", 1, inDoubt(), "orders@paper-and-paint.example")],
])("%s are not asked about", async (_, send) => {
  await send();
  expect(await rows()).toHaveLength(1);
  expect(model.questions).toEqual([]);
});
