// What was written to the school, and what became of each message.
import type { FastifyInstance } from "fastify";
import { sentenceList } from "../../cases/timeline.ts";
import type { Address, Instant } from "../../core/types.ts";
import { NotFound } from "../../web/errors.ts";
import { cleanLine } from "../../web/text.ts";
import type { Letter, Text, Written } from "../journal.ts";
import type { Running } from "../running.ts";
import { type Trace, traceOf } from "../trace.ts";
import { shortMoment } from "../wall-clock.ts";
import { type Place, placeOf, type Say, shortList, stepWords } from "./copy-words.ts";
import { readMail } from "./read-mail.ts";

const mostShown = 40;
const openingChars = 140;

/** GET / and GET /messages/:id. */
export function messagesRoutes(app: FastifyInstance, running: Running): void {
  app.get("/", async (_request, reply) => {
    const newest = running.journal.written().toReversed().slice(0, mostShown);
    const lines = await Promise.all(newest.map((written) => line(running, written)));
    return reply.page("messages.njk", { lines });
  });

  app.get<{ Params: { id: string } }>("/messages/:id", async (request, reply) => {
    const written = running.journal.written().find(({ id }) => id === request.params.id);
    if (written === undefined) throw new NotFound("no such message");
    return reply.page("message.njk", await whole(running, written));
  });
}

const find = (running: Running, written: Written): Promise<Trace | null> =>
  traceOf(running.store, running.loaded().policy.school, written);

const sayIn =
  (running: Running): Say =>
  (at) =>
    shortMoment(at, running.loaded().school.school.zone);

/** A member of staff by id, or whoever has one of the school's numbers. */
export function addresseeName(running: Running, to: string): string {
  const { staff, school } = running.loaded();
  const member = staff.find(({ id }) => id === to);
  if (member !== undefined) return member.name;
  const owner = school.sms?.numbers.find(({ number }) => number === to)?.belongs_to;
  if (owner === undefined || owner === "school" || to === "school") return school.school.name;
  return shortList(owner.map((id) => addresseeName(running, id)));
}

interface CopyLine {
  readonly name: string;
  readonly place: Place;
}

function copiesOf(running: Running, written: Written, trace: Trace | null): readonly CopyLine[] {
  const recipients =
    trace === null || trace.copies.length === 0 ? written.to : trace.copies.map(({ recipient }) => recipient);
  return recipients.map((recipient) => ({
    name: addresseeName(running, recipient),
    place: placeOf(trace?.copies.find((copy) => copy.recipient === recipient) ?? null, sayIn(running)),
  }));
}

async function line(running: Running, written: Written): Promise<Record<string, unknown>> {
  const trace = await find(running, written);
  return {
    ...written,
    title: cleanLine(written.subject, 80) || cleanLine(written.text, 48),
    opening: cleanLine(written.text, openingChars),
    copies: copiesOf(running, written, trace),
    to: shortList(written.to.map((to) => addresseeName(running, to))),
    caseNumber: trace?.caseNumber ?? null,
    replied: trace?.steps.some(({ kind, failed }) => kind === "reply" && !failed) ?? false,
  };
}

async function whole(running: Running, written: Written): Promise<Record<string, unknown>> {
  const trace = await find(running, written);
  return {
    written,
    to: shortList(written.to.map((to) => addresseeName(running, to))),
    copies: copiesOf(running, written, trace),
    taken: trace !== null,
    caseNumber: trace?.caseNumber ?? null,
    reasons: trace?.reasons ?? [],
    steps: trace === null ? [] : stepsOf(running, written, trace),
    answers: await answersTo(running, written),
  };
}

/** Holding begins before the decision is written down, so it stands first, in one line for all. */
function stepsOf(
  running: Running,
  written: Written,
  trace: Trace,
): readonly { at: Instant; words: string }[] {
  const name = (id: string) => addresseeName(running, id);
  const held = trace.copies
    .filter(({ outcome }) => outcome === "hold")
    .map(({ recipient }) => name(recipient));
  const first = held.length > 0 ? [{ at: written.at, words: `It was held for ${sentenceList(held)}` }] : [];
  const later = trace.steps
    .filter(({ kind, to }) => kind !== "move" || to !== "held")
    .flatMap((step) => {
      const words = stepWords(step, name);
      return words === null ? [] : [{ at: step.at, words }];
    });
  return [...first, ...later];
}

/** What the sender got back for this message: the mails that answer it, and the texts that followed it. */
async function answersTo(running: Running, written: Written): Promise<readonly Record<string, unknown>[]> {
  if (written.channel === "sms") return textsAfter(running, written).map((text) => ({ text: text.body }));
  const address = written.from.toLowerCase();
  const answers: Record<string, unknown>[] = [];
  for (const letter of lettersTo(running, { name: "", address })) {
    const mail = await readMail(running.journal.rawLetter(letter.number) ?? Buffer.alloc(0));
    if (mail.inReplyTo === written.reference) {
      answers.push({ number: letter.number, subject: mail.subject, text: mail.text, at: letter.at });
    }
  }
  return answers;
}

export const lettersTo = (running: Running, { address }: Address): readonly Letter[] =>
  running.journal.letters().filter(({ to }) => to.includes(address));

/** Up to the sender's next text. */
function textsAfter({ journal }: Running, { from, at }: Written): readonly Text[] {
  const next = journal.written().find((other) => other.from === from && other.at > at)?.at ?? "9999";
  return journal.texts().filter(({ to, createdAtMs }) => {
    // Twilio keeps whole seconds.
    const sent = new Date(createdAtMs + 999).toISOString();
    return to === from && sent >= at && sent < next;
  });
}
