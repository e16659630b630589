// Which automatic answer a message gets, if any: one at most, and only where it is right to send one.
import { mayReply } from "./automatic.ts";
import type { Verdict } from "./rules.ts";
import {
  type Decision,
  type Facts,
  type Instant,
  type Message,
  OUTCOMES,
  type Policy,
  type ReplyPlan,
  type ReplyTemplate,
  type SenderRole,
} from "./types.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whose messages may wait and be answered (DESIGN "The decision", step 2). */
const people: readonly SenderRole[] = ["parent", "probably-parent"];

/** Whether a parent wrote it, or perhaps one, and not a machine. */
export function isFromPeople({ automatic }: Message, { sender }: Facts): boolean {
  return automatic === null && people.includes(sender.role);
}

/** The later of two; null is none. */
export function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** Neutral first: when several rules want an answer, the one that reveals least is sent. */
const replyOrder: readonly ReplyTemplate[] = [
  "received",
  "complaint",
  "must-not-wait",
  "frequent",
  "out-of-hours",
];

function wantedReply(verdicts: readonly Verdict[]): ReplyTemplate | null {
  const offDuty = verdicts.some(({ recipient }) => recipient.working === false);
  const wanted = verdicts.flatMap(({ matches, decision }) =>
    matches.filter(({ rule }) => {
      // What is simply delivered to somebody at work needs no answer by a machine.
      if (rule.then.outcome === "deliver") return offDuty;
      return OUTCOMES.indexOf(rule.then.outcome) <= OUTCOMES.indexOf(decision.outcome);
    }),
  );
  const templates = wanted.map(({ rule }) => rule.then.reply);
  return replyOrder.find((template) => templates.includes(template)) ?? null;
}

/** An absence or a complaint is told its own way once, even when the sender knows already that it is late. */
const ownOccasion: readonly ReplyTemplate[] = ["complaint", "must-not-wait"];
/** At work nothing waits but a batch, so an answer to something else has not told of it. */
const ownOccasionAtWork: readonly ReplyTemplate[] = [...ownOccasion, "frequent"];

/** RFC 5230 section 4.2 remembers whom it has answered; here for the closed period, at work for a day. */
function alreadyAnswered(template: ReplyTemplate, verdicts: readonly Verdict[], facts: Facts): boolean {
  const closedSince = verdicts.map(({ recipient }) => recipient.closedSince).reduce(later, null);
  const since = closedSince ?? new Date(Date.parse(facts.now) - dayMs).toISOString();
  const { lastReplyAt } = facts.sender;
  const own = closedSince === null ? ownOccasionAtWork : ownOccasion;
  if (own.includes(template)) return (lastReplyAt[template] ?? "") >= since;
  return Object.values(lastReplyAt).some((at) => at >= since);
}

const lateMs = 12 * hourMs;

function replyRefusal(message: Message, facts: Facts, policy: Policy): string | null {
  const { replies, texts } = policy;
  if (!replies.enabled) return "replies are switched off";
  if (facts.sender.adjustments.includes("no-replies")) return "an adjustment asks for no automatic replies";
  if (Date.parse(facts.now) - Date.parse(message.receivedAt) > lateMs) return "it arrived too long ago";
  if (facts.sender.repliesLastHour >= replies.perSenderPerHour)
    return "this sender had enough replies this hour";
  if (facts.repliesLastHour >= replies.perInstallationPerHour) return "enough replies were sent this hour";
  if (message.channel === "email") return null;
  const number = message.from?.address ?? "";
  if (!texts?.replyPrefixes.some((prefix) => number.startsWith(prefix)))
    return "this number is not one to answer";
  return facts.sender.repliesLastDay >= texts.repliesPerNumberPerDay
    ? "this number was answered today"
    : null;
}

/** May a machine answer this message at all? Everything but "was it answered already". */
export function permission(message: Message, facts: Facts, policy: Policy): Decision["mayReply"] {
  const machine = mayReply(message, {
    ownAddresses: facts.ownAddresses,
    recipientAddresses: facts.recipients.flatMap((recipient) => recipient.addresses),
    isContact: facts.sender.contactId !== null,
    unchecked: policy.replies.unchecked,
  });
  if (!machine.may) return machine;
  if (!isFromPeople(message, facts))
    return { may: false, because: `the sender is not a parent: ${facts.sender.role}` };
  const refusal = replyRefusal(message, facts, policy);
  return refusal === null ? machine : { may: false, because: refusal };
}

/**
 * The one answer that the rules come to, whether or not a machine may answer.
 * @returns null when no rule wants one, or the sender was told already
 */
export function planReply(verdicts: readonly Verdict[], facts: Facts): ReplyPlan | null {
  const template = wantedReply(verdicts);
  if (template === null || alreadyAnswered(template, verdicts, facts)) return null;
  const seen = verdicts.flatMap(({ recipient, decision }) =>
    decision.releaseAt === null ? [] : [{ name: recipient.name, at: decision.releaseAt }],
  );
  return { template, language: facts.sender.language, seen };
}
