// The octets of a message as they came.
import type { Store } from "./open.ts";

/** null when they were not kept (nothing of machines' and colleagues' mail is) or have been erased. */
export async function readRaw(store: Store, school: string, hash: string): Promise<Buffer | null> {
  const row = await store
    .selectFrom("raws")
    .select("octets")
    .where("school", "=", school)
    .where("hash", "=", hash)
    .executeTakeFirst();
  return row ? Buffer.from(row.octets) : null;
}
