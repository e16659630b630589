// "Not abuse" counts at once: for the same words of the same sender, and for nothing else.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type CloseOutcome, caseActions } from "../../src/cases/actions.ts";
import { openSmallSchool, type SmallSchool } from "../outbox/small-school.ts";
import { shahsNumber } from "./whole-school.ts";

const parent = "+447700900202";
const threat = "I am going to kill you, you idiot.";

let school: SmallSchool;
let sid = 0;
beforeEach(async () => {
  school = await openSmallSchool({ at: "2026-11-17T12:00:00.000Z" });
});
afterEach(() => school.close());

const text = (body: string, from = parent) => {
  sid += 1;
  return school.textIn({ from, to: shahsNumber, body, sid: `SM${sid}` });
};
const mail = (subject: string, body: string, uid: number) =>
  school.mailIn(
    `From: Priya <priya.raman@example.net>\r\nTo: a.shah@oakhill.example\r\nSubject: ${subject}\r\nMessage-ID: <${uid}@example.net>\r\nDate: Tue, 17 Nov 2026 11:5${uid}:00 +0000\r\n\r\n${body}\r\n`,
    { uid },
  );
const outcomes = async () => {
  const rows = await school.store.selectFrom("messages").select("decision").orderBy("received_at").execute();
  return rows.map(({ decision }) => JSON.parse(decision).outcome as string);
};
const last = async () => {
  const rows = await school.store.selectFrom("messages").selectAll().orderBy("received_at").execute();
  const { reasons, outcome } = JSON.parse(rows.at(-1)?.decision ?? "{}");
  return { outcome, rules: (reasons as { rule: string }[]).map(({ rule }) => rule) };
};
async function closeLast(outcome: CloseOutcome): Promise<void> {
  const { store, clock } = school;
  const found = await store
    .selectFrom("cases")
    .selectAll()
    .orderBy("number", "desc")
    .executeTakeFirstOrThrow();
  const actions = caseActions({ store, school: () => found.school, clock });
  expect(await actions.closeCase(found.id, "okafor", outcome, "")).toEqual({ done: true });
  minute();
}
const minute = () => school.clock.set(new Date(school.clock.nowMs() + 60_000).toISOString());

test("the same words again are delivered, and why is on record", async () => {
  await text(threat);
  expect(await outcomes()).toEqual(["escalate"]);
  await closeLast("not-abuse");
  await text("i am going to KILL you, you idiot");
  expect(await last()).toEqual({ outcome: "deliver", rules: ["wording.cleared"] });
  expect(await school.store.selectFrom("cases").select("number").execute()).toHaveLength(1);
});

test.each(["abuse", "dealt-with"] as const)("closed as %s, they are escalated again", async (outcome) => {
  await text(threat);
  await closeLast(outcome);
  await text(threat);
  expect(await outcomes()).toEqual(["escalate", "escalate"]);
});

test("other words, and another sender, are escalated", async () => {
  await text(threat);
  await closeLast("not-abuse");
  await text("I am going to kill you, you fat idiot.");
  minute();
  await text(threat, "+447700900209");
  expect(await outcomes()).toEqual(["escalate", "escalate", "escalate"]);
});

test("a subject is part of the words: the same text under another one is judged by itself", async () => {
  await mail("You idiot", "See you at three.", 1);
  await closeLast("not-abuse");
  await mail("You idiot", "See you at three.", 2);
  expect(await last()).toEqual({ outcome: "deliver", rules: ["wording.cleared"] });
  minute();
  await mail("I will kill you", "See you at three.", 3);
  expect(await outcomes()).toEqual(["escalate", "deliver", "escalate"]);
});
