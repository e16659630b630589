// afterbell start: the service; without a configuration, the trial school.
import { systemClock } from "../clock.ts";
import { keepLoaded } from "../policy/reload.ts";
import { formatProblems } from "../policy/report.ts";
import { openService, type Service } from "../service/open.ts";
import { startTrial } from "../trial/start.ts";
import { type Command, findConfig, type Io, readArgs, UsageError } from "./command.ts";
import { logger } from "./log.ts";
import { dataDir } from "./school.ts";

const help = `Usage: afterbell start [--config DIR] [--fresh]

Runs the service. Without a configuration it runs a trial school on this machine, with mail and texts of
its own: nothing leaves the machine, and the addresses to open are printed.

  --config DIR   the school's folder (or AFTERBELL_CONFIG); config/ is taken only when it is named
  --fresh        the trial school begins anew

Environment: AFTERBELL_DATA (folder for the store), REDIS_URL (wake the worker by a queue on Redis),
AFTERBELL_LOG (trace, debug, info, warn, error).
`;

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}

async function runService(dir: string, io: Io): Promise<void> {
  const log = logger(io);
  let service: Service | undefined;
  const kept = keepLoaded(
    dir,
    io.env,
    (loaded) => {
      log.info({ policy: loaded.policy.version }, "The configuration was read again.");
      service?.refresh().catch((error: unknown) => {
        log.error({ error: String(error) }, "The changed configuration could not be followed everywhere.");
      });
    },
    (problems) =>
      log.error(
        { problems: formatProblems(problems) },
        "The changed configuration has errors: the last good one stays.",
      ),
  );
  const { warnings } = kept.current();
  if (warnings.length > 0) io.stderr.write(`${formatProblems(warnings)}\n`);
  service = await openService({
    loaded: kept,
    clock: systemClock,
    log,
    dataDir: dataDir(io.env),
    redisUrl: io.env["REDIS_URL"],
  });
  process.on("SIGHUP", () => kept.reload());
  const stopping = stopSignal();
  await service.start();
  io.stderr.write(`Afterbell is running. The headteacher's pages: ${service.webUrl}\n`);
  await stopping;
  kept.stop();
  await service.stop();
}

async function runTrial(fresh: boolean, io: Io): Promise<void> {
  const stopping = stopSignal();
  const trial = await startTrial({
    fresh,
    dataDir: io.env["AFTERBELL_DATA"] ?? "data/trial",
    log: logger(io, io.env["AFTERBELL_LOG"] ?? "silent"),
    stdout: io.stdout,
  });
  await stopping;
  await trial.stop();
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, fresh: { type: "boolean" } });
  if (positionals.length > 0)
    throw new UsageError(`start takes no "${positionals[0]}": name a folder with --config.`);
  const named = values.config ?? io.env["AFTERBELL_CONFIG"];
  if (named === undefined) {
    await runTrial(values.fresh === true, io);
    return 0 as const;
  }
  if (values.fresh)
    throw new UsageError("--fresh is for the trial school only: leave out --config or --fresh.");
  await runService(findConfig(named, io.env) ?? named, io);
  return 0 as const;
}

export const start: Command = { summary: "Run the service, or a trial school on this machine.", help, run };
