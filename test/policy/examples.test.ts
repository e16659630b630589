// Rules tried on their examples: each kind of fact that an example may give.
import { afterEach, describe, expect, test } from "@jest/globals";
import { decide } from "../../src/core/decide.ts";
import { runExamples } from "../../src/policy/examples.ts";
import { formatProblem } from "../../src/policy/report.ts";
import { type SchoolFolder, schoolFolder } from "./school-folder.ts";

let folder: SchoolFolder | null = null;
afterEach(() => folder?.discard());

/** Runs one rule's examples; lines with paths as seen from the school's folder. */
const run = (when: string, examples: string): readonly string[] => {
  const off = ["hours.hold", "safeguarding.alert"].map(
    (id) => `  - { id: ${id}, enabled: false, i_understand: true }\n`,
  );
  const rule = `  - id: own.rule\n    clause: "3.3"\n    why: A test.\n    when: ${when}\n    then: { outcome: divert }\n`;
  folder = schoolFolder({
    "rules/own.yaml": `family: own\nrules:\n${off.join("")}${rule}    examples:\n${examples}`,
  });
  const { dir } = folder;
  return runExamples(folder.load(), decide).map((problem) => formatProblem(problem).replace(`${dir}/`, ""));
};

describe("what an example may say", () => {
  test.each([
    ["words", "{ words: trip }", "The trip", "Hello"],
    ["words in the subject", "{ words: trip }", "{ subject: The trip }", "{ subject: Hello }"],
    ["a pattern", "{ patterns: 'year [1-6]' }", "In Year 4", "In Year 9"],
    ["a category of words", "{ category: threat }", "You will regret it", "You will enjoy it"],
    [
      "a disclosure",
      "{ safeguarding: true }",
      "Daddy hurts me and I am scared to go home",
      "She is happy to go home",
    ],
    ["off duty", "{ off_duty: true }", "{ text: a, given: { off_duty: true } }", "a"],
    ["over the limit", "{ over_limit: any }", "{ text: a, given: { over_limit: per-day } }", "a"],
    [
      "over a limit that is called otherwise here",
      "{ over_limit: any }",
      "{ text: a, given: { over_limit: per-week } }",
      "a",
    ],
    ["paused", "{ paused: true }", "{ text: a, given: { paused: true } }", "a"],
    [
      "a contact named",
      "{ sender: any, names_contact: true }",
      "{ text: a, given: { names_contact: true } }",
      "a",
    ],
    [
      "a sender's domain",
      "{ sender: any, from_domain: social.example }",
      "{ text: a, from: x@mail.social.example }",
      "a",
    ],
    ["a supplier", "{ sender: organisation }", "{ text: a, from: sales@paper.example }", "a"],
    ["a stranger's webmail", "{ sender: probably-parent }", "{ text: a, from: somebody@gmail.com }", "a"],
    ["a colleague", "{ sender: staff }", "{ text: a, from: someone@oakhill.example }", "a"],
    ["a withheld number", "{ sender: unknown }", "{ text: a, from: ANON }", "a"],
    ["a text", "{ channel: sms }", "a", "{ text: a, given: {}, from: dana.kowalczyk@parent.example }"],
    ["a machine", "{ machine: auto-reply }", "{ text: a, headers: { Auto-Submitted: auto-replied } }", "a"],
    [
      "a bounce",
      "{ sender: any, machine: bounce }",
      "{ text: a, headers: { From: MAILER-DAEMON@mx.example } }",
      "a",
    ],
  ])("%s", (_, when, match, pass) => {
    expect(run(when, `      match:\n        - ${match}\n      pass:\n        - ${pass}\n`)).toEqual([]);
  });
});

test("a match that does not match is named at its own line, with what matched instead", () => {
  expect(
    run("{ words: trip }", "      match:\n        - The trip\n        - The outing\n      pass: [Hello]\n"),
  ).toEqual([
    "rules/own.yaml:13: examples.match[1]: own.rule must match this example and does not (no rule does): change the example or the rule",
  ]);
});

test("a pass that matches is named with the evidence", () => {
  expect(run("{ words: trip }", "      match: [The trip]\n      pass:\n        - Another trip\n")).toEqual([
    'rules/own.yaml:13: examples.pass[0]: own.rule must not match this example and does, because of "trip": change the example or the rule',
  ]);
});

test("an example over a limit is left out at a school without limits", () => {
  folder = schoolFolder();
  const loaded = folder.load();
  const policy = {
    ...loaded.policy,
    limits: [],
    rules: loaded.policy.rules.filter(({ id }) => id === "hours.hold"),
  };
  const [rule] = policy.rules;
  if (rule === undefined) throw new Error("the rule is there");
  const example = { text: "a", subject: "", from: null, headers: {}, given: { over_limit: "per-day" } };
  const rules = [{ ...rule, examples: { match: [example], pass: [] } }];
  expect(runExamples({ ...loaded, policy: { ...policy, rules } }, decide)).toEqual([]);
});
