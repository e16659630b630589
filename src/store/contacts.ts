// The school's contacts: who a parent's addresses and numbers belong to.
import type { Contact } from "../directory/contacts.ts";
import type { Store, Trx } from "./open.ts";
import { readSetting, writeSetting } from "./settings.ts";
import type { ContactsTable } from "./tables.ts";

function toRow(school: string, contact: Contact): ContactsTable {
  return {
    school,
    id: contact.id,
    name: contact.name,
    emails: JSON.stringify(contact.emails),
    numbers: JSON.stringify(contact.numbers),
    roles: JSON.stringify(contact.roles),
    adjustments: JSON.stringify(contact.adjustments),
    children: JSON.stringify(contact.children),
    language: contact.language,
  };
}

function toContact(row: ContactsTable): Contact {
  return {
    id: row.id,
    name: row.name,
    emails: JSON.parse(row.emails),
    numbers: JSON.parse(row.numbers),
    roles: JSON.parse(row.roles),
    adjustments: JSON.parse(row.adjustments),
    children: JSON.parse(row.children),
    language: row.language,
  };
}

export async function readContacts(store: Store, school: string): Promise<readonly Contact[]> {
  const rows = await store
    .selectFrom("contacts")
    .selectAll()
    .where("school", "=", school)
    .orderBy("id")
    .execute();
  return rows.map(toContact);
}

/** Which list was last brought in: its SHA-256, so that an unchanged file is not read in again. */
const lastList = "contacts.sha256";

export async function lastContactsHash(store: Store, school: string): Promise<string | null> {
  return readSetting(store, school, lastList);
}

/** Counts the lists that were brought in, so that the service sees that there is another one. */
const version = "contacts.version";

export async function contactsVersion(store: Store | Trx, school: string): Promise<string> {
  return (await readSetting(store, school, version)) ?? "0";
}

/**
 * The list replaces the one before, as one step.
 * @param hash of the contacts.csv in the school's folder, which is then not read in again until it changes
 */
export async function replaceContacts(
  store: Store,
  school: string,
  contacts: readonly Contact[],
  hash: string | null,
): Promise<void> {
  await store.transaction().execute(async (trx) => {
    await trx.deleteFrom("contacts").where("school", "=", school).execute();
    for (const contact of contacts) await trx.insertInto("contacts").values(toRow(school, contact)).execute();
    const next = String(Number(await contactsVersion(trx, school)) + 1);
    await writeSetting(trx, school, version, next);
    if (hash !== null) await writeSetting(trx, school, lastList, hash);
  });
}
