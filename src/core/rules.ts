// Does a rule match this message for this recipient? All conditions given must hold; each gives its evidence.
import { RE2JS } from "re2js";
import { overLimit } from "./frequency.ts";
import type {
  Assessment,
  Condition,
  Facts,
  Message,
  Policy,
  RecipientDecision,
  RecipientFacts,
  Rule,
} from "./types.ts";

/** A rule that matched, and what made it match. */
export interface Match {
  readonly rule: Rule;
  readonly evidence: string;
}

/** What the rules came to for one recipient. */
export interface Verdict {
  readonly recipient: RecipientFacts;
  readonly matches: readonly Match[];
  readonly decision: RecipientDecision;
}

export interface Situation {
  readonly message: Message;
  readonly facts: Facts;
  readonly policy: Policy;
  readonly recipient: RecipientFacts;
  /** Fingerprint of the message's new text. */
  readonly fingerprint: string;
}

/** What made a condition hold, in words for the headteacher; false when it does not hold. */
type Evidence = string | false;

/**
 * Which conditions look at the sender at all: a rule that names none is about parents, and a rule that
 * does not mention machines is about people (DESIGN "The decision", steps 1 and 2).
 */
function concerns(when: Condition, { message, facts }: Situation): boolean {
  if (message.automatic === null) {
    if (Array.isArray(when.machine)) return false;
  } else {
    if (when.machine === "no") return false;
    if (Array.isArray(when.machine) && !when.machine.includes(message.automatic.kind)) return false;
  }
  return when.sender === "any" || when.sender.includes(facts.sender.role);
}

/** Small letters and digits with single spaces around them, so that " phrase " finds whole words only. */
function plain(text: string): string {
  return ` ${text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
}

const compiled = new Map<string, RE2JS>();

function pattern(source: string): RE2JS {
  const known = compiled.get(source);
  if (known) return known;
  const made = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  compiled.set(source, made);
  return made;
}

function writtenNow(message: Message): string {
  return `${message.subject}\n${message.newText}`;
}

/** The first of the phrases in the text as it was written; a trailing * matches any ending. */
function phraseIn(phrases: readonly string[], text: string): Evidence {
  const haystack = plain(text);
  for (const phrase of phrases) {
    const open = phrase.endsWith("*");
    const needle = plain(open ? phrase.slice(0, -1) : phrase);
    if (needle.trim() === "") continue;
    if (haystack.includes(open ? needle.trimEnd() : needle)) return phrase;
  }
  return false;
}

function patternIn(patterns: readonly string[], text: string): Evidence {
  for (const source of patterns) {
    const matcher = pattern(source).matcher(text);
    if (matcher.find()) return matcher.group() ?? source;
  }
  return false;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

function fromDomain(domains: readonly string[], message: Message): Evidence {
  const from = domainOf(message.from?.address ?? "");
  return domains.find((domain) => from === domain || from.endsWith(`.${domain}`)) ?? false;
}

/** The words of the message that stand under the spans of a category, at most three of them. */
function wordsUnder(situation: Situation, wanted: (category: string) => boolean): string {
  const { message, facts } = situation;
  const found = facts.wording.spans
    .filter((span) => wanted(span.category))
    .map((span) => message.newText.slice(span.start, span.end).trim())
    .filter((words) => words !== "");
  return [...new Set(found)].slice(0, 3).join("; ");
}

const categoryFloor = 0.5;

function category(names: readonly string[], situation: Situation): Evidence {
  const reached = names.find((name) => (situation.facts.wording.categories[name] ?? 0) >= categoryFloor);
  if (reached === undefined) return false;
  return wordsUnder(situation, (name) => name === reached) || reached;
}

function judgedAs(verdicts: readonly Assessment["verdict"][], situation: Situation): Evidence {
  const { verdict, categories } = situation.facts.wording;
  return verdicts.includes(verdict) && (wordsUnder(situation, (name) => name in categories) || verdict);
}

const aboutHead = "complaint-about-head";

/**
 * A message may tell of an absence and complain as well: `kind` is the strongest, and the spans show the others,
 * weak ones too. In doubt one desk more is told.
 */
function cannotWait(kinds: readonly string[], situation: Situation): Evidence {
  const { mustNotWait, spans } = situation.facts.wording;
  const { hit, kind } = mustNotWait;
  if (!hit || kind === null) return false;
  const told = new Set(spans.map(({ category }) => category).filter((one) => one !== aboutHead)).add(kind);
  // Clause 1.2: a complaint about the headteacher is not an ordinary one as well.
  if (kind === aboutHead) told.delete("complaint");
  const found = kinds.find((one) => told.has(one));
  return found !== undefined && (wordsUnder(situation, (name) => name === found) || found);
}

function limit(ids: readonly string[] | "any", situation: Situation): Evidence {
  const { facts, policy, recipient, fingerprint } = situation;
  if (facts.sender.adjustments.includes("no-limits")) return false;
  const limits = ids === "any" ? policy.limits : policy.limits.filter((one) => ids.includes(one.id));
  const over = overLimit(limits, facts.now, facts.sender.earlier, recipient.id, fingerprint);
  if (over === null) return false;
  return `${over.count} messages in ${over.limit.windowHours} hours; the limit is ${over.limit.messages}`;
}

function offDuty({ recipient, facts }: Situation): Evidence {
  // Only a clear "not working" holds: without a calendar, `working` is null and the message is delivered.
  if (recipient.working !== false || recipient.nextWorkingMoment === null) return false;
  if (facts.sender.adjustments.includes("no-hold")) return false;
  return `works next at ${recipient.nextWorkingMoment}`;
}

/** A condition that is absent always holds; `wanted: false` asks for the opposite. */
function holdsAs(wanted: boolean, evidence: Evidence, otherwise: string): Evidence {
  if (wanted) return evidence;
  return evidence === false ? otherwise : false;
}

type Check = (situation: Situation) => Evidence;

/** Every condition that the rule gives, in the order in which their evidence reads best. */
function checksOf(when: Condition): readonly Check[] {
  const checks: Check[] = [];
  const { channel, fromDomain: domains, words, patterns, verdict, category: names } = when;
  if (names) checks.push((s) => category(names, s));
  if (words) checks.push((s) => phraseIn(words, writtenNow(s.message)));
  if (patterns) checks.push((s) => patternIn(patterns, writtenNow(s.message)));
  const { safeguarding, mustNotWait, offDuty: duty, overLimit: limits, paused, namesContact } = when;
  if (safeguarding !== null) {
    checks.push((s) => {
      const hit = s.facts.wording.safeguarding.hit;
      const shown = wordsUnder(s, (name) => name === "safeguarding") || "possible disclosure";
      return holdsAs(safeguarding, hit && shown, "");
    });
  }
  if (mustNotWait) {
    checks.push((s) => cannotWait(mustNotWait, s));
  }
  if (limits) checks.push((s) => limit(limits, s));
  if (duty !== null) checks.push((s) => holdsAs(duty, offDuty(s), "is working"));
  if (paused !== null) {
    checks.push(({ facts: { sender } }) =>
      holdsAs(
        paused,
        sender.paused !== null && `until ${sender.paused.until}: ${sender.paused.reason}`,
        "not paused",
      ),
    );
  }
  if (namesContact !== null) {
    checks.push(({ facts }) => holdsAs(namesContact, facts.namedContact ?? false, "names no contact"));
  }
  if (domains) checks.push((s) => fromDomain(domains, s.message));
  if (verdict) checks.push((s) => judgedAs(verdict, s));
  if (channel) checks.push((s) => channel.includes(s.message.channel) && s.message.channel);
  return checks;
}

/**
 * Whether a rule matches.
 * @returns the evidence, for the reason that the rule adds; null when it does not match
 */
export function matchRule(rule: Rule, situation: Situation): string | null {
  if (!concerns(rule.when, situation)) return null;
  let evidence = "";
  for (const check of checksOf(rule.when)) {
    const found = check(situation);
    if (found === false) return null;
    evidence ||= found;
  }
  return evidence || situation.message.automatic?.because || "";
}
