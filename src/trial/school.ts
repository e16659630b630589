// The trial school's configuration: the example school, with the servers of this machine put in.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument, stringify } from "yaml";
import type { LocalDate } from "../core/types.ts";
import type { Environment } from "../policy/secrets.ts";
import { usualYear, yearsNeeded } from "./calendar.ts";
import { writeWhole } from "./files.ts";

export interface TrialPorts {
  readonly web: number;
  readonly imap: number;
  readonly smtp: number;
  readonly texts: number;
}

export const ACCOUNT_SID = "AC00000000000000000000000000000001";
/** The provider's name in Authentication-Results of mail that the trial delivers. */
export const AUTHSERV_ID = "mx.oakhill.example";
const MAIL_PASSWORD = "TRIAL_MAIL_PASSWORD";
const TEXTS_TOKEN = "TRIAL_TEXTS_TOKEN";

/** Everything listens on loopback and holds invented people: these protect nothing. */
export const trialEnv: Environment = { [MAIL_PASSWORD]: "trial-mailbox", [TEXTS_TOKEN]: "trial-texts" };
export const mailPassword = "trial-mailbox";
export const textsToken = "trial-texts";

/** Where the webhook of texts is. */
export const webhookUrl = (webPort: number): string => `http://127.0.0.1:${webPort}/twilio/sms`;

const heading = (name: string) =>
  ` The trial school's ${name}, made by "npm start" from config/${name}: see there what each key means.
 Changes count at once, and stay until "npm start -- --fresh". The ports are set at each start.`;

/**
 * Writes the folder when it is not there, and puts this start's ports into it when it is.
 * What a person has changed in it stays.
 * @param options.today a school year is added when none covers the months from here on
 */
export function writeTrialConfig(options: {
  readonly exampleDir: string;
  readonly dir: string;
  readonly ports: TrialPorts;
  readonly today: LocalDate;
}): void {
  const { exampleDir, dir, ports, today } = options;
  mkdirSync(dir, { recursive: true });
  const contacts = join(dir, "contacts.csv");
  if (!existsSync(contacts)) copyFileSync(join(exampleDir, "contacts.csv"), contacts);
  edit(dir, "staff.yaml", exampleDir, (staff, isNew) => {
    if (isNew) giveMailboxes(staff);
  });
  edit(dir, "school.yaml", exampleDir, (school, isNew) => {
    if (isNew) school.set("store", { file: "afterbell.db" });
    coverYears(school, today);
    putPorts(school, ports, isNew);
  });
}

/** A file that a person has broken stays as it is: loading it names the line that is wrong. */
function edit(
  dir: string,
  name: string,
  exampleDir: string,
  change: (document: Document, isNew: boolean) => void,
): void {
  const path = join(dir, name);
  const isNew = !existsSync(path);
  const document = isNew ? bare(join(exampleDir, name), name) : parseDocument(readFileSync(path, "utf8"));
  if (document.errors.length > 0) return;
  try {
    change(document, isNew);
  } catch (error) {
    if (isNew) throw error;
    return;
  }
  writeWhole(path, document.toString({ lineWidth: 110 }));
}

/** The example without its comments: what they say of mail and texts is not so here. */
function bare(path: string, name: string): Document {
  const example: unknown = parseDocument(readFileSync(path, "utf8")).toJS();
  const document = parseDocument(stringify(example));
  document.commentBefore = heading(name);
  return document;
}

function giveMailboxes(staff: Document): void {
  const members = staff.toJS() as { staff: readonly { id: string }[] };
  for (const [index, { id }] of members.staff.entries()) {
    const mailbox = { user: id, password: `\${${MAIL_PASSWORD}}` };
    staff.setIn(["staff", index, "mailbox"], staff.createNode(mailbox));
  }
}

function coverYears(school: Document, today: LocalDate): void {
  const { calendar } = school.toJS() as { calendar?: { years?: readonly { first: string; last: string }[] } };
  const years = calendar?.years ?? [];
  for (const begins of yearsNeeded(today)) {
    const autumn = `${begins}-10-01`;
    if (years.some(({ first, last }) => first <= autumn && autumn <= last)) continue;
    school.addIn(["calendar", "years"], school.createNode(usualYear(begins)));
  }
}

function putPorts(school: Document, ports: TrialPorts, isNew: boolean): void {
  const put = (path: readonly string[], value: unknown) =>
    school.setIn(path, typeof value === "object" ? school.createNode(value) : value);
  const here = () => ({ host: "127.0.0.1", tls: "none" });
  if (isNew) {
    put(["mail"], {
      address: "afterbell@oakhill.example",
      imap: here(),
      smtp: here(),
      authserv_id: AUTHSERV_ID,
    });
    put(["sms"], { account_sid: ACCOUNT_SID, auth_token: `\${${TEXTS_TOKEN}}`, per_second: 20, numbers });
  }
  if (school.has("mail")) {
    put(["mail", "imap", "port"], ports.imap);
    put(["mail", "smtp", "port"], ports.smtp);
  }
  if (school.has("sms")) {
    put(["sms", "public_url"], webhookUrl(ports.web));
    put(["sms", "api_url"], `http://127.0.0.1:${ports.texts}`);
  }
  put(["web"], { host: "127.0.0.1", port: ports.web, public_url: `http://127.0.0.1:${ports.web}` });
}

const numbers = [
  { number: "+44 7700 900100", belongs_to: "school" },
  { number: "+44 7700 900101", belongs_to: ["shah"] },
  { number: "+44 7700 900102", belongs_to: ["haddad", "novak"] },
];
