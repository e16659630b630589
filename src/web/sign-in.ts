// Who may open the pages: the headteacher and the deputy, each with a password that was made for them.
import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import type { StaffMember } from "../policy/schema.ts";
import { recordAudit } from "../store/audit.ts";
import { readSignIn, saveSignIn } from "../store/sign-ins.ts";
import type { Tables } from "../store/tables.ts";
import { hashPassword, isPassword, makePassword } from "./passwords.ts";

export const maySignIn = (person: StaffMember): boolean =>
  person.roles.includes("headteacher") || person.roles.includes("deputy");

/** The person whom this address belongs to, if they may sign in. */
export function personAt(staff: readonly StaffMember[], address: string): StaffMember | null {
  const wanted = address.trim().toLowerCase();
  const found = staff.find((person) => person.email.some((one) => one.toLowerCase() === wanted));
  return found && maySignIn(found) ? found : null;
}

/**
 * Makes a new password, in place of any before; every session of that person ends.
 * @returns the password: shown once, kept only as a scrypt hash
 */
export async function createSignIn(
  store: Kysely<Tables>,
  school: string,
  staffId: string,
  clock: Clock = systemClock,
): Promise<string> {
  const password = makePassword();
  const secret = await hashPassword(password);
  const at = clock.now();
  await store.transaction().execute(async (trx) => {
    await saveSignIn(trx, { school, staff_id: staffId, secret, created_at: at });
    await recordAudit(trx, {
      school,
      at,
      actor: "afterbell",
      action: "sign-in.created",
      subject: `staff:${staffId}`,
    });
  });
  return password;
}

export interface Attempt {
  readonly school: string;
  readonly staff: readonly StaffMember[];
  readonly address: string;
  readonly password: string;
}

/**
 * The person and their current secret, or null: for an unknown address, one without a sign-in and
 * a wrong password alike, and after the same time. Recorded either way.
 */
export async function trySignIn(
  store: Kysely<Tables>,
  attempt: Attempt,
  clock: Clock,
): Promise<{ readonly person: StaffMember; readonly secret: string } | null> {
  const person = personAt(attempt.staff, attempt.address);
  // An unknown address costs the same query: "" is nobody's id.
  const signIn = await readSignIn(store, attempt.school, person?.id ?? "");
  const right = await isPassword(attempt.password, signIn?.secret ?? null);
  await store.transaction().execute((trx) =>
    recordAudit(trx, {
      school: attempt.school,
      at: clock.now(),
      actor: right && person ? person.id : "afterbell",
      action: right ? "sign-in.accepted" : "sign-in.refused",
      // What was typed is not kept: people type passwords into the wrong box.
      subject: person ? `staff:${person.id}` : "staff:unknown",
    }),
  );
  return right && person && signIn ? { person, secret: signIn.secret } : null;
}
