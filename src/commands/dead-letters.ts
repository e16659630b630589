// afterbell dead-letters: what could not be sent, and another try for it.
import { listDeadLetters, retryDeadLetter } from "../cases/dead-letters.ts";
import { systemClock } from "../clock.ts";
import { type Command, type Io, readArgs, UsageError } from "./command.ts";
import { loadSchool, openSchoolStore } from "./school.ts";

const help = `Usage: afterbell dead-letters [--retry ID | --retry all] [--config DIR]

Lists what could not be sent, with the reason; --retry tries one of them, or all, again.
`;

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, retry: { type: "string" } });
  if (positionals.length > 0)
    throw new UsageError("Use --retry ID to try one again: afterbell dead-letters --retry ID.");
  const loaded = loadSchool(values.config, io.env);
  const { school } = loaded.policy;
  const store = await openSchoolStore(loaded, io.env);
  try {
    const letters = await listDeadLetters(store, school);
    const wanted = letters.filter(({ id }) => values.retry === "all" || id === values.retry);
    if (values.retry === undefined) {
      for (const { id, what, dueAt, because, to } of letters) {
        io.stdout.write(`${id}  ${dueAt}  ${what} (${to}): ${because}\n`);
      }
      io.stdout.write(`${letters.length} could not be sent.\n`);
      return 0;
    }
    if (wanted.length === 0 && values.retry !== "all")
      throw new UsageError(`There is no dead letter ${values.retry}.`);
    for (const { id } of wanted)
      await retryDeadLetter(store, { school, id, by: "command line", now: systemClock.now() });
    io.stdout.write(`${wanted.length} will be tried again by the service.\n`);
  } finally {
    await store.destroy();
  }
  return 0 as const;
}

export const deadLetters: Command = { summary: "List what could not be sent, and try it again.", help, run };
