// The second opinion on the command line: asked by decide only with --ask, and tried by check --online.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { inDoubt } from "../core/wording/in-doubt.ts";
import { judging, type LanguageModel, startLanguageModel } from "../peers/language-model.ts";
import { copySchool, say } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-opinion-"));
const config = join(folder, "school");
const without = join(folder, "without");
const doubtful = join(folder, "doubtful.txt");
writeFileSync(doubtful, inDoubt());
let model: LanguageModel;

beforeAll(async () => {
  model = await startLanguageModel(judging("ok", null, "Fine."));
  copySchool(without);
  copySchool(config, (text) => {
    return `${text}\nwording:\n  second_opinion: { url: "${model.url}", model: small-model, api_key: "\${MODEL_KEY}" }\n`;
  });
});
beforeEach(() => {
  model.behaviour = judging("abusive", "insult", "It calls the teacher useless.");
  model.questions.length = 0;
});
afterAll(async () => {
  await model.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = { MODEL_KEY: "model-sesame" };
const decide = (...more: string[]) => {
  const args = [
    "decide",
    "--config",
    config,
    "--from-number",
    "+447700900202",
    "--at",
    "2026-11-17T12:00:00Z",
  ];
  return say([...args, ...more, doubtful, "--json"], { env });
};

describe("decide", () => {
  test("asks nobody unless told to", async () => {
    const { status, stdout } = await decide();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "deliver", reasons: [{ rule: "abuse.unsure" }] });
    expect(model.questions).toEqual([]);
  });

  test("with --ask says what the opinion changes", async () => {
    const { status, stdout, stderr } = await decide("--ask");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "escalate",
      reasons: [
        { rule: "abuse.insult" },
        { rule: "wording.second-opinion", evidence: "small-model: It calls the teacher useless." },
      ],
    });
  });

  test("with --ask and an endpoint that fails decides as without it, and says so once", async () => {
    model.behaviour = (response) => response.writeHead(503).end();
    const { status, stdout, stderr } = await decide("--ask", doubtful);
    expect(status).toBe(0);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(["deliver", "deliver"]);
    expect(stderr).toMatch(/^The second opinion failed: [^\n]* \(it answered 503\)\n$/);
  });

  test("with --ask and nobody to ask says what to set", async () => {
    const { status, stderr } = await say(["decide", "--config", without, "--ask", doubtful]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      "--ask has nobody to ask: set wording.second_opinion in school.yaml, or leave it out.\n",
    );
  });
});

describe("check --online", () => {
  test("tries it", async () => {
    const { status, stdout } = await say(["check", "--online", "--config", config], { env });
    expect(stdout).toMatch(/^ok {6}second opinion: small-model answered in \d+\.\d s$/m);
    expect(status).toBe(0);
    expect(model.questions[0]?.authorization).toBe("Bearer model-sesame");
  });

  test("says what to look at when it fails", async () => {
    model.behaviour = (response) => response.writeHead(401).end();
    const { status, stdout, stderr } = await say(["check", "--online", "--config", config], { env });
    expect(status).toBe(1);
    expect(stdout).toContain(
      "failed  second opinion: it answered 401; look at wording.second_opinion in school.yaml.",
    );
    expect(`${stdout}${stderr}`).not.toContain("model-sesame");
  });

  test("without --online it is left alone", async () => {
    await say(["check", "--config", config], { env });
    expect(model.questions).toEqual([]);
  });
});
