// afterbell classify: what the words of texts say, one JSON object a line, in order.
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import { ownWordsInPlace } from "../core/quoting.ts";
import type { Lexicon } from "../core/types.ts";
import { assess } from "../core/wording/assess.ts";
import type { Model } from "../core/wording/model.ts";
import { loadConfig } from "../policy/load.ts";
import {
  type Command,
  type ExitStatus,
  findConfigOrExample,
  type Io,
  readArgs,
  UsageError,
} from "./command.ts";

const help = `Usage: afterbell classify [--config DIR] --jsonl

Reads {"text": …} from standard input, one a line, and writes what its words say, one line each, in order.

  --jsonl          lines of JSON in, lines of JSON out (the only form so far)
  --config DIR     the school's folder; without it ./config, or the example school

What the text quotes of earlier mail is left out, as in a message: only the sender's own words are judged,
and spans are offsets into the text as it was given. A line that cannot be read gives
{"error": …} in its place, and exit status 1 at the end.
`;

/** A line longer than this is refused rather than kept in memory. UTF-16 units. */
const LONGEST_LINE = 16 * 1024 * 1024;

type Input = AsyncIterable<Buffer | string>;

/** Lines end with "\n" or "\r\n" only: JSON may hold every other separator. null for a line that is too long. */
async function* linesOf(input: Input): AsyncGenerator<string | null> {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let length = 0;
  const take = () => {
    const line = length > LONGEST_LINE ? null : parts.join("");
    parts = [];
    length = 0;
    return line;
  };
  const add = (part: string) => {
    length += part.length;
    if (length <= LONGEST_LINE) parts.push(part);
  };
  for await (const chunk of input) {
    const pieces = (typeof chunk === "string" ? chunk : decoder.write(chunk)).split("\n");
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) yield take();
      add(piece);
    }
  }
  add(decoder.end());
  if (length > 0) yield take();
}

/** The text of a line; throws an Error that says what is wrong with it. */
function textOf(line: string | null): string {
  if (line === null) throw new Error("The line is longer than 16 MiB; send shorter texts.");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('The line is not JSON; write {"text": "…"}.');
  }
  const text = typeof value === "object" && value !== null && "text" in value ? value.text : undefined;
  if (typeof text !== "string") throw new Error('The line has no "text" that is a string.');
  return text;
}

/**
 * Judges every line of `input` and writes one line for each, waiting when `output` is full.
 * @returns 1 when a line could not be read, else 0
 */
export async function classifyLines(
  input: Input,
  output: NodeJS.WritableStream,
  lexicon: Lexicon,
  model: Model | null = null,
): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  for await (const line of linesOf(input)) {
    let answer: object;
    try {
      answer = assess(ownWordsInPlace(textOf(line)), lexicon, model);
    } catch (error) {
      status = 1;
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, "drain");
  }
  return status;
}

async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  const { values, positionals } = readArgs(args, {
    config: { type: "string" },
    jsonl: { type: "boolean" },
  });
  if (!values.jsonl) throw new UsageError("Say --jsonl: afterbell classify --jsonl < texts.jsonl.");
  if (positionals.length > 0)
    throw new UsageError("classify reads standard input: afterbell classify --jsonl < texts.jsonl.");
  const { policy } = loadConfig(findConfigOrExample(values.config, io.env), io.env);
  return classifyLines(io.stdin, io.stdout, policy.lexicon, policy.model);
}

export const classify: Command = {
  summary: "Say what the words of texts from standard input mean.",
  help,
  run,
};
