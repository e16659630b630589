// Releasing and closing through the pages: two steps, recorded, safe to press twice.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { friday, monday, openWorld, putCase, signedIn, type Visitor, type World } from "./school.ts";

let world: World;
let head: Visitor;
beforeEach(async () => {
  world = await openWorld();
  head = await signedIn(world);
  await putCase(world.store);
});
afterEach(() => world.close());

const words = (html: string) => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
const moves = () => world.store.selectFrom("effects").selectAll().execute();
const theCase = () => world.store.selectFrom("cases").selectAll().executeTakeFirstOrThrow();

describe("releasing", () => {
  test("asks first, and says when it will be seen", async () => {
    const text = words((await head.get("/cases/1/release")).body);
    expect(text).toContain("Release to Mrs Shah?");
    expect(text).toContain("Mrs Shah on Monday 23 November at 08:00");
    expect(await moves()).toHaveLength(0);
  });

  test("waits until the person is at work, and says so on the case", async () => {
    await head.get("/cases/1/release");
    const response = await head.post("/cases/1/release", { when: "at-work", note: "Spoke to her." });
    expect([response.statusCode, response.headers.location]).toEqual([303, "/cases/1"]);
    expect(await moves()).toMatchObject([
      { kind: "move", due_at: monday, group_key: "move:shah@oakhill.example:inbox" },
    ]);
    expect(world.wakes).toBe(1);
    const text = words((await head.get("/cases/1")).body);
    expect(text).toContain("Released to Mrs Shah It goes to Mrs Shah on Monday 23 November at 08:00.");
    expect(text).toContain("Goes to the inbox on Monday 23 November at 08:00");
    expect(text).toContain("Released to Mrs Shah Mrs Okafor, today at 21:30 Spoke to her.");
    expect(words((await head.get("/cases/1")).body)).not.toContain("It goes to");
  });

  test("now means now", async () => {
    await head.get("/cases/1/release");
    await head.post("/cases/1/release", { when: "now" });
    const [move] = await moves();
    expect(move?.due_at.slice(0, 16)).toBe(friday.slice(0, 16));
  });

  test("of somebody who is at work offers no choice of time", async () => {
    await putCase(world.store, { copies: [{ recipient: "reid" }] });
    const { body } = await head.get("/cases/2/release");
    expect(body).toContain('<input type="hidden" name="when" value="now">');
    expect(body).not.toContain("govuk-radios");
  });

  test("twice changes nothing the second time, and says so", async () => {
    await head.get("/cases/1/release");
    await head.post("/cases/1/release", { when: "now" });
    await head.get("/");
    await head.post("/cases/1/release", { when: "now" });
    expect(words((await head.get("/cases/1")).body)).toContain("Already released");
    expect(await moves()).toHaveLength(1);
  });

  test("a note that is too long is refused, and kept in the box", async () => {
    await head.get("/cases/1/release");
    const response = await head.post("/cases/1/release", { note: "n".repeat(2001) });
    expect(response.statusCode).toBe(400);
    expect(response.body).toContain("The note must be 2000 characters or fewer");
    expect(response.body).toContain("n".repeat(2001));
    expect(await moves()).toHaveLength(0);
  });
});

describe("closing", () => {
  test("asks how it ends", async () => {
    const { body } = await head.get("/cases/1/close");
    expect(words(body)).toContain("The message is released to Mrs Shah on Monday 23 November at 08:00.");
    const response = await head.post("/cases/1/close");
    expect(response.statusCode).toBe(400);
    expect(response.body).toContain('href="#outcome">Choose how the case ends');
    expect((await theCase()).state).toBe("open");
  });

  test("the button “Close, not abuse” has its answer chosen", async () => {
    const { body } = await head.get("/cases/1/close?as=not-abuse");
    expect(body).toMatch(/value="not-abuse" checked/);
  });

  test("not abuse: closed, released, recorded with who and when", async () => {
    await head.get("/cases/1/close");
    await head.post("/cases/1/close", { outcome: "not-abuse", note: "A turn of phrase." });
    expect(await theCase()).toMatchObject({
      state: "closed",
      closed_by: "okafor",
      outcome: "not-abuse",
      note: "A turn of phrase.",
    });
    expect(await moves()).toMatchObject([{ kind: "move", due_at: monday }]);
    const text = words((await head.get("/cases/1")).body);
    expect(text).toContain("Closed as not abuse by Mrs Okafor today at 21:30.");
    expect(text).toContain("Case closed: not abuse, and released to Mrs Shah");
    expect(words((await head.get("/")).body)).toContain("Nothing needs you");
    expect(words((await head.get("/closed")).body)).toContain("Closed: not abuse");
  });

  test("dealt with: closed, and the message stays away", async () => {
    await head.get("/cases/1/close");
    await head.post("/cases/1/close", { outcome: "dealt-with" });
    expect(await moves()).toHaveLength(0);
    expect(words((await head.get("/cases/1")).body)).toContain("Mrs Shah Kept back: not seen");
  });

  test("twice, by two people: the second learns who was first", async () => {
    const deputy = await signedIn(world, "bell");
    await deputy.get("/cases/1/close");
    await head.get("/cases/1/close");
    await head.post("/cases/1/close", { outcome: "dealt-with", note: "first" });
    await deputy.post("/cases/1/close", { outcome: "not-abuse", note: "second" });
    expect(words((await deputy.get("/cases/1")).body)).toContain(
      "Mrs Okafor closed this case today at 21:30. Nothing was changed.",
    );
    await deputy.post("/cases/1/release", { when: "now" });
    expect(words((await deputy.get("/cases/1")).body)).toContain("Nothing was changed.");
    expect(await theCase()).toMatchObject({ closed_by: "okafor", outcome: "dealt-with", note: "first" });
    expect(await moves()).toHaveLength(0);
    expect((await deputy.get("/cases/1/close")).headers.location).toBe("/cases/1");
  });
});

test("no address changes anything by being opened", async () => {
  const before = [await theCase(), await moves()];
  for (const url of [
    "/cases/1/release?when=now",
    "/cases/1/close?as=not-abuse",
    "/outbox",
    "/outbox/retry",
    "/sign-out",
  ]) {
    await head.get(url);
  }
  expect([await theCase(), await moves()]).toEqual(before);
  expect((await head.get("/")).statusCode).toBe(200);
});
