// /healthz: what a monitor sees.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, putCase, putEffect, type World } from "./school.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const health = async () => {
  const response = await world.app.inject({ method: "GET", url: "/healthz" });
  return response.json<{ readonly store: string }>();
};

test("all is well", async () => {
  await putEffect(world.store, { state: "done" });
  await putEffect(world.store, { due_at: "2026-11-23T08:00:00.000Z" });
  expect((await world.app.inject({ method: "GET", url: "/healthz" })).json()).toEqual({
    status: "ok",
    store: "ok",
    mailboxes: { watched: 2, connected: 2 },
    outbox: { due: 0, dead: 0 },
  });
});

test("a mailbox is not connected", async () => {
  world.health = { watched: 2, connected: 1 };
  const body = (await world.app.inject({ method: "GET", url: "/healthz" })).json<{ status: string }>();
  expect(body.status).toBe("degraded");
});

test("something could not be sent, and something waits", async () => {
  await putEffect(world.store, { state: "dead" });
  await putEffect(world.store, {});
  const response = await world.app.inject({ method: "GET", url: "/healthz" });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({ status: "degraded", outbox: { due: 1, dead: 1 } });
});

test("the store does not answer: 503", async () => {
  await world.store.schema.dropTable("effects").execute();
  expect((await health()).store).toBe("failing");
  const response = await world.app.inject({ method: "GET", url: "/healthz" });
  expect(response.statusCode).toBe(503);
});

test("nothing about anybody", async () => {
  await putCase(world.store);
  await putEffect(world.store, { state: "dead", last_error: "550 jordan.marsh@post.example" });
  const { body } = await world.app.inject({ method: "GET", url: "/healthz" });
  expect(body).not.toMatch(/jordan|shah|oakhill/i);
});
