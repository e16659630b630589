// One row of contacts.csv: its cells become a contact, or every cell that is wrong is named.
import { z } from "zod";
import { ADJUSTMENTS } from "../core/types.ts";
import { didYouMean } from "../policy/nearest.ts";
import { CONTACT_ROLES, type Contact } from "./contacts.ts";
import { toE164 } from "./telephone.ts";

export type Cells = Readonly<Record<string, string>>;
type Say = (key: string, message: string) => void;

const emailAddress = z.email();

/** ="07700900123" and '07700900123 keep Excel from making a number of it. */
const bare = (cell: string): string =>
  cell
    .replace(/^="(.*)"$/, "$1")
    .replace(/^'/, "")
    .trim();

const readEmails = (cell: string, say: Say): readonly string[] => {
  const written = bare(cell)
    .split(/[\s,;|/]+/)
    .map((part) => part.replace(/^mailto:/i, "").replace(/^<(.*)>$/, "$1"))
    .filter((part) => part !== "");
  for (const part of written) {
    if (!emailAddress.safeParse(part).success) {
      say("email", `"${part}" is not an e-mail address: correct it, or empty the cell`);
    }
  }
  return [...new Set(written.map((part) => part.toLowerCase()))];
};

/** Excel shows 447700900123 as 4.477E+11 and then saves it so; a leading 0 it drops. */
const SHORTENED = /^\d+([.,]\d+)?e\+?\d+$/i;
const LOST_ZERO = /^[127]\d{9}$/;

const oneNumber = (text: string): string | null => {
  const digits = text.replaceAll(/[\s().-]/g, "");
  return toE164(LOST_ZERO.test(digits) ? `0${digits}` : text);
};

/** Spaces stand inside numbers and between them: the longest run of digits that is a number is one. */
const numbersIn = (part: string): readonly (string | { readonly bad: string })[] => {
  const tokens = part.split(/\s+/).filter((token) => token !== "");
  const found: (string | { bad: string })[] = [];
  while (tokens.length > 0) {
    let length = tokens.length;
    let number: string | null = null;
    for (; length > 0 && number === null; length--) number = oneNumber(tokens.slice(0, length).join(" "));
    if (number === null) return [...found, { bad: tokens.join(" ") }];
    found.push(number);
    tokens.splice(0, length + 1);
  }
  return found;
};

const readNumbers = (cell: string, say: Say): readonly string[] => {
  const parts = bare(cell)
    .replaceAll(/\(\D*\)/g, " ")
    .split(/[,;|/\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const numbers = parts.flatMap((part) => {
    if (SHORTENED.test(part)) {
      say("mobile", `Excel has shortened ${part}: format the column as text and type the number again`);
      return [];
    }
    return numbersIn(part);
  });
  return [
    ...new Set(
      numbers.flatMap((number) => {
        if (typeof number === "string") return [number];
        say("mobile", `"${number.bad}" is not a whole telephone number: write it as 07700 900123 or +44…`);
        return [];
      }),
    ),
  ];
};

const chosen = <T extends string>(key: string, cell: string, known: readonly T[], say: Say): readonly T[] => {
  const written = cell
    .toLowerCase()
    .split(/[\s,;|/]+/)
    .filter((word) => word !== "");
  for (const word of written) {
    if (!known.some((one) => one === word)) {
      say(key, `"${word}" is not known: use ${known.join(", ")}${didYouMean(word, known)}`);
    }
  }
  return known.filter((one) => written.includes(one));
};

const readLanguage = (cell: string, say: Say): string => {
  if (cell === "") return "en";
  try {
    if (/^[a-z]{2,3}(-|$)/i.test(cell)) return Intl.getCanonicalLocales(cell)[0] ?? "en";
  } catch {}
  say("language", `"${cell}" is not a language tag: write en, pl, ur or another of two or three letters`);
  return "en";
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: names are printed in mail headers and on pages.
const CONTROL = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const printable = (cell: string): string => cell.replaceAll(CONTROL, " ").replaceAll(/\s+/g, " ").trim();

/** The contact, or null when a cell is wrong; `say` hears of every wrong cell. */
export const readRow = (cells: Cells, say: Say): Contact | null => {
  let sound = true;
  const wrong: Say = (key, message) => {
    sound = false;
    say(key, message);
  };
  const cell = (key: string): string => cells[key] ?? "";
  const id = printable(bare(cell("id")));
  const name = printable(cell("name"));
  if (id === "")
    wrong("id", "is empty: give the contact an id, such as their number in the school's records");
  if (name === "") wrong("name", "is empty: write the contact's name");
  const roles = chosen("roles", cell("roles"), CONTACT_ROLES, wrong);
  const contact: Contact = {
    id,
    name,
    emails: readEmails(cell("email"), wrong),
    numbers: readNumbers(cell("mobile"), wrong),
    roles: roles.length === 0 ? ["parent"] : roles,
    language: readLanguage(cell("language"), wrong),
    adjustments: chosen("adjustments", cell("adjustments"), ADJUSTMENTS, wrong),
    children: printable(cell("children")),
  };
  return sound ? contact : null;
};
