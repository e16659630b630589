// Holds data against a zod schema and says of each misfit, in plain words, where it is and what to change.
import { z } from "zod";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

type Issue = z.core.$ZodIssue;

/** Between keys that our error map hands on: an unknown key's issue does not name the known ones by itself. */
const SEPARATOR = "\n";

const knownKeys: z.core.$ZodErrorMap = (issue) => {
  const { inst } = issue;
  if (issue.code !== "unrecognized_keys" || !(inst instanceof z.ZodObject)) return undefined;
  return Object.keys(inst.shape).join(SEPARATOR);
};

const EXPECTED: Readonly<Record<string, string>> = {
  string: "write a text",
  number: "write a number, without quotes",
  int: "write a whole number, without quotes",
  boolean: "write true or false",
  array: "write a list, each entry on a line of its own after a hyphen",
  object: "write keys and their values, indented, on the lines below",
  record: "write keys and their values, indented, on the lines below",
};

const wrongType = (expected: string, value: unknown): string => {
  if (value === undefined) return "is missing";
  const wanted = EXPECTED[expected] ?? `must be of the kind ${expected}`;
  if (value === null) return `is empty: ${wanted}`;
  if (expected === "string" && typeof value === "number") {
    return "is read as a number, which loses a leading 0 or +: put it in quotes";
  }
  if (expected === "string" && typeof value === "boolean")
    return "is read as true or false: put it in quotes";
  if (expected === "int" && typeof value === "number") return "must be a whole number";
  return wanted;
};

const tooFew = (issue: Extract<Issue, { code: "too_small" }>): string => {
  const least = Number(issue.minimum);
  if (issue.origin === "array") return `needs at least ${least} ${least === 1 ? "entry" : "entries"}`;
  if (issue.origin === "string") {
    return least === 1 ? "is empty: write a text" : `must be at least ${least} characters long`;
  }
  return issue.inclusive ? `must be ${least} or more` : `must be more than ${least}`;
};

const oneOf = (values: readonly string[], value: unknown): string => {
  if (value === undefined) return `is missing: write one of ${values.join(", ")}`;
  const choice = values.length === 1 ? `write ${values[0]}` : `write one of ${values.join(", ")}`;
  return typeof value === "string" ? choice + didYouMean(value, values) : choice;
};

const message = (issue: Issue, value: unknown): string => {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, value);
    case "too_small":
      return tooFew(issue);
    case "too_big":
      return `must be ${issue.maximum} or less`;
    case "invalid_value":
      return oneOf(issue.values.map(String), value);
    default:
      return value === undefined ? `is missing: ${issue.message}` : issue.message;
  }
};

export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return Reflect.get(inner, step);
  }, value);

const atRoot = (issue: Issue): boolean => issue.path.length === 0;

/** Of a choice of shapes, what is wrong with the one that the writer most likely meant. */
const meant = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  const open = branches.map((issues) => issues.flatMap(unfold));
  const values = open
    .flat()
    .flatMap((issue) => (issue.code === "invalid_value" && atRoot(issue) ? issue.values : []));
  const ofItsKind = open.filter(
    (issues) => !issues.some((issue) => issue.code === "invalid_type" && atRoot(issue)),
  );
  const inside = ofItsKind.filter(
    (issues) => !issues.some((issue) => issue.code === "invalid_value" && atRoot(issue)),
  );
  const best = inside.sort((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best;
  if (values.length > 0) return [{ code: "invalid_value", values, path: [], message: "" }];
  return open[0] ?? [];
};

const unfold = (issue: Issue): readonly Issue[] => {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  return meant(issue.errors).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** How many keys may be listed before the list helps nobody. */
const MOST_KEYS_LISTED = 14;

const unknownKey = (key: string, known: readonly string[]): string => {
  const hint = didYouMean(key, known);
  if (hint !== "") return `is not a known key${hint}`;
  if (known.length === 0 || known.length > MOST_KEYS_LISTED) return "is not a known key: remove it";
  return `is not a known key: remove it, or use one of ${known.join(", ")}`;
};

const problemsOf = (issue: Issue, yaml: YamlFile, value: unknown, prefix: Path): readonly Problem[] => {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(SEPARATOR).filter((key) => key !== "");
    return issue.keys.map((key) => problemAt(yaml, [...path, key], unknownKey(key, known)));
  }
  return [problemAt(yaml, path, message(issue, valueAt(value, issue.path)))];
};

export interface Shaped<T> {
  readonly data: T | null;
  readonly problems: readonly Problem[];
}

/**
 * @param value what stands at `prefix` in the file, variables filled in
 * @returns the typed data with its defaults, or every misfit; no message quotes the value
 */
export const shape = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
  prefix: Path = [],
): Shaped<z.output<S>> => {
  const result = schema.safeParse(value, { error: knownKeys });
  if (result.success) return { data: result.data, problems: [] };
  const issues = result.error.issues.flatMap(unfold);
  return { data: null, problems: issues.flatMap((issue) => problemsOf(issue, yaml, value, prefix)) };
};

/** Each section by itself, so that a misfit in one does not hide what else is wrong in the others. */
export const shapeSections = <S extends z.ZodObject>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
): {
  readonly whole: z.output<S> | null;
  readonly sections: Partial<z.output<S>>;
  readonly problems: readonly Problem[];
} => {
  const { data, problems } = shape(schema, value, yaml);
  if (data !== null) return { whole: data, sections: data, problems };
  const entries = Object.entries(schema.shape).flatMap(([key, section]) => {
    const result = z.safeParse(section, valueAt(value, [key]));
    return result.success ? [[key, result.data] as const] : [];
  });
  return { whole: null, sections: Object.fromEntries(entries) as Partial<z.output<S>>, problems };
};
