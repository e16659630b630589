// afterbell release: gives held messages back now, even while the service is down.
import { maskWithin } from "../cases/masking.ts";
import { listHeld, releaseHeld } from "../cases/release.ts";
import { systemClock } from "../clock.ts";
import type { LoadedConfig } from "../policy/load.ts";
import { openService, type Service } from "../service/open.ts";
import type { Store } from "../store/open.ts";
import { type Command, type Io, readArgs, UsageError, WorkError } from "./command.ts";
import { logger } from "./log.ts";
import { dataDir, loadSchool, mustHaveStore, openSchoolStore, storeFailed, storeFile } from "./school.ts";

const help = `Usage: afterbell release --all | ID | --list [--config DIR]

Gives held messages back to staff at once. Works while the service is down: it is the way out.

  --all          everything that is held
  ID             one message, or one person's copy of it; this gives back what is with the headteacher too
  --list         show what is held: the id, whose it is, and until when
  --config DIR   the school's folder
`;

interface Outcome {
  /** With the member of staff. */
  readonly back: number;
  /** Its owner had moved or deleted it: it stays where they put it. */
  readonly gone: number;
  readonly left: number;
}

async function outcomeOf(store: Store, ids: readonly string[]): Promise<Outcome> {
  const rows = await store
    .selectFrom("deliveries")
    .select(["state", "released_at"])
    .where("id", "in", ["", ...ids])
    .execute();
  const back = rows.filter((row) => row.released_at !== null).length;
  const gone = rows.filter((row) => row.released_at === null && row.state === "gone").length;
  return { back, gone, left: rows.length - back - gone };
}

/** The service may have taken some of them on before us, and is at it. */
async function isUnderWay(store: Store, ids: readonly string[]): Promise<boolean> {
  const row = await store
    .selectFrom("effects")
    .select("id")
    .where("delivery_id", "in", ["", ...ids])
    .where("state", "=", "claimed")
    .executeTakeFirst();
  return row !== undefined;
}

const patienceMs = 10_000;
const lookEveryMs = 50;

async function giveBack({ store, worker }: Service, ids: readonly string[]): Promise<Outcome> {
  await worker.runDue();
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs && (await isUnderWay(store, ids))) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return outcomeOf(store, ids);
}

/** What a server said, without whom it was about. */
async function reasonOf(store: Store, ids: readonly string[]): Promise<string> {
  const row = await store
    .selectFrom("effects")
    .select("last_error")
    .where("delivery_id", "in", ["", ...ids])
    .where("state", "in", ["due", "dead"])
    .where("last_error", "is not", null)
    .orderBy("due_at", "desc")
    .executeTakeFirst();
  return maskWithin(row?.last_error ?? "a server does not answer").replace(/\.$/, "");
}

/** Never from whom: a terminal is not the place for it. */
async function list(loaded: LoadedConfig, io: Io): Promise<0> {
  const store = await openSchoolStore(loaded, io.env);
  try {
    const held = await listHeld(store, loaded.policy.school);
    for (const { id, recipient, releaseAt } of held) {
      io.stdout.write(`${id}  ${recipient}  until ${releaseAt ?? "somebody releases it"}\n`);
    }
    io.stdout.write(`${held.length} held.\n`);
  } finally {
    await store.destroy();
  }
  return 0;
}

const counted = (count: number) => `${count} ${count === 1 ? "message" : "messages"}`;

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, {
    config: { type: "string" },
    all: { type: "boolean" },
    list: { type: "boolean" },
  });
  const [id, ...more] = positionals;
  const wanted = [id, values.all, values.list].filter((one) => one !== undefined);
  if (more.length > 0 || wanted.length !== 1) {
    throw new UsageError("Say what to release: afterbell release --all, or afterbell release ID.");
  }
  const loaded = loadSchool(values.config, io.env);
  mustHaveStore(loaded, io.env);
  if (values.list) return list(loaded, io);
  const service = await openService({
    loaded: { current: () => loaded },
    clock: systemClock,
    log: logger(io, "silent"),
    dataDir: dataDir(io.env),
    onlyOutbox: true,
  }).catch(storeFailed(storeFile(loaded, io.env)));
  try {
    const now = systemClock.now();
    const school = loaded.policy.school;
    const ids = await releaseHeld(service.store, { school, id: id ?? null, actor: "command line", now });
    if (ids.length === 0 && id !== undefined)
      throw new UsageError(`Nothing with the id ${id} is held: afterbell release --list shows what is.`);
    const { back, gone, left } = await giveBack(service, ids);
    const why = left > 0 ? await reasonOf(service.store, ids) : "";
    io.stdout.write(`${counted(back)} given back.\n`);
    if (gone > 0) io.stdout.write(`${counted(gone)} left alone: its owner had moved or deleted it.\n`);
    if (left > 0) {
      throw new WorkError(
        `${counted(left)} could not be given back yet: ${why}. Run this again, or start the service, which tries until it succeeds.`,
      );
    }
  } finally {
    await service.stop();
  }
  return 0 as const;
}

export const release: Command = { summary: "Give held messages back now.", help, run };
