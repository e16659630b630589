// Releasing and closing: what is scheduled, brought forward, cancelled and recorded.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { verifyAudit } from "../../src/store/audit.ts";
import { openCase } from "../../src/store/cases.ts";
import { friday, monday, openWorld, putCase, putEffect, school, type World } from "../web/school.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const effects = () => world.store.selectFrom("effects").selectAll().orderBy("created_at").execute();
const firstCopy = () => world.store.selectFrom("deliveries").selectAll().executeTakeFirstOrThrow();
const minute = (instant: string | undefined) => instant?.slice(0, 16);

describe("releasing", () => {
  test("moves every withheld copy, each when its own person is at work", async () => {
    const copies = [
      { recipient: "shah", account: "shah@oakhill.example" },
      { recipient: "reid", account: "reid@oakhill.example" },
      { recipient: "bell", state: "inbox", outcome: "deliver" },
    ];
    const { id } = await putCase(world.store, { copies });
    expect(await world.services.actions.releaseCase(id, "okafor")).toEqual({ done: true });
    const found = await effects();
    expect(found.map((effect) => [effect.kind, effect.group_key, minute(effect.due_at)]).sort()).toEqual([
      ["move", "move:reid@oakhill.example:inbox", minute(friday)],
      ["move", "move:shah@oakhill.example:inbox", minute(monday)],
    ]);
    expect(found.every((effect) => effect.payload === '{"kind":"move","to":"inbox"}')).toBe(true);
    const audit = await world.store
      .selectFrom("audit")
      .selectAll()
      .where("action", "=", "case.released")
      .execute();
    expect(JSON.parse(audit[0]?.detail ?? "{}")).toMatchObject({
      recipients: ["reid", "shah"],
      when: "at-work",
    });
    expect(await verifyAudit(world.store, school)).toMatchObject({ intact: true });
  });

  test("a text is passed on, since it is in no mailbox", async () => {
    const { id } = await putCase(world.store, { copies: [{ account: null, folder: null, uid: null }] });
    await world.services.actions.releaseCase(id, "okafor", { when: "now" });
    expect(await effects()).toMatchObject([{ kind: "passOn", payload: '{"kind":"passOn"}' }]);
  });

  test("twice at once schedules once and records once", async () => {
    const { id } = await putCase(world.store);
    const results = await Promise.all([
      world.services.actions.releaseCase(id, "okafor"),
      world.services.actions.releaseCase(id, "bell"),
    ]);
    expect(results).toEqual([{ done: true }, { done: false, because: "nothing-withheld" }]);
    expect(await effects()).toHaveLength(1);
    expect(world.wakes).toBe(1);
  });

  test("“now” brings a release that waits forward, instead of adding one", async () => {
    const { id } = await putCase(world.store, { copies: [{ account: null, folder: null, uid: null }] });
    await world.services.actions.releaseCase(id, "okafor", { when: "at-work" });
    expect(await world.services.actions.releaseCase(id, "okafor", { when: "now" })).toEqual({ done: true });
    const found = await effects();
    expect(found.map((effect) => minute(effect.due_at))).toEqual([minute(friday)]);
    expect(minute((await firstCopy()).release_at ?? "")).toBe(minute(friday));
  });

  test("a copy that is held for working hours keeps its own release, unless it is wanted now", async () => {
    const { id, messageId } = await putCase(world.store, { copies: [{ state: "held", outcome: "hold" }] });
    const { id: deliveryId } = await firstCopy();
    const payload = '{"kind":"move","to":"inbox"}';
    const planned = { kind: "move", payload, message_id: messageId, delivery_id: deliveryId, due_at: monday };
    await putEffect(world.store, planned);
    expect(await world.services.actions.releaseCase(id, "okafor")).toEqual({
      done: false,
      because: "nothing-withheld",
    });
    expect(await world.services.actions.releaseCase(id, "okafor", { when: "now" })).toEqual({ done: true });
    expect(await effects()).toHaveLength(1);
    expect(minute((await effects())[0]?.due_at)).toBe(minute(friday));
  });

  test("a move out of the inbox that has not been made is cancelled, and undoes nothing later", async () => {
    const { id, messageId } = await putCase(world.store, { copies: [{ state: "inbox" }] });
    const { id: deliveryId } = await firstCopy();
    const payload = '{"kind":"move","to":"referred"}';
    await putEffect(world.store, { kind: "move", payload, message_id: messageId, delivery_id: deliveryId });
    expect(await world.services.actions.releaseCase(id, "okafor", { when: "now" })).toEqual({ done: true });
    expect((await effects()).map((effect) => [effect.payload, effect.state]).sort()).toEqual([
      ['{"kind":"move","to":"inbox"}', "due"],
      ['{"kind":"move","to":"referred"}', "cancelled"],
    ]);
  });

  test("of a case that is not there, or another school's, does nothing", async () => {
    const { id } = await putCase(world.store);
    await world.store.updateTable("cases").set({ school: "elsewhere" }).execute();
    for (const unknown of [id, "no-such-id"]) {
      expect(await world.services.actions.releaseCase(unknown, "okafor")).toEqual({
        done: false,
        because: "no-such-case",
      });
    }
    expect(await effects()).toHaveLength(0);
  });

  test("that fails half-way leaves nothing behind", async () => {
    const { id } = await putCase(world.store);
    await world.store.schema.dropTable("audit").execute();
    await expect(world.services.actions.releaseCase(id, "okafor")).rejects.toThrow();
    expect(await effects()).toHaveLength(0);
    expect((await firstCopy()).release_at).toBeNull();
    expect(world.wakes).toBe(0);
  });
});

describe("closing", () => {
  test("two people at once: one closes, the other learns of it", async () => {
    const { id } = await putCase(world.store);
    const results = await Promise.all([
      world.services.actions.closeCase(id, "okafor", "dealt-with", ""),
      world.services.actions.closeCase(id, "bell", "not-abuse", "no"),
    ]);
    expect(results).toEqual([{ done: true }, { done: false, because: "already-closed" }]);
    expect(await effects()).toHaveLength(0);
    const audit = await world.store
      .selectFrom("audit")
      .selectAll()
      .where("action", "=", "case.closed")
      .execute();
    expect(audit).toHaveLength(1);
  });
});

describe("opening", () => {
  test("numbers count up in each school, and one message has one case", async () => {
    const first = await putCase(world.store);
    const second = await putCase(world.store);
    expect([first.number, second.number]).toEqual([1, 2]);
    const again = await world.store.transaction().execute((trx) =>
      openCase(trx, {
        school,
        messageId: second.messageId,
        kind: "insult",
        severity: "normal",
        at: friday,
      }),
    );
    expect(again).toEqual({ id: second.id, number: 2, created: false });
    const audit = await world.store
      .selectFrom("audit")
      .select("seq")
      .where("action", "=", "case.opened")
      .execute();
    expect(audit).toHaveLength(2);
  });
});
