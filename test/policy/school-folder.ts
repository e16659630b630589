// A school's folder in a temporary place, small and without a fault, for tests to break.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, type LoadedConfig, type LoadOptions, loadConfig } from "../../src/policy/load.ts";
import type { Problem } from "../../src/policy/problem.ts";
import { formatProblem } from "../../src/policy/report.ts";
import type { Environment } from "../../src/policy/secrets.ts";

export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

export const SCHOOL = `school:
  id: oakhill
  name: Oakhill Primary School
  office:
    email: office@oakhill.example
    telephone: "01632 960001"
desks:
  headteacher: okafor
  dsl: marsh
  complaints: complaints@oakhill.example
  chair: chair@governors.example
calendar:
  years:
    - name: 2026-27
      first: 2026-09-01
      last: 2027-08-31
      terms:
        - { first: 2026-09-01, last: 2026-12-18 }
        - { first: 2027-01-04, last: 2027-07-21 }
      inset: [2026-09-01]
hours:
  weeks:
    - mon: 08:00-17:00
      tue: [08:00-12:00, 13:00-17:00]
limits:
  - { id: per-day, messages: 6, in_hours: 24 }
mail:
  address: afterbell@oakhill.example
  imap:
    host: imap.oakhill.example
    port: 993
  smtp:
    host: smtp.oakhill.example
    port: 465
    user: afterbell@oakhill.example
    password: \${SMTP_PASSWORD}
  authserv_id: mx.oakhill.example
sms:
  account_sid: AC0123
  auth_token: \${TWILIO_TOKEN}
  public_url: https://afterbell.oakhill.example/twilio
  numbers:
    - { number: "+44 7700 900100", belongs_to: school }
`;

export const STAFF = `staff:
  - id: okafor
    name: Mrs Okafor
    email: [head@oakhill.example]
    mailbox: { user: head@oakhill.example, password: "\${HEAD_PASSWORD}" }
    mobile: "07700 900110"
  - id: marsh
    name: Ms Marsh
    email: [Marsh@oakhill.example]
    mobile: "07700 900111"
`;

/** Shipped rules of these tests: one ordinary, one of safeguarding. */
export const SHIPPED = `family: safeguarding
rules:
  - id: safeguarding.alert
    clause: Intent
    why: A possible disclosure is never held.
    when:
      safeguarding: true
    then:
      never: [hold]
      alert: dsl
      reply: received
    examples:
      match: [a]
      pass: [b]
lexicon:
  - category: safeguarding
    strength: 0.9
    terms: [hurts me, scared to go home]
  - category: threat
    strength: 0.8
    terms: [you will regret]
`;

export const SHIPPED_HOURS = `family: out-of-hours
rules:
  - id: hours.hold
    clause: "3.3"
    why: It waits until working hours.
    when:
      off_duty: true
      over_limit: any
    then:
      outcome: hold
      reply: out-of-hours
    examples:
      match: [a]
      pass: [b]
`;

export const ENV: Environment = {
  SMTP_PASSWORD: "smtp-sesame-417",
  TWILIO_TOKEN: "token-of-twilio-88",
  HEAD_PASSWORD: "head-sesame-2209",
};

export interface SchoolFolder {
  readonly dir: string;
  readonly options: LoadOptions;
  write(name: string, content: string | Uint8Array): void;
  remove(name: string): void;
  /** Problems as lines, with paths as seen from the school's folder. */
  problems(env?: Environment): readonly string[];
  load(env?: Environment): LoadedConfig;
  discard(): void;
}

/** What loading complains about, warnings included; of a sound configuration its warnings. */
const complaints = (load: () => LoadedConfig): readonly Problem[] => {
  try {
    return load().warnings;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

export const schoolFolder = (files: Readonly<Record<string, string | Uint8Array>> = {}): SchoolFolder => {
  const root = mkdtempSync(join(tmpdir(), "afterbell-policy-"));
  const dir = join(root, "school");
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  };
  const all = {
    "school.yaml": SCHOOL,
    "staff.yaml": STAFF,
    "../rules/safeguarding.yaml": SHIPPED,
    "../rules/out-of-hours.yaml": SHIPPED_HOURS,
    "../config/.keep": "",
    ...files,
  };
  for (const [name, content] of Object.entries(all)) write(name, content);
  cpSync(join(REPOSITORY, "config/bank-holidays.json"), join(root, "config/bank-holidays.json"));
  const options = { productDir: root, now: new Date("2026-11-23T09:00:00Z") };
  const load = (env: Environment = ENV) => loadConfig(dir, env, options);
  return {
    dir,
    options,
    write,
    remove: (name) => rmSync(join(dir, name)),
    load,
    problems: (env) =>
      complaints(() => load(env)).map((problem) =>
        formatProblem(problem).replaceAll(`${dir}/`, "").replaceAll(`${root}/`, "../"),
      ),
    discard: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** The text with one place changed; a place that is not there is a mistake of the test. */
export const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`"${from}" does not stand in the text`);
  return text.replace(from, () => to);
};
