// afterbell sign-in: makes a password for the headteacher's pages, shown once.
import { createSignIn, personAt } from "../web/sign-in.ts";
import { type Command, type Io, readArgs, UsageError } from "./command.ts";
import { loadSchool, openSchoolStore } from "./school.ts";

const help = `Usage: afterbell sign-in ADDRESS [--config DIR]

Makes a new password for somebody who may open the headteacher's pages, and prints it once.
A password from before ends, and with it every session.

  ADDRESS        the e-mail address of a headteacher or deputy in staff.yaml
  --config DIR   the school's folder
`;

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, { config: { type: "string" } });
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) {
    throw new UsageError("Name one person by e-mail address: afterbell sign-in head@oakhill.example.");
  }
  const loaded = loadSchool(values.config, io.env);
  const person = personAt(loaded.staff, address);
  if (person === null) {
    throw new UsageError(
      `${address} may not sign in: give the person the role headteacher or deputy in staff.yaml first.`,
    );
  }
  const store = await openSchoolStore(loaded, io.env);
  try {
    const password = await createSignIn(store, loaded.policy.school, person.id);
    io.stdout.write(`${person.name} can now sign in with\n  address   ${address}\n  password  ${password}\n`);
  } finally {
    await store.destroy();
  }
  return 0 as const;
}

export const signIn: Command = { summary: "Make a password for the headteacher's pages.", help, run };
