// Broken configurations, each with exactly what a person is told.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a school writes.
import { afterEach, describe, expect, test } from "@jest/globals";
import { changed, SCHOOL, type SchoolFolder, STAFF, schoolFolder } from "./school-folder.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;
type Row = readonly [name: string, files: Files, told: readonly string[]];

let folder: SchoolFolder | null = null;
afterEach(() => folder?.discard());

const school = (from: string, to: string): Files => ({ "school.yaml": changed(SCHOOL, from, to) });
const staff = (from: string, to: string): Files => ({ "staff.yaml": changed(STAFF, from, to) });
const rules = (text: string): Files => ({ "rules/own.yaml": `family: own\nrules:\n${text}` });
const SAFE =
  "weakens safeguarding: add i_understand: true beside the id if the designated safeguarding lead has agreed, or remove the change";

const YAML: readonly Row[] = [
  ["tabs", school("  id: oakhill", "\tid: oakhill"), ["school.yaml:2:1: indent with spaces, not with tabs"]],
  [
    "a key twice",
    school("  id: oakhill", "  id: oakhill\n  id: ashdown"),
    ["school.yaml:3:3: this key stands twice here: keep one of them"],
  ],
  [
    "a second colon",
    school("name: Oakhill Primary", "name: Oakhill: Primary"),
    ["school.yaml:3:9: a second colon stands on this line: put the text after the first one in quotes"],
  ],
  [
    "a quotation mark left open",
    staff('"07700 900111"', '"07700 900111'),
    ["staff.yaml:11:1: a quotation mark or a bracket is not closed, or a colon is missing"],
  ],
  [
    "a text that looks like an alias",
    school("name: Oakhill", "name: *Oakhill"),
    ["school.yaml:3:18: put a text that begins with * or & in quotes"],
  ],
  [
    "two documents",
    school("desks:\n", "---\ndesks:\n"),
    ["school.yaml:7:1: remove the line ---: a file holds one document"],
  ],
  [
    "an empty file",
    { "school.yaml": "" },
    ["school.yaml:1:1: is empty: it may be half-written, or nobody has filled it in"],
  ],
  [
    "only comments",
    { "staff.yaml": "# staff:\n" },
    ["staff.yaml:1:1: is empty: it may be half-written, or nobody has filled it in"],
  ],
  [
    "a list where keys belong",
    { "school.yaml": "- school\n" },
    ["school.yaml:1:1: write keys and their values, indented, on the lines below"],
  ],
  [
    "Windows-1252",
    { "staff.yaml": Buffer.from(changed(STAFF, "Ms Marsh", "Ms Màrsh"), "latin1") },
    ["staff.yaml:8: this line is not UTF-8: save the file with the encoding UTF-8"],
  ],
  [
    "a variable inside braces without quotes",
    staff('"${HEAD_PASSWORD}"', "${HEAD_PASSWORD}"),
    ['staff.yaml:5:55: inside [ ] or { } put a variable in quotes: "${NAME}"'],
  ],
  [
    "an alias that holds itself",
    school("complaints: complaints@oakhill.example", "complaints: &a [*a]"),
    ["school.yaml:1:1: cannot be read as YAML: it is nested too deeply or repeats itself too often"],
  ],
];

const SHAPE: readonly Row[] = [
  [
    "a mistyped key",
    school("  name: Oakhill", "  nmae: Oakhill"),
    [
      "school.yaml:1:1: school.name: is missing",
      "school.yaml:3:3: school.nmae: is not a known key; did you mean name?",
    ],
  ],
  [
    "a mistyped section",
    school("limits:", "limitz:"),
    ["school.yaml:25:1: limitz: is not a known key; did you mean limits?"],
  ],
  [
    "a key that resembles none",
    school("  dsl: marsh", "  dsl: marsh\n  whiteboard: marsh"),
    [
      "school.yaml:10:3: desks.whiteboard: is not a known key: remove it, or use one of headteacher, deputy, dsl, complaints, chair",
    ],
  ],
  [
    "a telephone number without quotes",
    school('"01632 960001"', "01632960001"),
    [
      "school.yaml:6:5: school.office.telephone: is read as a number, which loses a leading 0 or +: put it in quotes",
    ],
  ],
  [
    "a mistyped choice",
    school("  id: oakhill", "  id: oakhill\n  nation: scotlnd"),
    [
      "school.yaml:3:3: school.nation: write one of england-and-wales, scotland, northern-ireland; did you mean scotland?",
    ],
  ],
  [
    "an empty value",
    school("name: Oakhill Primary School", "name:"),
    ["school.yaml:3:3: school.name: is empty: write a text"],
  ],
  [
    "yes for true",
    school("calendar:\n", "calendar:\n  staff_work_on_inset: yes\n"),
    ["school.yaml:13:3: calendar.staff_work_on_inset: write true or false"],
  ],
  [
    "a number in quotes",
    school("port: 993", 'port: "993"'),
    ["school.yaml:31:5: mail.imap.port: write a number, without quotes"],
  ],
  [
    "half a message",
    school("messages: 6", "messages: 6.5"),
    ["school.yaml:26:20: limits[0].messages: must be a whole number"],
  ],
  [
    "no window at all",
    school("in_hours: 24", "in_hours: 0"),
    ["school.yaml:26:33: limits[0].in_hours: must be more than 0"],
  ],
  [
    "a port too high",
    school("port: 993", "port: 99993"),
    ["school.yaml:31:5: mail.imap.port: must be 65535 or less"],
  ],
  [
    "no e-mail address",
    staff("[head@oakhill.example]", "[head at oakhill]"),
    ["staff.yaml:4:13: staff[0].email[0]: write an e-mail address, such as office@oakhill.example"],
  ],
  [
    "an address without its list",
    staff("[head@oakhill.example]", "head@oakhill.example"),
    ["staff.yaml:4:5: staff[0].email: write a list, each entry on a line of its own after a hyphen"],
  ],
  [
    "English dates",
    school("first: 2026-09-01\n", "first: 1 September 2026\n"),
    ["school.yaml:15:7: calendar.years[0].first: write a date as YYYY-MM-DD, such as 2026-09-01"],
  ],
  [
    "31 November",
    school("last: 2026-12-18", "last: 2026-11-31"),
    ["school.yaml:18:32: calendar.years[0].terms[0].last: there is no such day; look at the calendar"],
  ],
  [
    "hours with points",
    school("08:00-17:00", "8.00-17.00"),
    ["school.yaml:23:7: hours.weeks[0].mon: write hours as HH:MM-HH:MM, such as 08:15-16:30"],
  ],
  [
    "an unknown role",
    staff("    email: [head@", "    roles: [headteecher]\n    email: [head@"),
    [
      "staff.yaml:4:13: staff[0].roles[0]: write one of headteacher, deputy, dsl, office, teacher, governor; did you mean headteacher?",
    ],
  ],
  ["nobody", { "staff.yaml": "staff: []\n" }, ["staff.yaml:1:1: staff: needs at least 1 entry"]],
];

const CALENDAR: readonly Row[] = [
  [
    "a term that ends before it begins",
    school("{ first: 2027-01-04, last: 2027-07-21 }", "{ first: 2027-07-21, last: 2027-01-04 }"),
    [
      "school.yaml:19:32: calendar.years[0].terms[1].last: 2027-01-04 is before the first day, 2027-07-21: swap or correct them",
    ],
  ],
  [
    "terms that overlap",
    school("2027-01-04", "2026-12-18"),
    [
      "school.yaml:19:13: calendar.years[0].terms[1].first: 2026-12-18 is not after the end of the term before, 2026-12-18: put the terms in order, without overlap",
    ],
  ],
  [
    "a term outside its year",
    school("2027-07-21", "2027-09-21"),
    [
      "school.yaml:19:32: calendar.years[0].terms[1].last: 2027-09-21 is outside the school year, 2026-09-01 to 2027-08-31",
    ],
  ],
  [
    "a training day outside its year",
    school("[2026-09-01]", "[2026-08-31]"),
    [
      "school.yaml:20:15: calendar.years[0].inset[0]: 2026-08-31 is outside the school year, 2026-09-01 to 2027-08-31",
    ],
  ],
  [
    "a training day on a Saturday",
    school("[2026-09-01]", "[2026-09-05]"),
    [
      "school.yaml:20:15: warning: calendar.years[0].inset[0]: 2026-09-05 is a day of a weekend: is the date right?",
    ],
  ],
  [
    "years that overlap",
    school(
      "hours:\n",
      "    - name: next\n      first: 2027-08-01\n      last: 2028-07-31\n      terms: [{ first: 2027-09-01, last: 2027-12-17 }]\nhours:\n",
    ),
    [
      "school.yaml:22:7: calendar.years[1].first: next overlaps 2026-27, 2026-09-01 to 2027-08-31: no day may be in two school years",
    ],
  ],
  [
    "no year for today",
    school(SCHOOL.slice(SCHOOL.indexOf("  years:"), SCHOOL.indexOf("hours:\n")), "  years: []\n"),
    [
      "school.yaml:13:3: warning: calendar.years: no school year covers today, 2026-11-23: nothing is held, and every message is delivered at once, until one is added",
    ],
  ],
  [
    "a zone that is none",
    school("  id: oakhill", "  id: oakhill\n  zone: Europe/Londn"),
    [
      "school.yaml:3:3: school.zone: is not a time zone: write one such as Europe/London; did you mean Europe/London?",
    ],
  ],
  [
    "an offset for a zone",
    school("  id: oakhill", '  id: oakhill\n  zone: "+01:00"'),
    ["school.yaml:3:3: school.zone: is not a time zone: write one such as Europe/London"],
  ],
  [
    "blocks that overlap",
    school("13:00-17:00", "11:30-17:00"),
    [
      "school.yaml:24:26: hours.weeks[0].tue[1]: 11:30-17:00 on Tuesday overlaps 08:00-12:00 on Tuesday: no minute may be worked twice",
    ],
  ],
  [
    "a night that runs into the next day's block",
    school("mon: 08:00-17:00", "mon: 22:00-09:00"),
    [
      "school.yaml:24:13: hours.weeks[0].tue[0]: 08:00-12:00 on Tuesday overlaps 22:00-09:00 on Monday: no minute may be worked twice",
    ],
  ],
  [
    "a Sunday night that runs into the first Monday again",
    school("mon: 08:00-17:00", "sun: 22:00-09:00\n      mon: 08:00-17:00"),
    [
      "school.yaml:24:7: hours.weeks[0].mon[0]: 08:00-17:00 on Monday overlaps 22:00-09:00 on Sunday: no minute may be worked twice",
    ],
  ],
  [
    "two weeks without a beginning",
    school("  weeks:\n", "  weeks:\n    - {}\n"),
    [
      "school.yaml:21:1: hours.week_one: is missing: with several weeks, write the date of a Monday in which the first one applies",
    ],
  ],
  [
    "a first week that begins on a Tuesday",
    school("hours:\n", "hours:\n  week_one: 2026-09-01\n"),
    [
      "school.yaml:22:3: hours.week_one: 2026-09-01 is not a Monday: write the Monday of that week, 2026-08-31",
    ],
  ],
  [
    "leave that ends before it begins",
    staff("  - id: marsh", "    leave: [{ first: 2026-12-02, last: 2026-12-01 }]\n  - id: marsh"),
    [
      "staff.yaml:7:34: staff[0].leave[0].last: 2026-12-01 is before the first day, 2026-12-02: swap or correct them",
    ],
  ],
];

const PEOPLE: readonly Row[] = [
  [
    "a desk of nobody",
    school("dsl: marsh", "dsl: mrsh"),
    ['school.yaml:9:3: desks.dsl: "mrsh" is nobody\'s id in staff.yaml; did you mean marsh?'],
  ],
  [
    "a number of nobody",
    school("belongs_to: school", "belongs_to: [okafr]"),
    [
      'school.yaml:43:49: sms.numbers[0].belongs_to[0]: "okafr" is nobody\'s id in staff.yaml; did you mean okafor?',
    ],
  ],
  [
    "a safeguarding lead without a mobile",
    staff('    mobile: "07700 900111"\n', ""),
    [
      "school.yaml:9:3: warning: desks.dsl: Ms Marsh has no mobile in staff.yaml: an alert reaches the safeguarding lead by e-mail only",
    ],
  ],
  [
    "an id twice",
    staff(
      "  - id: marsh",
      "  - id: okafor\n    name: Mr Okafor\n    email: [o@oakhill.example]\n  - id: marsh",
    ),
    [
      "staff.yaml:7:5: staff[1].id: okafor is also the id on line 2: give each member of staff one of their own",
    ],
  ],
  [
    "an address twice, in capitals",
    staff("Marsh@oakhill.example", "HEAD@oakhill.example"),
    [
      "staff.yaml:9:13: staff[1].email[0]: HEAD@oakhill.example is also an address of okafor: an address belongs to one member of staff",
    ],
  ],
  [
    "a mobile twice, written otherwise",
    staff('"07700 900111"', '"+44 7700 900110"'),
    [
      "staff.yaml:10:5: staff[1].mobile: +44 7700 900110 is also the mobile of okafor: a number belongs to one member of staff",
    ],
  ],
  [
    "too few digits",
    staff('"07700 900111"', '"07700 9001"'),
    [
      'staff.yaml:10:5: staff[1].mobile: is not a whole telephone number: write it as "07700 900123" or "+44 7700 900123"',
    ],
  ],
  [
    "texts to a phone that is not there",
    staff('    mobile: "07700 900110"\n', "    texts_to: phone\n"),
    ["staff.yaml:6:5: staff[0].texts_to: phone needs a mobile: add it, or write email"],
  ],
  [
    "a mailbox twice",
    staff(
      '    mobile: "07700 900111"',
      '    mobile: "07700 900111"\n    mailbox: { user: head@oakhill.example, password: "${HEAD_PASSWORD}" }',
    ),
    [
      "staff.yaml:11:16: staff[1].mailbox.user: is also the mailbox of okafor: a mailbox is watched for one member of staff",
    ],
  ],
  [
    "an id with a meaning of its own",
    staff(
      "  - id: marsh",
      "  - id: school\n    name: The school\n    email: [s@oakhill.example]\n  - id: marsh",
    ),
    ["staff.yaml:7:5: staff[1].id: school has a meaning of its own here: choose another id"],
  ],
];

const SERVERS: readonly Row[] = [
  [
    "no encryption to another machine",
    school("port: 993", "port: 993\n    tls: none"),
    [
      "school.yaml:32:5: mail.imap.tls: none would send passwords and mail unencrypted to another machine: write implicit or starttls",
    ],
  ],
  [
    "no encryption on this machine",
    school("imap.oakhill.example\n    port: 993", "127.0.0.1\n    port: 993\n    tls: none"),
    [],
  ],
  [
    "no authserv_id",
    school("  authserv_id: mx.oakhill.example\n", ""),
    [
      "school.yaml:27:1: warning: mail.authserv_id: is missing, so no sender counts as checked: replies go by replies.unchecked, and a forged address cannot be told from a real one; write your provider's name in Authentication-Results, such as mx.google.com",
    ],
  ],
  [
    "a user without a password",
    school("    password: ${SMTP_PASSWORD}\n", ""),
    ["school.yaml:32:3: mail.smtp.password: is missing beside user: add it, or remove user"],
  ],
  [
    "a gateway with the headteacher's address",
    school("address: afterbell@", "address: head@"),
    ["school.yaml:28:3: mail.address: is an address of okafor: the gateway needs one of its own"],
  ],
  [
    "one folder for two purposes",
    school("  authserv_id", "  held_folder: Later\n  referred_folder: later\n  authserv_id"),
    [
      "school.yaml:38:3: mail.referred_folder: must differ from held_folder: held mail comes back, referred mail does not",
    ],
  ],
  [
    "prefixes without a plus",
    school("  numbers:\n", "  reply_prefixes: ['07']\n  numbers:\n"),
    ['school.yaml:42:20: sms.reply_prefixes[0]: write how the numbers begin, in quotes: "+447"'],
  ],
];

const RULES: readonly Row[] = [
  [
    "off for false",
    rules("  - { id: hours.hold, enabled: off }\n"),
    ["rules/own.yaml:3:23: rules[0].enabled: write true or false"],
  ],
  [
    "safeguarding switched off",
    rules("  - { id: safeguarding.alert, enabled: false }\n"),
    [`rules/own.yaml:3:31: rules[0].enabled: ${SAFE}`],
  ],
  [
    "safeguarding for texts only",
    rules("  - { id: safeguarding.alert, when: { channel: sms } }\n"),
    [`rules/own.yaml:3:5: rules[0]: ${SAFE}`],
  ],
  [
    "nobody alerted",
    rules("  - { id: safeguarding.alert, then: { alert: [] } }\n"),
    [`rules/own.yaml:3:5: rules[0]: ${SAFE}`],
  ],
  [
    "safeguarding held after all",
    rules("  - { id: safeguarding.alert, then: { never: [] } }\n"),
    [`rules/own.yaml:3:5: rules[0]: ${SAFE}`],
  ],
  [
    "safeguarding off, and understood",
    rules("  - { id: safeguarding.alert, enabled: false, i_understand: true }\n"),
    [],
  ],
  [
    "safeguarding made stricter",
    rules("  - { id: safeguarding.alert, then: { alert: [dsl, headteacher] } }\n"),
    [],
  ],
  [
    "a slip in a shipped rule's id",
    rules("  - { id: hours.hodl, enabled: false }\n"),
    [
      "rules/own.yaml:3:7: rules[0].id: no shipped rule has the id hours.hodl (did you mean hours.hold?), and a rule of your own also needs clause, why, when, then, examples",
    ],
  ],
  [
    "a change twice",
    rules("  - { id: hours.hold, enabled: false }\n  - { id: hours.hold, enabled: true }\n"),
    ["rules/own.yaml:4:7: rules[1].id: hours.hold is also the id of the rule at rules/own.yaml:3: keep one"],
  ],
  [
    "an unknown limit",
    rules("  - { id: hours.hold, when: { over_limit: per-dya } }\n"),
    [
      'rules/own.yaml:3:31: rules[0].when.over_limit: "per-dya" is no limit of school.yaml; did you mean per-day?',
    ],
  ],
  [
    "a pattern that RE2 does not know",
    rules("  - { id: hours.hold, when: { patterns: ['a(?=b)'] } }\n"),
    [
      "rules/own.yaml:3:42: rules[0].when.patterns[0]: is not a pattern (invalid or unsupported Perl syntax: `(?=`): RE2 has no look-ahead and no back-references",
    ],
  ],
  [
    "an unknown category",
    rules("  - { id: hours.hold, when: { category: thraet } }\n"),
    [
      'rules/own.yaml:3:31: rules[0].when.category: no word of the lexicon is of the category "thraet"; did you mean threat?',
    ],
  ],
  [
    "an unknown sender",
    rules("  - { id: hours.hold, when: { sender: parnet } }\n"),
    [
      "rules/own.yaml:3:31: rules[0].when.sender: write one of any, parent, probably-parent, staff, organisation, unknown; did you mean parent?",
    ],
  ],
  [
    "an unknown fact in an example",
    rules("  - { id: hours.hold, examples: { match: [{ text: a, given: { offduty: true } }] } }\n"),
    [
      "rules/own.yaml:3:63: rules[0].examples.match[0].given.offduty: is not a known key; did you mean off_duty?",
    ],
  ],
  [
    "a word for safeguarding switched off",
    {
      "rules/own.yaml":
        "family: own\nlexicon:\n  - { category: safeguarding, strength: 0, terms: [hurts me] }\n",
    },
    [`rules/own.yaml:3:52: lexicon[0].terms[0]: ${SAFE.replace("the id", "the category")}`],
  ],
];

const SECRETS: readonly Row[] = [
  [
    "a password in the file",
    school("${SMTP_PASSWORD}", "hunter2"),
    [
      'school.yaml:36:5: mail.smtp.password: is a secret and may not stand here: write "${NAME}" and set NAME in the environment, or file:path',
    ],
  ],
  [
    "a variable that is not set",
    school("${SMTP_PASSWORD}", "${SMPT_PASSWORD}"),
    [
      "school.yaml:36:5: mail.smtp.password: the environment variable SMPT_PASSWORD is not set: give it a value before starting",
    ],
  ],
  [
    "a variable with a hyphen",
    school("${SMTP_PASSWORD}", "${SMTP-PASSWORD}"),
    ["school.yaml:36:5: mail.smtp.password: write a variable as ${NAME}, with letters, digits and _ only"],
  ],
  [
    "a secret's file that is not there",
    school("${SMTP_PASSWORD}", "file:secrets/smtp"),
    [
      "school.yaml:36:5: mail.smtp.password: the file secrets/smtp that should hold it: there is no such file",
    ],
  ],
  [
    "a secret's file without a secret",
    { ...school("${SMTP_PASSWORD}", "file:smtp.txt"), "smtp.txt": " \n" },
    ["school.yaml:36:5: mail.smtp.password: the file smtp.txt that should hold it is empty"],
  ],
  [
    "a session secret that is too short",
    { "school.yaml": `${SCHOOL}web:\n  session_secret: \${TWILIO_TOKEN}\n` },
    ["school.yaml:45:3: web.session_secret: must be at least 32 characters long"],
  ],
];

const ADDITIONS: readonly Row[] = [
  [
    "a file where the folder of rules belongs",
    { rules: "family: own\n" },
    ["rules:1: cannot be read as a folder of rules: make it a folder that this user may read"],
  ],
  [
    "a school without e-mail",
    school(SCHOOL.slice(SCHOOL.indexOf("mail:\n  address"), SCHOOL.indexOf("sms:\n")), ""),
    [
      "school.yaml:1:1: warning: mail: is missing, so no mailbox is watched and no e-mail is sent",
      "staff.yaml:5:5: warning: staff[0].mailbox: is not watched: school.yaml has no mail.imap",
    ],
  ],
  [
    "a term with a bracket left open",
    { "rules/own.yaml": "family: own\nlexicon:\n  - { category: own, strength: 1, terms: ['(a'] }\n" },
    ['rules/own.yaml:3:43: lexicon[0].terms[0]: "(a" has brackets that do not pair, or a | outside them'],
  ],
  [
    "a colleague among the contacts",
    { "contacts.csv": "id,name,email\n7,Joan Marsh,marsh@oakhill.example\n" },
    [
      "contacts.csv:1: warning: email: marsh@oakhill.example of Joan Marsh is an address of marsh in staff.yaml: messages from it count as staff's",
    ],
  ],
];

describe.each([
  ["YAML", YAML],
  ["the shape", SHAPE],
  ["the calendar", CALENDAR],
  ["people", PEOPLE],
  ["servers", SERVERS],
  ["rules", RULES],
  ["secrets", SECRETS],
  ["what lies between files", ADDITIONS],
])("%s", (_, rows) => {
  test.each(rows)("%s", (_name, files, told) => {
    folder = schoolFolder(files);
    expect(folder.problems()).toEqual(told);
  });
});

test("a folder without school.yaml and staff.yaml says where to find an example", () => {
  folder = schoolFolder();
  folder.remove("school.yaml");
  folder.remove("staff.yaml");
  const told = "there is no such file: copy the one in the example school and change it";
  expect(folder.problems()).toEqual([`school.yaml:1: ${told}`, `staff.yaml:1: ${told}`]);
});

test("problems of all files and of all parts of one file are told at once", () => {
  const broken = changed(
    changed(changed(SCHOOL, "08:00-17:00", "8-5"), "2027-07-21", "2027-09-21"),
    "dsl: marsh",
    "dsl: mrsh",
  );
  folder = schoolFolder({
    "school.yaml": broken,
    "staff.yaml": changed(STAFF, '"07700 900110"', "07700900110"),
    "contacts.csv": "id,name,email\n1,,a@b.example\n",
    "rules/own.yaml": "family: own\nrules:\n  - { id: hours.hold, enabled: no }\n",
  });
  expect(folder.problems()).toEqual([
    "contacts.csv:2: name: is empty: write the contact's name",
    "rules/own.yaml:3:23: rules[0].enabled: write true or false",
    'school.yaml:9:3: desks.dsl: "mrsh" is nobody\'s id in staff.yaml; did you mean marsh?',
    "school.yaml:19:32: calendar.years[0].terms[1].last: 2027-09-21 is outside the school year, 2026-09-01 to 2027-08-31",
    "school.yaml:23:7: hours.weeks[0].mon: write hours as HH:MM-HH:MM, such as 08:15-16:30",
    "staff.yaml:6:5: staff[0].mobile: is read as a number, which loses a leading 0 or +: put it in quotes",
  ]);
});
