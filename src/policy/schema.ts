// What a school may write in config/ and rules/: the zod schema is the documentation, and the reference
// page and the editors' JSON Schema are printed from it (npm run docs).
import { z } from "zod";
import {
  ADJUSTMENTS,
  AUTOMATIC_KINDS,
  DESKS,
  OUTCOMES,
  REPLY_TEMPLATES,
  SENDER_ROLES,
} from "../core/types.ts";

const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as YYYY-MM-DD, such as 2026-09-01");
const block = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    "write hours as HH:MM-HH:MM, such as 08:15-16:30",
  );
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "use small letters, digits, dots and hyphens only");
const email = z.email("write an e-mail address, such as office@oakhill.example");
const telephone = z.string().min(3).describe("Telephone number, international (+44…) or national.");
const port = z.int().min(0).max(65535);

const range = z.strictObject({ first: localDate, last: localDate, name: z.string().default("") });
const dayBlocks = z
  .union([block, z.array(block)])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const week = z
  .strictObject({
    mon: dayBlocks.optional(),
    tue: dayBlocks.optional(),
    wed: dayBlocks.optional(),
    thu: dayBlocks.optional(),
    fri: dayBlocks.optional(),
    sat: dayBlocks.optional(),
    sun: dayBlocks.optional(),
  })
  .describe("Working hours by weekday. A day that is absent is not worked. 22:00-06:00 runs past midnight.");

const hours = z.strictObject({
  weeks: z.array(week).min(1).describe("One week, or several that alternate."),
  week_one: localDate.optional().describe("A Monday in which the first of several weeks applies."),
  all_year: z.boolean().default(false).describe("Works in the school holidays too."),
});

const year = z.strictObject({
  name: z.string().describe("Such as 2026-27."),
  first: localDate,
  last: localDate,
  terms: z.array(range).min(1).describe("Each stretch of school days; the gaps are holidays."),
  inset: z.array(localDate).default([]),
  closures: z.array(range).default([]),
});

const server = {
  host: z.string(),
  port,
  tls: z
    .enum(["implicit", "starttls", "none"])
    .default("implicit")
    .describe("none is for servers on this very machine only."),
};

export const schoolFile = z.strictObject({
  school: z.strictObject({
    id: id.describe("Short name for the database; never change it."),
    name: z.string(),
    nation: z.enum(["england-and-wales", "scotland", "northern-ireland"]).default("england-and-wales"),
    zone: z.string().default("Europe/London"),
    office: z.strictObject({ email, telephone }),
    emergency: z
      .array(z.string())
      .default([
        "In an emergency, call 999.",
        "Worried about a child? NSPCC: 0808 800 5000. Childline: 0800 1111.",
      ])
      .describe("Lines at the end of every automatic reply."),
    complaints_page: z.url().optional().describe("Where the complaints procedure can be read."),
  }),
  desks: z.strictObject({
    headteacher: id.describe("Staff id."),
    deputy: id.optional(),
    dsl: id.describe("Designated safeguarding lead: staff id with a mobile, for alerts."),
    complaints: email,
    chair: email.describe("Chair of governors: complaints about the headteacher go there."),
  }),
  calendar: z.strictObject({
    years: z.array(year).default([]),
    staff_work_on_inset: z.boolean().default(true),
  }),
  hours: hours.describe("The hours of everyone who has none of their own."),
  limits: z
    .array(
      z.strictObject({
        id,
        messages: z.int().min(1),
        in_hours: z
          .number()
          .positive()
          .max(24 * 31),
        counts: z.enum(["sender", "recipient", "repeat"]).default("sender"),
      }),
    )
    .default([]),
  hold: z.strictObject({ longest_days: z.number().positive().default(7) }).prefault({}),
  replies: z
    .strictObject({
      enabled: z.boolean().default(true),
      from_name: z.string().optional(),
      per_sender_per_hour: z.int().min(1).default(3),
      per_installation_per_hour: z.int().min(1).default(200),
      unchecked: z.enum(["everyone", "contacts", "nobody"]).default("everyone"),
    })
    .prefault({}),
  escalation: z
    .strictObject({ notify: z.enum(["at_once", "working_hours"]).default("at_once") })
    .prefault({}),
  mail: z
    .strictObject({
      address: email.describe("The gateway's own address: replies and notices come from it."),
      imap: z.strictObject({ ...server, max_message_mb: z.number().positive().default(50) }).optional(),
      smtp: z
        .strictObject({ ...server, user: z.string().optional(), password: z.string().optional() })
        .optional(),
      authserv_id: z.string().optional().describe("The provider's name in Authentication-Results."),
      held_folder: z.string().default("Afterbell/Held"),
      referred_folder: z.string().default("Afterbell/Referred"),
      poll_seconds: z.number().positive().default(60),
    })
    .optional(),
  sms: z
    .strictObject({
      account_sid: z.string(),
      auth_token: z.string(),
      public_url: z.url().describe("The address that Twilio calls, as it stands in Twilio's console."),
      api_url: z.url().default("https://api.twilio.com"),
      per_second: z.number().positive().default(1),
      reply_prefixes: z.array(z.string()).default(["+447"]).describe("Numbers that may be answered."),
      replies_per_number_per_day: z.int().min(0).default(1),
      texts_per_day: z.int().min(0).default(200).describe("A cap on what the school spends."),
      numbers: z
        .array(
          z.strictObject({
            number: telephone,
            belongs_to: z.union([z.literal("school"), z.array(id).min(1)]),
          }),
        )
        .min(1),
    })
    .optional(),
  web: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: port.default(8420),
      public_url: z.url().optional(),
      session_secret: z
        .string()
        .min(32)
        .optional()
        .describe("32 or more characters; absent = made and kept in data/."),
      trust_proxy: z.boolean().default(false),
    })
    .prefault({}),
  store: z.strictObject({ file: z.string().default("data/afterbell.db") }).prefault({}),
});

export const staffFile = z.strictObject({
  staff: z
    .array(
      z.strictObject({
        id,
        name: z.string().describe("As parents know them: Mrs Shah."),
        roles: z
          .array(z.enum(["headteacher", "deputy", "dsl", "office", "teacher", "governor"]))
          .default(["teacher"]),
        email: z
          .array(email)
          .min(1)
          .describe("Every address at which they are written to; the first is for notices."),
        mailbox: z
          .strictObject({ user: z.string(), password: z.string() })
          .optional()
          .describe("Sign-in to the school's IMAP server; absent = not watched."),
        mobile: telephone.optional(),
        texts_to: z
          .enum(["email", "phone"])
          .default("email")
          .describe("Where texts from parents are passed on to."),
        hours: hours.optional(),
        leave: z.array(range).default([]),
      }),
    )
    .min(1),
});

const list = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);

const example = z.union([
  z.string(),
  z.strictObject({
    text: z.string().default(""),
    subject: z.string().default(""),
    from: z.string().optional(),
    headers: z.record(z.string(), z.string()).default({}),
    given: z.record(z.string(), z.union([z.string(), z.boolean()])).default({}),
  }),
]);

export const ruleSchema = z.strictObject({
  id,
  enabled: z.boolean().default(true),
  i_understand: z.boolean().optional().describe("Needed to switch a safeguarding rule off."),
  clause: z.string().describe("The clause of the code of conduct that it serves."),
  why: z.string().describe("One sentence that a headteacher can read."),
  when: z.strictObject({
    sender: z.union([z.literal("any"), list(z.enum(SENDER_ROLES))]).optional(),
    machine: z.union([z.literal("any"), z.literal("no"), list(z.enum(AUTOMATIC_KINDS))]).optional(),
    channel: list(z.enum(["email", "sms", "whatsapp"])).optional(),
    from_domain: list(z.string()).optional(),
    words: list(z.string()).optional(),
    patterns: list(z.string()).optional(),
    verdict: list(z.enum(["abusive", "unsure", "ok"])).optional(),
    category: list(z.string()).optional(),
    safeguarding: z.boolean().optional(),
    must_not_wait: list(z.string()).optional(),
    off_duty: z.boolean().optional(),
    over_limit: z.union([z.literal("any"), list(id)]).optional(),
    paused: z.boolean().optional(),
    names_contact: z.boolean().optional(),
  }),
  // biome-ignore lint/suspicious/noThenProperty: "then" is what a school writes; never awaited.
  then: z.strictObject({
    outcome: z.enum(OUTCOMES).default("deliver"),
    never: list(z.enum(OUTCOMES)).default([]),
    reply: z.enum(REPLY_TEMPLATES).optional(),
    forward: list(z.enum(DESKS)).default([]),
    alert: list(z.enum(DESKS)).default([]),
    open_case: z
      .strictObject({ kind: id, severity: z.enum(["serious", "normal"]).default("normal") })
      .optional(),
    batch: z.boolean().default(false),
  }),
  examples: z.strictObject({ match: z.array(example).min(1), pass: z.array(example).min(1) }),
});

export const ruleFile = z.strictObject({
  family: id,
  rules: z.array(ruleSchema).default([]),
  lexicon: z
    .array(
      z.strictObject({
        category: id,
        strength: z.number().min(0).max(1),
        language: z.string().default("en"),
        terms: z.array(z.string()).min(1),
      }),
    )
    .default([])
    .describe("Words and phrases that speak for a category."),
});

/** contacts.csv, one row a contact; several addresses or numbers in one cell are separated by spaces. */
export const contactRow = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  email: z.string().default(""),
  mobile: z.string().default(""),
  roles: z.string().default("parent"),
  language: z.string().default("en"),
  adjustments: z
    .string()
    .default("")
    .describe(`Any of ${ADJUSTMENTS.join(", ")}.`),
  children: z.string().default(""),
});

export type SchoolFile = z.output<typeof schoolFile>;
export type StaffFile = z.output<typeof staffFile>;
export type StaffMember = StaffFile["staff"][number];
export type RuleFile = z.output<typeof ruleFile>;
