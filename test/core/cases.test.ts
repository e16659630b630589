// The policy as scenarios: every case of test/cases is decided by the example school's own rules.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { formatInTimeZone } from "date-fns-tz";
import { parse } from "yaml";
import { z } from "zod";
import { decide } from "../../src/core/decide.ts";
import type { Decision } from "../../src/core/types.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import {
  exampleSchool,
  expectedOf,
  type Scenario,
  type Situation,
  scenarioSchema,
  situationOf,
} from "./scenario.ts";

const FOLDER = fileURLToPath(new URL("../cases/", import.meta.url));
const loaded = exampleSchool();
const renderer = createRenderer();
const { zone } = loaded.policy.calendar;

function scenariosOf(file: string): readonly Scenario[] {
  const read = z.array(scenarioSchema).safeParse(parse(readFileSync(FOLDER + file, "utf8")));
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
  return read.data;
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const all = files.map((file) => ({ file, scenarios: scenariosOf(file) }));
const everyScenario = all.flatMap(({ scenarios }) => scenarios);

const localMoment = (at: string | null): string =>
  at === null ? "now" : formatInTimeZone(at, zone, "EEEE yyyy-MM-dd HH:mm");

function toldBy({ effects }: Decision): string[] {
  return effects
    .flatMap((effect) =>
      effect.kind === "forward" || effect.kind === "alert" || effect.kind === "notice"
        ? [`${effect.kind} ${effect.to}`]
        : [],
    )
    .sort();
}

function caseOf({ effects }: Decision): string {
  const opened = effects.flatMap((effect) => (effect.kind === "openCase" ? [effect] : []));
  return (
    opened.map(({ caseKind, severity }) => caseKind + (severity === "serious" ? ", serious" : ""))[0] ??
    "none"
  );
}

function decidedOf(decision: Decision): ReturnType<typeof expectedOf> {
  return {
    outcome: decision.outcome,
    until: Object.fromEntries(decision.recipients.map((one) => [one.recipient, localMoment(one.releaseAt)])),
    digest: decision.recipients.some(({ batch }) => batch),
    reply: decision.reply?.template ?? "none",
    replyIn: decision.reply?.language ?? null,
    mayReply: decision.mayReply.may,
    because: decision.reasons.map(({ rule }) => rule).sort(),
    told: toldBy(decision),
    case: caseOf(decision),
  };
}

/** Each copy goes where its own outcome says, and comes back when it says. */
function expectMoves({ recipients, effects }: Decision): void {
  for (const { recipient, outcome, releaseAt, batch } of recipients) {
    const own = effects.filter((effect) => "recipient" in effect && effect.recipient === recipient);
    const inbox = { kind: "move", recipient, to: "inbox" };
    const expected = {
      deliver: [{ ...inbox, at: null }],
      divert: [{ ...inbox, at: null }],
      escalate: [{ ...inbox, to: "referred", at: null }],
      hold: [
        { ...inbox, to: "held", at: null },
        batch ? { kind: "digest", recipient, at: releaseAt } : { ...inbox, at: releaseAt },
      ],
    };
    expect(own).toEqual(expected[outcome]);
  }
}

/** Clause 3.4, and promise 3: it leads to the office and to help, and tells nothing of what was found. */
function expectKindReply({ message }: Situation, decision: Decision): void {
  if (decision.reply === null) return;
  const { school } = loaded.school;
  const { text, html, sms } = renderer.renderReply(decision.reply, school, zone);
  for (const form of [text, html, sms]) {
    expect(form).toContain("01632 960001");
    expect(form).toContain("office@oakhill.example");
    expect(form).toContain("999");
    expect(form).not.toMatch(/abus|threat|insult|safeguard|disclos|headteacher|paused|dyrektor|groź|obra/i);
    expect(form).not.toContain(message.newText);
    for (const { rule } of decision.reasons) expect(form).not.toContain(rule);
  }
  expect(text).toContain("0800 1111");
  for (const { name } of decision.reply.seen) expect(text).toContain(name);
}

describe.each(all)("$file", ({ scenarios }) => {
  test.each(scenarios.map((scenario) => ({ title: scenario["the policy says"], scenario })))(
    "$title",
    ({ scenario }) => {
      const situation = situationOf(scenario, loaded);
      const { message, facts, policy } = situation;
      const decision = decide(message, facts, policy);
      expect(decidedOf(decision)).toEqual(expectedOf(scenario));
      expectMoves(decision);
      expectKindReply(situation, decision);
      const shown = [facts.sender.role, ...facts.sender.marks];
      if (scenario["shown as"]) expect(shown).toEqual(scenario["shown as"]);
      if (scenario.against) expect(facts.wording.target).toBe(scenario.against);
    },
  );
});

describe("the scenarios together", () => {
  test("are at least 60, no two of the same name", () => {
    const names = everyScenario.map((scenario) => scenario["the policy says"]);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(["1.1", "1.2", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4", "3.5", "3.7", "Equality"])(
    "clause %s has one",
    (clause) => {
      expect(everyScenario.some((scenario) => scenario["the policy says"].startsWith(`${clause} `))).toBe(
        true,
      );
    },
  );

  test.each(loaded.policy.rules.map(({ id }) => id))("%s decides one", (id) => {
    expect(everyScenario.some(({ because }) => because.includes(id))).toBe(true);
  });
});
