// Reads a school's folder and the shipped rules into one LoadedConfig, or names everything that is wrong.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Calendar, Policy } from "../core/types.ts";
import type { Contact } from "../directory/contacts.ts";
import { buildPolicy, normaliseSchool, normaliseStaff } from "./build.ts";
import { checkCalendar, checkZone } from "./check-calendar.ts";
import { checkHours } from "./check-hours.ts";
import { checkDesks, checkNumbers, checkOffice, checkStaff } from "./check-people.ts";
import { checkRules } from "./check-rules.ts";
import { checkServers } from "./check-servers.ts";
import { checkWording } from "./check-wording.ts";
import {
  checkColleagues,
  type Filled,
  openFile,
  type ReadStaff,
  readContactsFile,
  readHolidays,
  readStaff,
  withoutSequels,
} from "./folder.ts";
import { ConfigError, inOrder, type Problem } from "./problem.ts";
import { readRules } from "./rule-files.ts";
import { type SchoolFile, type StaffMember, schoolFile } from "./schema.ts";
import { type Environment, redact, scrub } from "./secrets.ts";
import { shapeSections } from "./shape.ts";
import { asTyped } from "./text-file.ts";
import { problemAt, type YamlFile } from "./yaml-file.ts";

export { ConfigError, type Problem } from "./problem.ts";

export interface LoadedConfig {
  readonly dir: string;
  readonly school: SchoolFile;
  /** Addresses in lower case, mobiles in E.164. */
  readonly staff: readonly StaffMember[];
  /** From contacts.csv; empty without one. */
  readonly contacts: readonly Contact[];
  /** SHA-256 of contacts.csv, hexadecimal; null without one. */
  readonly contactsHash: string | null;
  readonly policy: Policy;
  readonly warnings: readonly Problem[];
}

export interface LoadOptions {
  /** The product's folder with rules/ and config/bank-holidays.json. */
  readonly productDir?: string;
  /** For the warning that no school year covers today. */
  readonly now?: Date;
}

const PRODUCT_DIR = fileURLToPath(new URL("../../", import.meta.url));

type Sections = Partial<SchoolFile>;

interface ReadSchool extends Filled {
  readonly whole: SchoolFile | null;
  /** What could be read, when not all could. */
  readonly sections: Sections;
  readonly misfits: readonly Problem[];
}

const readSchool = (filled: Filled): ReadSchool => {
  if (filled.value === undefined) return { ...filled, whole: null, sections: {}, misfits: [] };
  const { whole, sections, problems } = shapeSections(schoolFile, filled.value, filled.yaml);
  return { ...filled, whole, sections, misfits: problems };
};

const checkLimits = (yaml: YamlFile, limits: SchoolFile["limits"]): readonly Problem[] =>
  limits.flatMap(({ id }, index) => {
    const first = limits.findIndex((limit) => limit.id === id);
    if (first === index) return [];
    const line = yaml.at(["limits", first]).line;
    return [
      problemAt(yaml, ["limits", index, "id"], `${id} is also the id of the limit on line ${line}: keep one`),
    ];
  });

/** Every section that could be read, held against the others and against the staff. */
const checkSchool = (
  { yaml, value, whole, sections }: ReadSchool,
  staff: ReadStaff,
  now: Date,
  holidays: Calendar["bankHolidays"],
): readonly Problem[] => {
  if (typeof value !== "object" || Array.isArray(value)) return [];
  const { school, desks, calendar, hours, sms } = sections;
  const zone = school?.zone ?? "Europe/London";
  const lastKnown = holidays.at(-1)?.date ?? null;
  const mail = whole !== null || "mail" in sections ? sections.mail : null;
  return [
    ...(school === undefined ? [] : [...checkZone(yaml, zone), ...checkOffice(yaml, school)]),
    ...(desks === undefined ? [] : checkDesks(yaml, desks, staff.ids, staff.placed)),
    ...(calendar === undefined ? [] : checkCalendar(yaml, calendar, zone, now, lastKnown)),
    ...(hours === undefined ? [] : checkHours(yaml, ["hours"], hours)),
    ...(sms === undefined ? [] : checkNumbers(yaml, sms, staff.ids)),
    ...checkLimits(yaml, sections.limits ?? []),
    ...checkServers(yaml, mail, staff),
    ...checkWording(yaml, sections.wording),
  ];
};

/** Secrets of each loaded configuration, kept aside so that printing one never shows them. */
const secretsOf = new WeakMap<LoadedConfig, ReadonlySet<string>>();

/**
 * @param dir the school's folder: school.yaml, staff.yaml, and optionally contacts.csv, bank-holidays.json, rules/
 * @param env where the variables of `${NAME}` are looked up
 * @throws ConfigError with every problem of every file
 */
export const loadConfig = (dir: string, env: Environment, options: LoadOptions = {}): LoadedConfig => {
  const { productDir = PRODUCT_DIR, now = new Date() } = options;
  const school = readSchool(openFile(dir, "school.yaml", env));
  const staff = readStaff(openFile(dir, "staff.yaml", env));
  const { contacts, hash: contactsHash, problems: ofContacts } = readContactsFile(dir);
  const holidays = readHolidays(dir, productDir, school.sections.school?.nation ?? "england-and-wales");
  const rules = readRules(join(productDir, "rules"), join(dir, "rules"));

  const problems = [
    ...withoutSequels(school.problems, [
      ...school.misfits,
      ...checkSchool(school, staff, now, holidays.days),
    ]),
    ...withoutSequels(staff.problems, [...staff.misfits, ...checkStaff(staff.yaml, staff.placed)]),
    ...ofContacts,
    ...checkColleagues(contacts, staff.placed, asTyped(join(dir, "contacts.csv"))),
    ...holidays.problems,
    ...rules.problems,
    ...checkRules(rules, school.sections.limits?.map(({ id }) => id) ?? null),
  ];
  const secrets = new Set([...school.secrets, ...staff.secrets]);
  const told = inOrder(problems.map((problem) => ({ ...problem, message: scrub(problem.message, secrets) })));
  if (school.whole === null || staff.whole === null || told.some(({ severity }) => severity === "error")) {
    throw new ConfigError(told);
  }
  const parts = { school: normaliseSchool(school.whole), staff: normaliseStaff(staff.whole), contacts };
  const policy = buildPolicy({ ...parts, rules, bankHolidays: holidays.days });
  const loaded: LoadedConfig = { dir, ...parts, contactsHash, policy, warnings: told };
  secretsOf.set(loaded, secrets);
  return loaded;
};

/** A copy that may be printed: no secret, and no value that came from the environment. */
export const redactConfig = (loaded: LoadedConfig): unknown => {
  const secrets = secretsOf.get(loaded) ?? new Set();
  const hidden: unknown = redact(loaded);
  return JSON.parse(
    JSON.stringify(hidden, (_key, value: unknown) =>
      typeof value === "string" ? scrub(value, secrets) : value,
    ),
  );
};
