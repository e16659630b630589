// What the text of one mail speaks for, read once, and whether a mail system is what sent it.
import type { MailContext } from "./fields.ts";
import { isNull } from "./fields.ts";
import type { MailHeaders } from "./mail-headers.ts";
import { isSystem, localPart } from "./senders.ts";
import { isReplyOrForward } from "./subjects.ts";
import type { TextEvidence } from "./wording.ts";
import { textEvidence } from "./wording.ts";

const evidenceSeen = new WeakMap<MailContext, TextEvidence>();

/**
 * `subject`: a `plainSubject`. One context belongs to one mail.
 * What a reply quotes below is not its own; a delivery report holds the head of a mail as its own.
 */
export function evidenceOf(headers: MailHeaders, context: MailContext, subject: string): TextEvidence {
  const seen = evidenceSeen.get(context);
  if (seen) return seen;
  const evidence = textEvidence(context.text, isReplyOrForward(subject) && !systemSender(headers));
  evidenceSeen.set(context, evidence);
  return evidence;
}

/** A mail system, or nobody at all: a person's mail program writes From. */
export function systemSender(headers: MailHeaders): boolean {
  const returnPath = headers.get("return-path");
  const from = headers.get("from") ?? "";
  return isSystem(from) || localPart(from) === "" || (returnPath !== null && isNull(returnPath));
}
