// The decision itself: what outweighs what, and that nothing but the message, the facts and the policy counts.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { decide } from "../../src/core/decide.ts";
import {
  type Condition,
  type Consequence,
  type Decision,
  type Message,
  OUTCOMES,
  type Rule,
} from "../../src/core/types.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import { exampleSchool, type Situation, scenarioSchema, situationOf } from "./scenario.ts";

const loaded = exampleSchool();
const FOLDER = fileURLToPath(new URL("../cases/", import.meta.url));
const situations = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".yaml"))
  .flatMap((name) => scenarioSchema.array().parse(parse(readFileSync(FOLDER + name, "utf8"))))
  .map((scenario) => situationOf(scenario, loaded));

/** A parent writes to Mrs Shah; by default on a working day at ten, to a school with `rules` only. */
function situation(rules: readonly Rule[] | null, changes: Record<string, unknown> = {}): Situation {
  const scenario = scenarioSchema.parse({
    "the policy says": "3.3 Anything",
    when: "Monday 2026-11-23 10:00",
    from: "a parent",
    to: "Mrs Shah",
    says: "Which book does she need for Monday?",
    // biome-ignore lint/suspicious/noThenProperty: a scenario's outcome; never awaited.
    then: "delivered",
    reply: "received",
    ...changes,
  });
  const made = situationOf(scenario, loaded);
  return rules === null ? made : { ...made, policy: { ...made.policy, rules } };
}
const decided = ({ message, facts, policy }: Situation): Decision => decide(message, facts, policy);
const AT_NIGHT = { when: "Friday 2026-11-27 21:00" };

const ANYBODY: Condition = {
  sender: "any",
  machine: "any",
  channel: null,
  fromDomain: null,
  words: null,
  patterns: null,
  verdict: null,
  category: null,
  safeguarding: null,
  mustNotWait: null,
  offDuty: null,
  overLimit: null,
  paused: null,
  namesContact: null,
};
const NOTHING: Consequence = {
  outcome: "deliver",
  never: [],
  reply: null,
  forward: [],
  alert: [],
  openCase: null,
  batch: false,
};

function rule(id: string, consequence: Partial<Consequence>, condition: Partial<Condition> = {}): Rule {
  return {
    id,
    family: "test",
    clause: "3.3",
    why: `Because of ${id}.`,
    when: { ...ANYBODY, ...condition },
    // biome-ignore lint/suspicious/noThenProperty: a rule's consequence; never awaited.
    then: { ...NOTHING, ...consequence },
    examples: { match: [], pass: [] },
    source: { file: "rules/test.yaml", line: 1 },
  };
}

describe("what outweighs what", () => {
  const asking = OUTCOMES.map((outcome) => rule(`test.${outcome}`, { outcome }));

  test.each(OUTCOMES)("%s is the outcome when nothing stricter is asked for", (outcome) => {
    const rules = asking.slice(0, OUTCOMES.indexOf(outcome) + 1);
    expect(decided(situation(rules)).outcome).toBe(outcome);
  });

  test("a barred outcome yields to the strictest that is left, whatever barred it", () => {
    const rules = [...asking, rule("test.never", { outcome: "deliver", never: ["escalate", "divert"] })];
    const decision = decided(situation(rules));
    expect(decision.outcome).toBe("hold");
    expect(decision.reasons).toHaveLength(5);
  });

  test("with everything barred, and with no rule at all, it is delivered", () => {
    expect(decided(situation([...asking, rule("test.never", { never: OUTCOMES })])).outcome).toBe("deliver");
    expect(decided(situation([])).outcome).toBe("deliver");
  });

  test("each recipient is decided for alone, and the strictest stands for the message", () => {
    const rules = [rule("test.hold", { outcome: "hold" }, { offDuty: true })];
    const decision = decided(situation(rules, { to: ["Mrs Shah", "Mr Brennan"] }));
    expect(decision.outcome).toBe("hold");
    expect(decision.recipients.map(({ outcome }) => outcome)).toEqual(["deliver", "hold"]);
    expect(decision.releaseAt).toBe("2026-11-25T08:00:00.000Z");
  });

  test("the serious kind names the one case, then the strongest words", () => {
    const openCase = (kind: string, severity: "normal" | "serious") => ({ openCase: { kind, severity } });
    const rules = [
      rule("test.0", openCase("0", "normal"), { category: ["threat"] }),
      rule("test.a", { outcome: "escalate", ...openCase("a", "normal") }),
      rule("test.b", openCase("b", "serious"), { category: ["insult"] }),
      rule("test.c", openCase("c", "serious"), { category: ["threat"] }),
    ];
    const made = situation(rules);
    const wording = { ...made.facts.wording, categories: { insult: 0.7, threat: 0.9 } };
    const decision = decided({ ...made, facts: { ...made.facts, wording } });
    expect(decision.effects.filter(({ kind }) => kind === "openCase")).toEqual([
      { kind: "openCase", caseKind: "c", severity: "serious" },
    ]);
    expect(decision.reasons.map(({ rule: id }) => id)).toEqual(["test.a", "test.c", "test.b", "test.0"]);
  });

  test("a desk that two rules name gets one forward, in the words of the weightier", () => {
    const rules = [
      rule("test.mild", { forward: ["office"] }),
      rule("test.strict", { outcome: "divert", forward: ["office"] }),
    ];
    const forwards = decided(situation(rules)).effects.filter(({ kind }) => kind === "forward");
    expect(forwards).toEqual([
      { kind: "forward", to: "office", because: "Because of test.strict.", at: null },
    ]);
  });
});

describe("the reply", () => {
  test("there is one at most, the one that reveals least", () => {
    const rules = (["out-of-hours", "frequent", "must-not-wait", "complaint", "received"] as const).map(
      (reply) => rule(`test.${reply}`, { outcome: "divert", reply }),
    );
    const { reply, effects } = decided(situation(rules));
    expect(reply?.template).toBe("received");
    expect(effects.filter(({ kind }) => kind === "reply")).toHaveLength(1);
  });

  test("is the very same for abuse and for a disclosure", () => {
    const abuse = decided(situation(null, { ...AT_NIGHT, says: "You are an absolute idiot." }));
    const disclosure = decided(situation(null, { ...AT_NIGHT, says: "Dad hits me and I am scared." }));
    expect(abuse.reasons.map(({ rule: id }) => id)).toContain("abuse.insult");
    expect(disclosure.reasons.map(({ rule: id }) => id)).toContain("safeguarding.disclosure");
    const rendered = [abuse, disclosure].map(
      ({ reply }) =>
        reply && createRenderer().renderReply(reply, loaded.school.school, loaded.policy.calendar.zone),
    );
    expect(rendered[0]).not.toBeNull();
    expect(rendered[0]).toEqual(rendered[1]);
  });

  test("says for each one who waits when they will see it, and is silent on who has it now", () => {
    const { reply } = decided(situation(null, { to: ["Mrs Shah", "Mr Brennan", "Miss Novak"] }));
    expect(reply).toEqual({
      template: "out-of-hours",
      language: "en",
      seen: [
        { name: "Mr Brennan", at: "2026-11-25T08:00:00.000Z" },
        { name: "Miss Novak", at: "2026-11-26T08:00:00.000Z" },
      ],
    });
  });
});

describe("doubt delivers", () => {
  test("a year without a calendar: delivered to all, the office told once, nobody answered", () => {
    const to = ["Mrs Shah", "Mr Brennan"];
    const decision = decided(situation(null, { when: "Tuesday 2028-10-10 21:00", to }));
    expect(decision.outcome).toBe("deliver");
    expect(decision.releaseAt).toBeNull();
    expect(decision.reply).toBeNull();
    expect(decision.reasons).toMatchObject([{ rule: "calendar.missing", evidence: "Mrs Shah, Mr Brennan" }]);
    expect(decision.effects.filter(({ kind }) => kind === "notice")).toMatchObject([{ to: "office" }]);
  });

  test("a batch whose day nobody knows is delivered", () => {
    const rules = [rule("test.batch", { outcome: "hold", batch: true })];
    const { recipients } = decided(situation(rules, { when: "Wednesday 2027-07-21 10:00" }));
    expect(recipients).toEqual([{ recipient: "shah", outcome: "deliver", releaseAt: null, batch: false }]);
  });

  test("a message to nobody is delivered, without a fault", () => {
    const made = situation(null, AT_NIGHT);
    const decision = decided({ ...made, facts: { ...made.facts, recipients: [] } });
    expect(decision).toMatchObject({ outcome: "deliver", recipients: [], releaseAt: null, reply: null });
  });
});

describe("nothing else counts", () => {
  test("the order of the rules carries no meaning", () => {
    const orders = fc.shuffledSubarray([...loaded.policy.rules], { minLength: loaded.policy.rules.length });
    fc.assert(
      fc.property(fc.constantFrom(...situations), orders, (made, rules) => {
        expect(decided({ ...made, policy: { ...made.policy, rules } })).toEqual(decided(made));
      }),
      { numRuns: 300 },
    );
  });

  test("the same message, facts and policy give the same decision, and nobody changes them", () => {
    const freeze = (value: unknown): void => {
      // Weights cannot be frozen.
      if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
        return;
      Object.freeze(value);
      for (const inside of Object.values(value)) freeze(inside);
    };
    for (const made of situations) {
      freeze(made);
      expect(decided(made)).toEqual(decided(made));
    }
  });

  test("never are two replies, two cases or two moves at once decided, whatever the situation", () => {
    for (const { effects, recipients } of situations.map(decided)) {
      for (const kind of ["reply", "openCase"])
        expect(effects.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(1);
      const now = effects.filter((one) => one.kind === "move" && one.at === null);
      expect(now).toHaveLength(recipients.length);
    }
  });

  test("a disclosure is never held, whatever else is so", () => {
    const says = "My daughter told me that her uncle touches her.";
    for (const made of situations.filter(({ message }) => message.automatic === null)) {
      if (["staff", "organisation"].includes(made.facts.sender.role)) continue;
      const { wording } = situation(null, { says }).facts;
      const decision = decided({ ...made, facts: { ...made.facts, wording } });
      expect(decision.recipients.map(({ outcome }) => outcome)).not.toContain("hold");
      expect(decision.effects).toContainEqual(expect.objectContaining({ kind: "alert", to: "dsl" }));
    }
  });
});

describe("conditions of a school's own rules", () => {
  const matches = (condition: Partial<Condition>, changes: Record<string, unknown> = {}): string | null => {
    const made = situation([rule("test.own", {}, condition)], changes);
    return decided(made).reasons[0]?.evidence ?? null;
  };

  test("words are whole words, without regard to capitals, apostrophes and punctuation", () => {
    const says = "Can't he bring his P.E. kit? The KITTEN ate it.";
    expect(matches({ words: ["cant he"] }, { says })).toBe("cant he");
    expect(matches({ words: ["p e kit"] }, { says })).toBe("p e kit");
    expect(matches({ words: ["kit"] }, { says: "The kitten ate it." })).toBeNull();
    expect(matches({ words: ["kit*"] }, { says: "The kitten ate it." })).toBe("kit*");
    expect(matches({ words: ["swimming"] }, { subject: "Swimming", says: "Is it on?" })).toBe("swimming");
  });

  test("a phrase of signs or a lone star matches nothing", () => {
    for (const words of [["*"], ["?!"], [" "]]) {
      expect(matches({ words })).toBeNull();
      expect(matches({ words }, { says: "" })).toBeNull();
    }
  });

  test("patterns give what they matched as evidence", () => {
    expect(matches({ patterns: ["book \\w+ she"] })).toBe("book does she");
    expect(matches({ patterns: ["WHICH"] })).toBe("Which");
    expect(matches({ patterns: ["^she"] })).toBeNull();
  });

  test("a domain covers what is below it, and nothing that only ends alike", () => {
    const from = (address: string): Message => {
      const { message } = situation(null);
      return { ...message, from: { name: "", address } };
    };
    const made = situation([rule("test.own", {}, { fromDomain: ["x.com"] })]);
    const domains = ["a@x.com", "a@mail.x.com", "a@netflix.com", "a@x.com.example"];
    const found = domains.map((address) => decided({ ...made, message: from(address) }).reasons.length);
    expect(found).toEqual([1, 1, 0, 0]);
  });

  test("all conditions must hold, and the opposite can be asked for", () => {
    expect(matches({ words: ["book"], channel: ["sms"] })).toBeNull();
    expect(matches({ words: ["book"], channel: ["sms"] }, { by: "text" })).toBe("book");
    expect(matches({ offDuty: false })).toBe("is working");
    expect(matches({ offDuty: false }, AT_NIGHT)).toBeNull();
    expect(matches({ paused: false }, { "paused until": "2026-12-18" })).toBeNull();
    expect(matches({ safeguarding: false }, { says: "Dad hits me and I am scared." })).toBeNull();
  });

  test("a rule that says nothing of machines or senders is about parents who write themselves", () => {
    const plain: Partial<Condition> = { machine: "no", sender: ["parent", "probably-parent"] };
    expect(matches({ ...plain, words: ["book"] })).toBe("book");
    expect(matches({ ...plain, words: ["book"] }, { headers: { Precedence: "bulk" } })).toBeNull();
    expect(matches({ ...plain, words: ["book"] }, { from: "a supplier" })).toBeNull();
    expect(matches({ machine: ["bounce"] }, { headers: { Precedence: "bulk" } })).toBeNull();
    expect(matches({ machine: ["bulk"] })).toBeNull();
  });

  test("of several limits the one that is named counts", () => {
    const earlier = [{ messages: 4, "hours ago": 2, to: "Mrs Shah" }];
    expect(matches({ overLimit: ["per-day"] }, { earlier })).toBeNull();
    expect(matches({ overLimit: ["per-person"] }, { earlier })).toBe(
      "5 messages in 24 hours; the limit is 4",
    );
    expect(matches({ overLimit: ["per-person"] }, { earlier, from: "a parent who is never limited" })).toBe(
      null,
    );
  });

  test("the evidence of abuse is the words", () => {
    const { reasons } = decided(
      situation(null, { says: "You are an absolute idiot and everybody knows it." }),
    );
    expect(reasons).toMatchObject([{ rule: "abuse.insult", clause: "3.1" }]);
    expect(reasons[0]?.evidence).toMatch(/idiot/);
  });
});
