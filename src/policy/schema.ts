// What a school may write in config/ and rules/: the zod schema is the documentation, and the reference
// page and the editors' JSON Schema are printed from it (src/commands/docs.ts).
import { z } from "zod";
import {
  ADJUSTMENTS,
  AUTOMATIC_KINDS,
  DESKS,
  OUTCOMES,
  REPLY_TEMPLATES,
  SENDER_ROLES,
} from "../core/types.ts";

const isRealDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: "write a date as YYYY-MM-DD, such as 2026-09-01", abort: true })
  .refine(isRealDate, "there is no such day; look at the calendar");
const block = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    "write hours as HH:MM-HH:MM, such as 08:15-16:30",
  );
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "use small letters, digits, dots and hyphens only");
const email = z.email("write an e-mail address, such as office@oakhill.example");
const webAddress = z.url("write a full web address, such as https://afterbell.oakhill.example");
const telephone = z.string().min(3);
const port = z.int().min(0).max(65535);
const words = z.string().min(1);

const range = z.strictObject({
  first: localDate.describe("First day, YYYY-MM-DD."),
  last: localDate.describe("Last day, YYYY-MM-DD; it belongs to the range."),
  name: z.string().default("").describe("What people call it, such as Autumn term, first half."),
});
const dayBlocks = z
  .union([block, z.array(block)])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const day = (name: string) =>
  dayBlocks.optional().describe(`Working hours on a ${name}: one HH:MM-HH:MM or a list of them.`);
const week = z
  .strictObject({
    mon: day("Monday"),
    tue: day("Tuesday"),
    wed: day("Wednesday"),
    thu: day("Thursday"),
    fri: day("Friday"),
    sat: day("Saturday"),
    sun: day("Sunday"),
  })
  .describe("Working hours by weekday. A day that is absent is not worked. 22:00-06:00 runs past midnight.");

const hours = z.strictObject({
  weeks: z
    .array(week)
    .min(1)
    .describe(
      "One week, or several that alternate. A day that is absent is not worked; 22:00-06:00 runs past midnight.",
    ),
  week_one: localDate
    .optional()
    .describe("A Monday in which the first of several weeks applies; needed when there are several."),
  all_year: z
    .boolean()
    .default(false)
    .describe("Works in the school holidays too; bank holidays and closures still count."),
});

const year = z.strictObject({
  name: words.describe("Such as 2026-27."),
  first: localDate.describe(
    "First day of the school year. A day outside every year is unknown: mail is delivered.",
  ),
  last: localDate.describe("Last day of the school year."),
  terms: z
    .array(range)
    .min(1)
    .describe("Each stretch of school days, in order; the gaps are holidays. Weekends need no mention."),
  inset: z
    .array(localDate)
    .default([])
    .describe("Training days, inside or outside the terms: no pupils, but see staff_work_on_inset."),
  closures: z
    .array(range)
    .default([])
    .describe("Days on which the school is shut to all: snow, an election."),
});

const server = {
  host: words.describe("Host name or IP address."),
  port: port.describe("TCP port: IMAP 993, SMTP 465 or 587."),
  tls: z
    .enum(["implicit", "starttls", "none"])
    .default("implicit")
    .describe("How the connection is encrypted. none is for servers on this very machine only."),
};

const office = z.strictObject({
  email: email.describe("Given to parents in every reply, for a meeting."),
  telephone: telephone.describe("Given to parents in every reply, as it stands here."),
});

const school = z.strictObject({
  id: id.describe("Short name for the database; never change it."),
  name: words.describe("As it stands in replies."),
  nation: z
    .enum(["england-and-wales", "scotland", "northern-ireland"])
    .default("england-and-wales")
    .describe("Whose bank holidays count."),
  zone: z.string().default("Europe/London").describe("IANA time zone; all hours and dates are in it."),
  office: office.describe("Where every automatic reply leads to."),
  emergency: z
    .array(z.string())
    .default([
      "In an emergency, call 999.",
      "Worried about a child? NSPCC: 0808 800 5000. Childline: 0800 1111.",
    ])
    .describe("Lines at the end of every automatic reply."),
  complaints_page: webAddress.optional().describe("Where the complaints procedure can be read."),
});

const desks = z.strictObject({
  headteacher: id.describe("Staff id. Abuse goes to this person's queue."),
  deputy: id.optional().describe("Staff id of the deputy headteacher."),
  dsl: id.describe("Designated safeguarding lead: staff id with a mobile, for alerts."),
  complaints: email.describe("Complaints are copied to this address at once."),
  chair: email.describe("Chair of governors: complaints about the headteacher go there."),
});

const calendar = z.strictObject({
  years: z
    .array(year)
    .default([])
    .describe("School years. Without one for today nothing is held, and the office is told."),
  staff_work_on_inset: z.boolean().default(true).describe("Training days are working days for staff."),
});

const limit = z.strictObject({
  id: id.describe("Name that rules use in over_limit."),
  messages: z.int().min(1).describe("More than this many distinct messages inside the window is too many."),
  in_hours: z
    .number()
    .positive()
    .max(24 * 31)
    .describe("Length of the sliding window, in hours; 31 days at most."),
  counts: z
    .enum(["sender", "recipient", "repeat"])
    .default("sender")
    .describe(
      "sender: to all staff over all channels; recipient: to one member of staff; repeat: near-identical ones.",
    ),
});

const replies = z.strictObject({
  enabled: z.boolean().default(true).describe("false: no automatic reply is ever sent."),
  from_name: z.string().optional().describe("Name in From; absent = the school's name."),
  per_sender_per_hour: z.int().min(1).default(3).describe("Most replies to one sender in an hour."),
  per_installation_per_hour: z.int().min(1).default(200).describe("Most replies in all in an hour."),
  unchecked: z
    .enum(["everyone", "contacts", "nobody"])
    .default("everyone")
    .describe("Who is answered when no provider has checked who the sender is (see mail.authserv_id)."),
});

const mail = z.strictObject({
  address: email.describe("The gateway's own address: replies and notices come from it."),
  imap: z
    .strictObject({
      ...server,
      max_message_mb: z
        .number()
        .positive()
        .default(50)
        .describe("Larger mail is delivered unread by the gateway, in megabytes."),
    })
    .optional()
    .describe("The server that holds the staff mailboxes; absent = no mailbox is watched."),
  smtp: z
    .strictObject({
      ...server,
      user: z.string().optional().describe("Sign-in; absent = the server asks for none."),
      password: z.string().optional().describe(`Secret: \${NAME} or file:path.`),
    })
    .optional()
    .describe("The server that replies and notices are sent through; absent = none is sent."),
  authserv_id: z
    .string()
    .optional()
    .describe(
      "The provider's name in Authentication-Results, such as mx.google.com. Absent = no sender counts as checked, since anybody can forge the field.",
    ),
  held_folder: words
    .default("Afterbell/Held")
    .describe("Folder in each mailbox for mail that waits; made when absent."),
  referred_folder: words
    .default("Afterbell/Referred")
    .describe("Folder in each mailbox for mail that went to the headteacher."),
  poll_seconds: z
    .number()
    .positive()
    .default(60)
    .describe("Seconds between looks, beside the server's notice."),
});

const sms = z.strictObject({
  account_sid: words.describe("Twilio's account SID, beginning with AC."),
  auth_token: words.describe(`Secret: \${NAME} or file:path.`),
  public_url: webAddress.describe("The address that Twilio calls, as it stands in Twilio's console."),
  api_url: webAddress.default("https://api.twilio.com").describe("Changed only for tests."),
  per_second: z.number().positive().default(1).describe("Texts sent per second at most."),
  reply_prefixes: z
    .array(z.string())
    .default(["+447"])
    .describe("Numbers that may be answered, by how they begin: texts abroad and to premium numbers cost."),
  replies_per_number_per_day: z.int().min(0).default(1).describe("Most replies to one number in a day."),
  texts_per_day: z.int().min(0).default(200).describe("A cap on what the school spends: texts in a day."),
  numbers: z
    .array(
      z.strictObject({
        number: telephone.describe("The Twilio number that parents write to."),
        belongs_to: z
          .union([z.literal("school"), id.transform((owner) => [owner]), z.array(id).min(1)])
          .describe("school, or the staff ids of those who get its texts."),
      }),
    )
    .min(1)
    .describe("The numbers that parents write to."),
});

const web = z.strictObject({
  host: words.default("127.0.0.1").describe("Address to listen on; 127.0.0.1 = this machine only."),
  port: port.default(8420).describe("Port to listen on."),
  public_url: webAddress.optional().describe("What people type to reach the pages; used in links."),
  session_secret: z
    .string()
    // Not min(): an editor holds the schema against ${NAME}, which is shorter than what it stands for.
    .refine((secret) => secret.length >= 32, "must be at least 32 characters long")
    .optional()
    .describe(`Secret of 32 or more characters: \${NAME} or file:path; absent = made and kept in data/.`),
  trust_proxy: z
    .boolean()
    .default(false)
    .describe("true behind a reverse proxy: the sender's address is then read from X-Forwarded-For."),
});

export const LEARNING = ["off", "labels", "texts"] as const;

export const wordingSettings = z.strictObject({
  learning: z
    .enum(LEARNING)
    .default("labels")
    .describe(
      "What is kept when the headteacher says that words were or were not abuse. off = nothing; labels = what was judged and said, without the words; texts = also the words, with names, addresses and numbers taken out, so that they can be exported for training. Name texts in the privacy notice and the data protection impact assessment first. A narrower setting erases what it no longer allows, when the service next starts or reads its configuration.",
    ),
  second_opinion: z
    .strictObject({
      url: webAddress.describe(
        "The endpoint up to /v1, such as http://127.0.0.1:11434/v1 for Ollama. http only on this machine or the school's own network.",
      ),
      model: words.describe("Name of the model, as the endpoint knows it."),
      api_key: z
        .string()
        .refine((key) => /^[ -~]+$/.test(key), "may hold printable ASCII characters only")
        .optional()
        .describe(`Secret: \${NAME} or file:path; absent = the endpoint asks for none.`),
      timeout_seconds: z
        .number()
        .positive()
        .max(10)
        .default(8)
        .describe("How long a message waits for the answer; 10 at most, since Twilio waits 15 seconds."),
      per_hour: z.int().min(1).default(60).describe("Most questions in an hour."),
    })
    .optional()
    .describe(
      "A language model that the school runs itself, asked only where the words may be abuse. Absent = none is asked.",
    ),
});

export const schoolFile = z.strictObject({
  school: school.describe("The school itself."),
  desks: desks.describe("Who gets what cannot go, or not only, to its addressee."),
  calendar: calendar.describe("When the school is open."),
  hours: hours.describe("The hours of everyone who has none of their own, and of the school's own number."),
  limits: z.array(limit).default([]).describe("How many messages are too many; rules name them."),
  hold: z
    .strictObject({
      longest_days: z
        .number()
        .positive()
        .default(7)
        .describe("Mail that would wait for longer goes to the office too, in days."),
    })
    .prefault({})
    .describe("Holding mail until working hours."),
  replies: replies.prefault({}).describe("Automatic replies."),
  escalation: z
    .strictObject({
      notify: z
        .enum(["at_once", "working_hours"])
        .default("at_once")
        .describe("When the headteacher is told of a new case. Safeguarding alerts never wait."),
    })
    .prefault({})
    .describe("Abuse and the headteacher's queue."),
  mail: mail.optional().describe("E-mail; absent = none is watched or sent."),
  sms: sms.optional().describe("Texts by Twilio; absent = none are received or sent."),
  wording: wordingSettings.prefault({}).describe("How words are judged."),
  web: web.prefault({}).describe("The headteacher's pages and the webhook."),
  store: z
    .strictObject({
      file: words.default("data/afterbell.db").describe("SQLite file, from where the service is started."),
    })
    .prefault({})
    .describe("The database."),
});

export const staffFile = z.strictObject({
  staff: z
    .array(
      z.strictObject({
        id: id.describe("Short name, never changed: desks and numbers refer to it."),
        name: words.describe("As parents know them: Mrs Shah."),
        roles: z
          .array(z.enum(["headteacher", "deputy", "dsl", "office", "teacher", "governor"]))
          .default(["teacher"])
          .describe("What they are at the school; for show. The desks in school.yaml decide who gets what."),
        email: z
          .array(email)
          .min(1)
          .describe("Every address at which they are written to; the first is for notices."),
        mailbox: z
          .strictObject({
            user: words.describe("Sign-in name on mail.imap."),
            password: words.describe(`Secret: \${NAME} or file:path.`),
          })
          .optional()
          .describe("Sign-in to the school's IMAP server; absent = not watched."),
        mobile: telephone.optional().describe("For alerts and texts: 07700 900123 or +44…, in quotes."),
        texts_to: z
          .enum(["email", "phone"])
          .default("email")
          .describe("Where texts from parents are passed on to."),
        hours: hours.optional().describe("Their own hours; absent = the school's."),
        leave: z.array(range).default([]).describe("Days off: not working days."),
      }),
    )
    .min(1)
    .describe("Everyone whom parents write to."),
});

const list = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);

const exampleFields = z.strictObject({
  text: z.string().default("").describe("What the sender wrote."),
  subject: z.string().default("").describe("Subject of the mail."),
  from: z
    .string()
    .optional()
    .describe("Sender's address or number; absent = a parent whom the school knows."),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe("Header fields of the mail, such as Auto-Submitted: auto-replied."),
  given: z
    .strictObject({
      off_duty: z.boolean().optional().describe("The recipient is outside their hours."),
      over_limit: z.string().optional().describe("Id of a limit that the sender is over."),
      paused: z.boolean().optional().describe("The headteacher has paused the sender."),
      names_contact: z.boolean().optional().describe("The text names one of the school's contacts."),
    })
    .prefault({})
    .describe("What else is so."),
});
const example = z.union([z.string(), exampleFields]);

const whenFields = {
  sender: z
    .union([z.literal("any"), list(z.enum(SENDER_ROLES))])
    .optional()
    .describe("Who writes; absent = parent and probably-parent."),
  machine: z
    .union([z.literal("any"), z.literal("no"), list(z.enum(AUTOMATIC_KINDS))])
    .optional()
    .describe("Kinds of machine mail; absent = no, only people's."),
  channel: list(z.enum(["email", "sms", "whatsapp"]))
    .optional()
    .describe("How it came; absent = any way."),
  from_domain: list(words).optional().describe("Domains of the sender's address, with those below them."),
  words: list(words)
    .optional()
    .describe("Phrases; one of them stands, as whole words, in the subject or the new text."),
  patterns: list(words)
    .optional()
    .describe("RE2 patterns (no look-ahead, no back-references); capitals make no difference."),
  verdict: list(z.enum(["abusive", "unsure", "ok"]))
    .optional()
    .describe("What the wording amounts to."),
  category: list(words).optional().describe("Categories of the lexicon, such as threat."),
  safeguarding: z.boolean().optional().describe("A possible disclosure or risk of harm."),
  must_not_wait: list(words).optional().describe("Kinds, such as absence or complaint."),
  off_duty: z.boolean().optional().describe("The recipient is outside their working hours."),
  over_limit: z
    .union([z.literal("any"), list(id)])
    .optional()
    .describe("Ids of limits in school.yaml that the sender is over, or any."),
  paused: z.boolean().optional().describe("The headteacher has paused the sender."),
  names_contact: z.boolean().optional().describe("The text names one of the school's contacts."),
};

const thenFields = {
  outcome: z
    .enum(OUTCOMES)
    .default("deliver")
    .describe(
      "deliver, hold until working hours, divert to a desk, or escalate to the headteacher. The strictest of all rules wins.",
    ),
  never: list(z.enum(OUTCOMES)).default([]).describe("Outcomes that are barred, whatever else matched."),
  reply: z.enum(REPLY_TEMPLATES).optional().describe("Which automatic reply; absent = none."),
  forward: list(z.enum(DESKS)).default([]).describe("Desks that get the original with a summary."),
  alert: list(z.enum(DESKS)).default([]).describe("Desks that are alerted at once, at any hour."),
  open_case: z
    .strictObject({
      kind: id.describe("Such as abuse."),
      severity: z.enum(["serious", "normal"]).default("normal").describe("serious comes first in the queue."),
    })
    .optional()
    .describe("Opens a case in the headteacher's queue."),
  batch: z.boolean().default(false).describe("Held messages come as one digest on the next working day."),
};

const examples = z.strictObject({
  match: z.array(example).min(1).describe("Messages for which the rule must match: text, or fields."),
  pass: z.array(example).min(1).describe("Messages for which it must not match."),
});

const ruleId = id.describe("Name of the rule; a shipped rule of the same id is changed by it.");
const ruleFields = {
  enabled: z.boolean().default(true).describe("false switches the rule off."),
  i_understand: z
    .boolean()
    .optional()
    .describe("Needed (true) to switch a safeguarding rule off or to weaken it."),
  clause: words.describe("The clause of the code of conduct that it serves, such as 3.3."),
  why: words.describe("One sentence that a headteacher can read."),
};

export const ruleSchema = z.strictObject({
  id: ruleId,
  ...ruleFields,
  when: z
    .strictObject(whenFields)
    .describe("All conditions given must hold; a list holds when one entry does."),
  // biome-ignore lint/suspicious/noThenProperty: "then" is what a school writes; never awaited.
  then: z.strictObject(thenFields).describe("What follows."),
  examples: examples.describe("Run by afterbell check."),
});

/** A school's entry for a rule that is shipped: only what differs; when, then and examples key by key. */
export const rulePatchSchema = z
  .strictObject({
    ...ruleFields,
    when: z.strictObject(whenFields).partial(),
    // biome-ignore lint/suspicious/noThenProperty: "then" is what a school writes; never awaited.
    then: z.strictObject(thenFields).partial(),
    examples: examples.partial(),
  })
  .partial()
  .extend({ id: ruleId });

const lexicon = z
  .array(
    z.strictObject({
      category: id.describe("What the terms speak for, such as threat."),
      strength: z
        .number()
        .min(0)
        .max(1)
        .describe("0 to 1: how strongly one term alone speaks for it; 0 = off."),
      language: z.string().default("en").describe("BCP 47 tag, such as pl."),
      terms: z
        .array(words)
        .min(1)
        .describe(
          "Words and phrases: word* any ending; (a|b) one of these; _ any word; ... up to five words; <child> a group.",
        ),
      i_understand: z
        .boolean()
        .optional()
        .describe("Needed (true) to weaken terms of safeguarding that are shipped."),
    }),
  )
  .default([])
  .describe("Words and phrases that speak for a category. A school's strength replaces the shipped one.");

const family = id.describe("Name of the family of rules, as the file is called.");

export const ruleFile = z.strictObject({ family, rules: z.array(ruleSchema).default([]), lexicon });

/** A file in a school's own rules/ folder: whole rules of its own and changes to shipped ones. */
export const schoolRuleFile = z.strictObject({
  family,
  rules: z
    .array(z.union([ruleSchema, rulePatchSchema]))
    .default([])
    .describe("Rules of one's own, or changes to shipped ones: id and what differs."),
  lexicon,
});

/** contacts.csv, one row a contact; several addresses or numbers in one cell are separated by spaces. */
export const contactRow = z.strictObject({
  id: words.describe("Number or name in the school's records; never changed."),
  name: words.describe("As they are called in replies."),
  email: z.string().default("").describe("Addresses, separated by spaces."),
  mobile: z.string().default("").describe("Numbers, separated by spaces or commas; 07700 900123 or +44…."),
  roles: z.string().default("parent").describe("Any of parent, governor, hsa, separated by spaces."),
  language: z.string().default("en").describe("Of replies: BCP 47 tag, such as pl."),
  adjustments: z
    .string()
    .default("")
    .describe(
      `Reasonable adjustments, any of ${ADJUSTMENTS.join(", ")}: never limited, never held, never answered by a machine.`,
    ),
  children: z.string().default("").describe("Names or classes of their children."),
});

export type SchoolFile = z.output<typeof schoolFile>;
export type StaffFile = z.output<typeof staffFile>;
export type StaffMember = StaffFile["staff"][number];
export type RuleFile = z.output<typeof ruleFile>;
