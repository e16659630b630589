// Files that are either the old ones or the new ones, whenever the process ends.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";

/** Writes beside the file and renames: a reader, and the next start, never sees half of it. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}

/**
 * Reads a JSON file of our own; `absent` when there is none yet.
 * @throws Error that says to start with --fresh when it is not what we wrote
 */
export function readJson<T extends z.ZodType>(path: string, shape: T, absent: z.output<T>): z.output<T> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return absent;
  }
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new Error(`${path} is not what the trial wrote; start it anew with npm start -- --fresh.`);
  }
}
