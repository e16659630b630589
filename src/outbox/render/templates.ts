// Finds and fills templates: the school's own file first, then the one that came with the product.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import nunjucks from "nunjucks";

export const TEMPLATES_DIR = fileURLToPath(new URL("../../../templates", import.meta.url));

export interface Templates {
  /** Fills `<name>`; a missing value or file throws an Error whose message names the template and the line. */
  fill(name: string, values: object): string;
  /** The file that `fill` would use; null when there is none. */
  find(name: string): string | null;
  /** Languages with a folder under replies/, sorted. */
  languages(): readonly string[];
}

/** @param overrideDir A folder laid out as templates/; a file in it replaces the product's of the same name. */
export function openTemplates(overrideDir: string | null): Templates {
  const roots = overrideDir === null ? [TEMPLATES_DIR] : [overrideDir, TEMPLATES_DIR];
  const html = environment(roots, true);
  const plain = environment(roots, false);
  const find = (name: string): string | null =>
    roots.map((root) => join(root, name)).find((file) => existsSync(file)) ?? null;
  return {
    fill: (name, values) => (name.endsWith(".html.njk") ? html : plain).render(name, values),
    find,
    languages: () => [...new Set(roots.flatMap(foldersOfReplies))].sort(),
  };
}

/** Text mails and SMS must not be escaped as HTML: two environments, told apart by the file's name. */
function environment(roots: readonly string[], autoescape: boolean): nunjucks.Environment {
  return new nunjucks.Environment(new nunjucks.FileSystemLoader([...roots]), {
    autoescape,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
}

function foldersOfReplies(root: string): readonly string[] {
  const folder = join(root, "replies");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Blank lines that template tags leave behind are taken out; one between paragraphs stays. */
export const tidyText = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;

export const tidyLine = (text: string): string => text.replace(/\s+/g, " ").trim();
