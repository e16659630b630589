// What the gateway says: fills the templates of replies and notices. Sends nothing.
import { parsePhoneNumberFromString } from "libphonenumber-js";
import type { ReplyPlan } from "../core/types.ts";
import type { SchoolFile } from "../policy/schema.ts";
import { oneLine } from "./render/clean.ts";
import { directionOf, inWords, type Moment } from "./render/dates.ts";
import { inGsm7, segments, type TextLength } from "./render/segments.ts";
import { openTemplates, type Templates, tidyLine, tidyText } from "./render/templates.ts";

export const REPLY_FORMS = ["subject", "txt", "html", "sms"] as const;
export const NOTICES = ["forward", "alert", "digest", "text", "notice"] as const;
export type Notice = (typeof NOTICES)[number];

/** What a reply template can say. None of it is the parent's text, except the cleaned subject. */
export interface ReplyValues {
  readonly schoolName: string;
  /** As people write it: "01632 960123". */
  readonly officePhone: string;
  /** "tel:+441632960123". */
  readonly officePhoneUri: string;
  readonly officeEmail: string;
  readonly emergencyLines: readonly string[];
  /** Who sees the message later, and when; earliest first. */
  readonly seen: readonly (Moment & { readonly name: string })[];
  /** true when everyone in `seen` sees it at the same time. */
  readonly together: boolean;
  readonly complaintsPage: string | null;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Of the message that is answered; "" when it had none. */
  readonly subject: string;
}

export interface RenderedReply {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sms: string;
  readonly smsLength: TextLength;
  /** The language that it is in, which is "en" when the one asked for has no template. */
  readonly language: string;
}

export interface RenderedNotice {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Renderer {
  /**
   * @param zone IANA zone of the school.
   * @param originalSubject Subject of the mail that is answered.
   * @throws Error naming template and line, when a school's own template is broken.
   */
  renderReply(
    plan: ReplyPlan,
    school: SchoolFile["school"],
    zone: string,
    originalSubject?: string,
  ): RenderedReply;
  renderNotice(notice: Notice, values: object): RenderedNotice;
  /** The text that sends somebody to an alert: it says nothing of what it is about. */
  renderAlertText(schoolName: string, caseUrl: string | null): string;
}

/** @param options.overrideDir The school's `<config>/templates`, laid out as the product's templates/. */
export function createRenderer(options: { readonly overrideDir?: string | undefined } = {}): Renderer {
  const templates = openTemplates(options.overrideDir ?? null);
  return {
    renderReply(plan, school, zone, originalSubject = "") {
      const language = languageFor(templates, plan);
      const values = replyValues({ ...plan, language }, school, zone, originalSubject);
      return { ...fillReply(templates, `replies/${language}/${plan.template}`, values), language };
    },
    renderNotice(notice, values) {
      const name = `notices/en/${notice}`;
      const all = { language: "en", direction: "ltr", ...values };
      return {
        subject: oneLine(templates.fill(`${name}.subject.njk`, all), MAX_SUBJECT),
        text: tidyText(templates.fill(`${name}.txt.njk`, all)),
        html: templates.fill(`${name}.html.njk`, all).trim(),
      };
    },
    renderAlertText: (schoolName, caseUrl) =>
      inGsm7(tidyLine(templates.fill("notices/en/alert.sms.njk", { schoolName, caseUrl }))),
  };
}

const MAX_SUBJECT = 200;
const LANGUAGE_TAG = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

/** "pl-PL" is answered from pl-pl/, then pl/; a language that lacks any form of the reply, in English. */
function languageFor(templates: Templates, plan: ReplyPlan): string {
  const tag = LANGUAGE_TAG.test(plan.language) ? plan.language.toLowerCase() : "en";
  const candidates = [tag, tag.split("-")[0] ?? "en"];
  const isComplete = (language: string): boolean =>
    REPLY_FORMS.every((form) => templates.find(`replies/${language}/${plan.template}.${form}.njk`) !== null);
  return candidates.find(isComplete) ?? "en";
}

export function replyValues(
  plan: ReplyPlan,
  school: SchoolFile["school"],
  zone: string,
  originalSubject: string,
): ReplyValues {
  const seen = [...new Map(plan.seen.map((person) => [`${person.name} ${person.at}`, person])).values()]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((person) => ({ name: oneLine(person.name, 80), ...inWords(person.at, zone, plan.language) }));
  const phone = parsePhoneNumberFromString(school.office.telephone, "GB");
  return {
    schoolName: school.name,
    officePhone: phone === undefined ? school.office.telephone : inNationalForm(phone),
    officePhoneUri: phone?.getURI() ?? `tel:${school.office.telephone.replace(/[^+\d]/g, "")}`,
    officeEmail: school.office.email,
    emergencyLines: school.emergency,
    seen,
    together: new Set(seen.map((person) => `${person.day} ${person.time}`)).size <= 1,
    complaintsPage: school.complaints_page ?? null,
    language: plan.language,
    direction: directionOf(plan.language),
    subject: oneLine(originalSubject, 160),
  };
}

type Phone = NonNullable<ReturnType<typeof parsePhoneNumberFromString>>;
const inNationalForm = (phone: Phone): string =>
  phone.countryCallingCode === "44" ? phone.formatNational() : phone.formatInternational();

export function fillReply(
  templates: Templates,
  name: string,
  values: ReplyValues,
): Omit<RenderedReply, "language"> {
  const sms = fillSms(templates, name, values);
  return {
    subject: oneLine(templates.fill(`${name}.subject.njk`, values), MAX_SUBJECT),
    text: tidyText(templates.fill(`${name}.txt.njk`, values)),
    html: templates.fill(`${name}.html.njk`, values).trim(),
    sms,
    smsLength: segments(sms),
  };
}

/** All emergency lines when they fit into one segment; else the first, which is never left out. */
function fillSms(templates: Templates, name: string, values: ReplyValues): string {
  const fill = (emergencyLines: readonly string[]): string =>
    inGsm7(tidyLine(templates.fill(`${name}.sms.njk`, { ...values, emergencyLines })));
  const whole = fill(values.emergencyLines);
  return segments(whole).segments === 1 ? whole : fill(values.emergencyLines.slice(0, 1));
}
