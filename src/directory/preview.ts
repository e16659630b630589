// What an import would change, before it changes anything.
import type { Contact } from "./contacts.ts";

export interface FieldChange {
  readonly field: keyof Contact;
  readonly before: string;
  readonly after: string;
}

export interface ContactChange {
  readonly before: Contact;
  readonly after: Contact;
  readonly fields: readonly FieldChange[];
}

export interface ImportPreview {
  readonly added: readonly Contact[];
  readonly changed: readonly ContactChange[];
  /** Known now and absent from the file. */
  readonly removed: readonly Contact[];
  readonly unchanged: readonly Contact[];
}

const FIELDS: readonly (keyof Contact)[] = [
  "name",
  "emails",
  "numbers",
  "roles",
  "language",
  "adjustments",
  "children",
];

const shown = (value: string | readonly string[]): string =>
  typeof value === "string" ? value : value.join(", ");

/** The order of addresses means nothing, except that the first one is written to. */
const same = (before: string | readonly string[], after: string | readonly string[]): boolean =>
  shown(before) === shown(after);

const changes = (before: Contact, after: Contact): readonly FieldChange[] =>
  FIELDS.filter((field) => !same(before[field], after[field])).map((field) => ({
    field,
    before: shown(before[field]),
    after: shown(after[field]),
  }));

/** Compares by id; each list keeps the order of the file that it comes from. */
export const compareContacts = (current: readonly Contact[], incoming: readonly Contact[]): ImportPreview => {
  const known = new Map(current.map((contact) => [contact.id, contact]));
  const named = new Set(incoming.map((contact) => contact.id));
  const both = incoming.flatMap((after) => {
    const before = known.get(after.id);
    return before === undefined ? [] : [{ before, after, fields: changes(before, after) }];
  });
  return {
    added: incoming.filter((contact) => !known.has(contact.id)),
    changed: both.filter(({ fields }) => fields.length > 0),
    removed: current.filter((contact) => !named.has(contact.id)),
    unchanged: both.filter(({ fields }) => fields.length === 0).map(({ after }) => after),
  };
};

const listed = (mark: string, contact: Contact): string => `${mark} ${contact.name} (${contact.id})`;

/** The preview as lines for a terminal: what is added (+), changed (~, field by field) and removed (-). */
export const formatPreview = (preview: ImportPreview): string =>
  [
    ...preview.added.map((contact) => listed("+", contact)),
    ...preview.changed.flatMap(({ after, fields }) => [
      listed("~", after),
      ...fields.map(
        ({ field, before, after: now }) => `    ${field}: ${before || "(none)"} → ${now || "(none)"}`,
      ),
    ]),
    ...preview.removed.map((contact) => listed("-", contact)),
    `${preview.added.length} added, ${preview.changed.length} changed, ${preview.removed.length} removed, ${preview.unchanged.length} unchanged.`,
  ].join("\n");
