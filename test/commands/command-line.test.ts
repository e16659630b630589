// Calls that are wrong, help, and what every command has in common: exit status and one sentence.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runCommand } from "../service/child-service.ts";
import { copySchool, say } from "./terminal.ts";

const commands = [
  "start",
  "check",
  "decide",
  "classify",
  "release",
  "import",
  "sign-in",
  "dead-letters",
  "wording",
  "docs",
];
const folder = mkdtempSync(join(tmpdir(), "ab-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const school = join(folder, "school");
const env = { AFTERBELL_DATA: join(folder, "data") };
beforeAll(() => copySchool(school));

/** One sentence on standard error that ends with a full stop, and nothing on standard output. */
function refusal(sentence: string | RegExp) {
  return { status: 2, stdout: "", stderr: expect.stringMatching(sentence) };
}

describe("help", () => {
  test("lists every command with one line", async () => {
    for (const call of [["--help"], ["-h"], ["help"]]) {
      const { status, stdout, stderr } = await say(call);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} +[A-Z].*\\.$`, "m"));
    }
  });

  test("without a command is a wrong call that shows the same", async () => {
    const { status, stdout, stderr } = await say([]);
    expect(status).toBe(2);
    expect(`${stdout}${stderr}`).toContain("Usage: afterbell COMMAND");
  });

  test.each(commands)("of %s says how it is called, in lines that fit a terminal", async (command) => {
    const { status, stdout, stderr } = await say([command, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: afterbell ${command} ?`));
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    expect(await say([command, "-h"])).toEqual({ status, stdout, stderr });
  });
});

describe("a wrong call", () => {
  test.each([
    ["chek", "check"],
    ["relase", "release"],
    ["deadletters", "dead-letters"],
    ["Start", "start"],
  ])("%s: did you mean %s?", async (typed, meant) => {
    expect(await say([typed])).toEqual(refusal(`^There is no command "${typed}"; did you mean ${meant}\\?`));
  });

  test("that is like no command guesses none", async () => {
    const sentence = '^There is no command "xyz". afterbell --help lists them.\n$';
    expect(await say(["xyz"])).toEqual(refusal(sentence));
    expect((await say(["constructor"])).status).toBe(2);
    expect((await say(["__proto__"])).status).toBe(2);
  });

  test.each([
    [
      ["check", "--onlin"],
      "^There is no option --onlin; did you mean --online\\? This command knows .*\\.\n$",
    ],
    [["check", "--config"], "^--config needs a value: .*\\.\n$"],
    [["check", "--config", "--online"], "^--config needs a value: .*\\.\n$"],
    [["check", "--online=yes"], "^--online takes no value: .*\\.\n$"],
    [["check", "folder"], '^check takes no "folder": .*\\.\n$'],
    [["decide"], "^Name at least one file: .*\\.\n$"],
    [["decide", "--at", "yesterday", "x"], "^--at yesterday is not a moment: .*\\.\n$"],
    [["decide", "--from-number", "abc", "x"], "^--from-number abc is not a telephone number: .*\\.\n$"],
    [["classify"], "^Say --jsonl: .*\\.\n$"],
    [["release"], "^Say what to release: .*\\.\n$"],
    [["release", "--all", "id"], "^Say what to release: .*\\.\n$"],
    [["release", "--all", "--list"], "^Say what to release: .*\\.\n$"],
    [["import"], "^Name one list: .*\\.\n$"],
    [["import", "a.csv", "b.csv"], "^Name one list: .*\\.\n$"],
    [["sign-in"], "^Name one person by e-mail address: .*\\.\n$"],
    [["dead-letters", "id"], "^Use --retry ID .*\\.\n$"],
    [["start", "now"], '^start takes no "now": .*\\.\n$'],
    [["docs", "--chek"], "^There is no option --chek; did you mean --check\\? .*\\.\n$"],
  ])("%j is told in one sentence", async (args, sentence) => {
    expect(await say(args, { env })).toEqual(refusal(sentence));
  });

  test.each(["check", "start", "release", "import", "sign-in", "dead-letters", "decide"])(
    "%s with a folder that holds no school",
    async (command) => {
      const arguments_: Record<string, string[]> = {
        release: ["--all"],
        import: ["x.csv"],
        decide: ["x.eml"],
      };
      const args = arguments_[command] ?? (command === "sign-in" ? ["head@oakhill.example"] : []);
      const answer = await say([command, ...args, "--config", folder], { env });
      expect(answer).toEqual(refusal(`^There is no school\\.yaml in ${folder}: name the folder .*\\.\n$`));
    },
  );

  test("a level of the log that there is not", async () => {
    const answer = await say(["start", "--config", school], { env: { ...env, AFTERBELL_LOG: "loud" } });
    expect(answer).toEqual(refusal("^AFTERBELL_LOG=loud is no level: .*\\.\n$"));
  });

  test("what is stored is not looked for where the service has never run", async () => {
    for (const args of [["release", "--all"], ["release", "--list"], ["dead-letters"]]) {
      const answer = await say([...args, "--config", school], {
        env: { AFTERBELL_DATA: join(folder, "elsewhere") },
      });
      expect(answer).toEqual(
        refusal(`^There is no store at ${folder}/elsewhere/data/afterbell.db: .*\\.\n$`),
      );
    }
  });

  test("a store that cannot be opened is work that failed", async () => {
    writeFileSync(join(folder, "file"), "");
    const blocked = { AFTERBELL_DATA: join(folder, "file") };
    const { status, stderr } = await say(["start", "--config", school], { env: blocked });
    expect(status).toBe(1);
    expect(stderr).toMatch(/The store .*\/file\/data\/afterbell\.db cannot be opened \(.*\): see .*\.\n$/);
  });
});

describe("as a process", () => {
  test("exit status and streams are what the call was worth", async () => {
    const [help, mistyped, broken] = await Promise.all([
      runCommand(["--help"]),
      runCommand(["chek"]),
      runCommand(["decide", "--config", folder, "x.eml"]),
    ]);
    expect(help).toMatchObject({ status: 0, signal: null, stderr: "" });
    expect(mistyped).toMatchObject({ status: 2, stdout: "" });
    expect(broken).toMatchObject({ status: 2, stdout: "" });
  });

  test("a port that is taken is told, and the process ends", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as AddressInfo;
    const dir = join(folder, "taken");
    copySchool(dir, (text) => text.replace("port: 8420", `port: ${port}`));
    const { status, stderr } = await runCommand(["start", "--config", dir], { env });
    holder.close();
    expect(status).toBe(2);
    expect(stderr).toContain(
      `The pages cannot be served on 127.0.0.1:${port} (EADDRINUSE): set web.host and web.port`,
    );
  });
});
