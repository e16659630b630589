// contacts.csv as it really comes: from Excel, with its habits and with people's.
import { describe, expect, test } from "@jest/globals";
import { readContacts } from "../../src/directory/csv.ts";
import { formatProblem } from "../../src/policy/report.ts";

const read = (content: string | Uint8Array) => {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const { contacts, problems } = readContacts(bytes, "contacts.csv");
  return { contacts, told: problems.map(formatProblem) };
};
const HEADER = "id,name,email,mobile,roles,language,adjustments,children";

test("a full row becomes a contact", () => {
  const { contacts, told } = read(
    `${HEADER}\n1003,Tom Whitfield,Tom@X.example t.w@y.example,"07700 900203, 01632 960203",parent governor,pl,no-limits no-hold,Elsie (5B)\n`,
  );
  expect(told).toEqual([]);
  expect(contacts).toEqual([
    {
      id: "1003",
      name: "Tom Whitfield",
      emails: ["tom@x.example", "t.w@y.example"],
      numbers: ["+447700900203", "+441632960203"],
      roles: ["parent", "governor"],
      language: "pl",
      adjustments: ["no-limits", "no-hold"],
      children: "Elsie (5B)",
    },
  ]);
});

test("id and name are enough; columns may stand in any order and in capitals", () => {
  const { contacts, told } = read("Name, ID \nDana Kowalczyk,7\n");
  expect(told).toEqual([]);
  expect(contacts).toMatchObject([
    { id: "7", name: "Dana Kowalczyk", emails: [], numbers: [], roles: ["parent"], language: "en" },
  ]);
});

describe("as spreadsheets save it", () => {
  test.each([
    ["with a mark before UTF-8", Buffer.from("\ufeffid,name\n1,Zoë Reid\n")],
    ["with semicolons", Buffer.from("id;name;children\n1;Zoë Reid;A, B\n")],
    ["with tabs", Buffer.from("id\tname\n1\tZoë Reid\n")],
    [
      "as Unicode text (UTF-16)",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("id\tname\n1\tZoë Reid\n", "utf16le")]),
    ],
    ["with a line that names the separator", Buffer.from("sep=;\r\nid;name\r\n1;Zoë Reid\r\n")],
    ["with Windows line ends and blank lines", Buffer.from("id,name\r\n\r\n1,Zoë Reid\r\n,,\r\n")],
    ["with old Macintosh line ends", Buffer.from("id,name\r1,Zoë Reid\r")],
  ])("%s", (_, bytes) => {
    const { contacts, told } = read(bytes);
    expect(told).toEqual([]);
    expect(contacts.map(({ name }) => name)).toEqual(["Zoë Reid"]);
  });

  test("in Windows-1252, with a warning", () => {
    const { contacts, told } = read(Buffer.from("id,name\n1,Zoë Reid\n", "latin1"));
    expect(contacts[0]?.name).toBe("Zoë Reid");
    expect(told).toEqual([
      'contacts.csv:1: warning: is not UTF-8: letters such as ł or é may be wrong; save it as "CSV UTF-8"',
    ]);
  });
});

describe("telephone numbers", () => {
  test.each([
    ["07700 900123", ["+447700900123"]],
    ["7700900123", ["+447700900123"]],
    ["+44 (0)7700 900123", ["+447700900123"]],
    ["0044 7700 900123", ["+447700900123"]],
    ['"=""07700900123"""', ["+447700900123"]],
    ["'07700900123", ["+447700900123"]],
    ["07700 900 123 07700 900 456", ["+447700900123", "+447700900456"]],
    ["07700900123 / 01632 960001", ["+447700900123", "+441632960001"]],
    ["07700-900-123 (mum)", ["+447700900123"]],
    ['"07700 900123\n07700 900456"', ["+447700900123", "+447700900456"]],
    ["07700900123 07700 900123", ["+447700900123"]],
    ["+48 512 345 678", ["+48512345678"]],
  ])("%s", (cell, numbers) => {
    const { contacts, told } = read(`id,name,mobile\n1,Dana Kowalczyk,${cell}\n`);
    expect(told).toEqual([]);
    expect(contacts[0]?.numbers).toEqual(numbers);
  });
});

describe("bad rows are named with what to change, and the others are read", () => {
  test.each([
    ["1,,x@y.example", "name: is empty: write the contact's name"],
    [
      ",Dana,x@y.example",
      "id: is empty: give the contact an id, such as their number in the school's records",
    ],
    ["1,Dana,x-at-y", 'email: "x-at-y" is not an e-mail address: correct it, or empty the cell'],
    [
      "1,Dana,,07700 9001",
      'mobile: "07700 9001" is not a whole telephone number: write it as 07700 900123 or +44…',
    ],
    [
      "1,Dana,,4.477E+11",
      "mobile: Excel has shortened 4.477E+11: format the column as text and type the number again",
    ],
    ["1,Dana,,,govenor", 'roles: "govenor" is not known: use parent, governor, hsa; did you mean governor?'],
    [
      "1,Dana,,,,Polish!",
      'language: "Polish!" is not a language tag: write en, pl, ur or another of two or three letters',
    ],
    [
      "1,Dana,,,,,nolimits",
      'adjustments: "nolimits" is not known: use no-limits, no-hold, no-replies; did you mean no-limits?',
    ],
    [
      "1,Dana,,,,,,A,B",
      'this row has more cells than the first line names: put a cell with the separator in it in "quotes"',
    ],
  ])("%s", (row, message) => {
    const { contacts, told } = read(`${HEADER}\n2,Good Before\n${row}\n3,Good After\n`);
    expect(told[0]).toBe(`contacts.csv:3: ${message}`);
    expect(contacts.map(({ name }) => name)).toEqual(["Good Before", "Good After"]);
  });

  test("every bad row has its own line, also after a cell of several lines", () => {
    const { told } = read(`id,name,children\n1,A,"one\ntwo"\n2,,\n\n3,,\n`);
    expect(told.map((line) => line.slice(0, line.indexOf(" ")))).toEqual([
      "contacts.csv:4:",
      "contacts.csv:6:",
    ]);
  });

  test("an id twice", () => {
    const { contacts, told } = read("id,name\n1,A\n1,B\n");
    expect(told).toEqual([
      "contacts.csv:3: id: 1 is also the id on line 2: give each contact one of their own",
    ]);
    expect(contacts.map(({ name }) => name)).toEqual(["A"]);
  });

  test("an address or number of two contacts is named, whatever its spelling", () => {
    const { told } = read(
      "id,name,email,mobile\n1,Ann Reid,a.reid@gmail.com,07700 900123\n2,Bob Reid,AReid+kids@googlemail.com,+447700900123\n",
    );
    expect(told).toEqual([
      "contacts.csv:3: warning: email: areid+kids@googlemail.com is also an address of Ann Reid (line 2), whose messages count: remove it from one of them",
      "contacts.csv:3: warning: mobile: +447700900123 is also an address of Ann Reid (line 2), whose messages count: remove it from one of them",
    ]);
  });

  test("a quotation mark that is not closed", () => {
    const { contacts, told } = read(`id,name\n1,A\n2,"B\n3,C\n`);
    expect(told).toEqual([
      'contacts.csv:3: a quotation mark is not closed, or stands inside a cell: write "" for each one inside; the rows below were not read',
    ]);
    expect(contacts.map(({ name }) => name)).toEqual(["A"]);
  });
});

describe("the first line", () => {
  test.each([
    ["1,Dana,x@y.example\n", [`contacts.csv:1: the first line must name the columns: ${HEADER}`]],
    ["", [`contacts.csv:1: is empty: the first line must name the columns: ${HEADER}`]],
    [
      "name,email\nDana,x@y.example\n",
      [`contacts.csv:1: id: this column is missing from the first line: ${HEADER}`],
    ],
    [
      "id,name,e-mail\n1,Dana,x\n",
      ["contacts.csv:1: warning: e-mail: this column is not read; did you mean email?"],
    ],
    ["id,name,Notes\n1,Dana,x\n", ["contacts.csv:1: warning: notes: this column is not read"]],
    [
      "id,name,name\n1,Dana,x\n",
      ["contacts.csv:1: name: this column stands twice in the first line: keep one of them"],
    ],
  ])("%j", (content, told) => {
    expect(read(content).told).toEqual(told);
  });
});

test("control and direction marks never reach a name", () => {
  const { contacts } = read("id,name\n1,Dana\u202e\u0007 Kowalczyk\n");
  expect(contacts[0]?.name).toBe("Dana Kowalczyk");
});
