// afterbell dead-letters: what could not be sent, and another try for it.
import { countDeadLetters, listDeadLetters, retryDeadLetter } from "../cases/dead-letters.ts";
import { systemClock } from "../clock.ts";
import type { Store } from "../store/open.ts";
import { type Command, type Io, readArgs, UsageError } from "./command.ts";
import { loadSchool, mustHaveStore, openSchoolStore } from "./school.ts";

const help = `Usage: afterbell dead-letters [--retry ID | --retry all] [--config DIR]

Lists what could not be sent, with the reason; --retry tries one of them, or all, again.
`;

async function show(store: Store, school: string, io: Io): Promise<void> {
  const count = await countDeadLetters(store, school);
  for (const { id, what, dueAt, because, to } of await listDeadLetters(store, school)) {
    io.stdout.write(`${id}  ${what} (${to}), due ${dueAt}: ${because}\n`);
  }
  io.stdout.write(
    count === 0
      ? "Everything has been sent.\n"
      : `${count} could not be sent: mend what the reason says, then afterbell dead-letters --retry ID.\n`,
  );
}

/** @returns how many are tried again */
async function retry(store: Store, school: string, wanted: string): Promise<number> {
  const again = (id: string) =>
    retryDeadLetter(store, { school, id, by: "command line", now: systemClock.now() });
  if (wanted !== "all") return Number(await again(wanted));
  let count = 0;
  // The list shows the oldest hundred.
  for (let some = await listDeadLetters(store, school); some.length > 0; ) {
    for (const { id } of some) count += Number(await again(id));
    some = await listDeadLetters(store, school);
  }
  return count;
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, retry: { type: "string" } });
  if (positionals.length > 0)
    throw new UsageError("Use --retry ID to try one again: afterbell dead-letters --retry ID.");
  const loaded = loadSchool(values.config, io.env);
  mustHaveStore(loaded, io.env);
  const { school } = loaded.policy;
  const store = await openSchoolStore(loaded, io.env);
  try {
    if (values.retry === undefined) {
      await show(store, school, io);
      return 0;
    }
    const count = await retry(store, school, values.retry);
    if (count > 0) {
      io.stdout.write(`${count} will be tried again: within half a minute, when the service runs.\n`);
    } else if (values.retry === "all") {
      io.stdout.write("Everything has been sent.\n");
    } else {
      throw new UsageError(`There is no dead letter ${values.retry}: afterbell dead-letters lists them.`);
    }
  } finally {
    await store.destroy();
  }
  return 0 as const;
}

export const deadLetters: Command = { summary: "List what could not be sent, and try it again.", help, run };
