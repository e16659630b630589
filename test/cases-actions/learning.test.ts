// What is kept when a case is closed as abuse or not: as much as the school has set, and what else the act does.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { keepOnly, readJudgements } from "../../src/store/judgements.ts";
import {
  assessment,
  monday,
  openWorld,
  putCase,
  putEffect,
  school,
  spanOf,
  type World,
} from "../web/school.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const text = "Leo came home in tears. Mrs Shah is useless.\n\nRing me on 07700 900123.\nJordan Marsh";
const useless = {
  message: { new_text: text },
  wording: {
    verdict: "abusive",
    score: 0.91,
    categories: { insult: 0.91, complaint: 0.95 },
    target: "staff",
    spans: [spanOf(text, "Mrs Shah is useless", "insult"), spanOf(text, "in tears", "safeguarding")],
  },
};
const judgements = () => readJudgements(world.store, school);
const { actions } = { actions: () => world.services.actions };

describe("labels", () => {
  test("say what the judge said and what the headteacher said, without a word of the message", async () => {
    const { id, messageId } = await putCase(world.store, useless);
    await actions().closeCase(id, "okafor", "not-abuse", "");
    expect(await judgements()).toMatchObject([
      {
        messageId,
        by: "okafor",
        channel: "email",
        judge: {
          verdict: "abusive",
          score: 0.91,
          category: "insult",
          target: "staff",
          rules: ["abuse.threat"],
        },
        head: { abusive: false, category: null, target: null },
        text: null,
        words: [],
      },
    ]);
  });

  test("have the headteacher's own category and target", async () => {
    const { id } = await putCase(world.store, useless);
    await actions().closeCase(id, "bell", "abuse", "", { category: "harassment", target: null });
    const [one] = await judgements();
    expect(one?.head).toEqual({ abusive: true, category: "harassment", target: null });
  });

  test.each(["dealt-with"] as const)("%s says nothing of the words", async (outcome) => {
    const { id } = await putCase(world.store, useless);
    await actions().closeCase(id, "okafor", outcome, "");
    expect(await judgements()).toEqual([]);
  });

  test("a machine's mail teaches nothing", async () => {
    const { id } = await putCase(world.store, { ...useless, message: { automatic: "notification" } });
    await actions().closeCase(id, "okafor", "not-abuse", "");
    expect(await judgements()).toEqual([]);
  });

  test("a case that is closed already is judged no second time", async () => {
    const { id } = await putCase(world.store, useless);
    await actions().closeCase(id, "okafor", "not-abuse", "");
    await actions().closeCase(id, "bell", "abuse", "");
    expect((await judgements()).map(({ head }) => head.abusive)).toEqual([false]);
  });
});

describe("texts", () => {
  beforeEach(() => {
    world.learning = "texts";
  });

  test("keep the words without the sender's, the staff's and the contacts' names", async () => {
    await world.store
      .insertInto("contacts")
      .values({
        school,
        id: "1",
        name: "Jordan Marsh",
        emails: "[]",
        numbers: "[]",
        roles: "[]",
        adjustments: "[]",
        children: '"Leo (3B)"',
        language: "en",
      })
      .execute();
    const { id } = await putCase(world.store, useless);
    await actions().closeCase(id, "okafor", "abuse", "");
    const [one] = await judgements();
    expect(one?.text).toBe("NAME came home in tears. Mrs NAME is useless.\n\nRing me on PHONE.\nNAME");
    expect(one?.words).toEqual(["Mrs NAME is useless"]);
  });

  test("what only the subject says is no example of the text", async () => {
    const spans = [{ start: text.length + 2, end: text.length + 9, category: "insult" }];
    const { id } = await putCase(world.store, { ...useless, wording: { ...useless.wording, spans } });
    await actions().closeCase(id, "okafor", "abuse", "");
    expect(await judgements()).toMatchObject([{ text: null, words: [] }]);
  });
});

test("off keeps nothing, and the case is closed all the same", async () => {
  world.learning = "off";
  const { id } = await putCase(world.store, useless);
  expect(await actions().closeCase(id, "okafor", "abuse", "")).toEqual({ done: true });
  expect(await judgements()).toEqual([]);
});

test("a narrower setting erases what it does not allow; a message that goes takes its judgement along", async () => {
  world.learning = "texts";
  const first = await putCase(world.store, useless);
  await actions().closeCase(first.id, "okafor", "abuse", "");
  expect(await keepOnly(world.store, school, "texts")).toBe(0);
  expect(await keepOnly(world.store, "another-school", "off")).toBe(0);
  expect(await keepOnly(world.store, school, "labels")).toBe(1);
  expect(await keepOnly(world.store, school, "labels")).toBe(0);
  expect(await judgements()).toMatchObject([{ text: null, words: [], head: { abusive: true } }]);
  await world.store.deleteFrom("cases").execute();
  await world.store.deleteFrom("deliveries").execute();
  await world.store.deleteFrom("messages").where("id", "=", first.messageId).execute();
  expect(await judgements()).toEqual([]);
  const second = await putCase(world.store, useless);
  await actions().closeCase(second.id, "okafor", "not-abuse", "");
  expect(await keepOnly(world.store, school, "off")).toBe(1);
  expect(await judgements()).toEqual([]);
});

describe("abuse that has not reached staff", () => {
  const look = {
    ...useless,
    kind: "please-look",
    severity: "normal",
    wording: assessment({ verdict: "unsure" }),
  } as const;
  const copies = () => world.store.selectFrom("deliveries").selectAll().orderBy("recipient").execute();
  const effects = () => world.store.selectFrom("effects").selectAll().orderBy("id").execute();

  test("is not released when it was due, and goes to what was referred", async () => {
    const { id, messageId } = await putCase(world.store, {
      ...look,
      copies: [
        { state: "held", outcome: "hold", release_at: monday },
        { recipient: "reid", state: "inbox", outcome: "deliver" },
      ],
    });
    const [, held] = await copies();
    const payload = '{"kind":"move","to":"inbox"}';
    const planned = {
      kind: "move",
      payload,
      message_id: messageId,
      delivery_id: held?.id ?? "",
      due_at: monday,
    };
    const planId = await putEffect(world.store, planned);
    await actions().closeCase(id, "okafor", "abuse", "");
    expect(await copies()).toMatchObject([
      { recipient: "reid", outcome: "deliver", state: "inbox" },
      { recipient: "shah", outcome: "escalate", release_at: null },
    ]);
    const all = await effects();
    expect(all.find((one) => one.id === planId)?.state).toBe("cancelled");
    expect(all.filter(({ state }) => state === "due")).toMatchObject([
      { kind: "move", payload: '{"kind":"move","to":"referred"}', delivery_id: held?.id },
    ]);
    const audit = await world.store
      .selectFrom("audit")
      .selectAll()
      .where("action", "=", "case.closed")
      .execute();
    expect(JSON.parse(audit[0]?.detail ?? "{}")).toMatchObject({ outcome: "abuse", kept: ["shah"] });
    expect(world.wakes).toBe(1);
  });

  test("a held text stays here, whether it was to go by itself or in a digest", async () => {
    const onNoServer = { account: null, folder: null, uid: null, uid_validity: null };
    const { id, messageId } = await putCase(world.store, {
      ...look,
      copies: [
        { ...onNoServer, recipient: "bell", state: "held", outcome: "hold" },
        { ...onNoServer, recipient: "shah", state: "held", outcome: "hold" },
      ],
    });
    const [bell, shah] = await copies();
    const due = { message_id: messageId, due_at: monday };
    await putEffect(world.store, { ...due, kind: "passOn", delivery_id: bell?.id ?? "" });
    await putEffect(world.store, { ...due, kind: "digest", delivery_id: shah?.id ?? "" });
    await actions().closeCase(id, "okafor", "abuse", "");
    expect((await effects()).map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
    expect(await copies()).toMatchObject([{ state: "referred" }, { state: "referred" }]);
  });

  test("what is on its way at this moment is left to arrive", async () => {
    const { id, messageId } = await putCase(world.store, {
      ...look,
      copies: [{ state: "held", outcome: "hold" }],
    });
    const [copy] = await copies();
    const payload = '{"kind":"move","to":"inbox"}';
    await putEffect(world.store, {
      kind: "move",
      payload,
      message_id: messageId,
      delivery_id: copy?.id ?? "",
      state: "claimed",
    });
    await actions().closeCase(id, "okafor", "abuse", "");
    expect(await effects()).toMatchObject([{ state: "claimed" }]);
    expect(await copies()).toMatchObject([{ outcome: "hold" }]);
  });
});
