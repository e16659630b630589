// Who may sign in to the pages with which password, and which sessions have been ended by hand.
import type { Kysely } from "kysely";
import type { Instant } from "../core/types.ts";
import type { Trx } from "./open.ts";
import type { SignInsTable, Tables } from "./tables.ts";

export type SignIn = SignInsTable;

const endedPrefix = "session-ended:";

/** One person's sign-in, or null when none was ever made. */
export async function readSignIn(
  store: Kysely<Tables>,
  school: string,
  staffId: string,
): Promise<SignIn | null> {
  const row = await store
    .selectFrom("sign_ins")
    .selectAll()
    .where("school", "=", school)
    .where("staff_id", "=", staffId)
    .executeTakeFirst();
  return row ?? null;
}

/** Puts a person's secret in place of the one before. */
export async function saveSignIn(trx: Trx, signIn: SignIn): Promise<void> {
  await trx
    .insertInto("sign_ins")
    .values(signIn)
    .onConflict((conflict) =>
      conflict
        .columns(["school", "staff_id"])
        .doUpdateSet({ secret: signIn.secret, created_at: signIn.created_at }),
    )
    .execute();
}

/**
 * Ends one session for good, wherever its cookie may have been copied to. The sessions that can no longer
 * be alive are forgotten on the way.
 */
export async function endSession(
  trx: Trx,
  school: string,
  session: { readonly id: string; readonly deadAt: Instant; readonly now: Instant },
): Promise<void> {
  await trx
    .deleteFrom("settings")
    .where("school", "=", school)
    .where("name", "like", `${endedPrefix}%`)
    .where("value", "<", session.now)
    .execute();
  await trx
    .insertInto("settings")
    .values({ school, name: endedPrefix + session.id, value: session.deadAt })
    .onConflict((conflict) => conflict.columns(["school", "name"]).doNothing())
    .execute();
}

/** Whether this session was ended by `endSession`. */
export async function isSessionEnded(
  store: Kysely<Tables>,
  school: string,
  sessionId: string,
): Promise<boolean> {
  const row = await store
    .selectFrom("settings")
    .select("name")
    .where("school", "=", school)
    .where("name", "=", endedPrefix + sessionId)
    .executeTakeFirst();
  return row !== undefined;
}
