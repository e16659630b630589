// Small things that a school's installation remembers, such as the secrets that it made for itself.
import type { Store, Trx } from "./open.ts";

export async function readSetting(store: Store | Trx, school: string, name: string): Promise<string | null> {
  const row = await store
    .selectFrom("settings")
    .select("value")
    .where("school", "=", school)
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.value ?? null;
}

export async function writeSetting(trx: Trx, school: string, name: string, value: string): Promise<void> {
  await trx
    .insertInto("settings")
    .values({ school, name, value })
    .onConflict((conflict) => conflict.columns(["school", "name"]).doUpdateSet({ value }))
    .execute();
}

/** A secret that is made once and kept: 32 octets in hexadecimal. */
export async function keptSecret(
  store: Store,
  school: string,
  name: string,
  random: (bytes: number) => Buffer,
): Promise<string> {
  const value = random(32).toString("hex");
  await store
    .insertInto("settings")
    .values({ school, name: `secret.${name}`, value })
    .onConflict((conflict) => conflict.columns(["school", "name"]).doNothing())
    .execute();
  // Another process may have been first.
  return (await readSetting(store, school, `secret.${name}`)) ?? value;
}
