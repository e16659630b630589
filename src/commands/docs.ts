// afterbell docs: writes the editors' JSON Schema and the reference page anew from the schema.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type GeneratedFile, generatedFiles } from "../policy/reference.ts";
import { type Command, productDir, readArgs, WorkError } from "./command.ts";

const help = `Usage: afterbell docs [--check]

Writes config/schema/*.json and docs/configuration.md anew from src/policy/schema.ts.

  --check    writes nothing; exit status 1 when one of them is out of date
`;

const isCurrent = async ({ path, text }: GeneratedFile): Promise<boolean> =>
  text === (await readFile(join(productDir, path), "utf8").catch(() => null));

const write = async ({ path, text }: GeneratedFile): Promise<void> => {
  const file = join(productDir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
};

export const docs: Command = {
  summary: "Print the configuration's reference from its schema.",
  help,
  run: async (args, io) => {
    const { values } = readArgs(args, { check: { type: "boolean" } });
    const files = generatedFiles();
    const current = await Promise.all(files.map(isCurrent));
    const stale = files.filter((_, index) => current[index] === false);
    if (values.check === true && stale.length > 0) {
      throw new WorkError(`Run afterbell docs: ${stale.map(({ path }) => path).join(", ")} is out of date.`);
    }
    for (const file of stale) {
      await write(file);
      io.stdout.write(`${file.path}\n`);
    }
    return 0;
  },
};
