// Puts a rendered reply into a mail that no machine answers, and that names no stranger's headers.
import { createHash } from "node:crypto";
import { isPlainAddress, MailError, type OutgoingMail } from "../../channels/smtp.ts";
import type { Address, Instant } from "../../core/types.ts";
import type { RenderedReply, Renderer } from "../render.ts";
import { oneLine } from "./clean.ts";

/** What every mail of one school has in common. */
export interface Letterhead {
  readonly renderer: Renderer;
  readonly schoolName: string;
  /** IANA zone. */
  readonly zone: string;
  /** The gateway's own name and address: every mail comes from it. */
  readonly gateway: Address;
  readonly officeEmail: string;
  /** The value of X-Afterbell-Loop for a Message-ID: only we can make it, so it tells our own mail. */
  readonly loopMark: (messageId: string) => string;
}

/** What a mail has of its own. */
export interface Envelope {
  /** Idempotency key of the effect: the same key always gives the same Message-ID. */
  readonly key: string;
  readonly now: Instant;
  readonly to: Address;
}

export const LOOP_HEADER = "X-Afterbell-Loop";

/** "<40 hexadecimal digits@the gateway's domain>". */
export function messageIdOf(key: string, gatewayAddress: string): string {
  const domain = gatewayAddress.slice(gatewayAddress.lastIndexOf("@") + 1);
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 40)}@${domain}>`;
}

/** Fills in what all our mails carry; `purpose` is the keyword of RFC 3834 section 5. */
export function envelop(
  letterhead: Letterhead,
  envelope: Envelope,
  purpose: "auto-replied" | "auto-generated",
  content: Pick<OutgoingMail, "subject" | "text" | "html"> & Partial<OutgoingMail>,
): OutgoingMail {
  if (!isPlainAddress(envelope.to.address))
    throw new MailError("Mail cannot be sent to this address: it is not one plain mailbox.", {
      temporary: false,
    });
  const messageId = messageIdOf(envelope.key, letterhead.gateway.address);
  return {
    envelopeFrom: letterhead.gateway.address,
    from: named(letterhead.gateway),
    to: [named(envelope.to)],
    replyTo: null,
    messageId,
    date: envelope.now,
    inReplyTo: null,
    references: [],
    attachments: [],
    ...content,
    headers: {
      "Auto-Submitted": purpose,
      "X-Auto-Response-Suppress": "All",
      [LOOP_HEADER]: letterhead.loopMark(messageId),
    },
  };
}

const named = (address: Address): Address => ({ ...address, name: oneLine(address.name, 100) });

/** What is answered: the references of a mail that a stranger wrote. */
export interface Answered {
  readonly messageId: string | null;
  readonly references: readonly string[];
}

/** The automatic answer to a parent's mail. Its answers go to the office, where people read them. */
export function composeReply(
  letterhead: Letterhead,
  envelope: Envelope,
  reply: RenderedReply,
  answered: Answered,
): OutgoingMail {
  const inReplyTo =
    answered.messageId !== null && isMessageId(answered.messageId) ? answered.messageId : null;
  return envelop(letterhead, envelope, "auto-replied", {
    envelopeFrom: null,
    replyTo: letterhead.officeEmail,
    subject: reply.subject,
    text: reply.text,
    html: reply.html,
    inReplyTo,
    references: thread(answered.references, inReplyTo),
  });
}

const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/;
const isMessageId = (value: string): boolean => MESSAGE_ID.test(value);
const LONGEST_THREAD = 10;

/** RFC 5322 section 3.6.4; the first and the latest are kept when there are very many. */
function thread(references: readonly string[], inReplyTo: string | null): readonly string[] {
  const sound = [...new Set(references.filter(isMessageId))].filter((id) => id !== inReplyTo);
  const all = inReplyTo === null ? sound : [...sound, inReplyTo];
  if (all.length <= LONGEST_THREAD) return all;
  return [...all.slice(0, 1), ...all.slice(1 - LONGEST_THREAD)];
}
