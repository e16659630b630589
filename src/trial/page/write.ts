// Writing to the school as a parent, or as anybody else.
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { examples } from "../examples.ts";
import type { Written } from "../journal.ts";
import { NotDelivered, sendToSchool } from "../post.ts";
import { type Running, settle } from "../running.ts";
import { type Sender, sendersOf, spaced } from "../senders.ts";
import { addresseeName } from "./messages.ts";
import { setNotice } from "./notice.ts";

const patienceMs = 5_000;
const mostTimes = 10;

const manyOf = z.preprocess(
  (value) => (value === undefined ? [] : [value].flat()),
  z.array(z.string().max(100)),
);
const form = z.object({
  sender: z.string().max(100).catch(""),
  channel: z.enum(["email", "sms"]).catch("email"),
  to: manyOf.catch([]),
  number: z.string().max(40).catch(""),
  subject: z.string().max(500).catch(""),
  text: z.string().max(100_000).catch(""),
  times: z.coerce.number().int().min(1).max(mostTimes).catch(1),
});
type Form = z.output<typeof form>;

interface FormError {
  readonly field: keyof Form;
  readonly text: string;
}

const query = z.object({
  example: z.string().max(40).optional().catch(undefined),
  from: z.string().max(100).optional().catch(undefined),
  by: z.enum(["email", "text"]).catch("email"),
});

/** GET and POST /write. */
export function writeRoutes(app: FastifyInstance, running: Running): void {
  app.get("/write", async (request, reply) => {
    const { example, from, by } = query.parse(request.query);
    const start = { ...empty, sender: from ?? "", channel: by === "text" ? "sms" : "email" } as const;
    return show(running, reply, exampleForm(example) ?? start, [], example ?? null);
  });

  app.post("/write", async (request, reply) => {
    const entered = form.parse(request.body ?? {});
    const errors = problemsOf(running, entered);
    if (errors.length > 0) return show(running, reply.code(400), entered, errors, null);
    try {
      return await send(running, reply, entered);
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      return show(running, reply.code(502), entered, [{ field: "text", text: error.message }], null);
    }
  });
}

const empty: Form = { sender: "", channel: "email", to: [], number: "", subject: "", text: "", times: 1 };

function exampleForm(id: string | undefined): Form | null {
  const example = examples.find((one) => one.id === id);
  if (example === undefined) return null;
  const { sender, channel, to, subject, text, times } = example;
  const isText = channel === "sms";
  return {
    sender,
    channel,
    to: isText ? [] : [...to],
    number: isText ? (to[0] ?? "") : "",
    subject,
    text,
    times,
  };
}

const sendersIn = (running: Running): readonly Sender[] => sendersOf(running.loaded().contacts);

function problemsOf(running: Running, entered: Form): readonly FormError[] {
  const sender = sendersIn(running).find(({ id }) => id === entered.sender);
  const { staff, school } = running.loaded();
  const errors: FormError[] = [];
  const add = (field: keyof Form, text: string) => errors.push({ field, text });
  if (sender === undefined) add("sender", "Choose who writes");
  else if (entered.channel === "sms" && sender.number === null)
    add("sender", `${sender.name} has no mobile: choose email`);
  if (entered.channel === "sms") {
    if (!school.sms?.numbers.some(({ number }) => number === entered.number))
      add("number", "Choose a number of the school");
  } else if (entered.to.length === 0 || entered.to.some((id) => !staff.some((one) => one.id === id))) {
    add("to", "Choose at least one member of staff");
  }
  if (entered.text.trim() === "") add("text", "Write a message");
  return errors;
}

async function send(running: Running, reply: FastifyReply, entered: Form): Promise<FastifyReply> {
  const sender = sendersIn(running).find(({ id }) => id === entered.sender);
  if (sender === undefined) throw new NotDelivered("The sender is not on the list any more.");
  const { channel, subject, text, times } = entered;
  const draft = { sender, channel, subject, text, to: channel === "sms" ? [entered.number] : entered.to };
  const written: Written[] = [];
  for (let sent = 0; sent < times; sent += 1) {
    const one = await sendToSchool(running.post, draft);
    written.push(one);
    // One after the other, as people do: each is decided in the light of those before it.
    await settle(running, [one], patienceMs);
  }
  const last = written.at(-1);
  setNotice(running, {
    title: times === 1 ? "Sent" : `Sent ${times} times`,
    text:
      times === 1 ? "This is what Afterbell did with it." : "This is what Afterbell did with the last one.",
  });
  return reply.redirect(`/messages/${last?.id ?? ""}`, 303);
}

function show(
  running: Running,
  reply: FastifyReply,
  entered: Form,
  errors: readonly FormError[],
  exampleId: string | null,
): Promise<FastifyReply> {
  const { staff, school } = running.loaded();
  const senders = sendersIn(running);
  const isText = entered.channel === "sms";
  const option = ({ id, name, note }: Sender) => ({
    value: id,
    text: `${name} (${note})`,
    selected: id === entered.sender,
  });
  return reply.page("write.njk", {
    entered,
    errors: errors.map(({ field, text }) => ({ text, href: `#${field}` })),
    errorOf: Object.fromEntries(errors.map(({ field, text }) => [field, { text }])),
    examples,
    exampleId,
    parents: senders.filter(({ kind }) => kind === "parent").map(option),
    others: senders
      .filter(({ kind, number }) => kind === "other" && (!isText || number !== null))
      .map(option),
    staff: staff
      .filter(({ mailbox }) => mailbox !== undefined)
      .map(({ id, name }) => ({ value: id, text: name, checked: entered.to.includes(id) })),
    numbers: (school.sms?.numbers ?? []).map(({ number }) => ({
      value: number,
      text: `${spaced(number)} (${addresseeName(running, number)})`,
      selected: number === entered.number,
    })),
    mostTimes,
  });
}
