// A YAML file with the place of every key in it, so that each problem can name its line.

import type { Document, YAMLError } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Problem } from "./problem.ts";

export type Path = readonly PropertyKey[];

export interface YamlFile {
  readonly file: string;
  /** Plain data; undefined when the file is not YAML. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where a key or a list's entry stands; for one that is absent, where the nearest one above it stands. */
  at(path: Path): { readonly line: number; readonly column: number };
}

/** "calendar.years[0].terms[1].last" */
export const dotted = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");

export const problemAt = (
  yaml: Pick<YamlFile, "file" | "at">,
  path: Path,
  message: string,
  severity: Problem["severity"] = "error",
): Problem => ({ file: yaml.file, ...yaml.at(path), key: dotted(path), message, severity });

// Our words for the errors of the yaml package. Its own may quote the file, and the file may hold secrets.
const SYNTAX: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  BAD_ALIAS: "put a text that begins with * or & in quotes",
  BAD_DQ_ESCAPE: "a backslash inside \"…\" means something special: use '…' or write it twice",
  BAD_INDENT: "does not line up: indent it like its neighbours, and close every bracket",
  BAD_SCALAR_START: "put this text in quotes: it begins with a character that means something in YAML",
  BLOCK_AS_IMPLICIT_KEY: "a second colon stands on this line: put the text after the first one in quotes",
  BLOCK_IN_FLOW: "inside [ ] or { } write everything with commas, not on lines with hyphens",
  DUPLICATE_KEY: "this key stands twice here: keep one of them",
  MISSING_CHAR: "a quotation mark or a bracket is not closed, or a colon is missing",
  MULTILINE_IMPLICIT_KEY: "a colon is missing after a key, or a text over several lines needs quotes",
  MULTIPLE_DOCS: "remove the line ---: a file holds one document",
  NON_STRING_KEY: "write a plain word before the colon",
  TAB_AS_INDENT: "indent with spaces, not with tabs",
  TAG_RESOLVE_FAILED: "put a text that begins with ! in quotes",
  UNEXPECTED_TOKEN: "this is not YAML here: look for a missing quotation mark, colon, comma or hyphen",
};

/** "[${" or "{ a: ${" before the fault: a brace begins a map there. */
const VARIABLE_IN_BRACKETS = /[[{][^"'\]}]*\$\{?$/;
/** "*Best* school" is read as an alias, and the fault is then seen after it. */
const READ_AS_ALIAS = /(?:^|[:,[-])\s*[*&]\S+\s*$/;

const syntaxMessage = (error: YAMLError, text: string): string => {
  const line = text.slice(text.lastIndexOf("\n", error.pos[0] - 1) + 1, error.pos[0]);
  if (VARIABLE_IN_BRACKETS.test(line)) return `inside [ ] or { } put a variable in quotes: "\${NAME}"`;
  if (error.code === "UNEXPECTED_TOKEN" && READ_AS_ALIAS.test(line)) return SYNTAX.BAD_ALIAS ?? "";
  return SYNTAX[error.code] ?? "this is not YAML: look at this line and the one above";
};

const locate = (doc: Document, path: Path): number => {
  let node: unknown = doc.contents;
  let offset = isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(doc);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      const item = node.items[step];
      if (!isMap(item) && !isSeq(item) && !isScalar(item) && !isAlias(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
};

const unresolvedAliases = (doc: Document): readonly number[] => {
  const offsets: number[] = [];
  visit(doc, {
    Alias: (_key, node) => {
      if (node.resolve(doc) === undefined) offsets.push(node.range?.[0] ?? 0);
    },
  });
  return offsets;
};

/** Parses YAML 1.2. Never throws: what is wrong is in `problems`, and one syntax error stands for its sequels. */
export const readYaml = (file: string, text: string): YamlFile => {
  const counter = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = (problems: readonly Problem[]): YamlFile => ({
    file,
    value: undefined,
    problems,
    at: () => place(0),
  });
  const problem = (offset: number, message: string): Problem => ({
    file,
    ...place(offset),
    key: "",
    message,
    severity: "error",
  });
  try {
    const doc = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      stringKeys: true,
      logLevel: "error",
    });
    const faults = [...doc.errors, ...doc.warnings];
    const twice = faults.filter((fault) => fault.code === "DUPLICATE_KEY");
    const first = faults.find((fault) => fault.code !== "DUPLICATE_KEY");
    const problems = [...twice, ...(first === undefined ? [] : [first])].map((fault) =>
      problem(fault.pos[0], syntaxMessage(fault, text)),
    );
    if (first !== undefined) return broken(problems);
    const loose = unresolvedAliases(doc).map((offset) => problem(offset, SYNTAX.BAD_ALIAS ?? ""));
    if (loose.length > 0) return broken([...problems, ...loose]);
    if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
      return broken([problem(0, "is empty: it may be half-written, or nobody has filled it in")]);
    }
    const value: unknown = doc.toJS();
    // Throws for a list that holds itself.
    JSON.stringify(value);
    return { file, value, problems, at: (path) => place(locate(doc, path)) };
  } catch {
    return broken([
      problem(0, "cannot be read as YAML: it is nested too deeply or repeats itself too often"),
    ]);
  }
};
