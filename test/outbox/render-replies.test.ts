// Every reply, in every language, with the least and the most that it can be given.
import { describe, expect, test } from "@jest/globals";
import { type Instant, REPLY_TEMPLATES, type ReplyPlan } from "../../src/core/types.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import { schoolFile } from "../../src/policy/schema.ts";

const ZONE = "Europe/London";
const oakhill = schoolFile.shape.school.parse({
  id: "oakhill",
  name: "Oakhill Primary School",
  office: { email: "office@oakhill.example", telephone: "+441632960123" },
  complaints_page: "https://oakhill.example/complaints",
});
const renderer = createRenderer();
const MONDAY = "2026-11-02T08:30:00.000Z";
const WEDNESDAY = "2026-11-04T09:00:00.000Z";
const shah = { name: "Mrs Shah", at: MONDAY };

const plan = (
  template: ReplyPlan["template"],
  seen: ReplyPlan["seen"] = [shah],
  language = "en",
): ReplyPlan => ({
  template,
  language,
  seen,
});
const outOfHours = (...seen: readonly { name: string; at: Instant }[]) =>
  renderer.renderReply(plan("out-of-hours", seen), oakhill, ZONE);

describe("every reply in every language", () => {
  const crowd = Array.from({ length: 6 }, (_, index) => ({ name: `Mr Day${index}`, at: MONDAY }));
  const seens = {
    nobody: [],
    "one person": [shah],
    "six at one time": crowd,
    "two times": [shah, { name: "Mr Okafor", at: WEDNESDAY }],
  };
  const cases = REPLY_TEMPLATES.flatMap((template) =>
    ["en", "pl"].flatMap((language) =>
      Object.entries(seens).map(([who, seen]) => ({ template, language, who, seen })),
    ),
  );

  test.each(cases)(
    "$template in $language for $who leads to the office and to help",
    ({ template, language, seen }) => {
      const reply = renderer.renderReply(plan(template, seen, language), oakhill, ZONE);
      expect(reply.language).toBe(language);
      for (const part of [reply.text, reply.html, reply.sms]) {
        expect(part).toContain("01632 960123");
        expect(part).toContain("office@oakhill.example");
        expect(part).toContain("999");
        expect(part).toContain("Oakhill Primary School");
        expect(part).not.toMatch(/undefined|null|NaN|\{[{%]/);
      }
      expect(reply.text).toContain("0800 1111");
      expect(reply.html).toContain(`<html lang="${language}"`);
      expect(reply.text).not.toMatch(/\n{3}|[ \t]\n/);
    },
  );

  test.each(cases.filter(({ who }) => who === "nobody" || who === "one person"))(
    "$template in $language for $who is one text message",
    ({ template, language, seen }) => {
      const reply = renderer.renderReply(plan(template, seen, language), oakhill, ZONE);
      expect(reply.smsLength).toMatchObject({ encoding: "GSM-7", segments: 1 });
    },
  );
});

describe("when it will be seen", () => {
  test("one person: the day and the time, in the school's zone", () => {
    const reply = outOfHours({ name: "Mrs Shah", at: "2026-09-07T07:30:00.000Z" });
    expect(reply.text).toContain(
      "Mrs Shah is not at work now and will see it on Monday 7 September, from 8:30am.",
    );
    expect(reply.sms).toContain("Mrs Shah will see this on Mon 7 Sept from 8:30am.");
  });

  test("several people at the same time: one sentence", () => {
    const reply = outOfHours(shah, { name: "Mr Okafor", at: MONDAY }, { name: "Miss Lee", at: MONDAY });
    expect(reply.text).toContain(
      "Mrs Shah, Mr Okafor and Miss Lee are not at work now and will see it on Monday 2 November, from 8:30am.",
    );
  });

  test("several people at different times: a list, the earliest first, nobody twice", () => {
    const reply = outOfHours({ name: "Mr Okafor", at: WEDNESDAY }, shah, shah);
    expect(reply.text).toContain(
      "- Mrs Shah: Monday 2 November, from 8:30am\n- Mr Okafor: Wednesday 4 November, from 9am\n",
    );
    expect(reply.html).toContain("<li>Mr Okafor: Wednesday 4 November, from 9am</li>");
  });

  test("an unknown time is not made up", () => {
    expect(outOfHours().text).toContain("staff will see it when they are next at work");
  });

  test("midday and midnight are said in words", () => {
    expect(outOfHours({ name: "Mr Okafor", at: "2026-11-02T12:00:00.000Z" }).text).toContain("from midday");
    expect(outOfHours({ name: "Mr Okafor", at: "2026-11-02T00:00:00.000Z" }).text).toContain("from midnight");
  });

  test("a time that the machine's own clock skips is still right", () => {
    // 02:30 on 27 September 2026 does not exist in Pacific/Auckland; run with that TZ to see it matter.
    expect(outOfHours({ name: "Mr Okafor", at: "2026-09-27T01:30:00.000Z" }).text).toContain("from 2:30am");
  });

  test("Polish says days, months and the 24-hour clock as Polish does", () => {
    const reply = renderer.renderReply(
      plan("out-of-hours", [{ name: "Mrs Shah", at: WEDNESDAY }], "pl"),
      oakhill,
      ZONE,
    );
    expect(reply.text).toContain(
      "Mrs Shah przeczyta ją w najbliższym dniu pracy: środa, 4 listopada, od godz. 9:00.",
    );
    expect(reply.text).toContain("W nagłych wypadkach prosimy dzwonić pod numer 999.");
    expect(reply.sms).toContain("sr., 4 lis, od 9:00");
  });
});

describe("the neutral reply", () => {
  test("does not depend on who would have seen the message or when", () => {
    const withNobody = renderer.renderReply(plan("received", []), oakhill, ZONE);
    const withSomebody = renderer.renderReply(plan("received", [shah]), oakhill, ZONE);
    expect(withSomebody).toEqual(withNobody);
  });

  test("says nothing of rules, cases or the headteacher", () => {
    const { text, html, sms } = renderer.renderReply(plan("received", []), oakhill, ZONE);
    expect(`${text}${html}${sms}`).not.toMatch(
      /abus|threat|safeguard|disclos|headteacher|case\b|rule|refer|kept/i,
    );
  });
});

describe("languages", () => {
  test.each([
    ["pl", "pl"],
    ["pl-PL", "pl"],
    ["PL", "pl"],
    ["so", "en"],
    ["", "en"],
    ["../../notices/en", "en"],
    ["x".repeat(5000), "en"],
  ])("%s is answered in %s", (asked, given) => {
    expect(renderer.renderReply(plan("received", [], asked), oakhill, ZONE).language).toBe(given);
  });
});

describe("what a school and its staff are called", () => {
  const hostile = { ...oakhill, name: 'St <b>Mary’s</b> & "Co"', emergency: ["Ring <999>"] };

  test("is escaped in HTML and left alone in text", () => {
    const reply = renderer.renderReply(
      plan("out-of-hours", [{ name: "<script>", at: MONDAY }]),
      hostile,
      ZONE,
    );
    expect(reply.html).toContain("St &lt;b&gt;Mary’s&lt;/b&gt; &amp; &quot;Co&quot;");
    expect(reply.html).not.toContain("<script>");
    expect(reply.text).toContain('St <b>Mary’s</b> & "Co"');
    expect(reply.text).toContain("Ring <999>");
  });

  test("a curly apostrophe or a Polish name does not double the price of a text", () => {
    const school = { ...oakhill, name: "St Mary’s School" };
    const reply = renderer.renderReply(
      plan("out-of-hours", [{ name: "Pani Łoś", at: MONDAY }]),
      school,
      ZONE,
    );
    expect(reply.sms).toContain("St Mary's School: Pani Los will see this");
    expect(reply.smsLength.segments).toBe(1);
  });

  test("short emergency lines all go into the text; long ones leave only the first", () => {
    const short = { ...oakhill, emergency: ["999", "Childline 0800 1111"] };
    expect(renderer.renderReply(plan("received", []), short, ZONE).sms).toContain("Childline 0800 1111");
    const sms = renderer.renderReply(plan("received", []), oakhill, ZONE).sms;
    expect(sms).toContain("In an emergency, call 999.");
    expect(sms).not.toContain("NSPCC");
  });

  test("a number from abroad keeps its country", () => {
    const abroad = { ...oakhill, office: { ...oakhill.office, telephone: "+353 1 234 5678" } };
    expect(renderer.renderReply(plan("received", []), abroad, ZONE).text).toContain("+353 1 234 5678");
  });
});

describe("the subject", () => {
  const subjectOf = (original: string) =>
    renderer.renderReply(plan("out-of-hours"), oakhill, ZONE, original).subject;

  test("says that it is automatic and repeats the parent's", () => {
    expect(subjectOf("PE kit on Monday")).toBe("Automatic reply: PE kit on Monday");
    expect(subjectOf("")).toBe("Automatic reply from Oakhill Primary School");
    expect(subjectOf(" \r\n ")).toBe("Automatic reply from Oakhill Primary School");
  });

  test("is one line without direction marks, at most 200 characters", () => {
    expect(subjectOf("Trip\r\nBcc: everyone@oakhill.example")).toBe(
      "Automatic reply: Trip Bcc: everyone@oakhill.example",
    );
    expect(subjectOf("pay\u202Efdp.exe\u2066\u200F now\u2028please\u0000")).toBe(
      "Automatic reply: payfdp.exe now please",
    );
    expect([...subjectOf("😀".repeat(500))].length).toBeLessThanOrEqual(200);
    expect(subjectOf("\ud83d broken")).toBe("Automatic reply: \ufffd broken");
  });

  test("is not escaped as HTML", () => {
    expect(subjectOf("Tom & Anna's trip")).toBe("Automatic reply: Tom & Anna's trip");
  });
});
