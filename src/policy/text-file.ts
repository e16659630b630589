// Reads a text file as people save them: UTF-8 with or without a mark; anything else is named with its line.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Problem } from "./problem.ts";

/** More than any school writes; a larger file is a mistake. */
const MAX_BYTES = 16 * 1024 * 1024;

export type TextFile =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: Problem };

/** A path as a person would type it from here: relative unless it leads out of the working folder. */
export const asTyped = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
};

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : null;

const whyUnreadable = (error: unknown): string => {
  const code = codeOf(error);
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "may not be read: give this user the right to read it";
  if (code === "EISDIR") return "is a folder: put a file in its place";
  return "cannot be read";
};

export const isAbsent = (error: unknown): boolean => codeOf(error) === "ENOENT";

/** Reads octets, or says in one sentence why not. */
export const readBytes = (path: string): { bytes: Uint8Array | null; why: string } => {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_BYTES ? { bytes: null, why: "is larger than 16 MB" } : { bytes, why: "" };
  } catch (error) {
    return { bytes: null, why: whyUnreadable(error) };
  }
};

const firstBadLine = (bytes: Uint8Array): number => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let start = 0;
  for (let line = 1; start <= bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed === -1 ? bytes.length : feed;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return 1;
};

/** UTF-8 octets as text without the mark, or a problem that names the first line that is not UTF-8. */
export const decodeText = (bytes: Uint8Array, file: string): TextFile => {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
  } catch {
    const line = firstBadLine(bytes);
    const message = "this line is not UTF-8: save the file with the encoding UTF-8";
    return { text: null, problem: { file, line, key: "", message, severity: "error" } };
  }
};

export const readText = (path: string): TextFile => {
  const file = asTyped(path);
  const { bytes, why } = readBytes(path);
  if (bytes !== null) return decodeText(bytes, file);
  return { text: null, problem: { file, line: 1, key: "", message: why, severity: "error" } };
};
