// Who is this address, this number? Staff and contacts in memory, rebuilt when either changes.
import type { Address, Channel, SenderRole } from "../core/types.ts";
import type { SchoolFile, StaffMember } from "../policy/schema.ts";
import { domainOf, isPersonalDomain, mailboxKey } from "./address.ts";
import type { Contact } from "./contacts.ts";
import { nameFinder } from "./named.ts";
import { isMobile, toE164 } from "./telephone.ts";

export interface Sender {
  readonly role: SenderRole;
  readonly contact: Contact | null;
  readonly staffId: string | null;
  /** "governor", "hsa": what a contact is beside a parent (clause 3.7). */
  readonly marks: readonly string[];
}

export interface Directory {
  staffByAddress(address: string): StaffMember | null;
  /** By the member's own mobile, however it is written. */
  staffByNumber(number: string): StaffMember | null;
  /** By e-mail address or telephone number. */
  contactByAddress(address: string): Contact | null;
  /** Whose number parents have written to: staff ids, or ["school"]; empty for a number that nobody has. */
  recipientsOf(number: string): readonly string[];
  whoIs(from: Address | null, channel: Channel): Sender;
  /** The name of a contact that the text names in full, as the school writes it; null when it names none. */
  namedContact(text: string): string | null;
}

const UNKNOWN: Sender = { role: "unknown", contact: null, staffId: null, marks: [] };

/** What the same number is called, however it is written. */
const numberKey = (number: string): string => toE164(number.replace(/^whatsapp:/i, "")) ?? number;

const addressKey = (address: string): string =>
  address.includes("@") ? mailboxKey(address) : numberKey(address);

/** The first one keeps an address that two share; loading has named them. */
const indexBy = <T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, T> => {
  const index = new Map<string, T>();
  for (const item of items) {
    for (const key of keysOf(item)) if (!index.has(key)) index.set(key, item);
  }
  return index;
};

/** The school's own domains: never one where anybody can have an address. */
const ownDomains = (staff: readonly StaffMember[], school: SchoolFile): ReadonlySet<string> => {
  const addresses = [...staff.flatMap((member) => member.email), school.school.office.email];
  return new Set(addresses.map(domainOf).filter((domain) => domain !== "" && !isPersonalDomain(domain)));
};

export const buildDirectory = (
  staff: readonly StaffMember[],
  contacts: readonly Contact[],
  school: SchoolFile,
): Directory => {
  const byAddress = indexBy(staff, (member) => member.email.map(mailboxKey));
  const byNumber = indexBy(staff, (member) =>
    member.mobile === undefined ? [] : [numberKey(member.mobile)],
  );
  const byContact = indexBy(contacts, ({ emails, numbers }) => [...emails, ...numbers].map(addressKey));
  const numbers = new Map(
    (school.sms?.numbers ?? []).map(({ number, belongs_to }) => [
      numberKey(number),
      belongs_to === "school" ? ["school"] : belongs_to,
    ]),
  );
  const domains = ownDomains(staff, school);

  const asStaff = (member: StaffMember): Sender => ({ ...UNKNOWN, role: "staff", staffId: member.id });
  const asParent = (contact: Contact): Sender => ({
    ...UNKNOWN,
    role: "parent",
    contact,
    marks: contact.roles.filter((role) => role !== "parent"),
  });

  const strangerByMail = (address: string): Sender => {
    const domain = domainOf(address);
    if (domain === "") return UNKNOWN;
    if (domains.has(domain)) return { ...UNKNOWN, role: "staff" };
    return { ...UNKNOWN, role: isPersonalDomain(domain) ? "probably-parent" : "organisation" };
  };

  const strangerByNumber = (written: string): Sender => {
    const number = toE164(written.replace(/^whatsapp:/i, ""));
    if (number === null) return UNKNOWN;
    return { ...UNKNOWN, role: isMobile(number) ? "probably-parent" : "organisation" };
  };

  return {
    staffByAddress: (address) => byAddress.get(mailboxKey(address)) ?? null,
    staffByNumber: (number) => byNumber.get(numberKey(number)) ?? null,
    contactByAddress: (address) => byContact.get(addressKey(address)) ?? null,
    recipientsOf: (number) => numbers.get(numberKey(number)) ?? [],
    namedContact: nameFinder(contacts),
    whoIs: (from, channel) => {
      if (from === null || from.address === "") return UNKNOWN;
      const key = addressKey(from.address);
      // A colleague's own mailbox first: her mail to colleagues must not wait because she is a parent too.
      const member = byAddress.get(key) ?? byNumber.get(key);
      if (member !== undefined) return asStaff(member);
      const contact = byContact.get(key);
      if (contact !== undefined) return asParent(contact);
      return channel === "email" ? strangerByMail(from.address) : strangerByNumber(from.address);
    },
  };
};
