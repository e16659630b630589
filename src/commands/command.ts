// What every command is: a help text, and a function from arguments to an exit status.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { didYouMean } from "../policy/nearest.ts";

/** 0 done, 1 the work failed, 2 the call or the configuration is wrong. */
export type ExitStatus = 0 | 1 | 2;

export interface Io {
  readonly stdin: NodeJS.ReadableStream & AsyncIterable<Buffer | string>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  readonly run: (args: readonly string[], io: Io) => Promise<ExitStatus>;
}

/** The call is wrong: one sentence that says what to change, exit status 2. */
export class UsageError extends Error {}

/** The work failed: one sentence that says what to do, exit status 1. */
export class WorkError extends Error {}

/** The folder that the product lies in: its rules, templates and example configuration. */
export const productDir = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Reads a command's arguments.
 * @throws UsageError naming the option that is not known or lacks its value
 */
export function readArgs<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(wrongOption(error, Object.keys(options)));
  }
}

function wrongOption(error: unknown, known: readonly string[]): string {
  const { message, code } = error as { message: string; code?: string };
  const [, option = ""] = /'(-[^' ]*)/.exec(message) ?? [];
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const options = known.map((name) => `--${name}`);
    const meant = didYouMean(option, options) || ".";
    return `There is no option ${option}${meant} This command knows ${options.join(", ")}.`;
  }
  return message.includes("does not take an argument")
    ? `${option} takes no value: write ${option} by itself.`
    : `${option} needs a value: write ${option} and then the value, or ${option}=VALUE.`;
}

/** --config, or AFTERBELL_CONFIG, or the folder config/ here; null when none of them is there. */
export function findConfig(given: string | undefined, env: Io["env"]): string | null {
  const named = given ?? env["AFTERBELL_CONFIG"];
  if (named !== undefined) {
    const dir = resolve(named);
    if (!existsSync(join(dir, "school.yaml"))) {
      throw new UsageError(
        `There is no school.yaml in ${named}: name the folder that holds it with --config.`,
      );
    }
    return dir;
  }
  const here = resolve("config");
  return existsSync(join(here, "school.yaml")) ? here : null;
}

/** For commands that do something even without a school of their own: the example school. */
export function findConfigOrExample(given: string | undefined, env: Io["env"]): string {
  return findConfig(given, env) ?? join(productDir, "config");
}
