// A scenario of test/cases: what its YAML may say, and how it becomes a message and the facts about it.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { mailHeaders } from "../../src/core/automatic/mail-headers.ts";
import { isAutomatic, suppressReply } from "../../src/core/automatic.ts";
import { fingerprint } from "../../src/core/frequency.ts";
import { dayNumber, instantMs, minutesOf, toInstant, weekdayIndex } from "../../src/core/local-time.ts";
import { newText } from "../../src/core/quoting.ts";
import {
  type Address,
  type Facts,
  type Instant,
  type Message,
  type Policy,
  REPLY_TEMPLATES,
  SENDER_ROLES,
} from "../../src/core/types.ts";
import type { Contact } from "../../src/directory/contacts.ts";
import { buildDirectory } from "../../src/directory/senders.ts";
import { type LoadedConfig, loadConfig } from "../../src/policy/load.ts";
import { schoolFile } from "../../src/policy/schema.ts";
import { addressees, ownAddresses, recipientFacts, senderOf, wordingOf } from "../../src/receive.ts";
import { inDoubt } from "./wording/in-doubt.ts";

const IN_DOUBT = "(words in doubt)";

// ---- What a scenario may say ----

const WEEKDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ZONE = "Europe/London";

/** "Friday 2026-11-27 21:00" by the school's clock; the first of the two in the hour that October repeats. */
function instantOf(moment: string): Instant {
  const [, date = "", time = ""] = moment.split(" ");
  return toInstant(instantMs(dayNumber(date), minutesOf(time), ZONE));
}

const moment = z
  .string()
  .regex(/^[A-Z][a-z]+ \d{4}-\d\d-\d\d \d\d:\d\d$/, "write a moment as Friday 2026-11-27 21:00")
  .refine((text) => {
    const [day, date = ""] = text.split(" ");
    return WEEKDAY_NAMES[weekdayIndex(dayNumber(date))] === day;
  }, "this date is another day of the week");

interface Writer {
  readonly name: string;
  readonly email: string | null;
  readonly number: string | null;
}
const writer = (name: string, email: string | null, number: string | null): Writer => ({
  name,
  email,
  number,
});

/** Who can write: the contacts of the example school, and people whom it does not know. */
const WRITERS = {
  "a parent": writer("Priya Raman", "priya.raman@example.net", "+447700900202"),
  "the same parent from her other address": writer("P. R.", "priya@ramanstudio.example", null),
  "a parent who reads Polish": writer("Dana Kowalczyk", "dana.kowalczyk@gmail.com", "+447700900201"),
  "a governor": writer("Tom Whitfield", "tom.whitfield@example.org", "+447700900203"),
  "a member of the Home School Association": writer("Grace Adeyemi", "grace.adeyemi@example.net", null),
  "a parent who is never limited": writer("Huw Pritchard", "huw@pritchard-joinery.example", "+447700900205"),
  "a parent who is never held": writer("Wendy Lomax", "wendy.lomax@example.net", null),
  "a parent who is never answered by a machine": writer("Callum Reid", "callum.reid@example.com", null),
  "a personal address that nobody knows": writer("Bluebell", "bluebell.77@gmail.com", null),
  "a mobile that nobody knows": writer("", null, "+447700900999"),
  "a mobile abroad": writer("", null, "+4917604069012"),
  "a landline": writer("", null, "+441632960777"),
  "a withheld number": writer("", null, null),
  "nobody that can be read": writer("", null, null),
  "a colleague": writer("Mr Brennan", "p.brennan@oakhill.example", null),
  "the local authority": writer("Admissions", "admissions@oakshire-council.example", null),
  "a supplier": writer("Paper and Paint", "orders@paper-and-paint.example", null),
  "a solicitor's firm": writer("Marlowe and Finch", "post@marlowe-finch.example", null),
  "a mail server": writer("Mail Delivery System", "mailer-daemon@mx.example.net", null),
  Facebook: writer("Facebook", "notification@facebookmail.com", null),
  Instagram: writer("Instagram", "no-reply@mail.instagram.com", null),
} as const;
type WriterName = keyof typeof WRITERS;
const writerNames = Object.keys(WRITERS) as [WriterName, ...WriterName[]];

const RECIPIENTS = {
  "Mrs Okafor": "okafor",
  "Mr Lindqvist": "lindqvist",
  "Ms Marsh": "marsh",
  "the school office": "office",
  "Mrs Shah": "shah",
  "Mr Brennan": "brennan",
  "Miss Haddad": "haddad",
  "Miss Novak": "novak",
  "Mr Quaye": "quaye",
  "the school": "school",
} as const;
type RecipientName = keyof typeof RECIPIENTS;
const recipientName = z.enum(Object.keys(RECIPIENTS) as [RecipientName, ...RecipientName[]]);

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item, z.array(item)]).transform((value) => [value].flat() as z.output<T>[]);

const OUTCOME_WORDS = {
  delivered: "deliver",
  held: "hold",
  "delivered and passed on": "divert",
  "kept from staff": "escalate",
} as const;
type OutcomeWords = keyof typeof OUTCOME_WORDS;

const TOLD_WORDS = {
  "the office gets it": "forward office",
  "the headteacher gets it": "forward headteacher",
  "complaints gets it": "forward complaints",
  "the chair of governors gets it": "forward chair",
  "the safeguarding lead is alerted": "alert dsl",
  "the office is told": "notice office",
} as const;
type ToldWords = keyof typeof TOLD_WORDS;

export const scenarioSchema = z
  .strictObject({
    /** Begins with the clause, "Equality" or "Promise" with its number in DESIGN. */
    "the policy says": z.string().regex(/^(\d\.\d|Equality|Promise \d) [A-Z]/),
    when: moment,
    /** When it came in, if that was earlier. */
    "received at": moment.optional(),
    from: z.enum(writerNames),
    /** What the provider says about who the sender is. */
    proven: z.enum(["yes", "no", "unchecked"]).default("yes"),
    to: oneOrMore(recipientName),
    /** The message names none of its recipients. */
    "in blind copy": z.boolean().default(false),
    by: z.enum(["email", "text"]).default("email"),
    headers: z.record(z.string(), z.string()).default({}),
    subject: z.string().default(""),
    /** The mail is broken, or larger than is read. */
    "cannot be read whole": z.boolean().default(false),
    // IN_DOUBT stands for words of which the judge is unsure.
    says: z.string(),

    // What happened before.
    earlier: z
      .array(
        z.strictObject({
          messages: z.int().min(1),
          "hours ago": z.number(),
          to: oneOrMore(recipientName),
          saying: z.string().optional(),
        }),
      )
      .default([]),
    answered: z.partialRecord(z.enum(REPLY_TEMPLATES), moment).default({}),
    "replies this hour": z.int().default(0),
    "replies today": z.int().default(0),
    "replies of the school this hour": z.int().default(0),
    "paused until": z.iso.date().optional(),

    // What the school has set, where it is not what config/school.yaml says.
    "replies switched off": z.boolean().default(false),
    "unchecked senders answered": z.enum(["everyone", "contacts", "nobody"]).default("everyone"),

    // What is decided. Whatever is not said must not happen.
    // biome-ignore lint/suspicious/noThenProperty: a scenario's outcome; never awaited.
    then: z.enum(Object.keys(OUTCOME_WORDS) as [OutcomeWords, ...OutcomeWords[]]),
    until: z.union([moment, z.partialRecord(recipientName, z.union([moment, z.literal("now")]))]).optional(),
    as: z.literal("one digest").optional(),
    reply: z.enum(["none", ...REPLY_TEMPLATES]),
    "reply in": z.string().default("en"),
    /** May a machine answer at all? Said where there is no reply; a reply means yes. */
    answerable: z.boolean().optional(),
    because: oneOrMore(z.string()).default([]),
    told: oneOrMore(z.enum(Object.keys(TOLD_WORDS) as [ToldWords, ...ToldWords[]])).default([]),
    /** "threat, serious" or "insult". */
    case: z.string().default("none"),
    /** The sender is shown as this. */
    "shown as": oneOrMore(z.enum([...SENDER_ROLES, "governor", "hsa"])).optional(),
    /** Of abuse. */
    against: z.enum(["staff", "parent", "pupil", "school"]).optional(),
  })
  .refine((one) => (one.reply === "none") === (one.answerable !== undefined), {
    message: "say `answerable` when there is no reply, and only then",
    path: ["answerable"],
  });
export type Scenario = z.output<typeof scenarioSchema>;

// ---- The example school, with texts and one more contact ----

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const neverHeld: Contact = {
  id: "1011",
  name: "Wendy Lomax",
  emails: ["wendy.lomax@example.net"],
  numbers: [],
  roles: ["parent"],
  language: "en",
  adjustments: ["no-hold"],
  children: "",
};

const SMS = {
  account_sid: "AC0123",
  auth_token: "not a real one",
  public_url: "https://afterbell.oakhill.example/twilio",
  numbers: [
    { number: "+447700900100", belongs_to: "school" },
    { number: "+447700900101", belongs_to: ["shah"] },
    { number: "+447700900102", belongs_to: ["haddad", "novak"] },
    { number: "+447700900103", belongs_to: ["brennan"] },
  ],
};

/** config/ as it is shipped, whose SMS settings are commented out. */
export function exampleSchool(): LoadedConfig {
  const loaded = loadConfig(`${ROOT}config`, {});
  const sms = schoolFile.shape.sms.parse(SMS);
  if (sms === undefined) throw new Error("The SMS settings are missing.");
  return {
    ...loaded,
    school: { ...loaded.school, sms },
    contacts: [...loaded.contacts, neverHeld],
    policy: {
      ...loaded.policy,
      texts: { replyPrefixes: sms.reply_prefixes, repliesPerNumberPerDay: sms.replies_per_number_per_day },
    },
  };
}

// ---- From a scenario to a message and its facts ----

function senderAddress({ from, by }: Scenario): Address | null {
  const { name, email, number } = WRITERS[from];
  const address = by === "email" ? email : number;
  return address === null ? null : { name, address };
}

function toAddresses(scenario: Scenario, loaded: LoadedConfig): readonly Address[] {
  if (scenario["in blind copy"]) return [];
  return scenario.to.flatMap((name) => {
    const id = RECIPIENTS[name];
    const byText = loaded.school.sms?.numbers.find(({ belongs_to }) => [belongs_to].flat().includes(id));
    const byMail = loaded.staff.find((member) => member.id === id)?.email[0];
    const address = scenario.by === "email" ? byMail : byText?.number;
    return address === undefined ? [] : [{ name, address }];
  });
}

function messageOf(scenario: Scenario, loaded: LoadedConfig): Message {
  const { subject, by } = scenario;
  const says = scenario.says.replace(IN_DOUBT, inDoubt);
  const from = senderAddress(scenario);
  const now = instantOf(scenario.when);
  const fields = {
    From: from === null ? "" : `${from.name} <${from.address}>`,
    Subject: subject,
    ...scenario.headers,
  };
  const headers = mailHeaders(
    Object.entries(fields).map(([name, value]) => ({ name: name.toLowerCase(), value })),
  );
  const context = { text: says, partTypes: [], ownLoopMark: false };
  const isMail = by === "email";
  const verdict = { yes: "pass", no: "fail", unchecked: "unchecked" } as const;
  return {
    key: "scenario",
    channel: isMail ? "email" : "sms",
    from,
    to: toAddresses(scenario, loaded),
    cc: [],
    subject,
    date: now,
    messageId: isMail ? "<scenario@example.net>" : null,
    references: [],
    text: says,
    newText: isMail ? newText(says) : says,
    automatic: isMail ? isAutomatic(headers, context) : null,
    suppressReply: isMail ? suppressReply(headers, context) : null,
    authenticity: { verdict: isMail ? verdict[scenario.proven] : "unchecked", because: "the scenario" },
    attachments: [],
    receivedAt: instantOf(scenario["received at"] ?? scenario.when),
    rawHash: createHash("sha256").update(says).digest("hex"),
    parseError: scenario["cannot be read whole"] ? "The mail could not be read whole." : null,
  };
}

const hourMs = 3_600_000;

function earlierOf({ earlier }: Scenario, now: Instant): Facts["sender"]["earlier"] {
  return earlier.flatMap((some, group) =>
    Array.from({ length: some.messages }, (_, index) => ({
      receivedAt: toInstant(Date.parse(now) - some["hours ago"] * hourMs),
      recipients: some.to.map((name) => RECIPIENTS[name]),
      fingerprint: fingerprint(some.saying ?? `Earlier message ${index} of the sort ${group} on another day`),
    })),
  );
}

export interface Situation {
  readonly message: Message;
  readonly facts: Facts;
  readonly policy: Policy;
}

export function situationOf(scenario: Scenario, loaded: LoadedConfig): Situation {
  const directory = buildDirectory(loaded.staff, loaded.contacts, loaded.school);
  const message = messageOf(scenario, loaded);
  const now = instantOf(scenario.when);
  const ids = scenario.to.map((name) => RECIPIENTS[name]);
  const until = scenario["paused until"];
  const policy = {
    ...loaded.policy,
    replies: {
      ...loaded.policy.replies,
      enabled: !scenario["replies switched off"],
      unchecked: scenario["unchecked senders answered"],
    },
  };
  const facts: Facts = {
    now,
    sender: {
      ...senderOf(message, directory),
      earlier: earlierOf(scenario, now),
      lastReplyAt: Object.fromEntries(
        Object.entries(scenario.answered).map(([template, at]) => [template, instantOf(at)]),
      ),
      repliesLastHour: scenario["replies this hour"],
      repliesLastDay: scenario["replies today"],
      paused: until === undefined ? null : { until, reason: "Agreed at the meeting." },
    },
    recipients: addressees(message, ids, directory).map((id) => recipientFacts(id, now, loaded)),
    wording: wordingOf(message, policy),
    namedContact: directory.namedContact(`${message.subject}\n${message.text}`),
    secondOpinion: null,
    repliesLastHour: scenario["replies of the school this hour"],
    ownAddresses: ownAddresses(loaded),
  };
  return { message, facts, policy };
}

/** What the scenario says is decided, in the form in which `decidedOf` tells what was. */
export function expectedOf(scenario: Scenario) {
  const { until, reply } = scenario;
  const ofEach = Object.fromEntries(
    scenario.to.map((name) => {
      const at = typeof until === "object" ? until[name] : until;
      return [RECIPIENTS[name], at === undefined ? "now" : at];
    }),
  );
  return {
    outcome: OUTCOME_WORDS[scenario.then],
    until: ofEach,
    digest: scenario.as !== undefined,
    reply,
    replyIn: reply === "none" ? null : scenario["reply in"],
    mayReply: scenario.answerable ?? true,
    because: [...scenario.because].sort(),
    told: scenario.told.map((words): string => TOLD_WORDS[words]).sort(),
    case: scenario.case,
  };
}
