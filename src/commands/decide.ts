// afterbell decide: what would be decided for messages in files. Nothing is done and nothing is stored.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fromZonedTime } from "date-fns-tz";
import { readEmail, startReading, stopReading } from "../channels/email.ts";
import { decide as decideMessage } from "../core/decide.ts";
import { whenWorking } from "../core/hours.ts";
import type { Facts, Instant, Message, RecipientFacts } from "../core/types.ts";
import { buildDirectory, type Directory } from "../directory/senders.ts";
import { toE164 } from "../directory/telephone.ts";
import { type LoadedConfig, loadConfig } from "../policy/load.ts";
import {
  addressees,
  type OpinionAsker,
  opinionQuestion,
  ownAddresses,
  recipientFacts,
  senderOf,
  wordingOf,
} from "../receive.ts";
import { secondOpinions } from "../service/second-opinion.ts";
import { type Command, findConfigOrExample, type Io, readArgs, UsageError } from "./command.ts";

const help = `Usage: afterbell decide [--config DIR] [--at ISO] [--from-number N] [--ask] FILE… --json

Says what would be decided for each message; nothing is done.

  FILE             a mail as it came (.eml), or with --from-number the words of a text
  --config DIR     the school's folder; without it ./config, or the example school
  --at ISO         decide as of this moment, such as 2026-11-27T21:00:00Z (default: now); without Z or an
                   offset it is the school's own time
  --from-number N  the files are texts from this number
  --ask            also ask the second opinion of school.yaml about words that may be abuse; without it
                   nothing leaves this machine
  --json           one JSON object a line (the only form so far)

A file that cannot be read gives "error" on its line, and exit status 1 at the end.
`;

const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** Without an offset it is the school's own time, whatever the machine's is. */
function instantOf(given: string | undefined, zone: string): Instant {
  if (given === undefined) return new Date().toISOString();
  const found = moment.exec(given);
  const ms =
    found === null ? Number.NaN : (found[4] ? new Date(given) : fromZonedTime(given, zone)).getTime();
  if (Number.isNaN(ms))
    throw new UsageError(`--at ${given} is not a moment: write it as 2026-11-27T21:00:00Z.`);
  return new Date(ms).toISOString();
}

function numberOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  const number = toE164(given);
  if (number === null)
    throw new UsageError(`--from-number ${given} is not a telephone number: write it as +447700900123.`);
  return number;
}

/** Mail to nobody of the staff is judged as if a teacher with the school's usual hours had got it. */
function unlisted(message: Message, now: Instant, { policy, school }: LoadedConfig): RecipientFacts {
  const hours = policy.hours["school"];
  const times = hours
    ? whenWorking(now, policy.calendar, hours)
    : { working: null, nextWorkingMoment: null, nextWorkingDay: null, closedSince: null };
  const addresses = [...message.to, ...message.cc].map(({ address }) => address);
  return { id: "unlisted", name: school.school.name, isHeadteacher: false, ...times, addresses };
}

/** @param asker null: nobody is asked */
async function factsFor(
  message: Message,
  now: Instant,
  loaded: LoadedConfig,
  directory: Directory,
  asker: OpinionAsker | null,
): Promise<Facts> {
  const listed = addressees(message, [], directory).map((id) => recipientFacts(id, now, loaded));
  const nothingEarlier = {
    earlier: [],
    lastReplyAt: {},
    repliesLastHour: 0,
    repliesLastDay: 0,
    paused: null,
  };
  const sender = { ...senderOf(message, directory), ...nothingEarlier };
  const question = asker === null ? null : opinionQuestion(message, sender, loaded.policy);
  return {
    now,
    sender,
    recipients: listed.length > 0 ? listed : [unlisted(message, now, loaded)],
    wording: wordingOf(message, loaded.policy),
    repliesLastHour: 0,
    ownAddresses: ownAddresses(loaded),
    namedContact: directory.namedContact(`${message.subject}\n${message.text}`),
    secondOpinion: question === null || asker === null ? null : await asker.ask(question),
  };
}

function askerFor({ school }: LoadedConfig, io: Io): OpinionAsker {
  const settings = school.wording.second_opinion;
  if (!settings)
    throw new UsageError(
      "--ask has nobody to ask: set wording.second_opinion in school.yaml, or leave it out.",
    );
  const say = ({ why }: { readonly why?: string }, sentence: string) => {
    io.stderr.write(why === undefined ? `${sentence}\n` : `${sentence} (${why})\n`);
  };
  return secondOpinions(settings, { log: { info: say, warn: say } });
}

function textFrom(number: string, body: string, file: string, now: Instant): Message {
  return {
    key: `file:${file}`,
    channel: "sms",
    from: { name: "", address: number },
    to: [],
    cc: [],
    subject: "",
    date: now,
    messageId: null,
    references: [],
    text: body,
    newText: body,
    automatic: null,
    suppressReply: null,
    authenticity: { verdict: "unchecked", because: "a text has no signature" },
    attachments: [],
    receivedAt: now,
    rawHash: createHash("sha256").update(body).digest("hex"),
    parseError: null,
  };
}

/** One line of output: DESIGN.md "Command line". */
function line(file: string, message: Message, facts: Facts, loaded: LoadedConfig) {
  const decision = decideMessage(message, facts, loaded.policy);
  return {
    file,
    message: {
      channel: message.channel,
      from: message.from?.address ?? null,
      fromName: message.from?.name ?? "",
      to: message.to.map(({ address }) => address),
      subject: message.subject,
      date: message.date,
      text: message.text,
      newText: message.newText,
      attachments: message.attachments,
      automatic: message.automatic,
    },
    outcome: decision.outcome,
    releaseAt: decision.releaseAt,
    reply: decision.reply,
    mayReply: decision.mayReply.may,
    reasons: decision.reasons,
    effects: decision.effects,
    error: message.parseError,
  };
}

const FILES_AHEAD = 8;

const inWords: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a directory: name the files in it",
  EACCES: "this user may not read the file",
};
function messageOf(failure: unknown): string {
  const { code, message } = failure as { code?: string; message?: string };
  return inWords[code ?? ""] ?? message ?? String(failure);
}

/** In the order of the files, while the next ones are being read and parsed. */
async function* readAhead(files: readonly string[], read: (file: string) => Promise<Message>) {
  const start = (file: string) =>
    read(file).then(
      (message) => ({ file, message, error: null }),
      (failure: unknown) => ({ file, message: null, error: messageOf(failure) }),
    );
  const underWay = files.slice(0, FILES_AHEAD).map(start);
  for (let next = underWay.length; underWay.length > 0; next++) {
    const first = await underWay.shift();
    const file = files[next];
    if (file !== undefined) underWay.push(start(file));
    if (first !== undefined) yield first;
  }
}

async function run(args: readonly string[], io: Io) {
  const { values, positionals } = readArgs(args, {
    config: { type: "string" },
    at: { type: "string" },
    "from-number": { type: "string" },
    ask: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (positionals.length === 0)
    throw new UsageError("Name at least one file: afterbell decide message.eml --json.");
  const number = numberOf(values["from-number"]);
  if (number === null) startReading();
  const loaded = loadConfig(findConfigOrExample(values.config, io.env), io.env);
  const now = instantOf(values.at, loaded.policy.calendar.zone);
  const asker = values.ask === true ? askerFor(loaded, io) : null;
  const directory = buildDirectory(loaded.staff, loaded.contacts, loaded.school);
  const options = {
    receivedAt: now,
    authservId: loaded.school.mail?.authserv_id ?? null,
    ownAddresses: ownAddresses(loaded),
    loopSecret: null,
  };
  const read = async (file: string): Promise<Message> => {
    const raw = await readFile(file);
    return number === null
      ? readEmail(raw, { ...options, key: `file:${file}` })
      : textFrom(number, raw.toString("utf8"), file, now);
  };
  let status: 0 | 1 = 0;
  for await (const { file, message, error } of readAhead(positionals, read)) {
    let said = error;
    try {
      if (message !== null) {
        const facts = await factsFor(message, now, loaded, directory, asker);
        io.stdout.write(`${JSON.stringify(line(file, message, facts, loaded))}\n`);
      }
    } catch (failure) {
      said = messageOf(failure);
    }
    if (said === null) continue;
    status = 1;
    io.stdout.write(`${JSON.stringify({ file, error: said })}\n`);
  }
  await stopReading();
  return status;
}

export const decide: Command = { summary: "Say what would be decided for messages in files.", help, run };
