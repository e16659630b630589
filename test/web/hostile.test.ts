// Hostile content in every field: it is shown, and it does nothing.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { replaceContacts } from "../../src/store/contacts.ts";
import { openWorld, putCase, putEffect, school, signedIn, type Visitor, type World } from "./school.ts";

const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{123456*7}}{% raw %}\u202e\u0000\u001b[2J</div></main>`;

let world: World;
let head: Visitor;
const bodies = new Map<string, string>();

beforeAll(async () => {
  world = await openWorld();
  head = await signedIn(world);
  const contact = {
    id: "c1",
    name: attack,
    emails: [],
    numbers: [],
    roles: ["parent", attack as "hsa"] as const,
    adjustments: [attack as "no-hold"] as const,
    children: attack,
    language: "en",
  };
  await replaceContacts(world.store, school, [contact], "hash of the list");
  for (const verdict of ["abusive", "ok"]) {
    const { messageId } = await putCase(world.store, {
      kind: attack,
      severity: "normal",
      message: {
        contact_id: "c1",
        role: attack,
        from_name: attack,
        from_address: attack,
        to_address: attack,
        subject: attack,
        text: `${attack}\n> ${attack}`,
        new_text: attack,
        authenticity: attack,
        attachments: JSON.stringify([{ name: attack, type: attack, bytes: 1, sha256: attack }]),
      },
      wording: { verdict, categories: { [attack]: 1 }, spans: [{ start: 3, end: 20, category: attack }] },
      reasons: [{ rule: attack, clause: attack, why: attack, evidence: attack }],
      copies: [{ recipient: attack }],
    });
    await putEffect(world.store, {
      message_id: messageId,
      kind: "forward",
      payload: JSON.stringify({ kind: "forward", to: attack }),
      state: "dead",
      last_error: attack,
    });
  }
  const urls = ["/", "/cases/1", "/cases/2", "/cases/1/release", "/cases/1/close", "/outbox", "/closed"];
  for (const url of urls) bodies.set(url, (await head.get(url)).body);
  await head.post("/cases/1/release", { when: "at-work", note: attack });
  bodies.set("after release", (await head.get("/cases/1")).body);
  const rejected = await head.post("/cases/1/close", { outcome: attack, note: attack });
  bodies.set("rejected close", rejected.body);
  await head.post("/cases/1/close", { outcome: "not-abuse", note: attack });
  bodies.set("after close", (await head.get("/cases/1")).body);
  bodies.set("closed list", (await head.get("/closed")).body);
  bodies.set("sign-in", (await head.get(`/sign-in?next=${encodeURIComponent(attack)}`)).body);
  bodies.set("missing", (await head.get(`/${encodeURIComponent(attack)}`)).body);
});
afterAll(() => world.close());

describe("on every page", () => {
  test("nothing of it becomes markup or an instruction to the template", () => {
    for (const [page, body] of bodies) {
      const inside = body.replace(/^.*?<body/s, "");
      expect({
        page,
        found: inside.match(/<script>|<img|onerror=alert\(2\)>|864192|<\/main>.*<\/main>/s)?.[0],
      }).toEqual({
        page,
        found: undefined,
      });
    }
  });

  test("no direction mark and no control character gets through", () => {
    for (const [page, body] of bodies) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
      expect({ page, found: /[\u202e\u0000\u001b]/.test(body) }).toEqual({ page, found: false });
    }
  });

  test("and it was there to be seen", () => {
    for (const page of ["/cases/1", "/cases/2", "after close", "/"]) {
      expect(bodies.get(page)).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    }
  });
});
