// Prints the schema: as JSON Schema for editors, and as the reference page for people.
import { z } from "zod";
import { contactRow, schoolFile, schoolRuleFile, staffFile } from "./schema.ts";

/** A file that is printed from the schema; `path` is relative to the product's folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

type Json = z.core.JSONSchema.JSONSchema;

const PAGES = [
  {
    file: "school.yaml",
    schema: schoolFile,
    about: "The school, its calendar, who gets what, and the servers.",
  },
  { file: "staff.yaml", schema: staffFile, about: "Everyone whom parents write to." },
  {
    file: "rules/*.yaml",
    schema: schoolRuleFile,
    about:
      "The shipped rules lie in `rules/` of the product, one family a file. A school's own lie in `rules/` of its configuration folder: a rule with a new id is added and needs all that is marked needed; one with a shipped rule's id changes that rule and says only what differs. `when`, `then` and `examples` are merged key by key; to start afresh, switch the shipped rule off and write one of another id. Switching a safeguarding rule off, or weakening it, needs `i_understand: true`.",
  },
] as const;

const jsonSchema = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: "input" });

const editorSchema = (name: string, title: string, schema: z.ZodType): GeneratedFile => {
  const { $schema, ...rest } = jsonSchema(schema);
  return {
    path: `config/schema/${name}.json`,
    text: `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`,
  };
};

/** The shapes of a choice, those inside other choices included. */
const choices = (schema: Json): readonly Json[] =>
  schema.anyOf === undefined
    ? [schema]
    : schema.anyOf.flatMap((one) => (typeof one === "object" ? choices(one) : []));

const SCALARS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "keys",
};

const itemOf = (schema: Json): Json => {
  const { items } = schema;
  return typeof items === "object" && !Array.isArray(items) ? items : {};
};

const kindOf = (schema: Json): string => {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.type === "array") return `list of ${kindOf(itemOf(schema))}`;
  if (schema.anyOf !== undefined) return [...new Set(choices(schema).map(kindOf))].join(" or ");
  return SCALARS[String(schema.type)] ?? "text";
};

const defaultOf = (schema: Json, needed: boolean): string => {
  if (needed) return "needed";
  const { default: value } = schema;
  const isEmpty =
    value === undefined ||
    value === "" ||
    (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return isEmpty ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
};

interface Row {
  readonly key: string;
  readonly kind: string;
  readonly fallback: string;
  readonly about: string;
}

/** Every key of every shape below, each once: a choice of shapes is one set of keys. */
const rowsOf = (schema: Json, prefix: string): readonly Row[] => {
  const rows = new Map<string, Row>();
  for (const shape of choices(schema)) {
    if (shape.type === "array") {
      for (const row of rowsOf(itemOf(shape), `${prefix}[]`)) if (!rows.has(row.key)) rows.set(row.key, row);
    }
    for (const [name, value] of Object.entries(shape.properties ?? {})) {
      if (typeof value !== "object") continue;
      const key = prefix === "" ? name : `${prefix}.${name}`;
      const needed = shape.required?.includes(name) ?? false;
      const row = {
        key,
        kind: kindOf(value),
        fallback: defaultOf(value, needed),
        about: value.description ?? "",
      };
      for (const one of [row, ...rowsOf(value, key)]) if (!rows.has(one.key)) rows.set(one.key, one);
    }
  }
  return [...rows.values()];
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const table = (rows: readonly Row[]): string =>
  [
    "| key | kind | default | what it does |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ key, kind, fallback, about }) =>
        `| \`${key}\` | ${cell(kind)} | ${cell(fallback)} | ${cell(about)} |`,
    ),
  ].join("\n");

const page = ({ file, schema, about }: (typeof PAGES)[number]): string => {
  const { properties = {}, required = [] } = jsonSchema(schema);
  const sections = Object.entries(properties).map(([name, value]) => {
    if (typeof value !== "object") return "";
    const row = {
      key: name,
      kind: kindOf(value),
      fallback: defaultOf(value, required.includes(name)),
      about: value.description ?? "",
    };
    return `### ${name}\n\n${table([row, ...rowsOf(value, name)])}`;
  });
  return [`## ${file}`, about, ...sections].join("\n\n");
};

const contactsPage = (): string => {
  const rows = rowsOf(jsonSchema(contactRow), "");
  return [
    "## contacts.csv",
    "One row a contact, with the names of the columns in the first line. Comma, semicolon and tab are understood, and what Excel saves as CSV.",
    table(rows),
  ].join("\n\n");
};

const INTRODUCTION = `# Configuration

<!-- Printed from src/policy/schema.ts by \`afterbell docs\`: change it there. -->

A school's folder holds \`school.yaml\` and \`staff.yaml\`, and may hold \`contacts.csv\`, \`bank-holidays.json\` and a folder \`rules/\`. \`config/\` is a complete example. \`afterbell check\` names every mistake with its file, line and what to change.

**Secrets** never stand in a file. Any text may hold \`\${NAME}\`, which is filled in from the environment (\`$\${\` stands for \`\${\` itself). \`password\`, \`auth_token\`, \`session_secret\`, \`api_key\` and \`account_sid\` may also be \`file:/run/secrets/name\`, or \`file:name\` for a file in the school's folder. Inside \`{ }\` put \`"\${NAME}"\` in quotes. Secrets are never printed.

**Telephone numbers** stand in quotes, or YAML takes them for numbers and loses the leading 0. **Dates** are YYYY-MM-DD and **hours** HH:MM-HH:MM, both in the school's time zone.

**A change** is taken up within a second of saving, and at once on SIGHUP. When the new configuration has an error, the last good one stays in force and the error is logged.`;

/** Every generated file with the text that it should have now. */
export const generatedFiles = (): readonly GeneratedFile[] => [
  editorSchema("school", "Afterbell: school.yaml", schoolFile),
  editorSchema("staff", "Afterbell: staff.yaml", staffFile),
  editorSchema("rules", "Afterbell: rules/*.yaml", schoolRuleFile),
  {
    path: "docs/configuration.md",
    text: `${[INTRODUCTION, ...PAGES.map(page), contactsPage()].join("\n\n")}\n`,
  },
];
