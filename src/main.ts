// The command line: one line a command, each in commands/.
import { type Command, type Io, UsageError, WorkError } from "./commands/command.ts";
import { ConfigError } from "./policy/load.ts";
import { didYouMean } from "./policy/nearest.ts";
import { formatProblems } from "./policy/report.ts";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./commands/start.ts")).start,
  check: async () => (await import("./commands/check.ts")).check,
  decide: async () => (await import("./commands/decide.ts")).decide,
  classify: async () => (await import("./commands/classify.ts")).classify,
  release: async () => (await import("./commands/release.ts")).release,
  import: async () => (await import("./commands/import.ts")).importContacts,
  "sign-in": async () => (await import("./commands/sign-in.ts")).signIn,
  "dead-letters": async () => (await import("./commands/dead-letters.ts")).deadLetters,
  wording: async () => (await import("./commands/wording.ts")).wording,
  docs: async () => (await import("./commands/docs.ts")).docs,
};

async function usage(): Promise<string> {
  const lines: string[] = [];
  for (const [name, load] of Object.entries(commands)) {
    lines.push(`  ${name.padEnd(14)}${(await load()).summary}`);
  }
  return `Afterbell keeps parents' messages until staff are back at work.

Usage: afterbell COMMAND [OPTIONS]

${lines.join("\n")}

afterbell COMMAND --help says more about one of them.
`;
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.stdout.write(await usage());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const meant = didYouMean(name, Object.keys(commands)) || ".";
    throw new UsageError(`There is no command "${name}"${meant} afterbell --help lists them.`);
  }
  const command = await load();
  if (args.includes("--help") || args.includes("-h")) {
    io.stdout.write(command.help);
    return 0;
  }
  return command.run(args, io);
}

/** Runs one command. Never throws; resolves to the exit status. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof ConfigError) {
      io.stderr.write(`${formatProblems(error.problems)}\n`);
      return 2;
    }
    const known = error instanceof UsageError || error instanceof WorkError;
    const said = error instanceof Error ? error.message : String(error);
    io.stderr.write(known ? `${said}\n` : `Afterbell failed: ${said}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) {
  const { stdin, stdout, stderr, env } = process;
  // A reader that goes away (| head) ends the command quietly.
  stdout.on("error", () => process.exit(0));
  process.exitCode = await main(process.argv.slice(2), { stdin, stdout, stderr, env });
}
