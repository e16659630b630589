// Opens the database: the only file that knows which engine it is.
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type Transaction,
} from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "./migrations.ts";
import type { Tables } from "./tables.ts";

export type Store = Kysely<Tables>;
export type Trx = Transaction<Tables>;

const busyTimeoutMs = 10_000;

/** Takes the write lock at once: with a plain `begin`, two read-then-write transactions lose one. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

class NodeSqliteDialect extends SqliteDialect {
  readonly #settings: SqliteDialectConfig;

  constructor(settings: SqliteDialectConfig) {
    super(settings);
    this.#settings = settings;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#settings);
  }
}

type Bound = null | number | bigint | string | Uint8Array;

/** What Kysely expects of a driver (better-sqlite3's shape), over node:sqlite. */
function adapt(
  database: DatabaseSync,
): Exclude<SqliteDialectConfig["database"], (...args: never[]) => unknown> {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as Bound[])),
        run: (parameters) => statement.run(...(parameters as Bound[])),
        iterate: (parameters) => statement.iterate(...(parameters as Bound[])),
      };
    },
  };
}

/** Tables of ours among somebody else's would be lost with theirs, or theirs with ours. */
function mustBeOurs(database: DatabaseSync, file: string): void {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  if (tables.length === 0 || tables.some(({ name }) => name === "kysely_migration")) return;
  database.close();
  throw new Error(
    `The store ${file} is the database of another program: set store.file in school.yaml to a file of its own.`,
  );
}

function openSqlite(file: string): DatabaseSync {
  const inMemory = file === ":memory:";
  if (!inMemory) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isNew = !inMemory && !existsSync(file);
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  // Letters lie in here: readable by the service's own user only.
  if (isNew) chmodSync(file, 0o600);
  mustBeOurs(database, file);
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
  return database;
}

/**
 * Opens the store and brings its tables up to date.
 * @param file path of the SQLite file, or ":memory:" for tests
 * @throws when the file cannot be opened, is not ours, or a migration fails; nothing has changed then
 */
export async function openStore(file: string): Promise<Store> {
  const store = new Kysely<Tables>({ dialect: new NodeSqliteDialect({ database: adapt(openSqlite(file)) }) });
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await store.destroy();
    throw error;
  }
  return store;
}
