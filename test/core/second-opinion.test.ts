// What a second opinion may change in a decision, and what it may never change.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/core/decide.ts";
import type { Decision, Facts, Rule, SecondOpinion } from "../../src/core/types.ts";
import { exampleSchool, scenarioSchema, situationOf } from "./scenario.ts";

const loaded = exampleSchool();

interface Given {
  readonly opinion: SecondOpinion | null;
  readonly wording?: Partial<Facts["wording"]>;
  readonly rules?: (rules: readonly Rule[]) => readonly Rule[];
  readonly scenario?: Record<string, unknown>;
}

/** Words about which the wording is unsure, whatever they are, to Mrs Shah on a Monday at ten. */
function decided({ opinion, wording = {}, rules = (all) => all, scenario = {} }: Given): Decision {
  const read = scenarioSchema.parse({
    "the policy says": "3.1 Anything",
    when: "Monday 2026-11-23 10:00",
    from: "a parent",
    to: "Mrs Shah",
    says: "Well, well, what a teacher you are.",
    // biome-ignore lint/suspicious/noThenProperty: a scenario's outcome; never awaited.
    then: "delivered",
    reply: "received",
    ...scenario,
  });
  const { message, facts, policy } = situationOf(read, loaded);
  const unsure: Facts["wording"] = {
    ...facts.wording,
    verdict: "unsure",
    categories: {},
    safeguarding: { hit: false, score: 0 },
    mustNotWait: { hit: false, score: 0, kind: null },
    spans: [],
    ...wording,
  };
  const known = { ...facts, wording: unsure, secondOpinion: opinion };
  return decide(message, known, { ...policy, rules: rules(policy.rules) });
}

const says = (verdict: SecondOpinion["verdict"], category: string | null = null): SecondOpinion => ({
  verdict,
  category,
  because: "It mocks the teacher.",
  model: "small-model",
});
const cases = ({ effects }: Decision) =>
  effects.flatMap((effect) => (effect.kind === "openCase" ? [effect.caseKind] : []));
const rulesOf = ({ reasons }: Decision) => reasons.map(({ rule }) => rule);
const without = decided({ opinion: null });

test("without one, the message is delivered and the headteacher is asked to look", () => {
  expect(without.outcome).toBe("deliver");
  expect(cases(without)).toEqual(["please-look"]);
  expect(rulesOf(without)).toEqual(["abuse.unsure"]);
});

describe("abusive", () => {
  test.each([
    ["threat", "abuse.threat"],
    ["insult", "abuse.insult"],
    ["discrimination", "abuse.discrimination"],
  ])("as %s: the rules treat it as that", (category, rule) => {
    const decision = decided({ opinion: says("abusive", category) });
    expect(decision.outcome).toBe("escalate");
    expect(cases(decision)).toEqual([category]);
    expect(rulesOf(decision)).toEqual([rule, "wording.second-opinion"]);
    expect(decision.reasons.at(-1)).toMatchObject({
      clause: "3.1",
      evidence: "small-model: It mocks the teacher.",
    });
    expect(decision.reply).toMatchObject({ template: "received" });
  });

  test("weighs at least as much as what the wording suspected", () => {
    const wording = { categories: { threat: 0.45, insult: 0.3 } };
    const decision = decided({ opinion: says("abusive", "insult"), wording });
    expect(cases(decision)).toEqual(["insult"]);
  });

  test.each<[string, Given]>([
    ["a category that no rule names", { opinion: says("abusive", "blasphemy") }],
    ["no category", { opinion: says("abusive") }],
    [
      "a category whose rule the school has switched off",
      {
        opinion: says("abusive", "insult"),
        rules: (all) => all.filter(({ id }) => id !== "abuse.insult"),
      },
    ],
  ])("with %s: the message stays before the headteacher", (_, given) => {
    const decision = decided(given);
    expect(decision.outcome).toBe("deliver");
    expect(cases(decision)).toEqual(["please-look"]);
    expect(rulesOf(decision)).toContain("wording.second-opinion");
  });
});

test("ok: the headteacher need not look, and nothing else changes", () => {
  const decision = decided({ opinion: says("ok") });
  expect(cases(decision)).toEqual([]);
  expect(rulesOf(decision)).toEqual(["abuse.unsure", "wording.second-opinion"]);
  const { effects, reasons, ...rest } = decision;
  const { effects: before, reasons: _, ...otherwise } = without;
  expect(rest).toEqual(otherwise);
  expect(effects).toEqual(before.filter(({ kind }) => kind !== "openCase"));
});

test("ok: held until working hours as without it", () => {
  const scenario = { when: "Friday 2026-11-27 21:00" };
  const { outcome, recipients, reply } = decided({ opinion: says("ok"), scenario });
  const otherwise = decided({ opinion: null, scenario });
  expect(otherwise.outcome).toBe("hold");
  expect({ outcome, recipients, reply }).toEqual({
    outcome: otherwise.outcome,
    recipients: otherwise.recipients,
    reply: otherwise.reply,
  });
});

test("unsure: nothing changes but that it is said", () => {
  const { reasons, ...rest } = decided({ opinion: says("unsure") });
  const { reasons: before, ...otherwise } = without;
  expect(rest).toEqual(otherwise);
  expect(reasons.slice(0, -1)).toEqual(before);
  expect(reasons.at(-1)?.rule).toBe("wording.second-opinion");
});

describe.each(["abusive", "ok", "unsure"] as const)("%s is not heard", (verdict) => {
  const opinion = says(verdict, verdict === "abusive" ? "insult" : null);
  test.each<[string, Partial<Facts["wording"]>]>([
    ["where the wording says ok", { verdict: "ok" }],
    ["where the wording says abusive", { verdict: "abusive", categories: { threat: 0.9 } }],
    ["about a possible disclosure", { safeguarding: { hit: true, score: 0.9 } }],
  ])("%s", (_, wording) => {
    expect(decided({ opinion, wording })).toEqual(decided({ opinion: null, wording }));
  });
});
