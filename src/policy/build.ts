// Puts what was read together into the Policy that core decides by.
import { createHash } from "node:crypto";
import type { Calendar, PersonHours, Policy, SchoolYear, Week } from "../core/types.ts";
import { WEEKDAYS } from "../core/types.ts";
import type { Contact } from "../directory/contacts.ts";
import { toE164 } from "../directory/telephone.ts";
import { lexiconOf, type RuleSet } from "./rule-files.ts";
import type { SchoolFile, StaffMember } from "./schema.ts";
import { redact } from "./secrets.ts";
import { wordingModel } from "./wording-model.ts";

type Hours = SchoolFile["hours"];

const weekOf = (week: Hours["weeks"][number]): Week =>
  Object.fromEntries(
    WEEKDAYS.flatMap((day) => {
      const blocks = (week[day] ?? []).map((text) => {
        const [start = "", end = ""] = text.split("-");
        return { start, end };
      });
      return blocks.length === 0 ? [] : [[day, blocks]];
    }),
  );

const personHours = (hours: Hours, leave: PersonHours["leave"]): PersonHours => ({
  weeks: hours.weeks.map(weekOf),
  weekOne: hours.week_one ?? null,
  leave,
  allYear: hours.all_year,
});

const yearOf = ({ name, first, last, terms, inset, closures }: SchoolYear): SchoolYear => ({
  name,
  first,
  last,
  terms,
  inset,
  closures,
});

/** Addresses in lower case, numbers in E.164: the forms in which the rest of the product compares them. */
export const normaliseStaff = (staff: readonly StaffMember[]): readonly StaffMember[] =>
  staff.map((member) => ({
    ...member,
    email: member.email.map((address) => address.toLowerCase()),
    ...(member.mobile === undefined ? {} : { mobile: toE164(member.mobile) ?? member.mobile }),
  }));

export const normaliseSchool = (school: SchoolFile): SchoolFile => {
  if (school.sms === undefined) return school;
  const numbers = school.sms.numbers.map((one) => ({ ...one, number: toE164(one.number) ?? one.number }));
  return { ...school, sms: { ...school.sms, numbers } };
};

/** The first 12 hexadecimal digits of SHA-256 over what was loaded, without secrets and places in files. */
const versionOf = (loaded: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(redact(loaded), (key, value: unknown) => (key === "source" ? undefined : value)))
    .digest("hex")
    .slice(0, 12);

export interface Parts {
  readonly school: SchoolFile;
  readonly staff: readonly StaffMember[];
  readonly contacts: readonly Contact[];
  readonly rules: RuleSet;
  readonly bankHolidays: Calendar["bankHolidays"];
}

export const buildPolicy = ({ school, staff, contacts, rules, bankHolidays }: Parts): Policy => {
  const hours = staff.map((member): [string, PersonHours] => [
    member.id,
    personHours(member.hours ?? school.hours, member.leave),
  ]);
  const policy: Omit<Policy, "version"> = {
    school: school.school.id,
    rules: rules.rules.filter(({ enabled }) => enabled).map(({ rule }) => rule),
    lexicon: lexiconOf(rules.terms),
    model: wordingModel(),
    limits: school.limits.map(({ id, messages, in_hours, counts }) => ({
      id,
      messages,
      windowHours: in_hours,
      counts,
    })),
    hours: { school: personHours(school.hours, []), ...Object.fromEntries(hours) },
    calendar: {
      zone: school.school.zone,
      years: school.calendar.years.map(yearOf),
      bankHolidays,
      staffWorkOnInset: school.calendar.staff_work_on_inset,
    },
    replies: {
      enabled: school.replies.enabled,
      perSenderPerHour: school.replies.per_sender_per_hour,
      perInstallationPerHour: school.replies.per_installation_per_hour,
      unchecked: school.replies.unchecked,
    },
    hold: { longestDays: school.hold.longest_days },
    texts:
      school.sms === undefined
        ? null
        : {
            replyPrefixes: school.sms.reply_prefixes,
            repliesPerNumberPerDay: school.sms.replies_per_number_per_day,
          },
  };
  // The model is part of the program: a new one comes with a new version of it, named by how it puts evidence together.
  const { model, ...own } = policy;
  const loaded = { school, staff, contacts, policy: own, model: model?.head.stack };
  return { version: versionOf(loaded), ...policy };
};
