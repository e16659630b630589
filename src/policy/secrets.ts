// ${NAME} and file: in a configuration: filled in here, remembered, and kept out of all that is printed.
import { resolve } from "node:path";
import type { Problem } from "./problem.ts";
import { readBytes } from "./text-file.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Keys whose values are never printed; a `file:` value is read from that file. */
const SECRET_KEYS: readonly PropertyKey[] = [
  "password",
  "auth_token",
  "session_secret",
  "account_sid",
  "api_key",
];
/** An account SID is printed on every bill of Twilio's: it may stand in the file as it is. */
const MAY_BE_PLAIN: readonly PropertyKey[] = ["account_sid"];
const HIDDEN = "[secret]";
/** Shorter ones are ordinary letters, and hiding them would garble every sentence. */
const SHORTEST_TO_HIDE = 3;

const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{[^}]*\}?/g;

export interface FilledIn {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly secrets: ReadonlySet<string>;
}

/** Replaces every `${NAME}` of every text by the environment's value, and `file:` secrets by the file's. */
export const fillIn = (yaml: YamlFile, dir: string, env: Environment): FilledIn => {
  const problems: Problem[] = [];
  const secrets = new Set<string>();

  const variable = (path: Path, name: string): string => {
    const value = env[name];
    if (value !== undefined && value !== "") {
      secrets.add(value);
      return value;
    }
    const lack = value === undefined ? "is not set" : "is empty";
    problems.push(
      problemAt(yaml, path, `the environment variable ${name} ${lack}: give it a value before starting`),
    );
    return "";
  };

  const fromFile = (path: Path, name: string): string => {
    const { bytes, why } = readBytes(resolve(dir, name));
    const value = bytes === null ? "" : new TextDecoder().decode(bytes).trim();
    if (bytes === null) problems.push(problemAt(yaml, path, `the file ${name} that should hold it: ${why}`));
    else if (value === "")
      problems.push(problemAt(yaml, path, `the file ${name} that should hold it is empty`));
    return value;
  };

  const text = (path: Path, written: string): string => {
    const key = path.findLast((step) => typeof step === "string") ?? "";
    const isSecret = SECRET_KEYS.includes(key);
    if (isSecret && written.startsWith("file:")) return fromFile(path, written.slice("file:".length).trim());
    if (isSecret && !MAY_BE_PLAIN.includes(key) && !written.includes("${")) {
      const message = `is a secret and may not stand here: write "\${NAME}" and set NAME in the environment, or file:path`;
      problems.push(problemAt(yaml, path, message));
    }
    return written.replaceAll(VARIABLE, (found, name: string | undefined) => {
      if (found === "$${") return "${";
      if (name !== undefined) return variable(path, name);
      problems.push(problemAt(yaml, path, `write a variable as \${NAME}, with letters, digits and _ only`));
      return "";
    });
  };

  const walk = (path: Path, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => walk([...path, index], item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk([...path, key], item)]),
      );
    }
    if (typeof value !== "string") return value;
    const filled = text(path, value);
    if (filled !== value || SECRET_KEYS.includes(path.at(-1) ?? "")) secrets.add(filled);
    return filled;
  };

  return { value: walk([], yaml.value), problems, secrets };
};

/** Takes every secret out of a sentence; the longest first, since one may be part of another. */
export const scrub = (sentence: string, secrets: ReadonlySet<string>): string =>
  [...secrets]
    .filter((secret) => secret.length >= SHORTEST_TO_HIDE)
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, HIDDEN), sentence);

/** A copy of any configuration that may be printed: whatever stands at a secret's key is hidden. */
export const redact = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEYS.includes(key) && typeof item === "string" ? HIDDEN : redact(item),
    ]),
  );
};
