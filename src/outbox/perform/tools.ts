// What performing an effect needs: the channels, and what the store has on the effect.
import type { Moved } from "../../channels/imap/moves.ts";
import type { MailError, Mailer } from "../../channels/smtp.ts";
import type { TextError } from "../../channels/twilio/errors.ts";
import type { Texter } from "../../channels/twilio/send.ts";
import type { Clock } from "../../clock.ts";
import type { Decision, Place } from "../../core/types.ts";
import type { LoadedConfig } from "../../policy/load.ts";
import { markStarted } from "../../store/effects.ts";
import type { Store } from "../../store/open.ts";
import { readRaw } from "../../store/raws.ts";
import type { DeliveriesTable, EffectsTable, MessagesTable } from "../../store/tables.ts";
import type { Letterhead } from "../render/compose.ts";
import type { Original } from "../render/originals.ts";
import { PerformError } from "../worker.ts";

export type Folder = "inbox" | "held" | "referred";

/** The watched mailboxes, however they are connected. */
export interface Mailboxes {
  /**
   * Moves messages of one account in as few commands as possible.
   * @returns by placeKey: where it is now, "gone" when its owner took it away, "refused" when the server would not
   * @throws when the mailbox cannot be reached
   */
  move(account: string, places: readonly Place[], to: Folder): Promise<ReadonlyMap<string, Moved>>;
}

export interface Tools {
  readonly store: Store;
  readonly clock: Clock;
  readonly loaded: () => LoadedConfig;
  readonly mailboxes: Mailboxes;
  /** null when the school has set none: then effects wait until it has. */
  readonly mailer: () => Mailer | null;
  readonly texter: () => Texter | null;
  readonly letterhead: () => Letterhead;
  /** Where people open the pages; null = nowhere from outside. */
  readonly publicUrl: () => string | null;
}

export function mailerOf(tools: Tools): Mailer {
  const mailer = tools.mailer();
  if (mailer === null)
    throw new PerformError("no mail server is set to send with: mail.smtp in school.yaml", true);
  return mailer;
}

export function texterOf(tools: Tools): Texter {
  const texter = tools.texter();
  if (texter === null) throw new PerformError("no texts can be sent: sms in school.yaml", true);
  return texter;
}

/**
 * Call it just before something leaves that cannot be taken back: a crash after it leaves a doubt.
 * @throws PerformError when this process has lost its claim, by a stop or by taking too long
 */
export async function begin(tools: Tools, effect: EffectsTable): Promise<void> {
  if (await markStarted(tools.store, effect, tools.clock.now())) return;
  throw new PerformError("another worker has taken this on", true);
}

/** What a channel says of a failure: worth another try or not. */
export function asPerformError(error: unknown): PerformError {
  if (error instanceof PerformError) return error;
  const { message, temporary, maybeSent } = error as Partial<MailError & TextError>;
  return new PerformError(message ?? String(error), temporary ?? true, { maybeSent: maybeSent ?? false });
}

export interface Stored {
  readonly message: MessagesTable;
  readonly decision: Decision;
  readonly deliveries: readonly DeliveriesTable[];
  readonly original: Original;
}

/** @throws PerformError when the message is not there (erased meanwhile): nothing can be done with it any more */
export async function storedMessage(tools: Tools, messageId: string | null): Promise<Stored> {
  const message = await tools.store
    .selectFrom("messages")
    .selectAll()
    .where("id", "=", messageId ?? "")
    .executeTakeFirst();
  if (!message) throw new PerformError("the message is no longer stored", false);
  const deliveries = await tools.store
    .selectFrom("deliveries")
    .selectAll()
    .where("message_id", "=", message.id)
    .execute();
  const raw = await readRaw(tools.store, message.school, message.raw_hash);
  const original: Original = {
    channel: message.channel as Original["channel"],
    fromName: message.from_name,
    fromAddress: message.from_address,
    subject: message.subject,
    text: message.text,
    receivedAt: message.received_at,
    raw: raw ?? Buffer.from(message.text),
    rawHash: message.raw_hash,
  };
  return { message, decision: JSON.parse(message.decision) as Decision, deliveries, original };
}

/** Performs each effect by itself: one that fails does not stop the others. */
export function oneByOne(
  perform: (effect: EffectsTable) => Promise<Readonly<Record<string, unknown>>>,
): (
  group: readonly EffectsTable[],
) => Promise<ReadonlyMap<string, Readonly<Record<string, unknown>> | PerformError>> {
  return async (group) => {
    const performed = new Map<string, Readonly<Record<string, unknown>> | PerformError>();
    for (const effect of group) {
      performed.set(effect.id, await perform(effect).catch(asPerformError));
    }
    return performed;
  };
}

/** The effect's own words, as scheduleEffect wrote them down. */
export function workOf<T>(effect: EffectsTable): T {
  return JSON.parse(effect.payload) as T;
}
