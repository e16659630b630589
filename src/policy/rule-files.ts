// The shipped rules and the school's own over them: whole rules are added, changes are merged key by key.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Lexicon, LexiconEntry, Rule } from "../core/types.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { buildRule, type WrittenRule } from "./rule-build.ts";
import { ruleFile, rulePatchSchema, ruleSchema } from "./schema.ts";
import { shape, valueAt } from "./shape.ts";
import { asTyped, isAbsent, readText } from "./text-file.ts";
import { isSafeguarding, isWeaker } from "./weaken.ts";
import { type Path, problemAt, readYaml, type YamlFile } from "./yaml-file.ts";

/** A rule with where each of its keys is written. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly enabled: boolean;
  /** A problem at a key of the rule, such as ["when", "patterns", 0]. */
  problem(path: Path, message: string): Problem;
}

export interface PlacedTerm {
  readonly entry: LexiconEntry;
  problem(message: string): Problem;
}

export interface RuleSet {
  readonly rules: readonly PlacedRule[];
  readonly terms: readonly PlacedTerm[];
  readonly problems: readonly Problem[];
}

/** Each rule by itself, so that every one is checked, whatever is wrong with the others. */
const fileHead = ruleFile.extend({ rules: z.array(z.unknown()).default([]) });

interface Entry {
  readonly yaml: YamlFile;
  readonly path: Path;
  readonly raw: unknown;
  readonly family: string;
}

interface Opened {
  readonly entries: readonly Entry[];
  readonly terms: readonly (PlacedTerm & { readonly understood: boolean })[];
  readonly problems: readonly Problem[];
}

const yamlFilesIn = (dir: string): { paths: readonly string[]; problems: readonly Problem[] } => {
  try {
    const paths = readdirSync(dir)
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith("."))
      .sort()
      .map((name) => join(dir, name));
    return { paths, problems: [] };
  } catch (error) {
    if (isAbsent(error)) return { paths: [], problems: [] };
    const message = "cannot be read as a folder of rules: make it a folder that this user may read";
    return { paths: [], problems: [{ file: asTyped(dir), line: 1, key: "", message, severity: "error" }] };
  }
};

const open = (path: string): Opened => {
  const { text, problem } = readText(path);
  if (problem !== null) return { entries: [], terms: [], problems: [problem] };
  const yaml = readYaml(asTyped(path), text);
  if (yaml.value === undefined) return { entries: [], terms: [], problems: yaml.problems };
  const { data, problems } = shape(fileHead, yaml.value, yaml);
  const list = valueAt(yaml.value, ["rules"]);
  const family = valueAt(yaml.value, ["family"]);
  const entries = (Array.isArray(list) ? list : []).map(
    (raw: unknown, index): Entry => ({ yaml, path: ["rules", index], raw, family: String(family) }),
  );
  const terms = (data?.lexicon ?? []).flatMap(
    ({ terms: written, category, strength, language, i_understand }, at) =>
      written.map((term, index) => ({
        entry: { term, category, strength, language },
        understood: i_understand === true,
        problem: (message: string) => problemAt(yaml, ["lexicon", at, "terms", index], message),
      })),
  );
  return { entries, terms, problems: [...yaml.problems, ...problems] };
};

const openAll = (dir: string): Opened => {
  const { paths, problems: ofFolder } = yamlFilesIn(dir);
  const opened = paths.map(open);
  return {
    entries: opened.flatMap(({ entries }) => entries),
    terms: opened.flatMap(({ terms }) => terms),
    problems: [...ofFolder, ...opened.flatMap(({ problems }) => problems)],
  };
};

const place = (written: WrittenRule, family: string, layers: readonly [Entry, ...Entry[]]): PlacedRule => {
  const [first] = layers;
  const problem = (path: Path, message: string): Problem => {
    const owner = layers.find(({ raw }) => valueAt(raw, path) !== undefined);
    if (owner !== undefined) return problemAt(owner.yaml, [...owner.path, ...path], message);
    // A single entry may stand without a list around it: what is above it is then the place.
    if (path.length > 0) return problem(path.slice(0, -1), message);
    return problemAt(first.yaml, first.path, message);
  };
  const at = (path: Path) => {
    const { file, line } = problem(path, "");
    return { file, line };
  };
  return { rule: buildRule(written, family, at), enabled: written.enabled, problem };
};

const idOf = (entry: Entry): string | null => {
  const id = valueAt(entry.raw, ["id"]);
  return typeof id === "string" ? id : null;
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** when, then and examples key by key; all else as a whole. */
const merge = (shipped: unknown, change: unknown): unknown => {
  if (!isMap(shipped) || !isMap(change)) return change;
  const merged = Object.entries(change).map(([key, value]) => {
    const before = shipped[key];
    return [key, isMap(before) && isMap(value) ? { ...before, ...value } : value];
  });
  return { ...shipped, ...Object.fromEntries(merged) };
};

const NEEDS_UNDERSTANDING =
  "weakens safeguarding: add i_understand: true beside the id if the designated safeguarding lead has agreed, or remove the change";

const change = (shipped: PlacedRule & { entry: Entry }, entry: Entry, problems: Problem[]): PlacedRule => {
  const checked = shape(rulePatchSchema, entry.raw, entry.yaml, entry.path);
  problems.push(...checked.problems);
  if (checked.data === null) return shipped;
  const merged = shape(ruleSchema, merge(shipped.entry.raw, entry.raw), entry.yaml, entry.path);
  problems.push(...merged.problems);
  if (merged.data === null) return shipped;
  const changed = place(merged.data, shipped.rule.family, [entry, shipped.entry]);
  const weaker = !changed.enabled || isWeaker(shipped.rule, changed.rule);
  if (weaker && isSafeguarding(shipped.rule) && checked.data.i_understand !== true) {
    const key = checked.data.enabled === false ? ["enabled"] : [];
    problems.push(changed.problem(key, NEEDS_UNDERSTANDING));
  }
  return changed;
};

const NEEDED = ["clause", "why", "when", "then", "examples"];
const lacking = ({ raw }: Entry): readonly string[] =>
  NEEDED.filter((key) => valueAt(raw, [key]) === undefined);

/** Most likely a shipped rule's id with a slip of the pen. */
const isChangeOnly = (entry: Entry): boolean => idOf(entry) !== null && lacking(entry).length > 0;

const unknownRule = (entry: Entry, shippedIds: readonly string[]): Problem => {
  const id = idOf(entry) ?? "";
  const near = nearest(id, shippedIds);
  const hint = near === null ? "" : ` (did you mean ${near}?)`;
  const message = `no shipped rule has the id ${id}${hint}, and a rule of your own also needs ${lacking(entry).join(", ")}`;
  return problemAt(entry.yaml, [...entry.path, "id"], message);
};

const addRules = (
  shipped: readonly Entry[],
  own: readonly Entry[],
  problems: Problem[],
): readonly PlacedRule[] => {
  const rules = new Map<string, PlacedRule & { entry: Entry }>();
  const seen = new Map<string, Entry>();
  const isRepeated = (entry: Entry, id: string): boolean => {
    const first = seen.get(id);
    seen.set(id, first ?? entry);
    if (first === undefined) return false;
    const where = `${first.yaml.file}:${first.yaml.at(first.path).line}`;
    problems.push(
      problemAt(entry.yaml, [...entry.path, "id"], `${id} is also the id of the rule at ${where}: keep one`),
    );
    return true;
  };
  const add = (entry: Entry): void => {
    const { data, problems: misfits } = shape(ruleSchema, entry.raw, entry.yaml, entry.path);
    problems.push(...misfits);
    if (data === null || isRepeated(entry, data.id)) return;
    rules.set(data.id, { ...place(data, entry.family, [entry]), entry });
  };
  for (const entry of shipped) add(entry);
  const shippedIds = [...rules.keys()];
  seen.clear();
  for (const entry of own) {
    const known = rules.get(idOf(entry) ?? "");
    if (known === undefined && isChangeOnly(entry)) problems.push(unknownRule(entry, shippedIds));
    else if (known === undefined || own.includes(known.entry)) add(entry);
    else if (!isRepeated(entry, known.rule.id)) {
      rules.set(known.rule.id, { ...change(known, entry, problems), entry: known.entry });
    }
  }
  return [...rules.values()];
};

const termKey = ({ term, category, language }: LexiconEntry): string =>
  JSON.stringify([term.toLowerCase(), category, language.toLowerCase()]);

const addTerms = (
  shipped: Opened["terms"],
  own: Opened["terms"],
  problems: Problem[],
): readonly PlacedTerm[] => {
  const terms = new Map<string, PlacedTerm>(shipped.map((term) => [termKey(term.entry), term]));
  for (const term of own) {
    const before = terms.get(termKey(term.entry));
    const weaker = before !== undefined && term.entry.strength < before.entry.strength;
    if (weaker && term.entry.category === "safeguarding" && !term.understood) {
      problems.push(term.problem(NEEDS_UNDERSTANDING.replace("the id", "the category")));
    }
    terms.set(termKey(term.entry), term);
  }
  return [...terms.values()];
};

/**
 * @param shippedDir the rules of the product
 * @param ownDir the school's own, which may be absent
 */
export const readRules = (shippedDir: string, ownDir: string): RuleSet => {
  const shipped = openAll(shippedDir);
  const own =
    resolve(ownDir) === resolve(shippedDir) ? { entries: [], terms: [], problems: [] } : openAll(ownDir);
  const problems = [...shipped.problems, ...own.problems];
  const rules = addRules(shipped.entries, own.entries, problems);
  const terms = addTerms(shipped.terms, own.terms, problems);
  return { rules, terms, problems };
};

/** A strength of 0 switches a term off. */
export const lexiconOf = (terms: readonly PlacedTerm[]): Lexicon =>
  terms.map(({ entry }) => entry).filter(({ strength }) => strength > 0);
