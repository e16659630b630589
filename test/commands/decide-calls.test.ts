// afterbell decide, called in all the ways of its help.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { runCommand } from "../service/child-service.ts";
import { mail } from "../service/whole-school.ts";
import { copySchool, say } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-decide-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, "school");
copySchool(config);

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const question = file("question.eml", mail({ text: "Which book does she need?" }));
const decide = async (...args: string[]) => {
  const { status, stdout, stderr } = await say(["decide", "--config", config, ...args, "--json"]);
  return {
    status,
    stderr,
    lines: stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  };
};

describe("the moment", () => {
  test.each([
    // Friday evening in London, in three ways of saying it.
    ["2026-11-13T21:00:00Z", "hold"],
    ["2026-11-13T21:00:00.000+00:00", "hold"],
    ["2026-11-13T21:00", "hold"],
    // Friday at ten.
    ["2026-11-13T10:00:00Z", "deliver"],
    // Summer time: 07:30 UTC is 08:30 at the school, which is open; half past seven there it is not.
    ["2026-06-10T07:30:00Z", "deliver"],
    ["2026-06-10T07:30", "hold"],
    // Midnight.
    ["2026-11-13", "hold"],
  ])("%s: %s", async (at, outcome) => {
    const { status, lines } = await decide("--at", at, question);
    expect(status).toBe(0);
    expect(lines[0]).toMatchObject({ outcome, error: null });
  });

  test.each(["yesterday", "2026-13-01", "2026-11-13 21:00", "1", ""])("%j is none", async (at) => {
    const { status, stdout, stderr } = await say(["decide", `--at=${at}`, question]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`--at ${at} is not a moment: write it as 2026-11-27T21:00:00Z.\n`);
  });
});

describe("texts", () => {
  const text = file("text.txt", "what time is the trip?");

  test("are from a number however it is written, and known when it is a contact's", async () => {
    for (const number of ["07700 900203", "+44 7700 900203", "00447700900203"]) {
      const { lines } = await decide("--at", "2026-11-13T21:00:00Z", "--from-number", number, text);
      expect(lines[0]).toMatchObject({
        message: { channel: "sms", from: "+447700900203", text: "what time is the trip?" },
        outcome: "hold",
        releaseAt: "2026-11-16T08:00:00.000Z",
      });
    }
  });

  test.each(["abc", "123", ""])("are not from %j", async (number) => {
    const { status, stderr } = await say(["decide", `--from-number=${number}`, text]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/is not a telephone number: write it as \+447700900123\.\n$/);
  });
});

test("as a process: files that cannot be read give their error and status 1, the others are decided", async () => {
  const missing = join(folder, "missing.eml");
  const empty = file("empty.eml", "");
  const args = [
    "decide",
    "--config",
    config,
    "--at",
    "2026-11-13T21:00:00Z",
    missing,
    question,
    folder,
    empty,
    "--json",
  ];
  const { status, stdout, stderr } = await runCommand(args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.file)).toEqual([missing, question, folder, empty]);
  expect(lines[0].error).toBe("there is no such file");
  expect(lines[1]).toMatchObject({ outcome: "hold", error: null });
  expect(Object.keys(lines[1]).sort()).toEqual([
    "effects",
    "error",
    "file",
    "mayReply",
    "message",
    "outcome",
    "reasons",
    "releaseAt",
    "reply",
  ]);
  expect(lines[2].error).toContain("directory");
  expect(lines[3]).toMatchObject({ outcome: "deliver", mayReply: false });
});

test("nothing is stored and nothing is left behind", async () => {
  const cwd = mkdtempSync(join(folder, "cwd-"));
  const { status } = await runCommand(["decide", "--config", config, question], { cwd });
  expect(status).toBe(0);
  const { readdirSync } = await import("node:fs");
  expect(readdirSync(cwd)).toEqual([]);
});
