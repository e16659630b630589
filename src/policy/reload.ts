// Keeps a configuration loaded: changes of its files are taken up, and a broken one leaves the last good one.
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ConfigError, type LoadedConfig, type LoadOptions, loadConfig } from "./load.ts";
import type { Problem } from "./problem.ts";
import type { Environment } from "./secrets.ts";
import { asTyped } from "./text-file.ts";

export type ReloadOutcome = "changed" | "unchanged" | "broken";

export interface KeptConfig {
  /** The last configuration that loaded without an error. */
  current(): LoadedConfig;
  /** Reads everything again now, as on SIGHUP. Never throws. */
  reload(): ReloadOutcome;
  /** Ends the watching; `current` goes on answering. */
  stop(): void;
}

export interface KeepOptions extends LoadOptions {
  /** How long the files must have been still, since editors write in several steps. */
  readonly settleMs?: number;
}

const SETTLE_MS = 300;

/** What the service depends on; warnings change with the date alone. */
const sameConfig = (a: LoadedConfig, b: LoadedConfig): boolean =>
  isDeepStrictEqual(
    [a.school, a.staff, a.contacts, a.contactsHash, a.policy],
    [b.school, b.staff, b.contacts, b.contactsHash, b.policy],
  );

const unwatched = (dir: string): Problem => ({
  file: asTyped(dir),
  line: 1,
  key: "",
  message: "changes cannot be watched for on this machine: send SIGHUP after each one",
  severity: "warning",
});

/** Watches the folder and its rules/; a rules/ that appears later is seen by the folder and then watched. */
const watchFolder = (dir: string, onEvent: () => void, onFailure: () => void): (() => void) => {
  const watchers = new Map<string, FSWatcher>();
  const add = (path: string): boolean => {
    if (watchers.has(path)) return true;
    try {
      const watcher = watch(path, { persistent: false }, () => {
        add(join(dir, "rules"));
        onEvent();
      });
      // A folder that is removed or replaced ends its watcher; the next event outside it starts another.
      watcher.on("error", () => drop(path));
      watchers.set(path, watcher);
      return true;
    } catch {
      return false;
    }
  };
  const drop = (path: string): void => {
    watchers.get(path)?.close();
    watchers.delete(path);
  };
  if (!add(dir)) onFailure();
  add(join(dir, "rules"));
  return () => {
    for (const path of [...watchers.keys()]) drop(path);
  };
};

/**
 * Loads the configuration and keeps it up to date.
 * @param onChange hears of each new configuration that differs from the one before
 * @param onBroken hears of all problems of one that cannot be used; the last good one stays
 * @throws ConfigError when the first load fails
 */
export const keepLoaded = (
  dir: string,
  env: Environment,
  onChange: (loaded: LoadedConfig) => void,
  onBroken: (problems: readonly Problem[]) => void,
  options: KeepOptions = {},
): KeptConfig => {
  let current = loadConfig(dir, env, options);
  let timer: NodeJS.Timeout | null = null;

  const reload = (): ReloadOutcome => {
    let next: LoadedConfig;
    try {
      next = loadConfig(dir, env, options);
    } catch (error) {
      onBroken(error instanceof ConfigError ? error.problems : [unreadable(dir, error)]);
      return "broken";
    }
    if (sameConfig(current, next)) return "unchanged";
    current = next;
    onChange(next);
    return "changed";
  };

  const settle = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(reload, options.settleMs ?? SETTLE_MS);
    timer.unref();
  };

  const unwatch = watchFolder(dir, settle, () => onBroken([unwatched(dir)]));
  return {
    current: () => current,
    reload,
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      unwatch();
    },
  };
};

const unreadable = (dir: string, error: unknown): Problem => ({
  file: asTyped(dir),
  line: 1,
  key: "",
  message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  severity: "error",
});
