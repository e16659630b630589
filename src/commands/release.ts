// afterbell release: gives held messages back now, even while the service is down.

import { releaseHeld } from "../cases/release.ts";
import { systemClock } from "../clock.ts";
import { openService } from "../service/open.ts";
import { type Command, type Io, readArgs, UsageError, WorkError } from "./command.ts";
import { logger } from "./log.ts";
import { dataDir, loadSchool } from "./school.ts";

const help = `Usage: afterbell release --all | ID [--config DIR]

Gives held messages back to staff at once. Works while the service is down: it is the way out.

  --all          everything that is held
  ID             one message, or one person's copy of it
  --config DIR   the school's folder
`;

/** Effects that had become due here and could not be performed. */
async function unfinished(service: Awaited<ReturnType<typeof openService>>, now: string): Promise<number> {
  const row = await service.store
    .selectFrom("effects")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("kind", "in", ["move", "passOn"])
    .where("state", "in", ["due", "claimed"])
    .where("created_at", "<=", now)
    .where("last_error", "is not", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, all: { type: "boolean" } });
  const [id, ...more] = positionals;
  if (more.length > 0 || (id === undefined) !== (values.all === true)) {
    throw new UsageError("Say what to release: afterbell release --all, or afterbell release ID.");
  }
  const loaded = loadSchool(values.config, io.env);
  const service = await openService({
    loaded: { current: () => loaded },
    clock: systemClock,
    log: logger(io, "silent"),
    dataDir: dataDir(io.env),
    onlyOutbox: true,
  });
  try {
    const now = systemClock.now();
    const school = loaded.policy.school;
    const count = await releaseHeld(service.store, { school, id: id ?? null, actor: "command line", now });
    if (count === 0 && id !== undefined) throw new UsageError(`Nothing with the id ${id} is held.`);
    await service.worker.runDue();
    const left = await unfinished(service, systemClock.now());
    if (left > 0) {
      throw new WorkError(
        `${left} of ${count} could not be given back yet, since a server does not answer: run this again, or start the service.`,
      );
    }
    io.stdout.write(`${count} ${count === 1 ? "message was" : "messages were"} given back.\n`);
  } finally {
    await service.stop();
  }
  return 0 as const;
}

export const release: Command = { summary: "Give held messages back now.", help, run };
