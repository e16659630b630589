// The school that a command works on: its configuration and its store.
import { join } from "node:path";
import { type LoadedConfig, loadConfig } from "../policy/load.ts";
import { openStore, type Store } from "../store/open.ts";
import { findConfig, type Io, UsageError } from "./command.ts";

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

export async function openSchoolStore(loaded: LoadedConfig, env: Io["env"]): Promise<Store> {
  return openStore(join(dataDir(env), loaded.school.store.file));
}
