// npm run train: checks the arguments, fetches what is missing, then trains.
import { UsageError } from "../src/commands/command.ts";
import { install, isInstalled } from "./install.ts";
import { checkOptions, help } from "./options.ts";

function isReady(): boolean {
  if (isInstalled() || install()) return true;
  process.stderr.write(
    "The word vectors could not be fetched: mend what npm says above, then run npm run train again.\n",
  );
  process.exitCode = 1;
  return false;
}

try {
  if (checkOptions(process.argv.slice(2)).help) process.stdout.write(help);
  else if (isReady()) await import("./train.ts");
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
