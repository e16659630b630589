// Is this mail a machine's, and may a machine answer it (RFC 3834, 5230, 3464)?
import { readsLikeAMachine } from "./automatic/doubt.ts";
import { evidenceOf, systemSender } from "./automatic/evidence.ts";
import type { MailContext } from "./automatic/fields.ts";
import { byDaemon, byFields, byLoop, byReport, bySender, found } from "./automatic/fields.ts";
import type { MailHeaders } from "./automatic/mail-headers.ts";
import { isAdministrator, isDaemon, isListAddress, isUnattended } from "./automatic/senders.ts";
import {
  isAutoReplySubject,
  isBounceSubject,
  isNoticeSubject,
  isReceiptSubject,
  isReplyOrForward,
  isReportSubject,
  isSoftwareSubject,
  plainSubject,
} from "./automatic/subjects.ts";
import type { TextEvidence } from "./automatic/wording.ts";
import type { Automatic, Message } from "./types.ts";

/**
 * Why a mail is a machine's, or null for a person's.
 * A machine's mail is delivered unread by us, so anything that is only likely goes to `suppressReply`.
 */
export function isAutomatic(headers: MailHeaders, context: MailContext): Automatic | null {
  const early = byLoop(headers, context) ?? byReport(headers, context) ?? byDaemon(headers);
  if (early) return early;
  const subject = plainSubject(headers.get("subject") ?? "");
  const evidence = evidenceOf(headers, context, subject);
  return (
    byDeliveryText(headers, subject, evidence) ??
    byFields(headers, subject) ??
    bySender(headers, subject) ??
    bySubject(subject, evidence)
  );
}

/** Delivery reports of servers that set no field for it: qmail, Lotus, old Exchange, X.400 gateways. */
function byDeliveryText(headers: MailHeaders, subject: string, evidence: TextEvidence): Automatic | null {
  if (isReplyOrForward(subject) && !systemSender(headers)) return null;
  const bySubjectLine = isBounceSubject(subject);
  const because = bySubjectLine ? `subject "${subject.slice(0, 80)}"` : `text "${evidence.phrase}"`;
  if (systemSender(headers)) {
    if (bySubjectLine || evidence.bounce >= 4 || (evidence.opensAsBounce && evidence.bounce >= 3)) {
      return found("bounce", `It reads like a delivery report of a mail server: ${because}.`);
    }
    if (isSoftwareSubject(subject) || (isNoticeSubject(subject) && evidence.notice > 0)) {
      return found(
        "notification",
        `It reads like a notice of a mail filter: subject "${subject.slice(0, 80)}".`,
      );
    }
    return null;
  }
  const enough = isAdministrator(headers.get("from") ?? "")
    ? evidence.bounce >= 2
    : evidence.opensAsBounce && evidence.bounce >= 4 && evidence.technical;
  if (bySubjectLine && enough) {
    return found("bounce", `It reads like a delivery report: ${because}, text "${evidence.phrase}".`);
  }
  return null;
}

function bySubject(subject: string, evidence: TextEvidence): Automatic | null {
  if (isReportSubject(subject)) return found("notification", "It is a report of a mail provider.");
  if (isReplyOrForward(subject) && !/[)\]]$/.test(subject)) return null;
  if (isAutoReplySubject(subject))
    return found("auto-reply", `Its subject is an autoresponder's: "${subject.slice(0, 80)}".`);
  if (isReceiptSubject(subject) && evidence.receipt && evidence.technical)
    return found("notification", "It reads like a read receipt.");
  return null;
}

/**
 * Why a mail must not be answered by a machine although it may be a person's, or null.
 * It is held and screened like any other. Covers X-Auto-Response-Suppress (All, OOF, AutoReply)
 * and mail that only reads like a machine's.
 */
export function suppressReply(headers: MailHeaders, context: MailContext): string | null {
  const asked = headers
    .all("x-auto-response-suppress")
    .flatMap((value) => value.toLowerCase().split(/[,;\s]+/))
    .find((word) => ["all", "oof", "autoreply", "-1"].includes(word));
  if (asked) return `X-Auto-Response-Suppress asks for no automatic answer (${asked}).`;
  return readsLikeAMachine(headers, context);
}

export interface ReplyContext {
  /** Lower case: every address of staff, school and gateway. */
  readonly ownAddresses: readonly string[];
  /** Lower case: the addresses that the members of staff concerned are written to at. */
  readonly recipientAddresses: readonly string[];
  readonly isContact: boolean;
  /** Policy.replies.unchecked: whom to answer when no provider has checked the sender. */
  readonly unchecked: "everyone" | "contacts" | "nobody";
}

/** Whether an automatic answer to this message is allowed, and the first reason against it. */
export function mayReply(message: Message, context: ReplyContext): { may: boolean; because: string } {
  const against = reasonAgainst(message, context);
  return against === null
    ? { may: true, because: "A person's message that may be answered." }
    : { may: false, because: against };
}

function reasonAgainst(message: Message, context: ReplyContext): string | null {
  if (message.automatic) return message.automatic.because;
  if (message.from === null) return "No single sender can be read.";
  if (message.suppressReply !== null) return message.suppressReply;
  const address = message.from.address.toLowerCase();
  if (message.channel !== "email") {
    return /^\+[1-9]\d{6,14}$/.test(address) ? null : "The sender has no number that can be answered.";
  }
  return addressReason(address, message, context) ?? authenticityReason(message, context);
}

function addressReason(address: string, message: Message, context: ReplyContext): string | null {
  if (
    !/^[^\s@]+@(?:[^\s@.]+\.)+[^\s@.]{2,}$/.test(address) ||
    /\.(?:invalid|localhost|localdomain)$/.test(address)
  ) {
    return "The sender's address cannot be answered.";
  }
  if (context.ownAddresses.includes(address)) return "It comes from one of the school's own addresses.";
  if (isDaemon(address) || isUnattended(address) || isListAddress(address))
    return "Nobody reads the sender's address.";
  const idDomain = domainOf((message.messageId ?? "").replace(/[<>]/g, ""));
  if (
    idDomain !== "" &&
    idDomain !== domainOf(address) &&
    context.ownAddresses.some((own) => domainOf(own) === idDomain)
  ) {
    return "Its Message-ID is one of the school's own.";
  }
  // RFC 5230 s4.5: only mail that names the recipient; Bcc and lists do not.
  const named = [...message.to, ...message.cc].map((each) => each.address.toLowerCase());
  return context.recipientAddresses.some((own) => named.includes(own))
    ? null
    : "No recipient's address is in To or Cc.";
}

function authenticityReason(message: Message, context: ReplyContext): string | null {
  const { verdict, because } = message.authenticity;
  if (verdict === "fail") return `The sender is not proven: ${because}`;
  if (verdict === "pass" || context.unchecked === "everyone") return null;
  if (context.unchecked === "contacts" && context.isContact) return null;
  return "Nobody has checked that the sender is genuine.";
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();
