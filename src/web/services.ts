// What the pages need from the rest of the service; start passes it in, tests make their own.
import type { FastifyBaseLogger } from "fastify";
import type { Kysely } from "kysely";
import type { CaseActions } from "../cases/actions.ts";
import type { Clock } from "../clock.ts";
import type { Instant } from "../core/types.ts";
import type { SchoolFile, StaffMember } from "../policy/schema.ts";
import type { Tables } from "../store/tables.ts";

export interface WebServices {
  readonly store: Kysely<Tables>;
  /** Asked on every request: a reload of the configuration counts at once. */
  readonly school: () => SchoolFile;
  readonly staff: () => readonly StaffMember[];
  readonly clock: Clock;
  /** What sessions are timed by. Absent = the real time: moving the trial's clock must sign nobody out. */
  readonly sessionClock?: Clock;
  /** 32 or more characters. */
  readonly sessionSecret: string;
  /** Where people open the pages, such as https://afterbell.oakhill.example; null = loopback only. */
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly log: FastifyBaseLogger;
  readonly actions: CaseActions;
  /** When a member of staff is next at work; null = now, or unknown. Absent = always at work. */
  readonly atWork?: (staffId: string) => Instant | null;
  /** Called when an effect became due again by hand. */
  readonly wake?: () => void;
  /** What only the running service knows. */
  readonly health: () => ServiceHealth;
}

export interface ServiceHealth {
  readonly mailboxes: { readonly watched: number; readonly connected: number };
}
