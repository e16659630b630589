// The trial's pages from outside: who may use them, what forms refuse, and hostile text.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Temporary, temporaryTrial, write } from "./temporary.ts";

let school: Temporary;
beforeAll(async () => {
  school = await temporaryTrial();
}, 60_000);
afterAll(() => school.remove());

const at = (path: string) => `${school.trial.trialUrl}${path}`;
const get = async (path: string) => (await fetch(at(path))).text();
const post = (path: string, fields: Record<string, string> | [string, string][], headers = {}) =>
  fetch(at(path), { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });

describe("who may use them", () => {
  test("a form from somebody else's page is refused", async () => {
    const foreign = await post("/clock", { to: "monday" }, { "sec-fetch-site": "cross-site" });
    expect(foreign.status).toBe(403);
    const old = await post("/clock", { to: "monday" }, { origin: "https://evil.example" });
    expect(old.status).toBe(403);
  });

  test("another name that points here sees nothing of the password", async () => {
    const { statusCode, body } = await new Promise<{ statusCode: number; body: string }>(
      (resolve, reject) => {
        import("node:http").then(({ get: ask }) =>
          ask(at("/"), { headers: { host: "evil.example" } }, (answer) => {
            let body = "";
            answer.setEncoding("utf8");
            answer.on("data", (chunk: string) => {
              body += chunk;
            });
            answer.on("end", () => resolve({ statusCode: answer.statusCode ?? 0, body }));
          }).on("error", reject),
        );
      },
    );
    expect(statusCode).toBe(403);
    expect(body).not.toContain(school.trial.running.signIn.password);
  });

  test("every page has a policy without scripts of its own", async () => {
    const answer = await fetch(at("/"));
    expect(answer.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(await answer.text()).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style="/);
  });
});

describe("the clock", () => {
  test("moves forward only, and a page says so", async () => {
    const before = school.trial.running.clock.nowMs();
    for (const [when, said] of [
      ["2020-01-01T08:00", "only moves forward"],
      ["2099-01-01T08:00", "a year at most"],
      ["soon", "Enter a date and a time"],
    ] as const) {
      const answer = await post("/clock", { to: "other", when, back: "/staff" });
      expect(answer.headers.get("location")).toBe("/staff");
      expect(await get("/staff")).toContain(said);
    }
    expect(school.trial.running.clock.nowMs() - before).toBeLessThan(60_000);
  });

  test("leads to its own pages only", async () => {
    const answer = await post("/clock", { to: "other", when: "", back: "//evil.example/" });
    expect(answer.headers.get("location")).toBe("/");
  });
});

describe("writing", () => {
  test("names what is missing, and keeps what was written", async () => {
    const answer = await post("/write", { text: "", subject: "Kept & shown", channel: "email" });
    const html = await answer.text();
    expect(answer.status).toBe(400);
    for (const said of ["Choose who writes", "Choose at least one member of staff", "Write a message"]) {
      expect(html).toContain(said);
    }
    expect(html).toContain("Kept &amp; shown");
  });

  test("a text needs a mobile and a number of the school", async () => {
    const html = await (
      await post("/write", { sender: "supplier", channel: "sms", number: "+4412", text: "Hi" })
    ).text();
    expect(html).toContain("has no mobile");
    expect(html).toContain("Choose a number of the school");
  });

  test("a message that is sent leads to what became of it", async () => {
    const fields: [string, string][] = [
      ["sender", "1002"],
      ["channel", "email"],
      ["to", "shah"],
      ["to", "brennan"],
      ["subject", "Swimming"],
      ["text", "Is it on?"],
    ];
    const answer = await post("/write", fields);
    const html = await get(answer.headers.get("location") ?? "/nowhere");
    expect(html).toContain("Swimming");
    expect(html.match(/Waits until/g)).toHaveLength(2);
    expect(html).toContain("clause 3.3");
    expect(html).toContain("It was held for Mrs Shah and Mr Brennan");
    expect(html).not.toMatch(/>[^<]*\d{4}-\d\d-\d\dT/);
    expect(html).toContain("Automatic reply");
  });

  test("every example can be sent as it stands", async () => {
    const { examples } = await import("../../src/trial/examples.ts");
    for (const { id } of examples) {
      const html = await get(`/write?example=${id}`);
      expect(html).toContain('aria-current="true"');
      expect(html).toMatch(/<option value="[^"]+" selected>/);
    }
  });
});

test("hostile text is text", async () => {
  const evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202eevil";
  const written = await write(school.trial.running, {
    sender: "1004",
    to: ["quaye"],
    subject: evil,
    text: evil,
  });
  for (const path of ["/", `/messages/${written.id}`, "/staff/quaye", "/parents/1004"]) {
    const html = await get(path);
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("<img src=x");
    expect(html).not.toContain("\u202e");
  }
});

test("a mail's HTML comes with no rights at all", async () => {
  const [letter] = school.trial.running.journal.letters();
  const answer = await fetch(at(`/letters/${letter?.number}/html`));
  expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  expect(await get(`/letters/${letter?.number}`)).toContain("sandbox title=");
});

test("what is not there is not found, in words", async () => {
  for (const path of [
    "/nope",
    "/staff/nobody",
    "/staff/shah/inbox/999",
    "/staff/shah/elsewhere/1",
    "/letters/x",
  ]) {
    const answer = await fetch(at(path));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("Page not found");
  }
});

test("an open page is told when something happens", async () => {
  const answer = await fetch(at("/events"));
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("retry:");
  const told = reader?.read();
  await write(school.trial.running, { sender: "1010", to: ["shah"], subject: "News", text: "Hello" });
  expect((await told)?.value).toContain("data: changed");
  await reader?.cancel();
});
