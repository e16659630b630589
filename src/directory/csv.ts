// contacts.csv as spreadsheets save it: comma, semicolon or tab, any encoding of Excel's, with its habits.
import { CsvError, parse } from "csv-parse/sync";
import { didYouMean } from "../policy/nearest.ts";
import { inOrder, type Problem } from "../policy/problem.ts";
import { contactRow } from "../policy/schema.ts";
import { mailboxKey } from "./address.ts";
import { type Cells, readRow } from "./contact-row.ts";
import type { Contact } from "./contacts.ts";

export interface ContactsFile {
  /** Every row that could be read, in the file's order. */
  readonly contacts: readonly Contact[];
  /** Errors name rows that were left out; warnings name rows that were taken with a doubt. */
  readonly problems: readonly Problem[];
}

const COLUMNS = Object.keys(contactRow.shape);
const HEADER = COLUMNS.join(",");

interface Line {
  /** Where it begins and ends, counted from 1. */
  readonly line: number;
  readonly end: number;
  readonly cells: readonly string[];
}

type Say = (line: number, key: string, message: string, severity?: Problem["severity"]) => void;

const decode = (bytes: Uint8Array, say: Say): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    say(1, "", 'is not UTF-8: letters such as ł or é may be wrong; save it as "CSV UTF-8"', "warning");
    return new TextDecoder("windows-1252").decode(bytes);
  }
};

/** The sign that stands most often in the first line; Excel writes a semicolon where the comma is a decimal sign. */
const delimiterOf = (header: string): string => {
  const count = (sign: string) => header.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ",");
};

const OPEN_QUOTE =
  'a quotation mark is not closed, or stands inside a cell: write "" for each one inside; the rows below were not read';

/** Records with the line on which each one begins; `to` ends after so many of them. */
const parseLines = (text: string, delimiter: string, to: number): readonly Line[] => {
  let before = 0;
  const options = {
    delimiter,
    info: true,
    relax_column_count: true,
    trim: true,
    skip_empty_lines: false,
    to,
  };
  return parse(text, options).map((entry): Line => {
    const { record, info } = entry as unknown as { record: string[]; info: { lines: number } };
    const line = before + 1;
    before = info.lines;
    return { line, end: info.lines, cells: record };
  });
};

/** All records, or those before the first broken one, which is named by the line on which it begins. */
const split = (text: string, delimiter: string, say: Say): readonly Line[] => {
  try {
    return parseLines(text, delimiter, -1);
  } catch (error) {
    const sound = error instanceof CsvError && typeof error["records"] === "number" ? error["records"] : 0;
    const lines = sound === 0 ? [] : parseLines(text, delimiter, sound);
    say((lines.at(-1)?.end ?? 0) + 1, "", OPEN_QUOTE);
    return lines;
  }
};

/** Column names by position; null when the first line is no header. */
const readHeader = ({ line, cells }: Line, say: Say): readonly string[] | null => {
  const names = cells.map((cell) => cell.toLowerCase());
  if (!names.some((name) => COLUMNS.includes(name))) {
    say(line, "", `the first line must name the columns: ${HEADER}`);
    return null;
  }
  for (const name of ["id", "name"].filter((needed) => !names.includes(needed))) {
    say(line, name, `this column is missing from the first line: ${HEADER}`);
  }
  names.forEach((name, index) => {
    if (name === "") return;
    if (names.indexOf(name) < index)
      say(line, name, "this column stands twice in the first line: keep one of them");
    else if (!COLUMNS.includes(name)) {
      say(line, name, `this column is not read${didYouMean(name, COLUMNS)}`, "warning");
    }
  });
  return names.includes("id") && names.includes("name") ? names : null;
};

const asCells = (names: readonly string[], row: Line, say: Say): Cells | null => {
  if (row.cells.slice(names.length).some((cell) => cell !== "")) {
    say(
      row.line,
      "",
      `this row has more cells than the first line names: put a cell with the separator in it in "quotes"`,
    );
    return null;
  }
  return Object.fromEntries(COLUMNS.map((name) => [name, row.cells[names.indexOf(name)] ?? ""]));
};

interface Numbered {
  readonly line: number;
  readonly contact: Contact;
}

/** Messages go by the first contact that has an address: whoever shares it is named. */
const nameShared = (rows: readonly Numbered[], say: Say): void => {
  const owners = new Map<string, Numbered>();
  for (const row of rows) {
    const addresses = [
      ...row.contact.emails.map((address) => ({ key: "email", address, as: mailboxKey(address) })),
      ...row.contact.numbers.map((address) => ({ key: "mobile", address, as: address })),
    ];
    for (const { key, address, as } of addresses) {
      const owner = owners.get(as);
      if (owner === undefined) owners.set(as, row);
      else if (owner.contact.id !== row.contact.id) {
        const whose = `${owner.contact.name} (line ${owner.line})`;
        say(
          row.line,
          key,
          `${address} is also an address of ${whose}, whose messages count: remove it from one of them`,
          "warning",
        );
      }
    }
  }
};

/** Excel's own first line that names the separator. */
const SEPARATOR_LINE = /^sep=(.)(?=\r?\n)/i;

const withoutIdsTwice = (rows: readonly Numbered[], say: Say): readonly Numbered[] => {
  const first = new Map<string, Numbered>();
  for (const row of rows) {
    const known = first.get(row.contact.id);
    if (known === undefined) first.set(row.contact.id, row);
    else
      say(
        row.line,
        "id",
        `${row.contact.id} is also the id on line ${known.line}: give each contact one of their own`,
      );
  }
  return [...first.values()];
};

/**
 * Reads every row that can be read and names every one that cannot, with its line and what to change.
 * @param bytes the file's octets
 * @param file the file's name as a person would type it
 */
export const readContacts = (bytes: Uint8Array, file: string): ContactsFile => {
  const problems: Problem[] = [];
  const say: Say = (line, key, message, severity = "error") =>
    problems.push({ file, line, key, message, severity });
  const whole = decode(bytes, say);
  const declared = SEPARATOR_LINE.exec(whole);
  const text = whole.replace(SEPARATOR_LINE, "");
  const delimiter = declared?.[1] ?? delimiterOf(text.slice(0, text.search(/\r|\n|$/)));
  const lines = split(text, delimiter, say);
  const [header, ...rest] = lines.filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (header === undefined) {
    if (problems.length === 0) say(1, "", `is empty: the first line must name the columns: ${HEADER}`);
    return { contacts: [], problems };
  }
  const names = readHeader(header, say);
  if (names === null) return { contacts: [], problems: inOrder(problems) };
  const rows = rest.flatMap((row): readonly Numbered[] => {
    const cells = asCells(names, row, say);
    const contact = cells === null ? null : readRow(cells, (key, message) => say(row.line, key, message));
    return contact === null ? [] : [{ line: row.line, contact }];
  });
  const kept = withoutIdsTwice(rows, say);
  nameShared(kept, say);
  return { contacts: kept.map(({ contact }) => contact), problems: inOrder(problems) };
};
