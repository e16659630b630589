// Mail and texts between parents and the school, both ways, over the trial's own servers.
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { StaffMember } from "../policy/schema.ts";
import type { Journal, Written } from "./journal.ts";
import { compose, delivered } from "./letter.ts";
import type { ImapPeer } from "./peers/imap.ts";
import type { SunkMail } from "./peers/smtp-sink.ts";
import type { TwilioPeer } from "./peers/twilio.ts";
import type { Sender } from "./senders.ts";

export interface PostSettings {
  readonly imap: ImapPeer;
  readonly texts: TwilioPeer;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly staff: () => readonly StaffMember[];
}

export interface Draft {
  readonly sender: Sender;
  readonly channel: "email" | "sms";
  /** Staff ids, or for a text one of the school's numbers. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** The message did not get through to the school: one sentence that says why. */
export class NotDelivered extends Error {}

/** Sends a message to the school as its sender would. @throws NotDelivered */
export async function sendToSchool(settings: PostSettings, draft: Draft): Promise<Written> {
  const reference =
    draft.channel === "sms" ? await sendText(settings, draft) : await sendMail(settings, draft);
  const { sender, channel, to, subject, text } = draft;
  const written: Written = {
    id: randomUUID().slice(0, 8),
    at: settings.clock.now(),
    channel,
    senderId: sender.id,
    senderName: sender.name,
    from: (channel === "sms" ? sender.number : sender.email) ?? "",
    to: [...to],
    subject: channel === "sms" ? "" : subject,
    text,
    reference,
  };
  settings.journal.addWritten(written);
  return written;
}

async function sendMail(settings: PostSettings, { sender, to, subject, text }: Draft): Promise<string> {
  const at = settings.clock.now();
  const people = to.map((id) => memberOf(settings, id));
  const addressed = people.map(({ name, email }) => ({ name, address: email[0] ?? "" }));
  const { raw, messageId } = await compose({ sender, to: addressed, subject, text, at });
  for (const person of people) {
    const user = person.mailbox?.user ?? person.id;
    const copy = delivered(raw, person.email[0] ?? "", sender.nullSender ? null : sender.email, at);
    settings.imap.append(user, "INBOX", copy, at);
  }
  return messageId;
}

function memberOf({ staff }: PostSettings, id: string): StaffMember {
  const member = staff().find((one) => one.id === id);
  if (!member?.mailbox) throw new NotDelivered(`${member?.name ?? id} has no mailbox in staff.yaml.`);
  return member;
}

async function sendText({ texts }: PostSettings, { sender, to, text }: Draft): Promise<string> {
  const answer = await texts.sendAsParent({ from: sender.number ?? "", to: to[0] ?? "", body: text });
  if (answer.status === 200) return answer.sid;
  throw new NotDelivered(`The school's webhook answered ${answer.status} to the text.`);
}

/**
 * Takes in a mail that left Afterbell: what goes to staff is put into their INBOX, and all of it is kept.
 * @returns the number of the letter in the journal
 */
export function takeLetter(settings: PostSettings, mail: SunkMail): number {
  const { imap, journal, clock, staff } = settings;
  const at = clock.now();
  for (const address of mail.envelopeTo) {
    const member = staff().find(({ email }) => email.includes(address.toLowerCase()));
    if (!member?.mailbox) continue;
    imap.append(member.mailbox.user, "INBOX", delivered(mail.raw, address, mail.envelopeFrom, at), at);
  }
  return journal.addLetter({ at, to: mail.envelopeTo.map((one) => one.toLowerCase()), raw: mail.raw });
}
