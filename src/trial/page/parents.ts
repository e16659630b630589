// What parents have got from the school, as they see it; and the school's addresses that have no mailbox here.
import type { FastifyInstance } from "fastify";
import type { Instant } from "../../core/types.ts";
import { NotFound } from "../../web/errors.ts";
import type { Letter } from "../journal.ts";
import type { Running } from "../running.ts";
import { type Sender, sendersOf, spaced } from "../senders.ts";
import { mailSecurityPolicy } from "./guard.ts";
import { addresseeName } from "./messages.ts";
import { readMail } from "./read-mail.ts";

/** Somebody outside the staff's mailboxes. */
interface Person {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly addresses: readonly string[];
  readonly number: string | null;
  readonly kind: Sender["kind"] | "desk";
}

/** GET /parents, /parents/:id, /letters/:number and its /html. */
export function parentsRoutes(app: FastifyInstance, running: Running): void {
  app.get("/parents", async (_request, reply) => {
    const people = peopleOf(running).map((person) => ({ ...person, ...countsOf(running, person) }));
    return reply.page("parents.njk", {
      parents: people.filter(({ kind }) => kind === "parent"),
      others: people.filter(({ kind, letters, texts }) => kind === "other" && letters + texts > 0),
      desks: people.filter(({ kind }) => kind === "desk"),
    });
  });

  app.get<{ Params: { id: string } }>("/parents/:id", async (request, reply) => {
    const person = peopleOf(running).find(({ id }) => id === request.params.id);
    if (person === undefined) throw new NotFound("no such person");
    return reply.page("parent.njk", { person, entries: await entriesOf(running, person) });
  });

  app.get<{ Params: { number: string } }>("/letters/:number", async (request, reply) => {
    const { letter, raw } = letterOf(running, request.params.number);
    const mail = await readMail(raw);
    const person = peopleOf(running).find((one) => letter.to.some((to) => one.addresses.includes(to)));
    return reply.page("mail.njk", {
      back: person
        ? { href: `/parents/${person.id}`, text: person.name }
        : { href: "/parents", text: "Parents" },
      place: null,
      mail,
      at: letter.at,
      frame: mail.html === null ? null : `/letters/${letter.number}/html`,
    });
  });

  app.get<{ Params: { number: string } }>("/letters/:number/html", async (request, reply) => {
    const { html } = await readMail(letterOf(running, request.params.number).raw);
    reply.header("content-security-policy", mailSecurityPolicy);
    return reply.type("text/html; charset=utf-8").send(html ?? "");
  });
}

function peopleOf(running: Running): readonly Person[] {
  const { contacts, school } = running.loaded();
  const senders = sendersOf(contacts).filter(({ id }) => id !== "out-of-office");
  const desks = [
    {
      id: "complaints",
      name: "Complaints",
      address: school.desks.complaints,
      note: "the complaints address",
    },
    {
      id: "chair",
      name: "Chair of governors",
      address: school.desks.chair,
      note: "complaints about the head",
    },
  ];
  return [
    ...senders.map(({ id, name, note, email, number, kind }) => {
      const known = contacts.find((contact) => contact.id === id)?.emails ?? [];
      return { id, name, note, number, kind, addresses: known.length > 0 ? known : [email ?? ""] };
    }),
    ...desks.map(({ id, name, address, note }) => ({
      id,
      name,
      note,
      addresses: [address.toLowerCase()],
      number: null,
      kind: "desk" as const,
    })),
  ];
}

const lettersOf = ({ journal }: Running, { addresses }: Person): readonly Letter[] =>
  journal.letters().filter(({ to }) => to.some((address) => addresses.includes(address)));

const textsOf = ({ journal }: Running, { number }: Person) =>
  number === null ? [] : journal.texts().filter(({ to }) => to === number);

function countsOf(running: Running, person: Person) {
  const letters = lettersOf(running, person);
  const texts = textsOf(running, person);
  const times = [
    ...letters.map(({ at }) => at),
    ...texts.map(({ createdAtMs }) => new Date(createdAtMs).toISOString()),
  ];
  return { letters: letters.length, texts: texts.length, last: times.sort().at(-1) ?? null };
}

interface Entry {
  readonly at: Instant;
  readonly direction: "sent" | "received";
  readonly channel: "email" | "sms";
  readonly subject: string;
  readonly text: string;
  readonly href: string | null;
  readonly with: string;
}

/** What they wrote and what they got, newest first. */
async function entriesOf(running: Running, person: Person): Promise<readonly Entry[]> {
  const own = running.journal.written().filter(({ senderId }) => senderId === person.id);
  const wrote = own.map(
    (written): Entry => ({
      ...written,
      direction: "sent",
      href: `/messages/${written.id}`,
      with: written.to.map((to) => addresseeName(running, to)).join(", "),
    }),
  );
  const letters = await Promise.all(
    lettersOf(running, person).map(async ({ number, at }): Promise<Entry> => {
      const { raw } = letterOf(running, String(number));
      const { subject, text, fromName } = await readMail(raw);
      return {
        at,
        direction: "received",
        channel: "email",
        subject,
        text,
        href: `/letters/${number}`,
        with: fromName,
      };
    }),
  );
  const texts = textsOf(running, person).map(({ body, from, createdAtMs }): Entry => {
    // Twilio keeps whole seconds: an answer must not stand before its question.
    const at = new Date(createdAtMs + 999).toISOString();
    return {
      at,
      direction: "received",
      channel: "sms",
      subject: "",
      text: body,
      href: null,
      with: spaced(from),
    };
  });
  return [...wrote, ...letters, ...texts].sort((a, b) => b.at.localeCompare(a.at));
}

function letterOf({ journal }: Running, number: string): { readonly letter: Letter; readonly raw: Buffer } {
  const letter = journal.letters().find((one) => String(one.number) === number);
  const raw = letter ? journal.rawLetter(letter.number) : null;
  if (letter === undefined || raw === null) throw new NotFound("no such letter");
  return { letter, raw };
}
