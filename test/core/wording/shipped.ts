// The rule files as they are shipped, for the tests of wording.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Lexicon } from "../../../src/core/types.ts";
import { type RuleFile, ruleFile } from "../../../src/policy/schema.ts";

export const files: readonly RuleFile[] = readdirSync("rules")
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => ruleFile.parse(parse(readFileSync(`rules/${name}`, "utf8"))));

export const lexicon: Lexicon = files.flatMap((file) =>
  file.lexicon.flatMap(({ terms, ...entry }) => terms.map((term) => ({ term, ...entry }))),
);
