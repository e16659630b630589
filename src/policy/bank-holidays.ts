// Bank holidays of the United Kingdom's nations, read from config/bank-holidays.json.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Calendar, LocalDate } from "../core/types.ts";

const holiday = z.strictObject({
  date: z.iso.date("write a date that exists as YYYY-MM-DD, such as 2026-05-04"),
  name: z.string().min(1, "write the holiday's name"),
});
const holidays = z.array(holiday);

const bankHolidayFile = z.strictObject({
  source: z.string(),
  licence: z.string(),
  lastUpdated: z.iso.date("write a date that exists as YYYY-MM-DD, such as 2026-05-04"),
  nations: z.strictObject({
    "england-and-wales": holidays,
    scotland: holidays,
    "northern-ireland": holidays,
  }),
});

export type BankHolidays = Calendar["bankHolidays"];

/**
 * The bank holidays of one nation ("england-and-wales", "scotland", "northern-ireland"), sorted by date.
 * Each is `{ date, name }`, the date in the school's own zone.
 * Throws an Error of one sentence for each problem, with the file and the entry to change.
 */
export function readBankHolidays(file: string, nation: string): BankHolidays {
  const checked = bankHolidayFile.safeParse(parsed(file));
  if (!checked.success) {
    throw new Error(checked.error.issues.map((issue) => problem(file, issue)).join("\n"));
  }
  const found = Object.entries(checked.data.nations).find(([name]) => name === nation);
  if (!found) {
    const known = Object.keys(checked.data.nations).join(", ");
    throw new Error(`${file}: there is no nation "${nation}"; choose one of ${known}.`);
  }
  return found[1].toSorted((a, b) => compare(a.date, b.date));
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "no reason given";
    throw new Error(`${file}: cannot be read (${code}); copy it again from the release.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw new Error(`${file}: is not JSON (${message}); mend it or copy it again from the release.`, {
      cause,
    });
  }
}

function problem(file: string, issue: z.core.$ZodIssue): string {
  const key = issue.path.join(".") || "the whole file";
  return `${file}: ${key}: ${issue.message}.`;
}

function compare(a: LocalDate, b: LocalDate): number {
  return a < b ? -1 : Number(a > b);
}
