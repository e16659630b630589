// The example school in config/: it loads as it is, and its commented-out parts load too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { decide } from "../../src/core/decide.ts";
import { runExamples } from "../../src/policy/examples.ts";
import { loadConfig } from "../../src/policy/load.ts";
import { generatedFiles } from "../../src/policy/reference.ts";
import { formatProblems } from "../../src/policy/report.ts";
import { REPOSITORY, type SchoolFolder, schoolFolder } from "./school-folder.ts";

let folder: SchoolFolder | null = null;
afterEach(() => folder?.discard());

const CONFIG = join(REPOSITORY, "config");
const now = new Date("2026-11-23T09:00:00Z");
const read = (name: string): string => readFileSync(join(CONFIG, name), "utf8");

/** Takes the # away from every setting that is commented out; what it says in words stays. */
const uncommented = (text: string): string =>
  text.replaceAll(/^( *)# ((?: *(?:- )?)(?:[a-z_]+:|- \{|# ).*)$/gm, (line, indent: string, rest: string) =>
    rest.startsWith("yaml-language-server") ? line : indent + rest,
  );

describe("the example school", () => {
  test("loads without any variable set, and warns of nothing but that it has no e-mail", () => {
    const { warnings, staff, contacts } = loadConfig(CONFIG, {}, { now });
    expect(warnings.map(({ key, severity }) => [key, severity])).toEqual([["mail", "warning"]]);
    expect(staff).toHaveLength(9);
    expect(contacts).toHaveLength(10);
  });

  test("has a year for each day from September 2025 to August 2027", () => {
    for (const day of ["2025-09-01", "2026-08-31", "2026-09-01", "2027-08-31"]) {
      const { warnings } = loadConfig(CONFIG, {}, { now: new Date(`${day}T12:00:00Z`) });
      expect(warnings.map(({ key }) => key)).not.toContain("calendar.years");
    }
  });

  test("has 190 teaching days and five training days in each year", () => {
    const { calendar } = loadConfig(CONFIG, {}, { now }).policy;
    const holidays = new Set(calendar.bankHolidays.map(({ date }) => date));
    for (const { terms, inset, closures, name } of calendar.years) {
      let days = 0;
      for (const { first, last } of terms) {
        for (let at = Date.parse(first); at <= Date.parse(last); at += 86_400_000) {
          const day = new Date(at).toISOString().slice(0, 10);
          const weekend = [0, 6].includes(new Date(at).getUTCDay());
          const closed = closures.some((one) => one.first <= day && day <= one.last);
          if (!weekend && !closed && !holidays.has(day) && !inset.includes(day)) days++;
        }
      }
      expect([name, days, inset.length]).toEqual([name, 190, 5]);
    }
  });

  test("loads with everything that is commented out, its variables set", () => {
    const school = uncommented(read("school.yaml"));
    const staff = uncommented(read("staff.yaml"));
    folder = schoolFolder({ "school.yaml": school, "staff.yaml": staff });
    const names = [...`${school}${staff}`.matchAll(/\$\{([A-Z_]+)\}/g)].map((match) => match[1] ?? "");
    const env = Object.fromEntries(names.map((name) => [name, `a long enough secret for ${name}`]));
    const { school: loaded, staff: people, warnings } = folder.load(env);
    expect(formatProblems(warnings)).toBe("");
    expect(loaded.mail?.smtp?.password).toContain("a long enough secret");
    expect(loaded.sms?.numbers).toHaveLength(3);
    expect(loaded.web.session_secret).toContain("a long enough secret");
    expect(people.filter(({ mailbox }) => mailbox !== undefined)).toHaveLength(9);
  });

  test("has rules whose examples hold", () => {
    const loaded = loadConfig(CONFIG, {}, { now });
    expect(formatProblems(runExamples(loaded, decide))).toBe("");
  });
});

describe("what is printed from the schema", () => {
  test.each(generatedFiles().map(({ path, text }) => [path, text]))(
    "%s is up to date (afterbell docs)",
    (path, text) => {
      expect(readFileSync(join(REPOSITORY, path), "utf8")).toBe(text);
    },
  );

  test("describes every key", () => {
    const page = generatedFiles().find(({ path }) => path === "docs/configuration.md")?.text ?? "";
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
  });

  test("names every setting of the example school", () => {
    const school = generatedFiles().find(({ path }) => path === "config/schema/school.json")?.text ?? "";
    const keys = [...uncommented(read("school.yaml")).matchAll(/^\s*(?:- )?([a-z_]+):/gm)].map(
      (match) => match[1],
    );
    for (const key of keys) expect(school).toContain(`"${key}"`);
  });
});
