// How many texts have left: for the day's cap.
import type { Instant } from "../core/types.ts";
import type { Store } from "./open.ts";

/** Texts that were sent since an instant, whatever for. */
export async function sentTextsSince(store: Store, school: string, since: Instant): Promise<number> {
  const row = await store
    .selectFrom("effects")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("school", "=", school)
    .where("state", "=", "done")
    .where("done_at", ">", since)
    // Performing a text says so in its result: see outbox/perform/text.ts.
    .where("result", "like", '%"text":true%')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
