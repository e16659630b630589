// afterbell classify: lines in, lines out, in order, whatever the lines hold.
import { PassThrough, Readable, Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { classify, classifyLines } from "../../src/commands/classify.ts";
import { UsageError } from "../../src/commands/command.ts";
import type { Assessment, Lexicon } from "../../src/core/types.ts";

const lexicon: Lexicon = [
  { term: "idiot", category: "insult", strength: 0.5, language: "en" },
  { term: "hits me", category: "safeguarding", strength: 0.9, language: "en" },
];

async function answersTo(chunks: readonly (string | Buffer)[]) {
  const output = new PassThrough();
  const written = readAll(output);
  const status = await classifyLines(Readable.from(chunks), output, lexicon);
  output.end();
  const lines = (await written).split("\n");
  expect(lines.pop()).toBe("");
  return { status, answers: lines.map((line): Partial<Assessment> & { error?: string } => JSON.parse(line)) };
}

const json = (text: string): string => `${JSON.stringify({ text })}\n`;

describe("classify", () => {
  test("answers each line in order, with every field of the contract", async () => {
    const { status, answers } = await answersTo([json("You idiot"), json("Thank you"), json("He hits me")]);
    expect(status).toBe(0);
    expect(answers[0]).toEqual({
      verdict: "abusive",
      score: 0.9,
      categories: { insult: 0.9 },
      target: "staff",
      safeguarding: { hit: false, score: 0 },
      mustNotWait: { hit: false, score: 0, kind: null },
      spans: [{ start: 4, end: 9, category: "insult" }],
    });
    expect(answers[1]?.verdict).toBe("ok");
    expect(answers[2]?.safeguarding?.hit).toBe(true);
  });

  test("a bad line gives an error in its place, and status 1", async () => {
    const bad = ["not json\n", "\n", '{"txt": "a"}\n', '{"text": 5}\n', "null\n", '["text"]\n'];
    const { status, answers } = await answersTo([json("You idiot"), ...bad, json("Thank you")]);
    expect(status).toBe(1);
    expect(answers.map((answer) => (answer.error === undefined ? answer.verdict : "error"))).toEqual([
      "abusive",
      ...bad.map(() => "error"),
      "ok",
    ]);
  });

  test("a letter that is cut between two chunks stays whole, and the last line needs no end", async () => {
    const bytes = Buffer.from(json("Ménage, you idiot").trimEnd());
    const at = bytes.indexOf(0xc3) + 1;
    const { answers } = await answersTo([bytes.subarray(0, at), bytes.subarray(at)]);
    expect(answers).toHaveLength(1);
    expect(answers[0]?.spans).toEqual([{ start: 12, end: 17, category: "insult" }]);
  });

  test("Windows line ends and Unicode separators inside a text are no line ends", async () => {
    const { status, answers } = await answersTo([`{"text": "one\u2028two"}\r\n{"text": "three"}\r\n`]);
    expect({ status, count: answers.length }).toEqual({ status: 0, count: 2 });
  });

  test("no input gives no output", async () => {
    expect(await answersTo([])).toEqual({ status: 0, answers: [] });
  });

  test("a line of 1 MB and its neighbours are answered", async () => {
    const { status, answers } = await answersTo([json("a"), json("you idiot ".repeat(105_000)), json("b")]);
    expect(status).toBe(0);
    expect(answers.map((answer) => answer.verdict)).toEqual(["ok", "abusive", "ok"]);
  });

  test("a slow reader is waited for", async () => {
    let pending = 0;
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        pending++;
        most = Math.max(most, pending);
        setImmediate(() => {
          pending--;
          done();
        });
      },
    });
    await classifyLines(Readable.from(Array.from({ length: 50 }, () => json("hello"))), slow, lexicon);
    expect(most).toBe(1);
    expect(slow.writableLength).toBeLessThan(400);
  });

  test.each([[[]], [["--json"]], [["--jsonl", "file.jsonl"]]])(
    "a wrong call is refused: %j",
    async (args) => {
      const streams = {
        stdin: Readable.from([]),
        stdout: new PassThrough(),
        stderr: new PassThrough(),
        env: {},
      };
      await expect(classify.run(args, streams)).rejects.toThrow(UsageError);
    },
  );

  test("runs with the example school's own lexicon", async () => {
    const stdout = new PassThrough();
    const written = readAll(stdout);
    const stdin = Readable.from([json("My dad hits me and I am scared to go home.")]);
    expect(await classify.run(["--jsonl"], { stdin, stdout, stderr: new PassThrough(), env: {} })).toBe(0);
    stdout.end();
    expect(JSON.parse(await written).safeguarding.hit).toBe(true);
  });
});
