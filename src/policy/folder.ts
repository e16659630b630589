// Reads the files of a school's folder, each by itself: what one of them lacks hides nothing of the others.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Calendar } from "../core/types.ts";
import { mailboxKey } from "../directory/address.ts";
import type { Contact } from "../directory/contacts.ts";
import { readContacts } from "../directory/csv.ts";
import { readBankHolidays } from "./bank-holidays.ts";
import type { PlacedMember } from "./check-people.ts";
import type { Problem } from "./problem.ts";
import { type StaffMember, staffFile } from "./schema.ts";
import { type Environment, fillIn } from "./secrets.ts";
import { shape, valueAt } from "./shape.ts";
import { asTyped, readBytes, readText } from "./text-file.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";

export interface Filled {
  readonly yaml: YamlFile;
  /** null when the file cannot be read at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly secrets: ReadonlySet<string>;
}

const MISSING = "there is no such file: copy the one in the example school and change it";

/** One YAML file with its variables filled in. */
export const openFile = (dir: string, name: string, env: Environment): Filled => {
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
export const withoutSequels = (first: readonly Problem[], later: readonly Problem[]): readonly Problem[] => {
  const named = new Set(first.map(({ key }) => key));
  return [...first, ...later.filter(({ key }) => key === "" || !named.has(key))];
};

export interface ReadStaff extends Filled {
  /** Everyone; null when a member cannot be read. */
  readonly whole: readonly StaffMember[] | null;
  readonly placed: readonly PlacedMember[];
  /** Every id that is written, be the member sound or not; null when the file cannot be read. */
  readonly ids: readonly string[] | null;
  readonly misfits: readonly Problem[];
}

/** Each member by themselves, so that one who is wrong does not hide what is wrong with the others. */
export const readStaff = (filled: Filled): ReadStaff => {
  const { yaml, value } = filled;
  if (value === undefined) return { ...filled, whole: null, placed: [], ids: null, misfits: [] };
  const { data, problems } = shape(staffFile, value, yaml);
  const list = valueAt(value, ["staff"]);
  const raw: readonly unknown[] = Array.isArray(list) ? list : [];
  const placed = raw.flatMap((item, index): readonly PlacedMember[] => {
    const member = staffFile.shape.staff.element.safeParse(item).data;
    return member === undefined ? [] : [{ member, path: ["staff", index] }];
  });
  const ids = raw.map((item) => valueAt(item, ["id"])).filter((id) => typeof id === "string");
  return {
    ...filled,
    whole: data?.staff ?? null,
    placed,
    ids: ids.length === 0 ? null : ids,
    misfits: problems,
  };
};

export interface ReadContacts {
  readonly contacts: readonly Contact[];
  readonly hash: string | null;
  readonly problems: readonly Problem[];
}

/** contacts.csv, which may be absent. */
export const readContactsFile = (dir: string): ReadContacts => {
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

/** Contacts with an address of the staff: the directory counts such an address as the staff's. */
export const checkColleagues = (
  contacts: readonly Contact[],
  staff: readonly PlacedMember[],
  file: string,
): readonly Problem[] => {
  const owners = new Map(
    staff.flatMap(({ member }) => member.email.map((address) => [mailboxKey(address), member.id])),
  );
  return contacts.flatMap(({ name, emails }) =>
    emails.flatMap((address): readonly Problem[] => {
      const owner = owners.get(mailboxKey(address));
      if (owner === undefined) return [];
      const message = `${address} of ${name} is an address of ${owner} in staff.yaml: messages from it count as staff's`;
      return [{ file, line: 1, key: "email", message, severity: "warning" }];
    }),
  );
};

export interface ReadHolidays {
  readonly days: Calendar["bankHolidays"];
  readonly problems: readonly Problem[];
}

/** The school's own bank-holidays.json, or the shipped one. */
export const readHolidays = (dir: string, productDir: string, nation: string): ReadHolidays => {
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
