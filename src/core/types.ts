// The words that every part shares: what came in, what is known, what was decided and what follows from it.
import type { Model } from "./wording/model.ts";

/** An instant in UTC as ISO 8601 with milliseconds: "2026-11-23T08:00:00.000Z". Sorts as text. */
export type Instant = string;
/** A calendar day in the school's own zone: "2026-11-23". */
export type LocalDate = string;
/** A time of day in the school's own zone: "08:30"; "24:00" ends a day. */
export type LocalTime = string;

export type Channel = "email" | "sms" | "whatsapp";

/** An e-mail address in lower case, or a telephone number in E.164 ("+447700900123"). */
export interface Address {
  readonly name: string;
  readonly address: string;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const AUTOMATIC_KINDS = ["bounce", "auto-reply", "list", "bulk", "loop", "notification"] as const;
/** Why a message is a machine's: never held, screened or answered. */
export interface Automatic {
  readonly kind: (typeof AUTOMATIC_KINDS)[number];
  readonly because: string;
}

/** "pass" and "fail" are the provider's word (RFC 8601); "unchecked" means that no provider is configured. */
export interface Authenticity {
  readonly verdict: "pass" | "fail" | "unchecked";
  readonly because: string;
}

export interface Message {
  /** Stable across redelivery: `imap:<account>:<folder>:<uidvalidity>:<uid>`, `twilio:<MessageSid>`. */
  readonly key: string;
  readonly channel: Channel;
  /** null when no single sender can be read: "no sender" is a state, not an error. */
  readonly from: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  /** What the Date field says; null when absent or unreadable. */
  readonly date: Instant | null;
  /** With its angle brackets; null when absent. Not unique and not to be trusted. */
  readonly messageId: string | null;
  readonly references: readonly string[];
  /** The whole text, HTML already turned into text, at most 1 MiB of it. */
  readonly text: string;
  /** What the sender wrote now: without quoted text, signature and disclaimer. */
  readonly newText: string;
  readonly automatic: Automatic | null;
  /** Why a person's message must not be answered by a machine (X-Auto-Response-Suppress, …); null when it may. */
  readonly suppressReply: string | null;
  readonly authenticity: Authenticity;
  readonly attachments: readonly Attachment[];
  readonly receivedAt: Instant;
  /** SHA-256 of the raw octets, hexadecimal. */
  readonly rawHash: string;
  /** What went wrong while parsing; the message is delivered all the same. */
  readonly parseError: string | null;
}

/** Where a message is now, on the school's own mail server. */
export interface Place {
  readonly account: string;
  readonly folder: string;
  readonly uidValidity: string;
  readonly uid: number;
}

/** One for each member of staff that a message is addressed to. */
export interface Delivery {
  readonly message: Message;
  /** The staff id, or "school" for a number that belongs to the school itself. */
  readonly recipient: string;
  /** null for a message that is on no mail server (SMS). */
  readonly place: Place | null;
}

export const SENDER_ROLES = ["parent", "probably-parent", "staff", "organisation", "unknown"] as const;
/**
 * - `parent`: a contact, whatever else they are (governor, HSA: see SenderFacts.marks)
 * - `probably-parent`: not known, but writes from a personal mail domain or a mobile
 * - `staff`: one of the school's own
 * - `organisation`: a supplier, the local authority, any other mail domain
 * - `unknown`: no readable sender, a withheld number
 */
export type SenderRole = (typeof SENDER_ROLES)[number];

export const ADJUSTMENTS = ["no-limits", "no-hold", "no-replies"] as const;
/** A reasonable adjustment (Equality Act 2010 s20) that exempts a contact from a rule. */
export type Adjustment = (typeof ADJUSTMENTS)[number];

export interface SenderFacts {
  /** `contact:<id>`, `email:<address>` or `sms:<number>`: what limits and replies are counted by. */
  readonly key: string;
  readonly role: SenderRole;
  readonly contactId: string | null;
  readonly name: string;
  /** BCP 47 tag of the language for replies, such as "en". */
  readonly language: string;
  /** "governor", "hsa": clause 3.7. */
  readonly marks: readonly string[];
  readonly adjustments: readonly Adjustment[];
  /** Earlier distinct messages of this sender inside the longest window, newest first. Excludes this one. */
  readonly earlier: readonly EarlierMessage[];
  /** When each reply template last went to this sender. */
  readonly lastReplyAt: Readonly<Record<string, Instant>>;
  readonly repliesLastHour: number;
  readonly repliesLastDay: number;
  /** Set by a named person: every message goes to the headteacher's queue until then. */
  readonly paused: { readonly until: LocalDate; readonly reason: string } | null;
}

export interface EarlierMessage {
  readonly receivedAt: Instant;
  /** Staff ids that it was addressed to. */
  readonly recipients: readonly string[];
  /** Fingerprint of its new text: see core/frequency.ts. */
  readonly fingerprint: string;
}

export interface RecipientFacts {
  /** Staff id. */
  readonly id: string;
  readonly name: string;
  readonly isHeadteacher: boolean;
  /** true when inside a working block at `now`. null: the calendar does not say (doubt delivers). */
  readonly working: boolean | null;
  /** The start of the next working block after `now`; null when unknown. */
  readonly nextWorkingMoment: Instant | null;
  /** The start of the first block on the next working day after today; null when unknown. */
  readonly nextWorkingDay: Instant | null;
  /** When the current closed period began; null while working or when unknown. */
  readonly closedSince: Instant | null;
  /** Every address and number at which this person is written to. */
  readonly addresses: readonly string[];
}

export interface Facts {
  readonly now: Instant;
  readonly sender: SenderFacts;
  /** Every member of staff that the message is addressed to. */
  readonly recipients: readonly RecipientFacts[];
  readonly wording: Assessment;
  /** A contact of the school whom the text names; clause 2.4. null when it names none. */
  readonly namedContact: string | null;
  /** Replies sent by the whole installation in the last hour. */
  readonly repliesLastHour: number;
  /** Every address of staff, school and gateway: never answered. */
  readonly ownAddresses: readonly string[];
  /** null: nobody was asked, or nobody answered in time. */
  readonly secondOpinion: SecondOpinion | null;
  /** The headteacher has found these very words of this sender to be no abuse; absent or null: not so. */
  readonly cleared?: Clearance | null;
}

/** The last case about the same words of the same sender, when it was closed as not abuse. */
export interface Clearance {
  readonly caseNumber: number;
  readonly at: Instant;
}

/** What the school's own language model says of words about which the wording is unsure. */
export interface SecondOpinion {
  readonly verdict: Assessment["verdict"];
  /** What sort of abuse, such as "threat"; null unless the verdict is abusive. */
  readonly category: string | null;
  /** One sentence, as the model wrote it. Never shown to the sender. */
  readonly because: string;
  readonly model: string;
}

/** A half-open range of UTF-16 code units in the text that was assessed. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly category: string;
}

/** What the words say: `assess` in core/wording/assess.ts, and one line of `afterbell classify`. */
export interface Assessment {
  readonly verdict: "abusive" | "unsure" | "ok";
  /** 0..1, how likely abusive. */
  readonly score: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly target: "staff" | "parent" | "pupil" | "school" | null;
  readonly safeguarding: { readonly hit: boolean; readonly score: number };
  readonly mustNotWait: { readonly hit: boolean; readonly score: number; readonly kind: string | null };
  readonly spans: readonly Span[];
  /** BCP 47 tag; absent: English. null: a language that is not read, so that nothing follows from the words. */
  readonly language?: string | null;
}

export const OUTCOMES = ["deliver", "hold", "divert", "escalate"] as const;
/** From the mildest to the strictest. `divert` delivers, and the office or another person gets it as well. */
export type Outcome = (typeof OUTCOMES)[number];

export interface Reason {
  readonly rule: string;
  readonly clause: string;
  readonly why: string;
  /** The words, the count or the header that made the rule match. Never shown to the sender. */
  readonly evidence: string;
}

export const REPLY_TEMPLATES = [
  "out-of-hours",
  "frequent",
  "complaint",
  "must-not-wait",
  "received",
] as const;
/** `received` is neutral: it answers abuse and disclosures alike and reveals nothing. */
export type ReplyTemplate = (typeof REPLY_TEMPLATES)[number];

export interface ReplyPlan {
  readonly template: ReplyTemplate;
  readonly language: string;
  /** When each recipient will see the message, for the ones that do not see it now. */
  readonly seen: readonly { readonly name: string; readonly at: Instant }[];
}

export interface RecipientDecision {
  readonly recipient: string;
  readonly outcome: Outcome;
  /** null when nothing is waited for. */
  readonly releaseAt: Instant | null;
  /** true: released as part of one digest (frequent messages), not by itself. */
  readonly batch: boolean;
}

export interface Decision {
  readonly outcome: Outcome;
  readonly recipients: readonly RecipientDecision[];
  /** The latest releaseAt of the recipients. */
  readonly releaseAt: Instant | null;
  readonly reply: ReplyPlan | null;
  readonly mayReply: { readonly may: boolean; readonly because: string };
  readonly reasons: readonly Reason[];
  readonly effects: readonly Effect[];
}

/** People and addresses that a decision can send something to; the directory says who they are. */
export const DESKS = ["headteacher", "office", "complaints", "chair", "dsl"] as const;
export type Desk = (typeof DESKS)[number];

/**
 * What is to be done in the world: a closed union. `outbox/perform/index.ts` is the exhaustive table.
 * Every effect is recorded in the transaction of its decision and performed at least once,
 * under an idempotency key that the store makes of it.
 */
export type Effect =
  /** Held or referred mail changes folder; a text is passed on to the member of staff (move to "inbox"). */
  | {
      readonly kind: "move";
      readonly recipient: string;
      readonly to: "inbox" | "held" | "referred";
      readonly at: Instant | null;
    }
  /** One message with all that the sender's batched messages say, at the next working day. */
  | { readonly kind: "digest"; readonly recipient: string; readonly at: Instant }
  /** The automatic answer to the sender, over the channel that they used. */
  | { readonly kind: "reply"; readonly plan: ReplyPlan }
  /** The original as message/rfc822 with a summary of why, to a desk. */
  | { readonly kind: "forward"; readonly to: Desk; readonly because: string; readonly at: Instant | null }
  /** A possible disclosure: by email and text, at once. */
  | { readonly kind: "alert"; readonly to: Desk; readonly because: string }
  /** Something about the gateway itself that a desk should know, such as a calendar that has ended. */
  | { readonly kind: "notice"; readonly to: Desk; readonly because: string }
  | { readonly kind: "openCase"; readonly caseKind: string; readonly severity: "serious" | "normal" };

// ---- The policy: what a school has set, read once and immutable until the next reload ----

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** One stretch of work. An `end` at or before `start` runs past midnight into the next day. */
export interface Block {
  readonly start: LocalTime;
  readonly end: LocalTime;
}
export type Week = Readonly<Partial<Record<Weekday, readonly Block[]>>>;

export interface DateRange {
  readonly first: LocalDate;
  /** Inclusive. */
  readonly last: LocalDate;
  readonly name: string;
}

/** When one person works: one week that repeats, or several that alternate from `weekOne` (a Monday). */
export interface PersonHours {
  readonly weeks: readonly Week[];
  readonly weekOne: LocalDate | null;
  readonly leave: readonly DateRange[];
  /** true: works in the holidays as well (office, site manager); bank holidays and closures still count. */
  readonly allYear: boolean;
}

/** One school year. A day outside every year is unknown, and doubt delivers. */
export interface SchoolYear {
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly name: string;
  readonly terms: readonly DateRange[];
  readonly inset: readonly LocalDate[];
  readonly closures: readonly DateRange[];
}

export interface Calendar {
  /** IANA zone, such as "Europe/London". */
  readonly zone: string;
  readonly years: readonly SchoolYear[];
  readonly bankHolidays: readonly { readonly date: LocalDate; readonly name: string }[];
  readonly staffWorkOnInset: boolean;
}

export interface Limit {
  readonly id: string;
  /** More than this many distinct messages inside the window is too many. */
  readonly messages: number;
  readonly windowHours: number;
  /** "sender": over all staff and channels; "recipient": to one member of staff; "repeat": near-identical ones. */
  readonly counts: "sender" | "recipient" | "repeat";
}

/** All conditions given must hold; a list holds when one of its entries does. */
export interface Condition {
  /** Default: parent, probably-parent. */
  readonly sender: readonly SenderRole[] | "any";
  /** Default "no": a rule does not look at machine mail unless it says so. */
  readonly machine: "no" | "any" | readonly Automatic["kind"][];
  readonly channel: readonly Channel[] | null;
  readonly fromDomain: readonly string[] | null;
  /** Phrases, matched on whole words of the normalised subject and new text. */
  readonly words: readonly string[] | null;
  /** RE2 patterns, case-insensitive, on the subject and new text. */
  readonly patterns: readonly string[] | null;
  readonly verdict: readonly Assessment["verdict"][] | null;
  /** Categories of the lexicon or model, such as "threat". */
  readonly category: readonly string[] | null;
  readonly safeguarding: boolean | null;
  /** Kinds, such as "absence", "complaint", "complaint-about-head". */
  readonly mustNotWait: readonly string[] | null;
  /** The recipient is outside their working hours. */
  readonly offDuty: boolean | null;
  /** Limit ids, or "any". */
  readonly overLimit: readonly string[] | "any" | null;
  readonly paused: boolean | null;
  /** The text names one of the school's contacts (a social network's "… wants to follow you"). */
  readonly namesContact: boolean | null;
}

export interface Consequence {
  readonly outcome: Outcome;
  /** Outcomes that are barred, whatever else matched. */
  readonly never: readonly Outcome[];
  readonly reply: ReplyTemplate | null;
  readonly forward: readonly Desk[];
  readonly alert: readonly Desk[];
  readonly openCase: { readonly kind: string; readonly severity: "serious" | "normal" } | null;
  /** Held messages are released as one digest on the next working day. */
  readonly batch: boolean;
}

export interface Example {
  readonly text: string;
  readonly subject: string;
  readonly from: string | null;
  /** Header lines of a mail example. */
  readonly headers: Readonly<Record<string, string>>;
  /** Facts that the example sets: off_duty, over_limit (a limit's id), paused, names_contact. */
  readonly given: Readonly<Record<string, string | boolean>>;
  /** Where it is written; absent when it was not read from a file. */
  readonly source?: { readonly file: string; readonly line: number };
}

export interface Rule {
  readonly id: string;
  readonly family: string;
  readonly clause: string;
  readonly why: string;
  readonly when: Condition;
  readonly then: Consequence;
  readonly examples: { readonly match: readonly Example[]; readonly pass: readonly Example[] };
  /** File and line, for messages to the person who wrote it. */
  readonly source: { readonly file: string; readonly line: number };
}

export interface LexiconEntry {
  /** One or more words; normalised when loaded. A final * matches any ending of the last word. */
  readonly term: string;
  readonly category: string;
  /** 0..1: how strongly the term alone speaks for the category. */
  readonly strength: number;
  readonly language: string;
}
export type Lexicon = readonly LexiconEntry[];

export interface Policy {
  /** SHA-256 (first 12 digits) of everything that was loaded. */
  readonly version: string;
  readonly school: string;
  readonly rules: readonly Rule[];
  readonly lexicon: Lexicon;
  /** The trained model of wording; null: the lexicon alone judges. */
  readonly model: Model | null;
  readonly limits: readonly Limit[];
  /** By staff id; "school" holds the hours of a number that belongs to the school itself. */
  readonly hours: Readonly<Record<string, PersonHours>>;
  readonly calendar: Calendar;
  readonly replies: {
    readonly enabled: boolean;
    readonly perSenderPerHour: number;
    readonly perInstallationPerHour: number;
    /** Answer senders whose mail no provider has checked: everyone, known contacts, nobody. */
    readonly unchecked: "everyone" | "contacts" | "nobody";
  };
  readonly hold: { readonly longestDays: number };
  /** What may be answered by text; null without SMS. SMS pumping and spoofed numbers cost money. */
  readonly texts: {
    readonly replyPrefixes: readonly string[];
    readonly repliesPerNumberPerDay: number;
  } | null;
}
