// afterbell import: brings a list of contacts into the store, and shows what changes before it does.
import { readFile } from "node:fs/promises";
import { readContacts as readCsv } from "../directory/csv.ts";
import { compareContacts, formatPreview } from "../directory/preview.ts";
import { ConfigError } from "../policy/problem.ts";
import { formatProblems } from "../policy/report.ts";
import { readContacts, replaceContacts } from "../store/contacts.ts";
import { type Command, type Io, readArgs, UsageError } from "./command.ts";
import { loadSchool, openSchoolStore } from "./school.ts";

const help = `Usage: afterbell import contacts.csv [--config DIR] [--preview]

Brings the school's contacts in. The list replaces the one before; what changes is shown. A contacts.csv in
the school's folder is brought in by itself whenever it changes: the later list is the one that counts.

  --config DIR   the school's folder
  --preview      show what would change, and change nothing

A list with a bad row changes nothing: every bad row is named with what to mend.
`;

async function readList(file: string) {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}): name a CSV file that is there.`);
  });
  const { contacts, problems } = readCsv(bytes, file);
  if (problems.some(({ severity }) => severity === "error")) throw new ConfigError(problems);
  return { contacts, problems };
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, {
    config: { type: "string" },
    preview: { type: "boolean" },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError("Name one list: afterbell import contacts.csv.");
  const loaded = loadSchool(values.config, io.env);
  const { contacts, problems } = await readList(file);
  if (problems.length > 0) io.stderr.write(`${formatProblems(problems)}\n`);
  const store = await openSchoolStore(loaded, io.env);
  try {
    const { school } = loaded.policy;
    io.stdout.write(`${formatPreview(compareContacts(await readContacts(store, school), contacts))}\n`);
    if (values.preview) io.stdout.write("Nothing was changed: this was a preview.\n");
    else {
      // The contacts.csv in the folder has been seen: the service must not put it in this list's place.
      await replaceContacts(store, school, contacts, loaded.contactsHash);
      io.stdout.write("Done. A service that is running takes the list up within seconds.\n");
    }
  } finally {
    await store.destroy();
  }
  return 0 as const;
}

export const importContacts: Command = { summary: "Bring a list of contacts in (CSV).", help, run };
