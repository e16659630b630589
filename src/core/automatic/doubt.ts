// Mail that only reads like a machine's: nobody can be sure, so it is held like a person's and not answered.
import { evidenceOf } from "./evidence.ts";
import type { MailContext } from "./fields.ts";
import { deskField } from "./fields.ts";
import type { MailHeaders } from "./mail-headers.ts";
import { isPerhapsUnattended, isSystem, isUnattended, localPart } from "./senders.ts";
import {
  isAboutMail,
  isBounceSubject,
  isLikelyAwaySubject,
  isNoticeSubject,
  isPerhapsAwaySubject,
  isPerhapsBounceSubject,
  isReceiptSubject,
  isReplyOrForward,
  isSoftwareSubject,
  plainSubject,
} from "./subjects.ts";
import type { TextEvidence } from "./wording.ts";

/** Why it may be a machine's, or null. Each is only likely: the mail is held and screened all the same. */
export function readsLikeAMachine(headers: MailHeaders, context: MailContext): string | null {
  const subject = plainSubject(headers.get("subject") ?? "");
  const evidence = evidenceOf(headers, context, subject);
  const says = evidence.phrase === "" ? "" : `: "${evidence.phrase}"`;
  return (
    byItsFields(headers, context) ??
    byItsSender(headers, isReplyOrForward(subject)) ??
    (isReplyOrForward(subject) ? null : byItsSubject(subject, evidence)) ??
    byItsText(subject, evidence, says)
  );
}

function byItsFields(headers: MailHeaders, { partTypes }: MailContext): string | null {
  if (headers.get("x-ms-exchange-inbox-rules-loop") !== null)
    return "A rule in an Exchange mailbox sent it on.";
  if (/^(?:bounces?|returns?|errors?)[-+=.](?!.*srs)/i.test(localPart(headers.get("return-path") ?? "")))
    return "Its envelope sender collects bounces.";
  const desk = deskField(headers);
  if (desk) return `A ticket system, a mailing or a web form sent it (${desk}).`;
  const types = [headers.get("content-type") ?? "", ...partTypes];
  return types.some((type) => /^text\/calendar\b.*\bmethod="?(?:reply|counter|cancel)\b/i.test(type))
    ? "It is a calendar's answer to an invitation."
    : null;
}

/** The first vacation program answered no postmaster either: whoever writes as one is seldom a parent. */
function byItsSender(headers: MailHeaders, isReply: boolean): string | null {
  const from = headers.get("from") ?? "";
  if (!isReply && isSystem(from)) return `A mail system's address may have sent it: ${localPart(from)}.`;
  if (isPerhapsUnattended(from)) return `A machine may have sent it: ${localPart(from)}.`;
  return isUnattended(headers.get("sender") ?? "")
    ? `Software sent it for its author: ${localPart(headers.get("sender") ?? "")}.`
    : null;
}

function byItsSubject(subject: string, evidence: TextEvidence): string | null {
  const shown = `"${subject.slice(0, 80)}"`;
  // "Undelivered parcel" alone is a parent's: a report names an address or a code.
  const { bounce, opensAsBounce, technical, isEmpty } = evidence;
  const reports = bounce > 2 || opensAsBounce || technical || isEmpty;
  const isBounce =
    (isBounceSubject(subject) && (reports || isAboutMail(subject))) ||
    (isPerhapsBounceSubject(subject) && technical);
  if (isBounce) return `Its subject reads like a delivery report: ${shown}.`;
  if (isReceiptSubject(subject) && (reports || evidence.receipt || /receipt/.test(subject)))
    return "It may be a read receipt.";
  if (isSoftwareSubject(subject)) return `Its subject reads like a notice of software: ${shown}.`;
  return null;
}

function byItsText(subject: string, evidence: TextEvidence, says: string): string | null {
  if (evidence.opensAsBounce && evidence.bounce >= (evidence.technical ? 4 : 6))
    return `It reads like a delivery report${says}.`;
  if (evidence.bounce >= 6) return `It quotes a delivery report${says}.`;
  if (evidence.autoReply >= 3) return `It reads like an automatic reply${says}.`;
  const needed = isLikelyAwaySubject(subject) ? 1 : isPerhapsAwaySubject(subject) ? 2 : 3;
  if (evidence.autoReply >= needed) return `It reads like an out-of-office reply${says}.`;
  if (evidence.telltale) return `It reads like a notice of software${says}.`;
  if (evidence.mailing) return "It reads like a mailing.";
  if (isNoticeSubject(subject) && (evidence.notice > 0 || evidence.autoReply > 1))
    return `It reads like a notice of software${says}.`;
  return evidence.notice >= 3 ? `It reads like a notice of software${says}.` : null;
}
