// The decision, from top to bottom: every rule speaks, the strictest outcome wins, one reply at most.
import { mayReply } from "./automatic.ts";
import { fingerprint } from "./frequency.ts";
import { matchRule } from "./rules.ts";
import {
  type Decision,
  type Effect,
  type Facts,
  type Message,
  OUTCOMES,
  type Outcome,
  type Policy,
  type Reason,
  type RecipientDecision,
  type RecipientFacts,
  type ReplyPlan,
  type ReplyTemplate,
  type Rule,
  type SenderRole,
} from "./types.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whose messages may wait and be answered (DESIGN "The decision", step 2). */
const people: readonly SenderRole[] = ["parent", "probably-parent"];

interface Match {
  readonly rule: Rule;
  readonly evidence: string;
}

interface Verdict {
  readonly recipient: RecipientFacts;
  readonly matches: readonly Match[];
  readonly decision: RecipientDecision;
}

/** The strictest outcome that some rule asks for and none bars. */
function strictest(rules: readonly Rule[]): Outcome {
  const barred = new Set(rules.flatMap((rule) => rule.then.never));
  const asked = rules.map((rule) => rule.then.outcome).filter((outcome) => !barred.has(outcome));
  return OUTCOMES.findLast((outcome) => asked.includes(outcome)) ?? "deliver";
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/**
 * Outside hours, the next working moment is soon enough for batched messages too; a batch that begins
 * while the person works waits for the next working day.
 */
function releaseOf(recipient: RecipientFacts, batch: boolean): string | null {
  return batch && recipient.working !== false ? recipient.nextWorkingDay : recipient.nextWorkingMoment;
}

function decideFor(recipient: RecipientFacts, matches: readonly Match[]): RecipientDecision {
  const outcome = strictest(matches.map(({ rule }) => rule));
  if (outcome !== "hold") return { recipient: recipient.id, outcome, releaseAt: null, batch: false };
  const batch = matches.some(({ rule }) => rule.then.outcome === "hold" && rule.then.batch);
  const releaseAt = releaseOf(recipient, batch);
  // Nobody knows when they work next: doubt delivers.
  if (releaseAt === null)
    return { recipient: recipient.id, outcome: "deliver", releaseAt: null, batch: false };
  return { recipient: recipient.id, outcome, releaseAt, batch };
}

function judge(message: Message, facts: Facts, policy: Policy): readonly Verdict[] {
  const print = fingerprint(message.newText);
  return facts.recipients.map((recipient) => {
    const situation = { message, facts, policy, recipient, fingerprint: print };
    const matches = policy.rules.flatMap((rule) => {
      const evidence = matchRule(rule, situation);
      return evidence === null ? [] : [{ rule, evidence }];
    });
    return { recipient, matches, decision: decideFor(recipient, matches) };
  });
}

function reasonsOf(matches: readonly Match[]): readonly Reason[] {
  const seen = new Map<string, Reason>();
  for (const { rule, evidence } of matches) {
    if (!seen.has(rule.id))
      seen.set(rule.id, { rule: rule.id, clause: rule.clause, why: rule.why, evidence });
  }
  return [...seen.values()];
}

/** What holds for everyone, whatever a school's rules say: the calendar's end and a very long hold. */
function watchfulness(
  message: Message,
  verdicts: readonly Verdict[],
  facts: Facts,
  policy: Policy,
): readonly Reason[] {
  if (message.automatic !== null || !people.includes(facts.sender.role)) return [];
  const reasons: Reason[] = [];
  const unknown = verdicts.filter(({ recipient: { working, nextWorkingMoment } }) => {
    return working === null || (!working && nextWorkingMoment === null);
  });
  if (unknown.length > 0) {
    reasons.push({
      rule: "calendar.missing",
      clause: "3.3",
      why: "The calendar does not say when the recipient works next, so the message is delivered.",
      evidence: unknown.map(({ recipient }) => recipient.name).join(", "),
    });
  }
  const longestMs = policy.hold.longestDays * dayMs;
  const long = verdicts.filter(
    ({ decision }) =>
      decision.releaseAt !== null && Date.parse(decision.releaseAt) - Date.parse(facts.now) > longestMs,
  );
  if (long.length > 0) {
    reasons.push({
      rule: "hold.longest",
      clause: "3.4",
      why: `The message would wait longer than ${policy.hold.longestDays} days, so the office gets it as well.`,
      evidence: long.map(({ decision }) => `until ${decision.releaseAt}`).join(", "),
    });
  }
  return reasons;
}

// ---- The reply ----

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

/** RFC 5230 section 4.2 remembers whom it has answered; here for the closed period, at work for a day. */
function answeredSince(verdicts: readonly Verdict[], facts: Facts): string {
  const closed = verdicts.map(({ recipient }) => recipient.closedSince).reduce(later, null);
  return closed ?? new Date(Date.parse(facts.now) - dayMs).toISOString();
}

/** An absence or a complaint is told its own way once, even when the sender knows already that it is late. */
const ownOccasion: readonly ReplyTemplate[] = ["complaint", "must-not-wait"];

function alreadyAnswered(template: ReplyTemplate, verdicts: readonly Verdict[], facts: Facts): boolean {
  const since = answeredSince(verdicts, facts);
  const { lastReplyAt } = facts.sender;
  if (ownOccasion.includes(template)) return (lastReplyAt[template] ?? "") >= since;
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
function permission(message: Message, facts: Facts, policy: Policy): Decision["mayReply"] {
  const machine = mayReply(message, {
    ownAddresses: facts.ownAddresses,
    recipientAddresses: facts.recipients.flatMap((recipient) => recipient.addresses),
    isContact: facts.sender.contactId !== null,
    unchecked: policy.replies.unchecked,
  });
  if (!machine.may) return machine;
  if (!people.includes(facts.sender.role))
    return { may: false, because: `the sender is not a parent: ${facts.sender.role}` };
  const refusal = replyRefusal(message, facts, policy);
  return refusal === null ? machine : { may: false, because: refusal };
}

function planReply(verdicts: readonly Verdict[], facts: Facts): ReplyPlan | null {
  const template = wantedReply(verdicts);
  if (template === null || alreadyAnswered(template, verdicts, facts)) return null;
  const seen = verdicts.flatMap(({ recipient, decision }) =>
    decision.releaseAt === null ? [] : [{ name: recipient.name, at: decision.releaseAt }],
  );
  return { template, language: facts.sender.language, seen };
}

// ---- What follows ----

function moves({ recipient, releaseAt, outcome, batch }: RecipientDecision): readonly Effect[] {
  if (outcome === "escalate") return [{ kind: "move", recipient, to: "referred", at: null }];
  if (outcome !== "hold" || releaseAt === null) return [{ kind: "move", recipient, to: "inbox", at: null }];
  const release: Effect = batch
    ? { kind: "digest", recipient, at: releaseAt }
    : { kind: "move", recipient, to: "inbox", at: releaseAt };
  return [{ kind: "move", recipient, to: "held", at: null }, release];
}

function sentOn(matches: readonly Match[]): readonly Effect[] {
  const effects = new Map<string, Effect>();
  for (const { rule } of matches) {
    const because = rule.why;
    for (const to of rule.then.forward)
      effects.set(`forward ${to}`, { kind: "forward", to, because, at: null });
    for (const to of rule.then.alert) effects.set(`alert ${to}`, { kind: "alert", to, because });
  }
  return [...effects.values()];
}

/** One message opens one case: the serious kind first. */
function caseOf(matches: readonly Match[]): readonly Effect[] {
  const wanted = matches.flatMap(({ rule }) => (rule.then.openCase ? [rule.then.openCase] : []));
  const opened = wanted.find(({ severity }) => severity === "serious") ?? wanted[0];
  return opened ? [{ kind: "openCase", caseKind: opened.kind, severity: opened.severity }] : [];
}

/** Built-in watchfulness tells the office: once a month for a calendar, each time for a long hold. */
function toldOffice(reasons: readonly Reason[]): readonly Effect[] {
  return reasons.map(({ rule, why }) =>
    rule === "calendar.missing"
      ? { kind: "notice", to: "office", because: why }
      : { kind: "forward", to: "office", because: why, at: null },
  );
}

/**
 * What is to happen to a message. Pure: the same message, facts and policy give the same decision.
 * @param message what came in
 * @param facts everything that the decision may depend on, the clock included
 * @param policy the school's rules, read once
 * @returns the strictest outcome over all recipients, each recipient's own, and the effects that follow
 */
export function decide(message: Message, facts: Facts, policy: Policy): Decision {
  const verdicts = judge(message, facts, policy);
  const matches = verdicts.flatMap((verdict) => verdict.matches);
  const watched = watchfulness(message, verdicts, facts, policy);
  const recipients = verdicts.map(({ decision }) => decision);
  const may = permission(message, facts, policy);
  const reply = may.may ? planReply(verdicts, facts) : null;
  return {
    outcome: OUTCOMES.findLast((outcome) => recipients.some((one) => one.outcome === outcome)) ?? "deliver",
    recipients,
    releaseAt: recipients.map(({ releaseAt }) => releaseAt).reduce(later, null),
    reply,
    mayReply: may,
    reasons: [...reasonsOf(matches), ...watched],
    effects: [
      ...recipients.flatMap(moves),
      ...sentOn(matches),
      ...toldOffice(watched),
      ...caseOf(matches),
      ...(reply ? [{ kind: "reply", plan: reply } as const] : []),
    ],
  };
}
