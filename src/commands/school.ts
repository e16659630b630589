// The school that a command works on: its configuration and its store.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type LoadedConfig, loadConfig } from "../policy/load.ts";
import { openStore, type Store } from "../store/open.ts";
import { findConfig, type Io, UsageError, WorkError } from "./command.ts";

/**
 * The school's own configuration.
 * @throws UsageError when no folder is named or found; ConfigError when it has errors
 */
export function loadSchool(given: string | undefined, env: Io["env"]): LoadedConfig {
  const dir = findConfig(given, env);
  if (dir === null)
    throw new UsageError("Name the school's folder with --config DIR: there is no config/school.yaml here.");
  return loadConfig(dir, env);
}

/** Where a relative store.file lies: AFTERBELL_DATA, or the working directory. */
export function dataDir(env: Io["env"]): string {
  return env["AFTERBELL_DATA"] ?? ".";
}

export function storeFile(loaded: LoadedConfig, env: Io["env"]): string {
  return resolve(dataDir(env), loaded.school.store.file);
}

/**
 * For commands that are about what the service has stored: an empty store would say that there is nothing.
 * @throws UsageError when the service has never run here
 */
export function mustHaveStore(loaded: LoadedConfig, env: Io["env"]): void {
  const file = storeFile(loaded, env);
  if (existsSync(file)) return;
  throw new UsageError(
    `There is no store at ${file}: set AFTERBELL_DATA to the folder that the service runs with.`,
  );
}

export async function openSchoolStore(loaded: LoadedConfig, env: Io["env"]): Promise<Store> {
  const file = storeFile(loaded, env);
  return openStore(file).catch(storeFailed(file));
}

/** What opens the store says when it cannot: with the file, and what to look at. */
export function storeFailed(file: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as { code?: string; message?: string };
    if (code !== "ERR_SQLITE_ERROR" && !/^(EACCES|EROFS|ENOTDIR|EEXIST|ENOSPC|EPERM)$/.test(code ?? ""))
      throw error;
    throw new WorkError(
      `The store ${file} cannot be opened (${message}): see that its folder is there, has room and may be written to by this user.`,
    );
  };
}
