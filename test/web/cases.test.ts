// The queue and one case: what the headteacher reads, and in which order.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Contact } from "../../src/directory/contacts.ts";
import { wordingOf } from "../../src/receive.ts";
import { replaceContacts } from "../../src/store/contacts.ts";
import { exampleSchool } from "../core/scenario.ts";
import {
  monday,
  openWorld,
  putCase,
  putEffect,
  school,
  signedIn,
  type Visitor,
  type World,
} from "./school.ts";

const governor: Contact = {
  id: "c1",
  name: "Sam Rivers",
  emails: ["jordan.marsh@post.example"],
  numbers: [],
  roles: ["parent", "governor"],
  adjustments: ["no-limits"],
  children: "Ada Rivers (3B)",
  language: "en",
};

let world: World;
let head: Visitor;
beforeEach(async () => {
  world = await openWorld();
  head = await signedIn(world);
});
afterEach(() => world.close());

/** What a reader gets: without tags, spaces as one. */
const words = (html: string) =>
  html
    .replaceAll(/<head>.*<\/head>/gs, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");

const page = async (url: string) => words((await head.get(url)).body);

const idOf = async (number: number) =>
  (await world.store.selectFrom("cases").select("id").where("number", "=", number).executeTakeFirst())?.id;

describe("the queue", () => {
  test("says so when nothing waits", async () => {
    expect(await page("/")).toContain("Nothing needs you");
    expect(await page("/closed")).toContain("No closed cases yet");
  });

  test("has the serious first, then the newest, with who, to whom and when", async () => {
    const calm = { verdict: "ok", categories: {} };
    await putCase(world.store, {
      kind: "social-network",
      severity: "normal",
      at: "2026-11-20T21:20:00.000Z",
      wording: calm,
    });
    await putCase(world.store, { at: "2026-11-19T19:00:00.000Z" });
    await putCase(world.store, { kind: "insult", severity: "normal", at: "2026-11-20T09:00:00.000Z" });
    const { body } = await head.get("/");
    expect([...body.matchAll(/href="\/cases\/(\d)"/g)].map((found) => found[1])).toEqual(["2", "1", "3"]);
    const text = words(body);
    expect(text).toContain("Open 3 Please look 0 Closed 0");
    expect(text).toMatch(
      /Threat: Jordan Marsh Probably a parent, by email to Mrs Shah .* Serious Yesterday 19:00 Case 2/,
    );
    expect(text).toMatch(/Social network request: Jordan Marsh .* Today 21:20 Case 1/);
  });

  test("has what is only to be looked at on a list of its own, until it is closed", async () => {
    const look = {
      kind: "please-look",
      severity: "normal",
      wording: { verdict: "unsure" },
      copies: [{ outcome: "deliver", state: "inbox" }],
      message: { new_text: "Well, what a teacher you are." },
    } as const;
    await putCase(world.store);
    expect(await page("/please-look")).toContain("Nothing to look at");
    await putCase(world.store, look);
    await putCase(world.store, look);
    expect(await page("/")).toContain("Open 1 Please look 2 Closed 0");
    expect(await page("/")).not.toContain("what a teacher");
    const { body } = await head.get("/please-look");
    expect([...body.matchAll(/href="\/cases\/(\d)"/g)].map((found) => found[1])).toEqual(["3", "2"]);
    expect(words(body)).toMatch(
      /Nothing is kept back.* Please look: Jordan Marsh .* Well, what a teacher you are\./,
    );
    expect((await head.get("/cases/2")).body).toMatch(/href="\/please-look" class="govuk-back-link"/);
    await world.services.actions.closeCase((await idOf(2)) ?? "", "okafor", "not-abuse", "");
    expect(await page("/please-look")).toContain("Open 1 Please look 1 Closed 1");
    expect(await page("/closed")).toContain("Please look: Jordan Marsh");
  });

  test("folds the first words of what distresses, and only of that", async () => {
    await putCase(world.store);
    await putCase(world.store, {
      kind: "paused",
      severity: "normal",
      message: { new_text: "Why does nobody answer me?" },
      wording: { verdict: "unsure" },
    });
    const { body } = await head.get("/");
    const [folded = ""] = /<details.*?<\/details>/s.exec(body) ?? [];
    expect(words(folded)).toContain("Show first words : contains a threat (case 1)");
    expect(folded).toContain("You marked my daughter down again.");
    expect(body.replace(folded, "")).not.toContain("You marked my daughter");
    expect(body.replace(folded, "")).toContain("Why does nobody answer me?");
  });

  test("a message to many names the first and counts the others", async () => {
    const copies = ["okafor", "bell", "shah", "reid"].map((recipient) => ({ recipient }));
    await putCase(world.store, { copies });
    expect(await page("/")).toContain("by email to Mr Bell and 3 others");
  });

  test("goes on over several pages", async () => {
    for (let made = 0; made < 27; made += 1) await putCase(world.store);
    const first = await head.get("/");
    expect([...first.body.matchAll(/href="\/cases\/\d+"/g)]).toHaveLength(25);
    expect(first.body).toContain("?page=2");
    expect([...(await head.get("/?page=2")).body.matchAll(/href="\/cases\/\d+"/g)]).toHaveLength(2);
    for (const odd of ["/?page=99", "/?page=-1", "/?page=x", "/?page=1&page=2"]) {
      expect((await head.get(odd)).statusCode).toBe(200);
    }
  });

  test("another school's cases are not here", async () => {
    await putCase(world.store);
    await world.store.updateTable("cases").set({ school: "elsewhere" }).execute();
    expect(await page("/")).toContain("Nothing needs you");
    expect((await head.get("/cases/1")).statusCode).toBe(404);
  });
});

describe("one case", () => {
  test("shows what was said, folded, with marked words and the quoted text apart", async () => {
    await putCase(world.store);
    const { body } = await head.get("/cases/1");
    expect(body).toContain("Show message: contains a threat");
    expect(body).toContain(
      '<mark class="ab-mark">you will be sorry<span class="govuk-visually-hidden"> (marked: threat)</span></mark>, I know which car is yours.',
    );
    const message = body.slice(body.indexOf("ab-fold--message"), body.indexOf("Download the original"));
    expect(body.replace(message, "")).not.toMatch(/which car is yours|Maths test/);
    expect(message).toMatch(/Show quoted text and signature.*&gt; The results are attached\./s);
  });

  test("marks words in the subject too", async () => {
    const text = "See above.";
    const subject = "You moron";
    const wording = wordingOf({ newText: text, subject }, exampleSchool().policy);
    const [span] = wording.spans;
    const marked = `${text}\n\n${subject}`.slice(span?.start, span?.end);
    expect(marked).toContain("moron");
    await putCase(world.store, { message: { subject, new_text: text, text }, wording: { ...wording } });
    expect((await head.get("/cases/1")).body).toContain(`<mark class="ab-mark">${marked}<span`);
  });

  test("says why it is here: sentence, clause, rule and what was found", async () => {
    await putCase(world.store);
    const text = await page("/cases/1");
    expect(text).toContain("The message threatens a member of staff.");
    expect(text).toContain("Clause 3.1 of the code of conduct, rule “abuse.threat”");
    expect(text).toMatch(/Show what the rule found \(abuse.threat\) you will be sorry/);
  });

  test("tells the instants in what a rule found as local times", async () => {
    const found = {
      rule: "out-of-hours.hold",
      clause: "3.3",
      why: "Staff rest.",
      evidence: `works next at ${monday}`,
    };
    await putCase(world.store, { reasons: [found] });
    expect(await page("/cases/1")).toContain("works next at Monday 23 November 08:00");
  });

  test("says who the sender is: a governor with an adjustment who writes under another name", async () => {
    await replaceContacts(world.store, school, [governor], "hash of the list");
    await putCase(world.store, {
      message: {
        contact_id: "c1",
        role: "parent",
        from_name: "The Rivers Family",
        authenticity: "unchecked",
      },
    });
    const text = await page("/cases/1");
    expect(text).toMatch(/Name Sam Rivers Governor Writes as “ The Rivers Family ”/);
    expect(text).toContain("jordan.marsh@post.example Not checked: the address may be forged");
    expect(text).toContain("Parent, in the school’s contacts");
    expect(text).toContain("Children Ada Rivers (3B)");
    expect(text).toContain("Adjustments No limit on how often they write");
  });

  test("warns of a sender who is probably somebody else", async () => {
    await putCase(world.store, { message: { authenticity: "fail" } });
    expect(await page("/cases/1")).toContain("Doubtful: the message probably comes from somebody else");
  });

  test("says where every copy is", async () => {
    const copies = [
      { recipient: "shah", state: "referred" },
      { recipient: "reid", state: "inbox", outcome: "deliver" },
      { recipient: "bell", state: "gone", outcome: "deliver" },
    ];
    await putCase(world.store, { copies });
    const text = await page("/cases/1");
    expect(text).toContain("Mrs Shah Kept back: not seen");
    expect(text).toContain("Miss Reid In the inbox");
    expect(text).toContain("Mr Bell Moved or deleted by its owner");
  });

  test("lists attachments by name and size, never as links", async () => {
    const attachments = JSON.stringify([
      { name: "../../etc/pass\u202ewd<b>.pdf", type: "application/pdf", bytes: 84_120, sha256: "" },
      { name: "", type: "", bytes: 12, sha256: "" },
    ]);
    await putCase(world.store, { message: { attachments } });
    const { body } = await head.get("/cases/1");
    expect(body).toContain("../../etc/passwd&lt;b&gt;.pdf</bdi>");
    expect(words(body)).toMatch(/84 kB.*without a name 12 bytes/);
  });

  test("gives the original octets as a download only", async () => {
    await putCase(world.store);
    const response = await head.get("/cases/1/original");
    expect(response.headers["content-type"]).toBe("application/octet-stream");
    expect(response.headers["content-disposition"]).toBe('attachment; filename="case-1.eml"');
    expect(response.body).toMatch(/^Subject: Maths test\r\n\r\nYou marked/);
  });

  test("tells what happened, newest first, with each person's first look only", async () => {
    const { messageId } = await putCase(world.store);
    const done = { message_id: messageId, state: "done", done_at: "2026-11-20T21:05:00.000Z" };
    await putEffect(world.store, {
      ...done,
      kind: "forward",
      payload: '{"kind":"forward","to":"headteacher"}',
    });
    await putEffect(world.store, { message_id: messageId, kind: "reply", state: "dead" });
    await head.get("/cases/1");
    await head.get("/cases/1");
    const deputy = await signedIn(world, "bell");
    await deputy.get("/cases/1");
    const text = await page("/cases/1");
    const timeline = text.slice(text.indexOf("Timeline"));
    expect(timeline).toMatch(
      /Case first read Mr Bell, today at 21:30 .*Case first read Mrs Okafor, today at 21:30 .*The automatic reply could not be sent .*Copy sent to the headteacher Afterbell, today at 21:05 .*Case opened .*Kept from Mrs Shah .*The email arrived Afterbell, today at 21:04/,
    );
    expect(timeline.match(/Case first read/g)).toHaveLength(2);
    const views = await world.store
      .selectFrom("audit")
      .select("seq")
      .where("action", "=", "case.viewed")
      .execute();
    expect(views).toHaveLength(4);
  });

  test("cuts what is too long for a page", async () => {
    const long = "word ".repeat(200_000);
    await putCase(world.store, { message: { new_text: long, text: `${long}\n> ${long}` } });
    const { body } = await head.get("/cases/1");
    expect(body.length).toBeLessThan(60_000);
    expect(body).toContain("The message goes on.");
  });

  test("shows a text message with nothing to release", async () => {
    await putCase(world.store, {
      kind: "please-look",
      severity: "normal",
      wording: { verdict: "unsure" },
      message: { channel: "sms", from_name: "", from_address: "+447700900123", subject: "" },
      copies: [
        { account: null, folder: null, uid: null, uid_validity: null, state: "inbox", outcome: "deliver" },
      ],
    });
    const text = await page("/cases/1");
    expect(text).toContain("Please look: +447700900123");
    expect(text).toContain("Mrs Shah Passed on");
    expect(text).toContain("Nothing is being kept back");
    expect(text).not.toContain("Release");
    expect((await head.get("/cases/1/release")).headers.location).toBe("/cases/1");
    expect((await head.get("/cases/1/original")).headers["content-disposition"]).toContain("case-1.txt");
  });
});
