// Reads the messages to learn from: our own batches, a school's own judgements, and the public sets.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { ABUSE_CATEGORIES } from "../src/core/wording/categories.ts";

export const KINDS = [
  "absence",
  "medicine",
  "collection",
  "complaint",
  "complaint-about-head",
  "subject-access",
  "legal",
  "bereavement",
  "ehcp",
] as const;
export const TARGETS = ["staff", "parent", "pupil", "school"] as const;
/** Never trained on: `npm run bench:wording` measures on these. */
export const DEV_BATCHES: readonly string[] = ["calder", "whitlock"];

const line = z.object({
  id: z.string(),
  text: z.string().min(1),
  channel: z.enum(["email", "sms"]),
  abusive: z.boolean(),
  category: z.enum(ABUSE_CATEGORIES).nullable(),
  kind: z.string().nullable(),
  target: z.enum(TARGETS).nullable(),
  safeguarding: z.boolean(),
  mustNotWait: z.enum(KINDS).nullable(),
  words: z.array(z.string()),
  protected: z.string().nullable(),
  pair: z.string().nullable(),
  language: z.string().optional(),
});
export type Labelled = z.infer<typeof line> & { readonly batch: string };

/** Throws an Error that names the file and the line of the first mistake. */
export function readBatch(path: string): readonly Labelled[] {
  const batch = basename(path, ".jsonl");
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text, index) => {
      if (text.trim() === "") return [];
      const parsed = line.safeParse(parseJson(text, path, index));
      if (parsed.success) return [{ ...parsed.data, batch }];
      const [issue] = parsed.error.issues;
      throw new Error(`${path}, line ${index + 1}: ${issue?.path.join(".")}: ${issue?.message}.`);
    });
}

function parseJson(text: string, path: string, index: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}, line ${index + 1} is not JSON: write one object a line.`);
  }
}

export function readCorpus(folder: string): readonly Labelled[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return files.sort().flatMap((name) => readBatch(join(folder, name)));
}

/** What the public sets are used for: breadth of slurs, threats and ways of writing them. */
export const PUBLIC_SETS = ["dyn21", "hatemoji", "convabuse", "jigsaw", "surge", "edos", "misogyny"] as const;

export interface PublicText {
  readonly text: string;
  readonly abusive: boolean;
}

const publicLine = z.object({
  text: z.string(),
  hate: z.number().nullable(),
  abuse: z.number().nullable(),
});

export function readPublic(folder: string, name: string): readonly PublicText[] {
  const lines = gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`)))
    .toString("utf8")
    .split("\n");
  return lines.flatMap((text) => {
    if (text === "") return [];
    const row = publicLine.parse(JSON.parse(text));
    const label = row.abuse ?? row.hate;
    return label === null ? [] : [{ text: row.text, abusive: label === 1 }];
  });
}

export const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
