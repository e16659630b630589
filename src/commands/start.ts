// afterbell start: the service; without a configuration, the trial school.
import type { Logger } from "pino";
import { maskWithin } from "../cases/masking.ts";
import { systemClock } from "../clock.ts";
import { keepLoaded } from "../policy/reload.ts";
import { formatProblems } from "../policy/report.ts";
import type { SchoolFile } from "../policy/schema.ts";
import { openService, type Service } from "../service/open.ts";
import { contactsVersion } from "../store/contacts.ts";
import { startTrial } from "../trial/start.ts";
import { type Command, findConfig, type Io, readArgs, UsageError } from "./command.ts";
import { logger } from "./log.ts";
import { dataDir, storeFailed, storeFile } from "./school.ts";

const help = `Usage: afterbell start [--config DIR] [--fresh]

Runs the service. Without a configuration it runs a trial school on this machine, with mail and texts of
its own: nothing leaves the machine, and the addresses to open are printed.

  --config DIR   the school's folder (or AFTERBELL_CONFIG); config/ is taken only when it is named
  --fresh        the trial school begins anew

Environment: AFTERBELL_DATA (folder for the store), REDIS_URL (wake the worker by a queue on Redis),
AFTERBELL_LOG (trace, debug, info, warn, error).
`;

const importsEveryMs = 5_000;
const longestStopMs = 9_000;

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

/** The configuration, and the service told of each change of it. */
function keepConfig(dir: string, io: Io, log: Logger, follow: () => void) {
  return keepLoaded(
    dir,
    io.env,
    (loaded) => {
      log.info({ policy: loaded.policy.version }, "The configuration was read again.");
      follow();
    },
    (problems) =>
      log.error(
        { problems: formatProblems(problems) },
        "The changed configuration has errors: the last good one stays.",
      ),
  );
}

/** Contacts that a command has imported beside the service are read in. Returns how to stop. */
function followImports(service: Service, school: string, follow: () => void): () => void {
  let known: string | null = null;
  const look = async () => {
    const version = await contactsVersion(service.store, school);
    if (known !== null && version !== known) follow();
    known = version;
  };
  const ask = () => void look().catch(() => {});
  ask();
  const timer = setInterval(ask, importsEveryMs);
  return () => clearInterval(timer);
}

async function begin(service: Service, { host, port }: SchoolFile["web"]): Promise<void> {
  await service.start().catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== "listen") throw error;
    throw new UsageError(
      `The pages cannot be served on ${host}:${port} (${error.code}): set web.host and web.port in school.yaml to what is free.`,
    );
  });
}

async function runService(dir: string, io: Io): Promise<void> {
  const log = logger(io);
  let service: Service | undefined;
  const follow = () => {
    service?.refresh().catch((error: unknown) => {
      log.error({ error: maskWithin(String(error)) }, "What has changed could not be followed everywhere.");
    });
  };
  const kept = keepConfig(dir, io, log, follow);
  const { warnings, school, policy } = kept.current();
  if (warnings.length > 0) io.stderr.write(`${formatProblems(warnings)}\n`);
  service = await openService({
    loaded: kept,
    clock: systemClock,
    log,
    dataDir: dataDir(io.env),
    redisUrl: io.env["REDIS_URL"],
  }).catch(storeFailed(storeFile(kept.current(), io.env)));
  process.on("SIGHUP", () => {
    if (kept.reload() === "unchanged") follow();
  });
  const stopping = stopSignal();
  const leave = followImports(service, policy.school, follow);
  try {
    await begin(service, school.web);
    io.stderr.write(`Afterbell is running. The headteacher's pages: ${service.webUrl}\n`);
    await stopping;
    // A container is killed ten seconds after it was told to stop. What is in flight is handed back by then.
    setTimeout(() => process.exit(0), longestStopMs).unref();
  } finally {
    leave();
    kept.stop();
    await service.stop();
  }
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
