// Words that the headteacher has found to be no abuse: what that changes in a decision, and what never.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/core/decide.ts";
import { sameWords } from "../../src/core/fingerprint.ts";
import type { Decision, Facts, SecondOpinion } from "../../src/core/types.ts";
import { exampleSchool, scenarioSchema, situationOf } from "./scenario.ts";

const loaded = exampleSchool();
const cleared = { caseNumber: 7, at: "2026-11-20T21:30:00.000Z" };

function decided(given: {
  wording: Partial<Facts["wording"]>;
  facts?: Partial<Facts>;
  paused?: string;
}): Decision {
  const read = scenarioSchema.parse({
    "the policy says": "3.1 Anything",
    when: "Monday 2026-11-23 10:00",
    from: "a parent",
    to: "Mrs Shah",
    says: "Well, well, what a teacher you are.",
    // biome-ignore lint/suspicious/noThenProperty: a scenario's outcome; never awaited.
    then: "delivered",
    reply: "received",
    ...(given.paused ? { "paused until": given.paused } : {}),
  });
  const { message, facts, policy } = situationOf(read, loaded);
  const wording = { ...facts.wording, ...given.wording };
  return decide(message, { ...facts, wording, cleared, ...given.facts }, policy);
}

const threat: Partial<Facts["wording"]> = { verdict: "abusive", score: 0.9, categories: { threat: 0.9 } };
const rules = ({ reasons }: Decision) => reasons.map(({ rule }) => rule);
const cases = ({ effects }: Decision) => effects.filter(({ kind }) => kind === "openCase");

test("abuse that was cleared is delivered, opens no case, and the reason says which case cleared it", () => {
  const decision = decided({ wording: threat });
  expect(decision.outcome).toBe("deliver");
  expect(cases(decision)).toEqual([]);
  expect(decision.reasons).toEqual([
    {
      rule: "wording.cleared",
      clause: "3.1",
      why: "The same words of this sender were found to be no abuse before, so they are not taken for it.",
      evidence: "case 7, closed as not abuse at 2026-11-20T21:30:00.000Z",
    },
  ]);
});

test("without it they are escalated", () => {
  expect(decided({ wording: threat, facts: { cleared: null } }).outcome).toBe("escalate");
});

test("words in doubt that were cleared need no look, and no second opinion is heard", () => {
  const secondOpinion: SecondOpinion = { verdict: "abusive", category: "insult", because: "-", model: "m" };
  const unsure = { ...threat, verdict: "unsure", categories: {} } as const;
  const decision = decided({ wording: unsure, facts: { secondOpinion } });
  expect([decision.outcome, cases(decision), rules(decision)]).toEqual(["deliver", [], ["wording.cleared"]]);
});

test("a possible disclosure is one all the same", () => {
  const decision = decided({ wording: { ...threat, safeguarding: { hit: true, score: 0.9 } } });
  expect(rules(decision)).toEqual(["safeguarding.disclosure", "wording.cleared"]);
  expect(decision.effects.some(({ kind }) => kind === "alert")).toBe(true);
});

test("a sender who is paused stays paused", () => {
  const decision = decided({ wording: threat, paused: "2026-12-18" });
  expect(decision.outcome).toBe("escalate");
  expect(rules(decision)).toContain("paused.queue");
});

test("what is in order needs no clearance, and none is told of", () => {
  expect(rules(decided({ wording: { verdict: "ok", categories: {} } }))).toEqual([]);
});

describe("the same words", () => {
  test.each([
    ["I could KILL for a biscuit!", "i could kill for a  biscuit"],
    ["He won’t come.", "he wont come"],
    ["You’ll see…\n\nme", "You'll see me"],
  ])("%j and %j", (a, b) => {
    expect(sameWords(a, b)).toBe(true);
  });

  test.each([
    ["See you at the gate", "See you at the gate 🔪"],
    ["I will stop you", "I will post you"],
    ["I will meet you at the gate on Friday", "I will beat you at the gate on Friday"],
    [`${"word ".repeat(130)}and thanks`, `${"word ".repeat(130)}and die`],
    ["", ""],
    ["!!!", "..."],
  ])("not %j and %j", (a, b) => {
    expect(sameWords(a, b)).toBe(false);
  });
});
