// afterbell check: every error of configuration, rules and templates; with --online it signs in everywhere.
import { join } from "node:path";
import { decide } from "../core/decide.ts";
import { checkTemplates } from "../outbox/render/check.ts";
import { runExamples } from "../policy/examples.ts";
import { type LoadedConfig, loadConfig } from "../policy/load.ts";
import { ConfigError, inOrder, type Problem } from "../policy/problem.ts";
import { formatProblems } from "../policy/report.ts";
import { onlineSteps } from "../service/online.ts";
import { type Command, findConfigOrExample, type Io, readArgs, UsageError, WorkError } from "./command.ts";

const help = `Usage: afterbell check [--config DIR] [--online]

Reads everything and reports every error at once: file, line, key and what to change. Each rule is tried
on its examples.

  --config DIR   the school's folder; without it ./config, or the example school
  --online       also sign in to every server: mail in, mail out, texts, Redis, and to try the
                 second opinion
`;

function problemsOf(loaded: LoadedConfig): readonly Problem[] {
  return inOrder([
    ...loaded.warnings,
    ...runExamples(loaded, decide),
    ...checkTemplates(join(loaded.dir, "templates")),
  ]);
}

/**
 * One line a step.
 * @throws WorkError when one of them failed
 */
async function checkOnline(loaded: LoadedConfig, io: Io): Promise<0> {
  const steps = onlineSteps(loaded, io.env);
  let failed = 0;
  for (const { name, run } of steps) {
    try {
      io.stdout.write(`ok      ${name}: ${await run()}\n`);
    } catch (error) {
      failed += 1;
      io.stdout.write(`failed  ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  if (failed > 0) {
    throw new WorkError(`${failed} of ${steps.length} servers failed: mend what the lines above say.`);
  }
  if (steps.length === 0) io.stdout.write("No server is named in the configuration.\n");
  return 0;
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, online: { type: "boolean" } });
  if (positionals.length > 0)
    throw new UsageError(`check takes no "${positionals[0]}": name a folder with --config.`);
  const loaded = loadConfig(findConfigOrExample(values.config, io.env), io.env);
  const problems = problemsOf(loaded);
  if (problems.some(({ severity }) => severity === "error")) throw new ConfigError(problems);
  if (problems.length > 0) io.stderr.write(`${formatProblems(problems)}\n`);
  const { rules } = loaded.policy;
  const examples = rules.flatMap(({ examples: { match, pass } }) => [...match, ...pass]).length;
  io.stdout.write(
    `The configuration is good: ${loaded.staff.length} staff, ${loaded.contacts.length} contacts, ${rules.length} rules with ${examples} examples, policy ${loaded.policy.version}.\n`,
  );
  return values.online ? checkOnline(loaded, io) : 0;
}

export const check: Command = { summary: "Report every error of the configuration at once.", help, run };
