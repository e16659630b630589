// afterbell wording: where the headteacher overruled the judge of words, and examples to train it with.
import { contactNames, knownNames } from "../cases/learning.ts";
import type { LoadedConfig } from "../policy/load.ts";
import { countVerdicts, readJudgements } from "../store/judgements.ts";
import type { Store } from "../store/open.ts";
import { type Command, type Io, readArgs, UsageError, WorkError } from "./command.ts";
import { loadSchool, mustHaveStore, openSchoolStore } from "./school.ts";
import { examplesOf, writeExamples } from "./wording/export.ts";
import { formatReport } from "./wording/format.ts";
import { reportOf } from "./wording/report.ts";

const help = `Usage: afterbell wording report [--json] [--config DIR]
       afterbell wording export FILE [--config DIR]

report   How the judge of words called what parents wrote, and how often the headteacher agreed.
         A false alarm is what it called abusive and the headteacher did not; a miss is abuse that it
         called unsure or ok. Agreement counts what it was sure of: abusive or ok. Words are shown only
         where they were kept.
export   Writes the kept examples to a new FILE, one JSON object a line, in the form of training/README.md,
         for npm run train -- --with FILE. Only the user who runs it can read the file.

  --json         the report as one JSON object
  --config DIR   the school's folder

What is kept is set by wording.learning in school.yaml: off, labels (the default) or texts. An export needs
texts. Names, addresses and numbers are taken out, but what is left is still personal data: read the file
before you hand it on, and erase it when it has served.
`;

/** Whatever the store still holds, words are used only while the school lets them be kept. */
async function report(loaded: LoadedConfig, store: Store, asJson: boolean, io: Io): Promise<void> {
  const { school } = loaded.policy;
  const { learning } = loaded.school.wording;
  const said = reportOf({
    learning,
    verdicts: await countVerdicts(store, school),
    judgements: await readJudgements(store, school),
    rules: loaded.policy.rules,
    zone: loaded.policy.calendar.zone,
  });
  io.stdout.write(asJson ? `${JSON.stringify(said)}\n` : formatReport(said));
}

async function exportTo(file: string, loaded: LoadedConfig, store: Store, io: Io): Promise<void> {
  const { school } = loaded.policy;
  const names = [...knownNames(loaded.school, loaded.staff), ...(await contactNames(store, school))];
  const examples = examplesOf(await readJudgements(store, school), names);
  if (examples.length === 0)
    throw new WorkError(
      "There is nothing to export yet: words are kept from when the headteacher next closes a case as abuse or as not abuse.",
    );
  await writeExamples(file, examples);
  const abusive = examples.filter((one) => one.abusive).length;
  io.stdout.write(
    `${examples.length} ${examples.length === 1 ? "example" : "examples"} written to ${file}: ${abusive} abusive, ${examples.length - abusive} not. Read it before you hand it on.\n`,
  );
}

function fileToWrite([file, ...more]: readonly string[], loaded: () => LoadedConfig): string {
  if (file === undefined || file === "" || more.length > 0)
    throw new UsageError("Name one new file: afterbell wording export examples.jsonl.");
  if (loaded().school.wording.learning !== "texts")
    throw new UsageError(
      "No words are kept that could be exported: set wording.learning to texts in school.yaml, once the privacy notice says so.",
    );
  return file;
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" }, json: { type: "boolean" } });
  const [act, ...rest] = positionals;
  if (act !== "report" && act !== "export")
    throw new UsageError("Say what you want: afterbell wording report, or afterbell wording export FILE.");
  if (act === "report" && rest.length > 0)
    throw new UsageError(
      "A report takes no file: write afterbell wording report, with --json for a program.",
    );
  if (act === "export" && values.json)
    throw new UsageError("An export is JSON lines already: leave --json out.");
  const loaded = loadSchool(values.config, io.env);
  const file = act === "export" ? fileToWrite(rest, () => loaded) : null;
  mustHaveStore(loaded, io.env);
  const store = await openSchoolStore(loaded, io.env);
  try {
    if (file === null) await report(loaded, store, values.json === true, io);
    else await exportTo(file, loaded, store, io);
  } finally {
    await store.destroy();
  }
  return 0 as const;
}

export const wording: Command = {
  summary: "Show where the headteacher overruled the judge of words.",
  help,
  run,
};
