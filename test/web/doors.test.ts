// Every page, from outside: no sign-in, no token, no such page, and what each answer's head says.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openWorld, putCase, signedIn, Visitor, type World } from "./school.ts";

let world: World;
let head: Visitor;
let number: number;
beforeAll(async () => {
  world = await openWorld();
  number = (await putCase(world.store)).number;
  head = await signedIn(world);
});
afterAll(() => world.close());

const pages = [
  "/",
  "/closed",
  "/cases/1",
  "/cases/1/original",
  "/cases/1/release",
  "/cases/1/close",
  "/outbox",
];
const forms = ["/cases/1/release", "/cases/1/close", "/outbox/retry"];

describe("without a sign-in", () => {
  test.each(pages)("GET %s leads to the sign-in page", async (page) => {
    const response = await new Visitor(world.app).get(page);
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toMatch(/^\/sign-in\?next=/);
    expect(response.body).toBe("");
  });

  test.each(forms)("POST %s changes nothing", async (form) => {
    const visitor = new Visitor(world.app);
    await visitor.get("/sign-in");
    const response = await visitor.post(form, { outcome: "not-abuse" });
    expect(response.statusCode).toBe(303);
    expect((await world.store.selectFrom("cases").select("state").executeTakeFirst())?.state).toBe("open");
  });
});

describe("without the form's token", () => {
  test.each([...forms, "/sign-out"])("POST %s is refused and nothing changes", async (form) => {
    const visitor = head;
    await visitor.get("/");
    const response = await visitor.forge(form, { outcome: "not-abuse" });
    expect(response.statusCode).toBe(403);
    expect(response.body).toContain("Nothing was changed");
    expect((await visitor.forge(form, { outcome: "dealt-with", _csrf: "made-up" })).statusCode).toBe(403);
    expect((await world.store.selectFrom("cases").select("state").executeTakeFirst())?.state).toBe("open");
    expect((await visitor.get("/")).statusCode).toBe(200);
  });

  test("POST /sign-in is refused too", async () => {
    const response = await new Visitor(world.app).forge("/sign-in", { address: "a", password: "b" });
    expect(response.statusCode).toBe(403);
  });

  test("a token of another session does not count", async () => {
    const [one, two] = [head, await signedIn(world, "bell")];
    const token = /name="_csrf" value="([^"]+)"/.exec((await one.get("/")).body)?.[1] ?? "";
    await two.get("/");
    expect((await two.forge("/cases/1/close", { outcome: "dealt-with", _csrf: token })).statusCode).toBe(403);
  });
});

describe("what does not exist", () => {
  test.each(["/cases/999", "/cases/0", "/cases/abc", "/cases/1e3", "/cases/1/", "/assets/x.js", "/.env"])(
    "%s is not found",
    async (page) => {
      const response = await head.get(page);
      expect(response.statusCode).toBe(404);
      expect(response.body).toContain("Page not found");
    },
  );

  test("an original that was erased is not found", async () => {
    const erased = await putCase(world.store, { message: { raw_hash: "erased" } });
    const response = await head.get(`/cases/${erased.number}/original`);
    expect(response.statusCode).toBe(404);
  });
});

describe("every answer", () => {
  test("forbids what comes from elsewhere, inline code and frames", async () => {
    const visitor = head;
    for (const page of [...pages, "/sign-in", "/nope", "/healthz"]) {
      const { headers } = await visitor.get(page);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
      );
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cache-control"]).toBe("no-store");
    }
  });

  test("holds no inline script, style or address of another site", async () => {
    const visitor = head;
    for (const page of pages.filter((one) => !one.endsWith("original"))) {
      const { body } = await visitor.get(page);
      expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
      expect(body).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      expect(body).not.toMatch(/gov\.uk|crown|GOV\.UK/i);
    }
  });

  test("500 says nothing about the inside", async () => {
    const broken = await openWorld();
    const visitor = await signedIn(broken);
    await broken.store.schema.dropTable("cases").execute();
    const response = await visitor.get("/");
    expect(response.statusCode).toBe(500);
    expect(response.body).toContain("Something went wrong");
    expect(response.body).not.toMatch(/sqlite|select|node_modules|cases"/i);
    await broken.close();
  });
});

describe("the files beside the pages", () => {
  test("are compressed, kept for ever, and free of GOV.UK's typeface", async () => {
    const { body } = await head.get(`/cases/${number}`);
    const files = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((found) => found[1] ?? "");
    expect(files).toHaveLength(4);
    let bytes = Buffer.byteLength(body);
    for (const url of files) {
      const file = await world.app.inject({ method: "GET", url, headers: { "accept-encoding": "gzip" } });
      expect(file.statusCode).toBe(200);
      expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(file.headers["content-encoding"]).toBe("gzip");
      bytes += file.rawPayload.length;
      const plain = await world.app.inject({ method: "GET", url });
      expect(plain.body).not.toMatch(/GDS Transport|@font-face|crest|url\(/);
    }
    // And the module that the last script imports.
    expect(bytes + 12_000).toBeLessThan(60_000);
  });
});
