// What the headteacher calls abuse before it has reached staff never reaches them: neither mail nor text.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { caseActions } from "../../src/cases/actions.ts";
import { inDoubt } from "../core/wording/in-doubt.ts";
import { fridayNight, mondayMorning, openSmallSchool, type SmallSchool } from "../outbox/small-school.ts";
import { shahsNumber } from "./whole-school.ts";

let school: SmallSchool;
beforeEach(async () => {
  school = await openSmallSchool({ at: fridayNight });
});
afterEach(() => school.close());

async function closeAsAbuse(): Promise<void> {
  const { store, clock } = school;
  const found = await store.selectFrom("cases").selectAll().executeTakeFirstOrThrow();
  expect(found.kind).toBe("please-look");
  const actions = caseActions({ store, school: () => found.school, clock });
  await actions.closeCase(found.id, "okafor", "abuse", "");
}
const copy = () => school.store.selectFrom("deliveries").selectAll().executeTakeFirstOrThrow();
const onMonday = async () => {
  school.clock.set(mondayMorning);
  await school.worker.runDue();
};

test("mail goes from the held folder to what was referred", async () => {
  await school.mailIn(
    `From: Priya <priya.raman@example.net>\r\nTo: a.shah@oakhill.example\r\nSubject: Homework\r\nMessage-ID: <1@example.net>\r\nDate: Fri, 13 Nov 2026 20:59:00 +0000\r\n\r\n${inDoubt()}\r\n`,
  );
  await school.worker.runDue();
  await closeAsAbuse();
  await school.worker.runDue();
  await onMonday();
  expect(school.moves.map(({ to }) => to)).toEqual(["held", "referred"]);
  expect(await copy()).toMatchObject({ state: "referred", outcome: "escalate", released_at: null });
});

test("mail that is still in the inbox goes there at once", async () => {
  await school.mailIn(
    `From: Priya <priya.raman@example.net>\r\nTo: a.shah@oakhill.example\r\nSubject: Homework\r\nMessage-ID: <1@example.net>\r\nDate: Fri, 13 Nov 2026 20:59:00 +0000\r\n\r\n${inDoubt()}\r\n`,
  );
  await closeAsAbuse();
  await onMonday();
  expect(school.moves.map(({ to }) => to)).toEqual(["referred"]);
});

test("a text is not passed on", async () => {
  await school.textIn({ from: "+447700900202", to: shahsNumber, body: inDoubt() });
  await closeAsAbuse();
  await onMonday();
  expect(await school.effects("passOn")).toMatchObject([{ state: "cancelled" }]);
  expect(await copy()).toMatchObject({ state: "referred", released_at: null });
});
