// “Could not be sent”: what is shown, and trying again.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, putCase, putEffect, signedIn, type Visitor, type World } from "./school.ts";

let world: World;
let head: Visitor;
beforeEach(async () => {
  world = await openWorld();
  head = await signedIn(world);
});
afterEach(() => world.close());

const words = (html: string) => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

test("an empty list says that everything has been sent", async () => {
  await putEffect(world.store, {});
  expect(words((await head.get("/outbox")).body)).toContain("Everything has been sent");
});

test("shows what, to whom and why, with addresses masked", async () => {
  const { messageId } = await putCase(world.store);
  const error = "550 5.1.1 <jordan.marsh@post.example>: rejected, call +447700900123";
  await putEffect(world.store, { state: "dead", message_id: messageId, attempts: 8, last_error: error });
  await putEffect(world.store, {
    state: "dead",
    kind: "alert",
    payload: '{"kind":"alert","to":"dsl"}',
    last_error: null,
  });
  const { body } = await head.get("/outbox");
  const text = words(body);
  expect(text).toContain("The automatic reply to a parent To j•••@post.example, about case 1");
  expect(text).toContain("550 5.1.1 &lt;j•••@post.example&gt;: rejected, call +44 ••• 123");
  expect(text).toContain("A safeguarding alert To the designated safeguarding lead No reason was given.");
  expect(text).toContain("Tried 8 times");
  expect(body).not.toContain("jordan.marsh");
  expect(text).toContain("Could not be sent 2");
});

test("“Try again” puts it back in the queue, once, and is recorded", async () => {
  const id = await putEffect(world.store, { state: "dead", attempts: 8, due_at: "2026-11-20T20:00:00.000Z" });
  await head.get("/outbox");
  const response = await head.post("/outbox/retry", { id });
  expect([response.statusCode, response.headers.location]).toEqual([303, "/outbox"]);
  const row = await world.store
    .selectFrom("effects")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: "due", attempts: 0 });
  expect(row.due_at > "2026-11-20T21:00:00.000Z").toBe(true);
  expect(world.wakes).toBe(1);
  expect(words((await head.get("/outbox")).body)).toContain("Trying again");
  await head.post("/outbox/retry", { id });
  expect(words((await head.get("/outbox")).body)).toContain("It is no longer on the list");
  const audit = await world.store
    .selectFrom("audit")
    .selectAll()
    .where("action", "=", "effect.retried")
    .execute();
  expect(audit).toMatchObject([{ actor: "okafor", subject: `effect:${id}` }]);
});

test("nobody can retry another school's, or what does not exist", async () => {
  const id = await putEffect(world.store, { state: "dead", school: "elsewhere" });
  await head.get("/outbox");
  await head.post("/outbox/retry", { id });
  await head.post("/outbox/retry", { id: "x' or 1=1" });
  await head.post("/outbox/retry", {});
  expect((await world.store.selectFrom("effects").select("state").executeTakeFirst())?.state).toBe("dead");
});
