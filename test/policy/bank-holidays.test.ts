// The bank holidays that come with the product, and what happens to a file that somebody broke.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readBankHolidays } from "../../src/policy/bank-holidays.ts";

const shipped = join(import.meta.dirname, "../../config/bank-holidays.json");
const folder = mkdtempSync(join(tmpdir(), "afterbell-holidays-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function written(content: unknown): string {
  files += 1;
  const file = join(folder, `bank-holidays-${files}.json`);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const minimal = {
  source: "made up",
  licence: "none",
  lastUpdated: "2026-01-01",
  nations: {
    "england-and-wales": [{ date: "2026-05-04", name: "Early May bank holiday" }],
    scotland: [],
    "northern-ireland": [],
  },
};

function inYear(nation: string, year: number) {
  return readBankHolidays(shipped, nation).filter(({ date }) => date.startsWith(`${year}-`));
}

describe("the shipped bank holidays", () => {
  test("Scotland has its one-off day on 15 June 2026, and the others have not", () => {
    const on = (nation: string) =>
      readBankHolidays(shipped, nation).find(({ date }) => date === "2026-06-15");
    expect(on("scotland")).toEqual({ date: "2026-06-15", name: "World Cup bank holiday" });
    expect(on("england-and-wales")).toBeUndefined();
    expect(on("northern-ireland")).toBeUndefined();
  });

  test("Easter 2026: Good Friday everywhere, Easter Monday not in Scotland", () => {
    const goodFriday = { date: "2026-04-03", name: "Good Friday" };
    const easterMonday = { date: "2026-04-06", name: "Easter Monday" };
    for (const nation of ["england-and-wales", "northern-ireland"]) {
      expect(inYear(nation, 2026)).toEqual(expect.arrayContaining([goodFriday, easterMonday]));
    }
    expect(inYear("scotland", 2026)).toContainEqual(goodFriday);
    expect(inYear("scotland", 2026)).not.toContainEqual(easterMonday);
  });

  test("England and Wales 2026, in full and in order", () => {
    expect(inYear("england-and-wales", 2026)).toEqual([
      { date: "2026-01-01", name: "New Year’s Day" },
      { date: "2026-04-03", name: "Good Friday" },
      { date: "2026-04-06", name: "Easter Monday" },
      { date: "2026-05-04", name: "Early May bank holiday" },
      { date: "2026-05-25", name: "Spring bank holiday" },
      { date: "2026-08-31", name: "Summer bank holiday" },
      { date: "2026-12-25", name: "Christmas Day" },
      { date: "2026-12-28", name: "Boxing Day (substitute day)" },
    ]);
  });

  test.each([
    ["england-and-wales", [8, 8, 8, 10, 9, 8, 8, 8, 8, 8]],
    ["scotland", [9, 9, 9, 11, 10, 9, 9, 10, 9, 9]],
    ["northern-ireland", [10, 10, 10, 12, 11, 10, 10, 10, 10, 10]],
  ])("%s: as many each year from 2019 to 2028 as were proclaimed", (nation, counts) => {
    expect(counts.map((_, index) => inYear(nation, 2019 + index).length)).toEqual(counts);
  });

  test("no holiday falls on a weekend, and no date is there twice", () => {
    for (const nation of ["england-and-wales", "scotland", "northern-ireland"]) {
      const dates = readBankHolidays(shipped, nation).map(({ date }) => date);
      expect(dates.filter((date) => [0, 6].includes(new Date(date).getUTCDay()))).toEqual([]);
      expect(new Set(dates).size).toBe(dates.length);
      expect(dates).toEqual(dates.toSorted());
    }
  });
});

describe("a file that is not right", () => {
  test("an unknown nation is answered with the known ones", () => {
    expect(() => readBankHolidays(shipped, "wales")).toThrow(
      /there is no nation "wales"; choose one of england-and-wales, scotland, northern-ireland\.$/,
    );
    expect(() => readBankHolidays(shipped, "toString")).toThrow(/no nation "toString"/);
  });

  test("a missing file says which", () => {
    const file = join(folder, "nowhere.json");
    expect(() => readBankHolidays(file, "scotland")).toThrow(`${file}: cannot be read (ENOENT`);
  });

  test("broken JSON says so", () => {
    expect(() => readBankHolidays(written('{"nations": '), "scotland")).toThrow(/is not JSON/);
  });

  test("every bad entry is named with its place", () => {
    const bad = {
      ...minimal,
      nations: {
        ...minimal.nations,
        scotland: [
          { date: "2026-02-30", name: "Never" },
          { date: "2026-03-01", name: "" },
        ],
      },
    };
    const read = () => readBankHolidays(written(bad), "england-and-wales");
    expect(read).toThrow(/nations\.scotland\.0\.date: write a date that exists as YYYY-MM-DD/);
    expect(read).toThrow(/nations\.scotland\.1\.name: write the holiday's name/);
  });

  test("a file of another shape is refused", () => {
    expect(() => readBankHolidays(written([]), "scotland")).toThrow(/the whole file/);
  });

  test("a day that a school adds is read, in order", () => {
    const entries = minimal.nations["england-and-wales"];
    const own = { date: "2026-03-02", name: "Founder's day" };
    const file = written({
      ...minimal,
      nations: { ...minimal.nations, "england-and-wales": [...entries, own] },
    });
    expect(readBankHolidays(file, "england-and-wales")).toEqual([own, ...entries]);
  });
});
