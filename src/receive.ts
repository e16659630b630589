// The one path of every message: identify, read the facts, decide, record. All in one transaction.
import { createHash } from "node:crypto";
import { decide } from "./core/decide.ts";
import { sameWords } from "./core/fingerprint.ts";
import { fingerprint } from "./core/frequency.ts";
import { whenWorking } from "./core/hours.ts";
import { localDate, localDay } from "./core/local-time.ts";
import { isInDoubt } from "./core/second-opinion.ts";
import type {
  Assessment,
  Clearance,
  Decision,
  Desk,
  Effect,
  Facts,
  Instant,
  Message,
  Place,
  Policy,
  RecipientFacts,
  Rule,
  SecondOpinion,
  SenderFacts,
} from "./core/types.ts";
import { assessMail } from "./core/wording/assess.ts";
import { deskAddress, deskMobile } from "./directory/desks.ts";
import type { Directory } from "./directory/senders.ts";
import { scheduleEffect, type Work } from "./outbox/schedule.ts";
import type { LoadedConfig } from "./policy/load.ts";
import { recordAudit } from "./store/audit.ts";
import { openCase } from "./store/cases.ts";
import { repliesLastHour, type SenderHistory, senderHistory } from "./store/facts.ts";
import { judgedBefore } from "./store/judgements.ts";
import type { Store, Trx } from "./store/open.ts";
import {
  isRecorded,
  keepRaw,
  messageByIdentity,
  type NewMessage,
  opinionOnRecord,
  recordDelivery,
  recordMessage,
} from "./store/record.ts";
import type { DeliveryState } from "./store/tables.ts";

export interface Reception {
  readonly store: Store;
  readonly loaded: () => LoadedConfig;
  readonly directory: () => Directory;
  readonly now: () => Instant;
  /** Something may be due: called after the transaction has been committed. */
  readonly wake: () => void;
  /** Whom to ask about words that may be abuse; null or absent: nobody. */
  readonly secondOpinion?: () => OpinionAsker | null;
}

export interface OpinionQuestion {
  /** What the sender wrote now. */
  readonly text: string;
  readonly rules: readonly Rule[];
}

export interface OpinionAsker {
  /** Never throws; null when nobody answers in time. */
  ask(question: OpinionQuestion): Promise<SecondOpinion | null>;
}

export interface Incoming {
  readonly message: Message;
  readonly raw: Buffer;
  /** Whose mailbox or number it came to: staff ids, or "school". */
  readonly recipients: readonly string[];
  /** Where the copy is now; null for a text. */
  readonly place: Place | null;
  /** What the place is: the watcher may have moved the message to the held folder before it was read. */
  readonly origin: DeliveryState;
}

export interface Received {
  /** false when this very delivery had been recorded before: nothing was done. */
  readonly recorded: boolean;
  readonly decision: Decision | null;
}

// ---- Identify ----

/** Joins copies seen in several mailboxes: a Message-ID alone proves nothing. */
export function identityOf(message: Message): string {
  if (message.channel !== "email" || (message.messageId === null && message.date === null))
    return message.key;
  const parts = [message.messageId, message.date, message.from?.address, message.subject, message.text];
  const files = message.attachments.map(({ sha256 }) => sha256);
  return createHash("sha256")
    .update(JSON.stringify([parts, files]))
    .digest("hex");
}

/** An answer's subject is somebody else's. */
function ownSubject({ subject }: Pick<Message, "subject">): string {
  return /^\s*(re|aw|sv|odp|fwd?|fw)\s*:/i.test(subject) ? "" : subject;
}

/** What the sender wrote now. */
function ownWords(message: Pick<Message, "subject" | "newText">): string {
  const subject = ownSubject(message);
  // The subject comes last, so that spans are offsets into the new text.
  return subject === "" ? message.newText : `${message.newText}\n\n${subject}`;
}

/** What the sender's own words say. */
export function wordingOf(message: Pick<Message, "subject" | "newText">, policy: Policy): Assessment {
  return assessMail(message.newText, ownSubject(message), policy.lexicon, policy.model);
}

/** What may be asked about a message: nothing, unless somebody from outside wrote what may be abuse. */
export function opinionQuestion(
  message: Message,
  { role }: Pick<SenderFacts, "role">,
  policy: Policy,
): OpinionQuestion | null {
  if (message.automatic !== null || role === "staff" || role === "organisation") return null;
  if (!isInDoubt({ wording: wordingOf(message, policy) })) return null;
  return { text: ownWords(message), rules: policy.rules };
}

type SenderIdentity = Omit<SenderFacts, keyof SenderHistory>;

export function senderOf(message: Message, directory: Directory): SenderIdentity {
  const { role, contact } = directory.whoIs(message.from, message.channel);
  const kind = message.channel === "email" ? "email" : "sms";
  const address = `${kind}:${message.from?.address ?? "unknown"}`;
  const name = contact?.name ?? message.from?.name ?? "";
  if (message.authenticity.verdict === "fail") {
    // Limits, adjustments and sanctions belong to whoever really has this address, and a false colleague is nobody.
    return {
      key: `unverified:${address}`,
      role: role === "staff" ? "unknown" : role,
      contactId: null,
      name: message.from?.name ?? "",
      language: "en",
      marks: [],
      adjustments: [],
    };
  }
  return {
    key: contact ? `contact:${contact.id}` : address,
    role,
    contactId: contact?.id ?? null,
    name,
    language: contact?.language ?? "en",
    marks: (contact?.roles ?? []).filter((one) => one !== "parent"),
    adjustments: contact?.adjustments ?? [],
  };
}

// ---- Facts ----

export function recipientFacts(id: string, now: Instant, loaded: LoadedConfig): RecipientFacts {
  const { policy, school, staff } = loaded;
  const member = staff.find((one) => one.id === id);
  const hours = policy.hours[id];
  const times = hours
    ? whenWorking(now, policy.calendar, hours)
    : { working: null, nextWorkingMoment: null, nextWorkingDay: null, closedSince: null };
  return {
    id,
    name: member?.name ?? school.school.name,
    isHeadteacher: id === school.desks.headteacher,
    ...times,
    addresses: member
      ? [...member.email.map((one) => one.toLowerCase()), ...numbersOf(id, loaded)]
      : numbersOf(id, loaded),
  };
}

function numbersOf(id: string, { school }: LoadedConfig): readonly string[] {
  const numbers = school.sms?.numbers ?? [];
  return numbers
    .filter(({ belongs_to }) => belongs_to === id || belongs_to.includes(id))
    .map(({ number }) => number);
}

/** The mailboxes that this copy came to, and everyone else of the staff to whom the message is addressed. */
export function addressees(
  message: Message,
  known: readonly string[],
  directory: Directory,
): readonly string[] {
  const named = [...message.to, ...message.cc].flatMap(({ address }) => {
    const member = directory.staffByAddress(address);
    return member ? [member.id] : [];
  });
  return [...new Set([...known, ...named])];
}

export function ownAddresses({ school, staff }: LoadedConfig): readonly string[] {
  const gateway = school.mail ? [school.mail.address] : [];
  const desks = [school.school.office.email, school.desks.complaints, school.desks.chair];
  const numbers = (school.sms?.numbers ?? []).map(({ number }) => number);
  return [...new Set([...gateway, ...desks, ...staff.flatMap(({ email }) => email), ...numbers])].map((one) =>
    one.toLowerCase(),
  );
}

/** What the headteacher last said of these very words of this sender; a forged or unreadable one has said nothing. */
async function clearance(
  store: Store | Trx,
  school: string,
  message: Message,
  senderKey: string,
): Promise<Clearance | null> {
  if (message.from === null || message.authenticity.verdict === "fail") return null;
  const before = await judgedBefore(store, school, senderKey, fingerprint(message.newText));
  const same = before.find(({ subject, new_text: newText }) =>
    sameWords(ownWords({ subject, newText }), ownWords(message)),
  );
  if (same?.outcome !== "not-abuse" || same.closed_at === null) return null;
  return { caseNumber: same.number, at: same.closed_at };
}

async function readFacts(
  trx: Trx,
  reception: Reception,
  { message, recipients }: Pick<Incoming, "message" | "recipients">,
  identity: string,
  secondOpinion: SecondOpinion | null,
): Promise<Facts> {
  const loaded = reception.loaded();
  const { policy } = loaded;
  const directory = reception.directory();
  const now = reception.now();
  const sender = senderOf(message, directory);
  const today = localDate(localDay(Date.parse(now), policy.calendar.zone));
  const windowHours = Math.max(24, ...policy.limits.map((limit) => limit.windowHours));
  const key = { school: policy.school, key: sender.key, identity };
  const wording = wordingOf(message, policy);
  return {
    now,
    sender: { ...sender, ...(await senderHistory(trx, key, now, today, windowHours)) },
    recipients: addressees(message, recipients, directory).map((id) => recipientFacts(id, now, loaded)),
    wording,
    repliesLastHour: await repliesLastHour(trx, now),
    ownAddresses: ownAddresses(loaded),
    namedContact: directory.namedContact(`${message.subject}\n${message.text}`),
    secondOpinion,
    cleared: wording.verdict === "ok" ? null : await clearance(trx, policy.school, message, sender.key),
  };
}

/**
 * What would be decided as far as the head of a message tells. Nothing is recorded.
 * @param recipients staff ids of the mailboxes that it came to
 */
export async function foresee(
  reception: Reception,
  message: Message,
  recipients: readonly string[],
): Promise<Decision> {
  const identity = identityOf(message);
  const facts = await reception.store
    .transaction()
    .execute((trx) => readFacts(trx, reception, { message, recipients }, identity, null));
  return decide(message, facts, reception.loaded().policy);
}

// ---- Record ----

interface Recording {
  readonly trx: Trx;
  readonly school: string;
  readonly messageId: string;
  readonly now: Instant;
  readonly loaded: LoadedConfig;
  readonly facts: Facts;
  readonly decision: Decision;
}

/** What was written to the desk itself, and is delivered there, needs no copy. */
function isThere({ loaded, facts, decision }: Recording, to: Desk): boolean {
  const { address } = deskAddress(loaded, to);
  const delivered = decision.recipients.filter(
    ({ outcome }) => outcome === "deliver" || outcome === "divert",
  );
  return facts.recipients.some(
    ({ id, addresses }) =>
      addresses.includes(address.toLowerCase()) && delivered.some(({ recipient }) => recipient === id),
  );
}

/** The headteacher is told at once, or when next at work if the school has set that. */
function forwardAt({ loaded, now }: Recording, to: Desk): Instant {
  const { escalation, desks } = loaded.school;
  if (to !== "headteacher" || escalation.notify === "at_once") return now;
  const { working, nextWorkingMoment } = recipientFacts(desks.headteacher, now, loaded);
  return working === false && nextWorkingMoment !== null ? nextWorkingMoment : now;
}

/** Effects that belong to the message: recorded once, whichever copy comes first. */
async function scheduleOnce(recording: Recording, effect: Effect, senderKey: string): Promise<void> {
  const { trx, school, messageId, now } = recording;
  const common = { school, messageId, now };
  switch (effect.kind) {
    case "reply": {
      const work: Work = { kind: "reply", plan: effect.plan };
      await scheduleEffect(trx, {
        ...common,
        idempotencyKey: `reply:${messageId}`,
        work,
        senderKey,
        dueAt: now,
      });
      return;
    }
    case "forward": {
      if (isThere(recording, effect.to)) return;
      const work: Work = { kind: "forward", to: effect.to, because: effect.because };
      const dueAt = effect.at ?? forwardAt(recording, effect.to);
      await scheduleEffect(trx, {
        ...common,
        idempotencyKey: `forward:${effect.to}:${messageId}`,
        work,
        dueAt,
      });
      return;
    }
    case "alert": {
      for (const via of ["email", "text"] as const) {
        if (via === "text" && deskMobile(recording.loaded, effect.to) === null) continue;
        const work: Work = { kind: "alert", to: effect.to, because: effect.because, via };
        const idempotencyKey = `alert:${effect.to}:${messageId}:${via}`;
        await scheduleEffect(trx, { ...common, idempotencyKey, work, dueAt: now });
      }
      return;
    }
    case "notice": {
      const work: Work = { kind: "notice", to: effect.to, because: effect.because };
      // Said once a month: the office needs to know it, not to hear it with every message.
      await scheduleEffect(trx, {
        ...common,
        idempotencyKey: `notice:${effect.to}:${now.slice(0, 7)}:${effect.because}`,
        work,
        dueAt: now,
      });
      return;
    }
    case "openCase": {
      await openCase(trx, { school, messageId, kind: effect.caseKind, severity: effect.severity, at: now });
      return;
    }
    case "move":
    case "digest":
      return; // Of one delivery, not of the message: see scheduleMoves.
    default:
      effect satisfies never;
  }
}

/** What a sender's batched messages to one person are sent together by. */
export function digestGroup(recipient: string, senderKey: string, at: Instant): string {
  return `digest:${recipient}:${senderKey}:${at}`;
}

/** Mail moves between folders; a text is passed on when it is due, and waits here until then. */
async function scheduleMoves(
  recording: Recording,
  incoming: Incoming,
  delivery: { readonly id: string; readonly recipient: string },
  effects: readonly Effect[],
  senderKey: string,
): Promise<void> {
  const { trx, school, messageId, now } = recording;
  const common = { school, messageId, deliveryId: delivery.id, now };
  for (const effect of effects) {
    if ((effect.kind !== "move" && effect.kind !== "digest") || effect.recipient !== delivery.recipient)
      continue;
    const dueAt = effect.at ?? now;
    if (effect.kind === "digest") {
      const group = digestGroup(delivery.recipient, senderKey, dueAt);
      const work: Work = { kind: "digest", recipient: delivery.recipient };
      const idempotencyKey = `digest:${delivery.id}`;
      await scheduleEffect(trx, { ...common, idempotencyKey, groupKey: group, work, senderKey, dueAt });
    } else if (incoming.place === null) {
      if (effect.to !== "inbox") continue;
      await scheduleEffect(trx, {
        ...common,
        idempotencyKey: `passOn:${delivery.id}`,
        work: { kind: "passOn" },
        dueAt,
      });
    } else if (effect.at !== null || effect.to !== incoming.origin) {
      await scheduleEffect(trx, {
        ...common,
        idempotencyKey: `move:${delivery.id}:${effect.to}`,
        groupKey: `move:${incoming.place.account}:${effect.to}`,
        work: { kind: "move", to: effect.to },
        dueAt,
      });
    }
  }
}

/** Where the delivery stands once it is recorded: mail where the watcher has it, a text where it is decided to be. */
function firstState(incoming: Incoming, outcome: string): DeliveryState {
  if (incoming.place !== null) return incoming.origin;
  if (outcome === "escalate") return "referred";
  return outcome === "hold" ? "held" : "inbox";
}

/** Of what is simply delivered to staff from machines, colleagues and suppliers, nothing is kept but that it came. */
function isKept(facts: Facts, message: Message, decision: Decision): boolean {
  const fromAPerson = message.automatic === null && !["staff", "organisation"].includes(facts.sender.role);
  return fromAPerson || decision.effects.some(({ kind }) => kind !== "move");
}

/** That it came and what was decided, without who wrote what to whom. */
function withoutContent(entry: NewMessage): NewMessage {
  const { message, sender, decision } = entry;
  return {
    ...entry,
    message: { ...message, from: null, subject: "", text: "", newText: "", messageId: null, attachments: [] },
    sender: { ...sender, key: "", contactId: null, name: "" },
    toAddress: "",
    fingerprint: "",
    wording: { ...entry.wording, categories: {}, spans: [] },
    secondOpinion: null,
    decision: {
      ...decision,
      mayReply: { ...decision.mayReply, because: "" },
      reasons: decision.reasons.map((reason) => ({ ...reason, evidence: "" })),
    },
  };
}

/**
 * Asked before the transaction, since an answer may take seconds. Not of a message that is known: its other
 * copies are decided by what was said of the first.
 */
async function askFirst(
  reception: Reception,
  { message }: Pick<Incoming, "message">,
): Promise<SecondOpinion | null> {
  const asker = reception.secondOpinion?.() ?? null;
  if (asker === null) return null;
  const { policy } = reception.loaded();
  const sender = senderOf(message, reception.directory());
  const question = opinionQuestion(message, sender, policy);
  if (question === null || (await isRecorded(reception.store, policy.school, message.key))) return null;
  if ((await clearance(reception.store, policy.school, message, sender.key)) !== null) return null;
  const known = await opinionOnRecord(reception.store, policy.school, identityOf(message));
  return known === undefined ? asker.ask(question) : known;
}

/** Something has been decided that somebody may ask about. */
function isNoteworthy({ outcome }: Decision, opinion: SecondOpinion | null): boolean {
  return outcome !== "deliver" || opinion !== null;
}

async function record(
  trx: Trx,
  reception: Reception,
  incoming: Incoming,
  asked: SecondOpinion | null,
): Promise<Received> {
  const loaded = reception.loaded();
  const { policy } = loaded;
  const { school } = policy;
  const { message } = incoming;
  if (await isRecorded(trx, school, message.key)) return { recorded: false, decision: null };
  const identity = identityOf(message);
  const onRecord = await opinionOnRecord(trx, school, identity);
  const opinion = onRecord === undefined ? asked : onRecord;
  const facts = await readFacts(trx, reception, incoming, identity, opinion);
  const decision = decide(message, facts, policy);
  const kept = isKept(facts, message, decision);
  if (kept) await keepRaw(trx, school, message.rawHash, incoming.raw);
  const { now, sender } = facts;
  const entry: NewMessage = {
    school,
    identity,
    message,
    sender,
    toAddress: message.to[0]?.address ?? "",
    fingerprint: fingerprint(message.newText),
    wording: facts.wording,
    decision,
    secondOpinion: opinion,
    now,
  };
  const messageId =
    (await messageByIdentity(trx, school, identity)) ??
    (await recordMessage(trx, kept ? entry : withoutContent(entry)));
  const recording = { trx, school, messageId, now, loaded, facts, decision };
  for (const recipient of incoming.recipients) {
    const own = decision.recipients.find((one) => one.recipient === recipient);
    const outcome = own?.outcome ?? "deliver";
    const id = await recordDelivery(trx, {
      school,
      messageId,
      key: message.key,
      recipient,
      place: incoming.place,
      rawHash: message.rawHash,
      outcome,
      state: firstState(incoming, outcome),
      releaseAt: own?.releaseAt ?? null,
      batch: own?.batch ?? false,
    });
    if (id !== null)
      await scheduleMoves(recording, incoming, { id, recipient }, decision.effects, sender.key);
  }
  for (const effect of decision.effects) await scheduleOnce(recording, effect, sender.key);
  if (isNoteworthy(decision, opinion)) {
    const detail = {
      outcome: decision.outcome,
      rules: decision.reasons.map(({ rule, clause }) => ({ rule, clause })),
      ...(opinion === null
        ? {}
        : {
            secondOpinion: { verdict: opinion.verdict, category: opinion.category, model: opinion.model },
          }),
    };
    const subject = `message:${messageId}`;
    await recordAudit(trx, {
      school,
      at: now,
      actor: "afterbell",
      action: "message.decided",
      subject,
      detail,
    });
  }
  return { recorded: true, decision };
}

/**
 * Takes a message in. When this resolves, the message, its decision and all that follows from it are
 * stored durably; when it throws, nothing is, and the message must stay where it is.
 */
export async function receive(reception: Reception, incoming: Incoming): Promise<Received> {
  const asked = await askFirst(reception, incoming);
  const received = await reception.store
    .transaction()
    .execute((trx) => record(trx, reception, incoming, asked));
  if (received.recorded) reception.wake();
  return received;
}
