// npm run train says what is wrong before it fetches or computes anything.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { PUBLIC_SETS } from "../../training/corpus.ts";
import { checkOptions, help } from "../../training/options.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-train-"));
afterAll(() => rmSync(folder, { recursive: true }));

const example = {
  id: "headteacher-1",
  text: "Mrs NAME is useless",
  channel: "email",
  abusive: true,
  category: "insult",
  kind: "confirmed",
  target: null,
  safeguarding: false,
  mustNotWait: null,
  words: ["useless"],
  protected: null,
  pair: null,
};
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const examples = file("oakhill.jsonl", `${JSON.stringify(example)}\n`);
const sets = join(folder, "sets");
mkdirSync(sets);
for (const name of PUBLIC_SETS) file(`sets/${name}.jsonl.gz`, "");
const some = join(folder, "some");
mkdirSync(some);
file(`some/${PUBLIC_SETS[0]}.jsonl.gz`, "");

describe("what is right", () => {
  test.each([
    [["--no-public"]],
    [["--public", sets]],
    [["--no-public", "--with", examples, "--all"]],
    [["--no-public", "--with", examples, "--with", file("ashfield.jsonl", `${JSON.stringify(example)}\n`)]],
    [["--no-public", "--out", join(folder, "new", "folder", "weights.bin")]],
    [["--no-public", "--out", file("old.bin", "old")]],
  ])("%j", (args) => {
    expect(checkOptions(args)).toEqual({ help: false });
  });

  test("help is shown whatever else is said", () => {
    expect(checkOptions(["--help", "--with", "nowhere"])).toEqual({ help: true });
    for (const option of ["--with", "--public", "--no-public", "--all", "--out"])
      expect(help).toContain(`\n  ${option}`);
  });
});

describe("what is wrong is said in one sentence", () => {
  const nowhere = join(folder, "nowhere");
  test.each([
    [["--wiht", examples], /^There is no option --wiht; did you mean --with\?/],
    [["--with"], /^--with needs a value/],
    [["--all=yes"], /^--all takes no value/],
    [[examples], /is no option: a file to learn from is given as --with /],
    [["--with", `${nowhere}.jsonl`], /nowhere\.jsonl is missing or no file/],
    [["--with", folder], /is missing or no file/],
    [["--with", file("empty.jsonl", "\n\n")], /empty\.jsonl holds no examples/],
    [
      ["--with", file("broken.jsonl", `${JSON.stringify(example)}\n{"id":\n`)],
      /broken\.jsonl, line 2 is not JSON/,
    ],
    [
      ["--with", file("odd.jsonl", JSON.stringify({ ...example, category: "rude" }))],
      /odd\.jsonl, line 1: category: /,
    ],
    [["--with", examples, "--with", examples], /^There is a batch named oakhill already/],
    [["--with", file("calder.jsonl", JSON.stringify(example))], /^There is a batch named calder already/],
    [["--with", file("rules.jsonl", JSON.stringify(example))], /^There is a batch named rules already/],
    [["--out", folder], /^--out needs a file/],
    [["--out", ""], /^--out needs a file/],
    [["--out", `${nowhere}/`], /^--out needs a file/],
    [["--out", join(examples, "weights.bin")], /cannot be written: .*oakhill\.jsonl is a file/],
  ])("%j", (args, sentence) => {
    expect(() => checkOptions(["--no-public", ...args])).toThrow(sentence);
  });

  test.each([
    [["--public", nowhere], /nowhere is missing: give the folder .* or --no-public\.$/],
    [["--public", some], /^\w+\.jsonl\.gz in .*some is missing/],
    [["--public", sets, "--no-public"], /^Give --public DIR or --no-public, not both\.$/],
  ])("%j", (args, sentence) => {
    expect(() => checkOptions(args)).toThrow(sentence);
  });
});

describe("the command", () => {
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["training/main.ts", ...args], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };

  test("shows its help, status 0", () => {
    expect(run("--help")).toEqual({ status: 0, stdout: help, stderr: "" });
  });

  test("says what is wrong on one line, status 2", () => {
    const { status, stdout, stderr } = run("--no-public", "--with", "nowhere.jsonl");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^nowhere\.jsonl is missing or no file: .*\.\n$/);
  });
});
