// The mails that go to people at the school: what was kept or passed on, and why.

import { isPlainAddress, type OutgoingMail } from "../../channels/smtp.ts";
import { sayInstants } from "../../core/instants.ts";
import type { Channel, Reason } from "../../core/types.ts";
import { oneLine, plainText, quoted } from "./clean.ts";
import { type Envelope, envelop, type Letterhead } from "./compose.ts";
import { inFull } from "./dates.ts";
import { attachOriginals, type Original } from "./originals.ts";

/** Why a message is put before somebody. */
export interface Account {
  readonly original: Original;
  /** Names of the members of staff that it was addressed to. */
  readonly addressees: readonly string[];
  readonly reasons: readonly Reason[];
  /** One sentence. */
  readonly because: string;
  readonly caseNumber: number | null;
  readonly caseUrl: string | null;
}

const MOST_SHOWN_CHARACTERS = 20_000;
const NOBODY_READS = "Nobody reads replies to this mail.";
const REACHES_SENDER = "A reply to this mail goes to the sender.";
const REACHES_OFFICE = "A reply to this mail goes to the school office, not to the sender.";
const CHANNELS: Readonly<Record<Channel, string>> = {
  email: "email",
  sms: "text message",
  whatsapp: "WhatsApp message",
};

/** The original with a summary of why: to the headteacher (`withheld`), the office, complaints or chair. */
export function composeForward(
  letterhead: Letterhead,
  envelope: Envelope,
  account: Account & { readonly withheld: boolean },
): OutgoingMail {
  const replyTo = account.withheld ? null : answerAddress([account.original]);
  return composeAccount(letterhead, envelope, "forward", account, replyTo);
}

/** A possible disclosure, for the DSL: nothing of it can be read on a locked screen. */
export function composeAlert(
  letterhead: Letterhead,
  envelope: Envelope,
  account: Account,
): { readonly mail: OutgoingMail; readonly sms: string } {
  return {
    mail: composeAccount(letterhead, envelope, "alert", account, null),
    sms: letterhead.renderer.renderAlertText(letterhead.schoolName, account.caseUrl),
  };
}

function composeAccount(
  letterhead: Letterhead,
  envelope: Envelope,
  notice: "forward" | "alert",
  account: Account,
  replyTo: string | null,
): OutgoingMail {
  const { attachments, notes } = attachOriginals([account.original]);
  const rendered = letterhead.renderer.renderNotice(notice, {
    ...account,
    schoolName: letterhead.schoolName,
    because: oneLine(account.because, 500),
    reasons: account.reasons.map((reason) => ({
      ...reason,
      evidence: oneLine(
        sayInstants(reason.evidence, (at) => inFull(at, letterhead.zone)),
        500,
      ),
    })),
    message: messageValues(letterhead, account.original, notes[0] ?? "", account.addressees),
    replyNote: replyTo === null ? NOBODY_READS : REACHES_SENDER,
  });
  return envelop(letterhead, envelope, "auto-generated", { ...rendered, replyTo, attachments });
}

/** One mail with all that a sender's batched messages say, in the order in which they came. */
export function composeDigest(
  letterhead: Letterhead,
  envelope: Envelope,
  originals: readonly Original[],
): OutgoingMail {
  const inOrder = [...originals].sort((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
  const { attachments, notes } = attachOriginals(inOrder);
  const replyTo = answerAddress(inOrder);
  const latest = inOrder.at(-1);
  const rendered = letterhead.renderer.renderNotice("digest", {
    schoolName: letterhead.schoolName,
    sender: latest === undefined ? "Nobody" : senderOf(latest),
    messages: inOrder.map((original, index) => messageValues(letterhead, original, notes[index] ?? "", [])),
    replyNote: replyTo === null ? REACHES_OFFICE : REACHES_SENDER,
  });
  return envelop(letterhead, envelope, "auto-generated", {
    ...rendered,
    replyTo: replyTo ?? letterhead.officeEmail,
    attachments,
  });
}

/** A parent's text, passed on to a member of staff. */
export function composeText(
  letterhead: Letterhead,
  envelope: Envelope,
  text: {
    readonly original: Original;
    readonly addressees: readonly string[];
    /** Pictures and files that came with it and stay at Twilio. */
    readonly mediaCount: number;
  },
): OutgoingMail {
  const rendered = letterhead.renderer.renderNotice("text", {
    schoolName: letterhead.schoolName,
    message: messageValues(letterhead, text.original, "", text.addressees),
    mediaCount: text.mediaCount,
    replyNote: REACHES_OFFICE,
  });
  return envelop(letterhead, envelope, "auto-generated", { ...rendered, replyTo: letterhead.officeEmail });
}

/** A few plain sentences about the gateway itself: no calendar for this year, a parent opted out of texts. */
export function composeNotice(
  letterhead: Letterhead,
  envelope: Envelope,
  notice: { readonly subject: string; readonly paragraphs: readonly string[]; readonly url: string | null },
): OutgoingMail {
  const rendered = letterhead.renderer.renderNotice("notice", {
    schoolName: letterhead.schoolName,
    subject: oneLine(notice.subject, 150),
    paragraphs: notice.paragraphs.map((paragraph) => plainText(paragraph, 2000)),
    url: notice.url,
  });
  return envelop(letterhead, envelope, "auto-generated", rendered);
}

function messageValues(
  letterhead: Letterhead,
  original: Original,
  attached: string,
  addressees: readonly string[],
): object {
  const text = plainText(original.text, MOST_SHOWN_CHARACTERS) || "(no text)";
  const channel = CHANNELS[original.channel];
  return {
    sender: senderOf(original),
    addressees: addressees.map((name) => oneLine(name, 80)).join(", "),
    received: inFull(original.receivedAt, letterhead.zone),
    channel,
    channelName: `${channel[0]?.toUpperCase()}${channel.slice(1)}`,
    subject: oneLine(original.subject, 200),
    text,
    quoted: quoted(text),
    attached,
    sha256: original.rawHash,
  };
}

/** "Anna Nowak (anna@parents.example)". A display name is what the sender says, so the address is always shown. */
function senderOf(original: Original): string {
  const name = oneLine(original.fromName, 80);
  const address = oneLine(original.fromAddress, 254);
  if (address === "")
    return name || (original.channel === "email" ? "an unknown sender" : "a withheld number");
  return name === "" || name === address ? address : `${name} (${address})`;
}

/** Where a member of staff's answer goes: the sender's mail address, or nowhere for texts. */
const answerAddress = (originals: readonly Original[]): string | null =>
  originals.findLast((original) => original.channel === "email" && isPlainAddress(original.fromAddress))
    ?.fromAddress ?? null;
