// Who can write to the trial school: its contacts, a parent whom it does not know, and some machines.
import type { Contact } from "../directory/contacts.ts";

export interface Sender {
  readonly id: string;
  readonly name: string;
  /** What stands beside the name in a list. */
  readonly note: string;
  readonly email: string | null;
  /** E.164. */
  readonly number: string | null;
  /** Header fields of everything that it sends. */
  readonly headers: Readonly<Record<string, string>>;
  /** A null envelope sender, as bounces and automatic answers have it (RFC 3834 3.3). */
  readonly nullSender: boolean;
  readonly kind: "parent" | "other";
}

const others: readonly Sender[] = [
  {
    id: "stranger",
    name: "Pat Morgan",
    note: "not among the contacts",
    email: "pat.morgan.oakhill@gmail.com",
    number: "+447700900299",
    headers: {},
    nullSender: false,
    kind: "other",
  },
  {
    id: "supplier",
    name: "Bright Paper orders",
    note: "a supplier",
    email: "orders@brightpaper.example",
    number: null,
    headers: {},
    nullSender: false,
    kind: "other",
  },
  {
    id: "newsletter",
    name: "Primary Science Weekly",
    note: "a mailing list",
    email: "news@science-weekly.example",
    number: null,
    headers: {
      "List-Id": "<weekly.science-weekly.example>",
      "List-Unsubscribe": "<mailto:leave@science-weekly.example>",
      Precedence: "bulk",
    },
    nullSender: false,
    kind: "other",
  },
  {
    id: "out-of-office",
    name: "Priya Raman",
    note: "her automatic answer",
    email: "priya.raman@example.net",
    number: null,
    headers: { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" },
    nullSender: true,
    kind: "other",
  },
  {
    id: "social-network",
    name: "Facebook",
    note: "a social network",
    email: "notification@facebookmail.com",
    number: null,
    headers: { "X-Facebook-Notify": "friend_request", "Auto-Submitted": "auto-generated" },
    nullSender: false,
    kind: "other",
  },
];

const fromContact = ({ id, name, emails, numbers, children }: Contact): Sender => ({
  id,
  name,
  note: children === "" ? "a contact" : children,
  email: emails[0] ?? null,
  number: numbers.find((number) => number.startsWith("+447")) ?? null,
  headers: {},
  nullSender: false,
  kind: "parent",
});

/** Contacts first, in the order of the file. */
export const sendersOf = (contacts: readonly Contact[]): readonly Sender[] => [
  ...contacts.map(fromContact),
  ...others,
];

/** "+447700900101" as people write it: "07700 900101". */
export const spaced = (number: string): string => number.replace(/^\+44(\d{4})(\d+)$/, "0$1 $2");
