// The decision, from top to bottom: every rule speaks, the strictest outcome wins, one reply at most.
import { clearedReason, withClearance } from "./cleared.ts";
import { fingerprint } from "./frequency.ts";
import { localDay } from "./local-time.ts";
import { isFromPeople, later, permission, planReply } from "./reply.ts";
import { type Match, matchRule, type Verdict } from "./rules.ts";
import { mayLookAway, opinionReason, withOpinion } from "./second-opinion.ts";
import {
  type Decision,
  type Desk,
  type Effect,
  type Facts,
  type Instant,
  type Message,
  OUTCOMES,
  type Outcome,
  type Policy,
  type Reason,
  type RecipientDecision,
  type RecipientFacts,
} from "./types.ts";
import { notReadReason } from "./wording/language.ts";

const dayMs = 86_400_000;

/** Barred whatever the rules say: an adjustment exempts from waiting, and what cannot be read whole is delivered. */
function barredOutcomes(message: Message, { sender }: Facts): readonly Outcome[] {
  return sender.adjustments.includes("no-hold") || message.parseError !== null ? ["hold"] : [];
}

/** The strictest outcome that some rule asks for and none bars. */
function strictest(matches: readonly Match[], alsoBarred: readonly Outcome[]): Outcome {
  const rules = matches.map(({ rule }) => rule);
  const barred = new Set([...alsoBarred, ...rules.flatMap((rule) => rule.then.never)]);
  const asked = rules.map((rule) => rule.then.outcome).filter((outcome) => !barred.has(outcome));
  return OUTCOMES.findLast((outcome) => asked.includes(outcome)) ?? "deliver";
}

/** A batch waits for the next working day, which is today for somebody who has not begun yet. */
export function releaseOf(
  recipient: RecipientFacts,
  batch: boolean,
  now: Instant,
  zone: string,
): Instant | null {
  const { working, closedSince, nextWorkingMoment, nextWorkingDay } = recipient;
  const dayOf = (instant: Instant) => localDay(Date.parse(instant), zone);
  const hasBegun = working !== false || (closedSince !== null && dayOf(closedSince) === dayOf(now));
  return batch && hasBegun ? nextWorkingDay : nextWorkingMoment;
}

function decideFor(
  recipient: RecipientFacts,
  matches: readonly Match[],
  message: Message,
  facts: Facts,
  zone: string,
): RecipientDecision {
  const outcome = strictest(matches, barredOutcomes(message, facts));
  if (outcome !== "hold") return { recipient: recipient.id, outcome, releaseAt: null, batch: false };
  const batch = matches.some(({ rule }) => rule.then.outcome === "hold" && rule.then.batch);
  const releaseAt = releaseOf(recipient, batch, facts.now, zone);
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
    return {
      recipient,
      matches,
      decision: decideFor(recipient, matches, message, facts, policy.calendar.zone),
    };
  });
}

/**
 * The weightiest first, so that the order of the rules carries no meaning: the strictest, then the serious
 * one, then the one with the strongest words. The first speaks for the others, and names the case.
 */
function byWeight(matches: readonly Match[], { wording }: Facts): readonly Match[] {
  const words = ({ rule }: Match) =>
    Math.max(0, ...(rule.when.category ?? []).map((name) => wording.categories[name] ?? 0));
  const serious = ({ rule }: Match) => Number(rule.then.openCase?.severity === "serious");
  const strict = ({ rule }: Match) => OUTCOMES.indexOf(rule.then.outcome);
  return matches.toSorted(
    (a, b) =>
      strict(b) - strict(a) ||
      serious(b) - serious(a) ||
      words(b) - words(a) ||
      (a.rule.id < b.rule.id ? -1 : Number(a.rule.id > b.rule.id)),
  );
}

function reasonsOf(matches: readonly Match[]): readonly Reason[] {
  const seen = new Map<string, Reason>();
  for (const { rule, evidence } of matches) {
    if (!seen.has(rule.id))
      seen.set(rule.id, { rule: rule.id, clause: rule.clause, why: rule.why, evidence });
  }
  return [...seen.values()];
}

/** What holds for everyone, whatever a school's rules say, and what follows from it. */
interface Watched {
  readonly reason: Reason;
  readonly effects: readonly Effect[];
}

function missingCalendar(verdicts: readonly Verdict[]): readonly Watched[] {
  const unknown = verdicts.filter(({ recipient: { working, nextWorkingMoment } }) => {
    return working === null || (!working && nextWorkingMoment === null);
  });
  if (unknown.length === 0) return [];
  const why = "The calendar does not say when the recipient works next, so the message is not held.";
  const evidence = unknown.map(({ recipient }) => recipient.name).join(", ");
  const reason = { rule: "calendar.missing", clause: "3.3", why, evidence };
  return [{ reason, effects: [{ kind: "notice", to: "office", because: why }] }];
}

function longHold(verdicts: readonly Verdict[], now: Instant, longestDays: number): readonly Watched[] {
  const long = verdicts.flatMap(({ decision: { releaseAt } }) =>
    releaseAt !== null && Date.parse(releaseAt) - Date.parse(now) > longestDays * dayMs ? [releaseAt] : [],
  );
  if (long.length === 0) return [];
  const why = `The message would wait longer than ${longestDays} days, so the office gets it as well.`;
  const evidence = long.map((at) => `until ${at}`).join(", ");
  const reason = { rule: "hold.longest", clause: "3.4", why, evidence };
  return [{ reason, effects: [{ kind: "forward", to: "office", because: why, at: null }] }];
}

function unread({ parseError }: Message): readonly Watched[] {
  if (parseError === null) return [];
  const why = "The message could not be read whole, so it is not held.";
  return [{ reason: { rule: "message.unread", clause: "3.3", why, evidence: parseError }, effects: [] }];
}

function watch(
  message: Message,
  verdicts: readonly Verdict[],
  facts: Facts,
  policy: Policy,
): readonly Watched[] {
  if (!isFromPeople(message, facts)) return [];
  return [
    ...missingCalendar(verdicts),
    ...longHold(verdicts, facts.now, policy.hold.longestDays),
    ...unread(message),
  ];
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

/** Clause 1.2: what goes to the chair of governors is about the headteacher, whose desk and queue it passes by. */
function isForChair(matches: readonly Match[]): boolean {
  return matches.some(({ rule }) => rule.then.forward.includes("chair"));
}

function sentOn(matches: readonly Match[]): readonly Effect[] {
  const alerts = new Map<Desk, Effect>();
  const forwards = new Map<Desk, Effect>();
  // The weightiest comes last and stays.
  for (const { rule } of matches.toReversed()) {
    const because = rule.why;
    for (const to of rule.then.alert) alerts.set(to, { kind: "alert", to, because });
    for (const to of rule.then.forward) forwards.set(to, { kind: "forward", to, because, at: null });
  }
  if (isForChair(matches)) forwards.delete("headteacher");
  return [...alerts.values(), ...forwards.values()];
}

/** One message opens one case: the serious kind first. */
function caseOf(matches: readonly Match[], facts: Facts): readonly Effect[] {
  if (isForChair(matches)) return [];
  const wanted = matches.flatMap(({ rule }) =>
    rule.then.openCase && !mayLookAway(rule, facts) ? [rule.then.openCase] : [],
  );
  const opened = wanted.find(({ severity }) => severity === "serious") ?? wanted[0];
  return opened ? [{ kind: "openCase", caseKind: opened.kind, severity: opened.severity }] : [];
}

/**
 * What is to happen to a message. Pure: the same message, facts and policy give the same decision.
 * @param message what came in
 * @param given everything that the decision may depend on, the clock included
 * @param policy the school's rules, read once
 * @returns the strictest outcome over all recipients, each recipient's own, and the effects that follow
 */
export function decide(message: Message, given: Facts, policy: Policy): Decision {
  const known = withClearance(given);
  const facts = withOpinion(known, policy.rules);
  const verdicts = judge(message, facts, policy);
  const matches = byWeight(
    verdicts.flatMap((verdict) => verdict.matches),
    facts,
  );
  const watched = watch(message, verdicts, facts, policy);
  const recipients = verdicts.map(({ decision }) => decision);
  const may = permission(message, facts, policy);
  const reply = may.may ? planReply(verdicts, facts) : null;
  return {
    outcome: OUTCOMES.findLast((outcome) => recipients.some((one) => one.outcome === outcome)) ?? "deliver",
    recipients,
    releaseAt: recipients.map(({ releaseAt }) => releaseAt).reduce(later, null),
    reply,
    mayReply: may,
    reasons: [
      ...reasonsOf(matches),
      ...clearedReason(given),
      ...opinionReason(known, policy.rules),
      ...notReadReason(known.wording),
      ...watched.map(({ reason }) => reason),
    ],
    effects: [
      ...recipients.flatMap(moves),
      ...sentOn(matches),
      ...watched.flatMap(({ effects }) => effects),
      ...caseOf(matches, facts),
      ...(reply ? [{ kind: "reply", plan: reply } as const] : []),
    ],
  };
}
