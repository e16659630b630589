// Reads a school's folder and the shipped rules into one LoadedConfig, or names everything that is wrong.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Calendar, Policy } from "../core/types.ts";
import { mailboxKey } from "../directory/address.ts";
import type { Contact } from "../directory/contacts.ts";
import { readContacts } from "../directory/csv.ts";
import { readBankHolidays } from "./bank-holidays.ts";
import { buildPolicy, normaliseSchool, normaliseStaff } from "./build.ts";
import { checkCalendar, checkHours, checkZone } from "./check-calendar.ts";
import { checkDesks, checkNumbers, checkOffice, checkStaff, type PlacedMember } from "./check-people.ts";
import { checkRules } from "./check-rules.ts";
import { checkServers } from "./check-servers.ts";
import { ConfigError, inOrder, type Problem } from "./problem.ts";
import { readRules } from "./rule-files.ts";
import { type SchoolFile, type StaffMember, schoolFile, staffFile } from "./schema.ts";
import { type Environment, fillIn, redact, scrub } from "./secrets.ts";
import { shape, shapeSections, valueAt } from "./shape.ts";
import { asTyped, readBytes, readText } from "./text-file.ts";
import { problemAt, readYaml, type YamlFile } from "./yaml-file.ts";

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

interface Filled {
  readonly yaml: YamlFile;
  /** null when the file cannot be read at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly secrets: ReadonlySet<string>;
}

const MISSING = "there is no such file: copy the one in the example school and change it";

const openFile = (dir: string, name: string, env: Environment): Filled => {
  const { text, problem } = readText(join(dir, name));
  const file = asTyped(join(dir, name));
  if (problem !== null) {
    const said = existsSync(join(dir, name)) ? problem : { ...problem, message: MISSING };
    return { yaml: readYaml(file, ""), value: undefined, problems: [said], secrets: new Set() };
  }
  const yaml = readYaml(file, text);
  if (yaml.value === undefined)
    return { yaml, value: undefined, problems: yaml.problems, secrets: new Set() };
  const { value, problems, secrets } = fillIn(yaml, dir, env);
  return { yaml, value, problems: [...yaml.problems, ...problems], secrets };
};

/** A value whose variable is missing is wrong in one way only. */
const withoutSequels = (first: readonly Problem[], later: readonly Problem[]): readonly Problem[] => {
  const named = new Set(first.map(({ key }) => key));
  return [...first, ...later.filter(({ key }) => key === "" || !named.has(key))];
};

interface ReadStaff {
  readonly whole: readonly StaffMember[] | null;
  readonly placed: readonly PlacedMember[];
  readonly ids: readonly string[] | null;
  readonly problems: readonly Problem[];
}

const readStaff = ({ yaml, value }: Filled): ReadStaff => {
  if (value === undefined) return { whole: null, placed: [], ids: null, problems: [] };
  const { data, problems } = shape(staffFile, value, yaml);
  const list = valueAt(value, ["staff"]);
  const raw: readonly unknown[] = Array.isArray(list) ? list : [];
  const placed = raw.flatMap((item, index): readonly PlacedMember[] => {
    const member = staffFile.shape.staff.element.safeParse(item).data;
    return member === undefined ? [] : [{ member, path: ["staff", index] }];
  });
  const ids = raw.map((item) => valueAt(item, ["id"])).filter((id) => typeof id === "string");
  return { whole: data?.staff ?? null, placed, ids: ids.length === 0 ? null : ids, problems };
};

interface ReadContacts {
  readonly contacts: readonly Contact[];
  readonly hash: string | null;
  readonly problems: readonly Problem[];
}

const readContactsFile = (dir: string): ReadContacts => {
  const path = join(dir, "contacts.csv");
  if (!existsSync(path)) return { contacts: [], hash: null, problems: [] };
  const { bytes, why } = readBytes(path);
  const file = asTyped(path);
  if (bytes === null) {
    return {
      contacts: [],
      hash: null,
      problems: [{ file, line: 1, key: "", message: why, severity: "error" }],
    };
  }
  return { ...readContacts(bytes, file), hash: createHash("sha256").update(bytes).digest("hex") };
};

const isColleague = (
  contacts: ReadContacts,
  staff: readonly PlacedMember[],
  file: string,
): readonly Problem[] => {
  const owners = new Map(
    staff.flatMap(({ member }) => member.email.map((address) => [mailboxKey(address), member])),
  );
  return contacts.contacts.flatMap((contact) =>
    contact.emails.flatMap((address): readonly Problem[] => {
      const member = owners.get(mailboxKey(address));
      if (member === undefined) return [];
      const message = `${address} of ${contact.name} is an address of ${member.id} in staff.yaml: messages from it count as staff's`;
      return [{ file, line: 1, key: "email", message, severity: "warning" }];
    }),
  );
};

interface ReadHolidays {
  readonly days: Calendar["bankHolidays"];
  readonly problems: readonly Problem[];
}

const readHolidays = (dir: string, productDir: string, nation: string): ReadHolidays => {
  const own = join(dir, "bank-holidays.json");
  const path = existsSync(own) ? own : join(productDir, "config", "bank-holidays.json");
  try {
    return { days: readBankHolidays(path, nation), problems: [] };
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).split("\n");
    const file = asTyped(path);
    const problems = said.map((sentence): Problem => {
      const message = sentence.replace(`${path}: `, "").replace(/\.$/, "");
      return { file, line: 1, key: "", message, severity: "error" };
    });
    return { days: [], problems };
  }
};

type Sections = Partial<SchoolFile>;

const checkSchool = (
  yaml: YamlFile,
  sections: Sections,
  staff: ReadStaff,
  now: Date,
  holidays: Calendar["bankHolidays"],
): readonly Problem[] => {
  const { school, desks, calendar, hours, sms } = sections;
  const zone = school?.zone ?? "Europe/London";
  return [
    ...(school === undefined ? [] : [...checkZone(yaml, zone), ...checkOffice(yaml, school)]),
    ...(desks === undefined ? [] : checkDesks(yaml, desks, staff.ids, staff.placed)),
    ...(calendar === undefined
      ? []
      : checkCalendar(yaml, calendar, zone, now, holidays.at(-1)?.date ?? null)),
    ...(hours === undefined ? [] : checkHours(yaml, ["hours"], hours)),
    ...(sms === undefined ? [] : checkNumbers(yaml, sms, staff.ids)),
    ...checkLimits(yaml, sections.limits ?? []),
  ];
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

/** Secrets of each loaded configuration, kept aside so that printing one never shows them. */
const secretsOf = new WeakMap<LoadedConfig, ReadonlySet<string>>();

/**
 * @param dir the school's folder: school.yaml, staff.yaml, and optionally contacts.csv, bank-holidays.json, rules/
 * @param env where the variables of `${NAME}` are looked up
 * @throws ConfigError with every problem of every file
 */
export const loadConfig = (dir: string, env: Environment, options: LoadOptions = {}): LoadedConfig => {
  const productDir = options.productDir ?? PRODUCT_DIR;
  const now = options.now ?? new Date();
  const schoolText = openFile(dir, "school.yaml", env);
  const staffText = openFile(dir, "staff.yaml", env);
  const {
    whole,
    sections,
    problems: misfits,
  } = schoolText.value === undefined
    ? { whole: null, sections: {} as Sections, problems: [] }
    : shapeSections(schoolFile, schoolText.value, schoolText.yaml);
  const staff = readStaff(staffText);
  const contacts = readContactsFile(dir);
  const holidays = readHolidays(dir, productDir, sections.school?.nation ?? "england-and-wales");
  const rules = readRules(join(productDir, "rules"), join(dir, "rules"));
  const mail = whole !== null || "mail" in sections ? sections.mail : null;

  const checkedStaff = { yaml: staffText.yaml, placed: staff.placed, complete: staff.whole !== null };
  const problems = [
    ...withoutSequels(schoolText.problems, [
      ...misfits,
      ...(typeof schoolText.value !== "object" || Array.isArray(schoolText.value)
        ? []
        : [
            ...checkSchool(schoolText.yaml, sections, staff, now, holidays.days),
            ...checkServers(schoolText.yaml, mail, checkedStaff),
          ]),
    ]),
    ...withoutSequels(staffText.problems, [...staff.problems, ...checkStaff(staffText.yaml, staff.placed)]),
    ...contacts.problems,
    ...isColleague(contacts, staff.placed, asTyped(join(dir, "contacts.csv"))),
    ...holidays.problems,
    ...rules.problems,
    ...checkRules(rules, sections.limits?.map(({ id }) => id) ?? null),
  ];
  const secrets = new Set([...schoolText.secrets, ...staffText.secrets]);
  const told = inOrder(problems.map((problem) => ({ ...problem, message: scrub(problem.message, secrets) })));
  if (whole === null || staff.whole === null || told.some(({ severity }) => severity === "error")) {
    throw new ConfigError(told);
  }
  const parts = {
    school: normaliseSchool(whole),
    staff: normaliseStaff(staff.whole),
    contacts: contacts.contacts,
  };
  const policy = buildPolicy({ ...parts, rules, bankHolidays: holidays.days });
  const loaded: LoadedConfig = { dir, ...parts, contactsHash: contacts.hash, policy, warnings: told };
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
