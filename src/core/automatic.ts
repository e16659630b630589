// Is this mail a machine's, and may a machine answer it (RFC 3834, 5230, 3464)?
import type { MailHeaders } from "./automatic/mail-headers.ts";
import {
  displayName,
  isAdministrator,
  isDaemon,
  isListAddress,
  isSystem,
  isUnattended,
  localPart,
} from "./automatic/senders.ts";
import {
  isAutoReplySubject,
  isBounceSubject,
  isNoticeSubject,
  isPerhapsAwaySubject,
  isReceiptSubject,
  isReplyOrForward,
  plainSubject,
} from "./automatic/subjects.ts";
import type { TextEvidence } from "./automatic/wording.ts";
import { textEvidence } from "./automatic/wording.ts";
import type { Automatic, Message } from "./types.ts";

export interface MailContext {
  /** The decoded text; "" when only the head was read. */
  readonly text: string;
  /** Media types of all parts but the root, lower case; [] when only the head was read. */
  readonly partTypes: readonly string[];
  /** The mail carries our own loop mark, and it is genuine. */
  readonly ownLoopMark: boolean;
}

type Kind = Automatic["kind"];
const found = (kind: Kind, because: string): Automatic => ({ kind, because });

/**
 * Why a mail is a machine's, or null for a person's.
 * A machine's mail is delivered unread by us, so anything that is only likely goes to `suppressReply`.
 */
export function isAutomatic(headers: MailHeaders, context: MailContext): Automatic | null {
  const early = byLoop(headers, context) ?? byReport(headers, context) ?? byDaemon(headers);
  if (early) return early;
  const subject = plainSubject(headers.get("subject") ?? "");
  const evidence = textEvidence(context.text);
  return (
    byDeliveryText(headers, subject, evidence) ??
    byFields(headers, subject) ??
    bySender(headers, subject) ??
    bySubject(headers, subject, evidence)
  );
}

function byLoop(headers: MailHeaders, context: MailContext): Automatic | null {
  if (context.ownLoopMark) return found("loop", "It carries our own loop mark.");
  const loop = headers.list.find((header) => /^x-(?:loops?|(?:rt|otrs|helpdesk)-loop.*)$/.test(header.name));
  return loop ? found("loop", `It has the field ${shown(loop)}.`) : null;
}

/** Delivery, disposition and abuse reports in their standard form (RFC 3464, 8098, 5965, 6522). */
function byReport(headers: MailHeaders, context: MailContext): Automatic | null {
  const type = (headers.get("content-type") ?? "").toLowerCase();
  const subject = plainSubject(headers.get("subject") ?? "");
  const forwarded = isReplyOrForward(subject) && !isDaemon(headers.get("from") ?? "");
  const parts = forwarded ? [] : context.partTypes;
  if (
    /^multipart\/report\b/.test(type) ||
    parts.some((part) => /^message\/.*(?:-status|-notification|-report)$/.test(part))
  ) {
    const kindOf = `${type} ${parts.join(" ")}`;
    if (/disposition-notification/.test(kindOf))
      return found("notification", "It is a read receipt (RFC 8098).");
    if (/feedback-report/.test(kindOf)) return found("notification", "It is an abuse report (RFC 5965).");
    return found("bounce", "It is a delivery report (RFC 3464).");
  }
  if (/^message\/(?:.*delivery-status|.*disposition-notification|partial-delivery)\b/.test(type)) {
    return found("bounce", "It is a delivery report (RFC 3464).");
  }
  const failed = headers.get("x-failed-recipients");
  if (failed) return found("bounce", `It has the field X-Failed-Recipients: ${failed.slice(0, 80)}.`);
  const contentClass = headers.get("content-class") ?? "";
  if (/\bdsn\b/i.test(contentClass))
    return found("bounce", `It has the field Content-Class: ${contentClass}.`);
  if (/\bmdn\b/i.test(contentClass)) return found("notification", "It is a read receipt (Content-Class).");
  if (headers.get("x-ms-exchange-message-is-ndr") !== null)
    return found("bounce", "Exchange marks it as a delivery report.");
  return null;
}

function byDaemon(headers: MailHeaders): Automatic | null {
  for (const field of ["from", "sender", "return-path"]) {
    const value = headers.get(field) ?? "";
    if (isDaemon(value)) return found("bounce", `It comes from ${localPart(value) || displayName(value)}.`);
  }
  return null;
}

function systemSender(headers: MailHeaders): boolean {
  const returnPath = headers.get("return-path");
  return isSystem(headers.get("from") ?? "") || (returnPath !== null && isNull(returnPath));
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
    if (isNoticeSubject(subject) && evidence.notice > 0) {
      return found(
        "notification",
        `It reads like a notice of a mail filter: subject "${subject.slice(0, 80)}".`,
      );
    }
    return null;
  }
  const enough = isAdministrator(headers.get("from") ?? "")
    ? evidence.bounce >= 2
    : evidence.opensAsBounce && evidence.bounce >= 4;
  if (bySubjectLine && enough) {
    return found("bounce", `It reads like a delivery report: ${because}, text "${evidence.phrase}".`);
  }
  return null;
}

const LIST_FIELD =
  /^(?:list-(?:id|help|subscribe|unsubscribe|post|owner|archive|unsubscribe-post|software)|mailing-?list|x-mailing-?list|x-list(?:name|server|member|-.*)?|x-listprocessor-version|x-mailman-.*|x-beenthere|x-ml-.*|x-mlserver|x-ezmlm.*|x-sympa.*|x-google-group-id|x-original-sender-list|x-mlmmj.*|x-majordomo.*)$/;
/** X-Autoreply and the whole family; X-Auto-Response-Suppress asks something else. */
const AUTO_FIELD =
  /^(?:x-(?:mail-)?auto-?(?:repl(?:y|ied)|respond|responder|respons[ea]|generated|matic|submitted)(?:-(?:from|id|subject|message|by|type))?|x-vacation(?:-.*)?|x-autogenerated(?:-.*)?|x-delivered-to-the-autoresponder|x-amazon-auto-reply|x-fc-machinegenerated|x-discourse-auto-generated|x-zendesk-auto-reply|x-ms-exchange-generated-message-source|x-cron-env|x-challenge.*|x-tmda-confirm.*)$/;

/** Fields by which software says what it is (RFC 3834 s5, RFC 2369, RFC 2919 and custom). */
function byFields(headers: MailHeaders, subject: string): Automatic | null {
  const submitted = autoSubmitted(headers, subject);
  const list = headers.list.find((header) => LIST_FIELD.test(header.name) && header.value !== "");
  const precedence = [...headers.all("precedence"), ...headers.all("x-precedence")]
    .map((value) => value.toLowerCase().trim())
    .find((value) => /^(?:bulk|list|junk|auto[-_ ]?reply)\b/.test(value));
  if (submitted?.kind === "auto-reply") return submitted;
  const field = headers.list.find(
    (header) => AUTO_FIELD.test(header.name) && !/^(?:no|false|0|none)?$/i.test(header.value),
  );
  if (field) return found("auto-reply", `It has the field ${shown(field)}.`);
  const messageClass = headers.get("x-post-messageclass") ?? "";
  if (
    /autoresponder/i.test(
      `${messageClass} ${headers.get("delivered-to") ?? ""} ${headers.get("x-mailer") ?? ""}`,
    )
  ) {
    return found("auto-reply", "An autoresponder names itself in its fields.");
  }
  if (list) return found("list", `It has the field ${shown(list)}.`);
  if (submitted) return submitted;
  if (!precedence) return null;
  const kind =
    /^auto/.test(precedence) || isAutoReplySubject(subject)
      ? "auto-reply"
      : precedence === "list"
        ? "list"
        : "bulk";
  return found(kind, `It has the field Precedence: ${precedence.slice(0, 40)}.`);
}

function autoSubmitted(headers: MailHeaders, subject: string): Automatic | null {
  const value = headers
    .all("auto-submitted")
    .map((each) =>
      each
        .toLowerCase()
        .replace(/\([^()]*\)/g, "")
        .trim(),
    )
    .find((each) => each !== "" && !/^no\b/.test(each));
  if (value === undefined) return null;
  const because = `It has the field Auto-Submitted: ${value.slice(0, 60)}.`;
  if (/^auto-replied/.test(value) || isAutoReplySubject(subject)) return found("auto-reply", because);
  return found("notification", because);
}

function bySender(headers: MailHeaders, subject: string): Automatic | null {
  const from = headers.get("from") ?? "";
  for (const field of ["from", "sender", "errors-to", "return-path"]) {
    const value = headers.get(field) ?? "";
    if (isListAddress(value)) return found("list", `A list server writes: ${field} ${localPart(value)}.`);
  }
  if (isUnattended(from)) {
    const kind = isBounceSubject(subject)
      ? "bounce"
      : isAutoReplySubject(subject)
        ? "auto-reply"
        : "notification";
    return found(kind, `Nobody reads the address that it comes from: ${localPart(from)}.`);
  }
  const returnPath = headers.get("return-path");
  if (returnPath !== null && isNull(returnPath)) {
    // RFC 5321 s4.5.5: only notifications of any kind have it.
    return found(
      isBounceSubject(subject) ? "bounce" : "auto-reply",
      "Its envelope sender is empty (Return-Path: <>).",
    );
  }
  return null;
}

function bySubject(headers: MailHeaders, subject: string, evidence: TextEvidence): Automatic | null {
  if (isReplyOrForward(subject) && !/[)\]]$/.test(subject)) return null;
  if (isAutoReplySubject(subject))
    return found("auto-reply", `Its subject is an autoresponder's: "${subject.slice(0, 80)}".`);
  if (
    isReceiptSubject(subject) &&
    /(?:was|is) (?:read|displayed|opened)|gelesen|lu le|le[íi]do|letto/i.test(evidence.phrase)
  ) {
    return found("notification", "It reads like a read receipt.");
  }
  return headers.get("x-ms-has-autoreply") !== null
    ? found("auto-reply", "Exchange marks it as an automatic reply.")
    : null;
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
  if (headers.get("x-ms-exchange-inbox-rules-loop") !== null)
    return "A rule in an Exchange mailbox sent it on.";
  if (/^(?:bounces?|returns?|errors?)[-+=.](?!.*srs)/i.test(localPart(headers.get("return-path") ?? ""))) {
    return "Its envelope sender collects bounces.";
  }
  return readsLikeAMachine(plainSubject(headers.get("subject") ?? ""), headers, textEvidence(context.text));
}

function readsLikeAMachine(subject: string, headers: MailHeaders, evidence: TextEvidence): string | null {
  const says = evidence.phrase === "" ? "" : `: "${evidence.phrase}"`;
  const fresh = !isReplyOrForward(subject);
  if (fresh && isBounceSubject(subject))
    return `Its subject reads like a delivery report: "${subject.slice(0, 80)}".`;
  if (evidence.opensAsBounce && evidence.bounce >= 4) return `It reads like a delivery report${says}.`;
  if (evidence.bounce >= 7) return `It quotes a delivery report${says}.`;
  if (fresh && isReceiptSubject(subject)) return "It may be a read receipt.";
  if (evidence.autoReply >= 3) return `It reads like an automatic reply${says}.`;
  if (isPerhapsAwaySubject(subject) && evidence.autoReply >= 2)
    return `It reads like an out-of-office reply${says}.`;
  if (isNoticeSubject(subject) && (evidence.notice > 0 || evidence.autoReply > 1))
    return `It reads like a notice of software${says}.`;
  if (evidence.notice >= 3) return `It reads like a notice of software${says}.`;
  const from = headers.get("from") ?? "";
  if ((isSystem(from) || isAdministrator(from)) && (evidence.notice > 0 || evidence.bounce > 2)) {
    return `It reads like a notice of a mail system${says}.`;
  }
  return null;
}

const isNull = (returnPath: string): boolean => /^<\s*>$|^$|^<#@\[\]>$/.test(returnPath.trim());
const shown = (header: { readonly name: string; readonly value: string }): string => {
  const name = header.name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return `${name}: ${header.value.slice(0, 60)}`;
};

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
