// Signing in: who may, who may not, and when a session ends.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { hashPassword, isPassword, makePassword } from "../../src/web/passwords.ts";
import { createSignIn } from "../../src/web/sign-in.ts";
import { openWorld, school, signedIn, Visitor, type World } from "./school.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const minuteMs = 60_000;
const forward = (ms: number) =>
  world.sessionClock.set(new Date(world.sessionClock.nowMs() + ms).toISOString());

async function attempt(address: string, password: string) {
  const visitor = new Visitor(world.app);
  await visitor.get("/sign-in");
  return visitor.post("/sign-in", { address, password });
}

async function auditOf(action: string) {
  return world.store.selectFrom("audit").selectAll().where("action", "=", action).execute();
}

describe("passwords", () => {
  test("are five groups of four letters that nobody mistakes for each other", () => {
    const made = Array.from({ length: 50 }, makePassword);
    for (const password of made) expect(password).toMatch(/^([2-9a-hjkmnp-z]{4}-){4}[2-9a-hjkmnp-z]{4}$/);
    expect(new Set(made).size).toBe(50);
  });

  test("may be typed in capitals, with spaces, without hyphens", async () => {
    const secret = await hashPassword("k7mw-x2pq-9hfd-t4vn-c8rz");
    expect(await isPassword(" K7MW X2PQ 9HFD T4VN C8RZ", secret)).toBe(true);
    expect(await isPassword("k7mwx2pq9hfdt4vnc8rz", secret)).toBe(true);
    expect(await isPassword("k7mw-x2pq-9hfd-t4vn-c8ry", secret)).toBe(false);
    expect(await isPassword("", secret)).toBe(false);
    expect(await isPassword("anything", null)).toBe(false);
  });

  test("are kept as a scrypt hash with its own salt", async () => {
    const [one, two] = [await hashPassword("same"), await hashPassword("same")];
    expect(one).toMatch(/^scrypt\$16384\$/);
    expect(one).not.toBe(two);
  });
});

describe("who may sign in", () => {
  test("the headteacher and the deputy, whatever the case of the address", async () => {
    const head = await createSignIn(world.store, school, "okafor", world.clock);
    const deputy = await createSignIn(world.store, school, "bell", world.clock);
    const first = await attempt("Head@Oakhill.Example ", head);
    expect([first.statusCode, first.headers.location]).toEqual([303, "/"]);
    expect((await attempt("bell@oakhill.example", deputy)).statusCode).toBe(303);
    expect((await auditOf("sign-in.accepted")).map((row) => row.actor)).toEqual(["okafor", "bell"]);
  });

  test("a teacher may not, even with a password", async () => {
    const password = await createSignIn(world.store, school, "shah", world.clock);
    const response = await attempt("shah@oakhill.example", password);
    expect(response.statusCode).toBe(400);
    expect((await new Visitor(world.app).get("/")).statusCode).toBe(303);
  });

  test("an unknown address and a wrong password get the same answer", async () => {
    await createSignIn(world.store, school, "okafor", world.clock);
    const strip = (body: string) => body.replaceAll(/name="(_csrf|address)"[^>]*value="[^"]*"/g, "");
    const wrong = await attempt("head@oakhill.example", "wrong");
    const unknown = await attempt("nobody@oakhill.example", "wrong");
    expect(wrong.statusCode).toBe(400);
    expect(strip(unknown.body).replace("nobody@oakhill.example", "head@oakhill.example")).toBe(
      strip(wrong.body),
    );
    expect(wrong.body).toContain("The email address or the password is not right");
    expect(wrong.body).toContain('data-module="govuk-error-summary"');
    expect(wrong.body).not.toContain("wrong<");
    expect((await auditOf("sign-in.refused")).map((row) => row.subject)).toEqual([
      "staff:okafor",
      "staff:unknown",
    ]);
  });

  test("empty boxes are named", async () => {
    const response = await attempt(" ", "");
    expect(response.statusCode).toBe(400);
    expect(response.body).toContain('href="#address">Enter your email address');
    expect(response.body).toContain('href="#password">Enter your password');
    expect(response.body).toContain("<title>Error: Sign in");
  });

  test("the eleventh attempt in five minutes is turned away in plain English", async () => {
    const visitor = new Visitor(world.app);
    await visitor.get("/sign-in");
    for (let tries = 0; tries < 10; tries += 1) await visitor.post("/sign-in", { address: "", password: "" });
    const response = await visitor.post("/sign-in", { address: "", password: "" });
    expect(response.statusCode).toBe(429);
    expect(response.body).toContain("Too many attempts");
  });

  test("leads back to the page that was asked for, and never to another site", async () => {
    const asked = await new Visitor(world.app).get("/cases/12");
    expect(asked.headers.location).toBe("/sign-in?next=%2Fcases%2F12");
    const password = await createSignIn(world.store, school, "okafor", world.clock);
    const visitor = new Visitor(world.app);
    for (const [next, expected] of [
      ["/cases/12", "/cases/12"],
      ["//evil.example", "/"],
      ["https://evil.example/", "/"],
      ["/\\evil.example", "/"],
    ] as const) {
      await visitor.get("/sign-in");
      const response = await visitor.post("/sign-in", { address: "head@oakhill.example", password, next });
      expect(response.headers.location).toBe(expected);
      await visitor.get("/");
      await visitor.post("/sign-out");
    }
  });
});

describe("a session", () => {
  test("ends after 30 minutes without activity, not with it", async () => {
    const visitor = await signedIn(world);
    for (let hours = 0; hours < 4; hours += 1) {
      forward(29 * minuteMs);
      expect((await visitor.get("/")).statusCode).toBe(200);
    }
    forward(31 * minuteMs);
    const response = await visitor.get("/");
    expect(response.headers.location).toBe("/sign-in?next=%2F");
    expect((await visitor.get("/sign-in")).body).toContain("You have been signed out.");
  });

  test("ends after 12 hours, whatever happens", async () => {
    const visitor = await signedIn(world);
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect((await visitor.get("/")).statusCode).toBe(200);
      forward(20 * minuteMs);
    }
    forward(minuteMs);
    expect((await visitor.get("/")).statusCode).toBe(303);
  });

  test("does not end because the trial's clock was moved", async () => {
    const visitor = await signedIn(world);
    world.clock.set("2026-11-30T08:00:00.000Z");
    expect((await visitor.get("/")).statusCode).toBe(200);
  });

  test("ends at once when the person leaves the staff or loses the role", async () => {
    const visitor = await signedIn(world, "bell");
    expect((await visitor.get("/")).statusCode).toBe(200);
    const before = world.staff;
    world.staff = before.filter((person) => person.id !== "bell");
    expect((await visitor.get("/")).statusCode).toBe(303);
    world.staff = before.map((person) => (person.id === "bell" ? { ...person, roles: ["teacher"] } : person));
    expect((await visitor.get("/")).statusCode).toBe(303);
  });

  test("ends at once when the password is replaced", async () => {
    const visitor = await signedIn(world);
    await createSignIn(world.store, school, "okafor", world.clock);
    expect((await visitor.get("/")).statusCode).toBe(303);
  });

  test("that was signed out is over in every copy of its cookie", async () => {
    const visitor = await signedIn(world);
    await visitor.get("/");
    const copied = visitor.cookie;
    const out = await visitor.post("/sign-out");
    expect([out.statusCode, out.headers.location]).toEqual([303, "/sign-in"]);
    const thief = new Visitor(world.app);
    thief.cookie = copied;
    expect((await thief.get("/")).statusCode).toBe(303);
    expect(await auditOf("sign-out")).toHaveLength(1);
  });

  test("lies in an HttpOnly cookie; with https it is bound to the host", async () => {
    const plain = await world.app.inject({ method: "GET", url: "/sign-in" });
    expect(String(plain.headers["set-cookie"])).toMatch(/^afterbell=.*; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await openWorld({ publicUrl: "https://afterbell.oakhill.example" });
    const response = await secure.app.inject({ method: "GET", url: "/sign-in" });
    expect(String(response.headers["set-cookie"])).toMatch(
      /^__Host-afterbell=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(response.headers["strict-transport-security"]).toContain("max-age");
    await secure.close();
  });

  test("with a forged or broken cookie is nobody's", async () => {
    for (const cookie of ["afterbell=x", "afterbell=AAAA;BBBB", "afterbell=%ff", "afterbell="]) {
      const visitor = new Visitor(world.app);
      visitor.cookie = cookie;
      expect((await visitor.get("/")).statusCode).toBe(303);
    }
  });
});
