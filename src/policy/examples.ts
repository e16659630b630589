// Tries every rule on the examples that stand beside it: a message of a parent to a teacher at work, with
// what the example gives changed.
import { mailHeaders } from "../core/automatic/mail-headers.ts";
import { isAutomatic } from "../core/automatic.ts";
import { fingerprint } from "../core/frequency.ts";
import type {
  Address,
  Channel,
  Decision,
  EarlierMessage,
  Example,
  Facts,
  Instant,
  Limit,
  Message,
  Policy,
  RecipientFacts,
  Rule,
} from "../core/types.ts";
import { assessMail } from "../core/wording/assess.ts";
import type { Contact } from "../directory/contacts.ts";
import { buildDirectory, type Directory } from "../directory/senders.ts";
import type { LoadedConfig } from "./load.ts";
import type { Problem } from "./problem.ts";

export type Decide = (message: Message, facts: Facts, policy: Policy) => Decision;

/** A Monday morning at school. */
const NOW: Instant = "2026-11-23T10:00:00.000Z";
const TOMORROW: Instant = "2026-11-24T08:00:00.000Z";

const PARENT: Contact = {
  id: "example-parent",
  name: "Dana Kowalczyk",
  emails: ["dana.kowalczyk@parent.example"],
  numbers: ["+447700900299"],
  roles: ["parent"],
  language: "en",
  adjustments: [],
  children: "",
};

const TEACHER = { id: "example-teacher", name: "Mrs Example", address: "teacher@school.example" };

interface Scene {
  readonly policy: Policy;
  readonly directory: Directory;
  readonly decide: Decide;
}

const fieldOf = (example: Example, name: string): string | null =>
  Object.entries(example.headers).find(([field]) => field.toLowerCase() === name)?.[1] ?? null;

/** "Facebook <notice@social.example>" or a bare address or number. */
const addressIn = (written: string): Address => {
  const bracketed = /^(.*)<([^<>]*)>\s*$/.exec(written);
  const name = bracketed?.[1]?.replaceAll('"', "").trim() ?? "";
  return { name, address: (bracketed?.[2] ?? written).trim().toLowerCase() };
};

const channelOf = (rule: Rule, example: Example): Channel => {
  if (example.from !== null) return example.from.includes("@") ? "email" : "sms";
  const allowed = rule.when.channel;
  return allowed === null || allowed.includes("email") ? "email" : (allowed[0] ?? "email");
};

const senderOf = (example: Example, channel: Channel): Address => {
  const written = example.from ?? (channel === "email" ? fieldOf(example, "from") : null);
  if (written !== null) return addressIn(written);
  const [address = ""] = channel === "email" ? PARENT.emails : PARENT.numbers;
  return { name: PARENT.name, address };
};

const messageOf = (rule: Rule, example: Example): Message => {
  const channel = channelOf(rule, example);
  const from = senderOf(example, channel);
  const subject = example.subject || (fieldOf(example, "subject") ?? "");
  const fields = { From: `${from.name} <${from.address}>`, Subject: subject, ...example.headers };
  const list = Object.entries(fields).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  const context = { text: example.text, partTypes: [], ownLoopMark: false };
  return {
    key: "example:1",
    channel,
    from,
    to: [{ name: TEACHER.name, address: TEACHER.address }],
    cc: [],
    subject,
    date: NOW,
    messageId: "<example@parent.example>",
    references: [],
    text: example.text,
    newText: example.text,
    automatic: channel === "email" ? isAutomatic(mailHeaders(list), context) : null,
    suppressReply: null,
    authenticity: { verdict: "pass", because: "an example" },
    attachments: [],
    receivedAt: NOW,
    rawHash: "",
    parseError: null,
  };
};

const recipientOf = ({ given }: Example): RecipientFacts => {
  const offDuty = given["off_duty"] === true;
  return {
    id: TEACHER.id,
    name: TEACHER.name,
    isHeadteacher: false,
    working: !offDuty,
    nextWorkingMoment: TOMORROW,
    nextWorkingDay: TOMORROW,
    closedSince: offDuty ? "2026-11-23T09:00:00.000Z" : null,
    addresses: [TEACHER.address],
  };
};

const minuteMs = 60_000;

/** As many earlier messages as it takes to be over the limit, a minute apart. */
const earlierOver = (limit: Limit, message: Message): readonly EarlierMessage[] =>
  Array.from({ length: limit.messages + 1 }, (_, index) => ({
    receivedAt: new Date(Date.parse(NOW) - (index + 1) * minuteMs).toISOString(),
    recipients: [TEACHER.id],
    fingerprint:
      limit.counts === "repeat" ? fingerprint(message.newText) : fingerprint(`earlier message ${index}`),
  }));

/** A shipped example names a limit that a school may have called otherwise: then its first one stands in. */
const limitOf = ({ given }: Example, { limits }: Policy): Limit | undefined =>
  given["over_limit"] === undefined
    ? undefined
    : (limits.find(({ id }) => id === given["over_limit"]) ?? limits[0]);

const factsOf = (message: Message, example: Example, { policy, directory }: Scene): Facts => {
  const { role, contact, marks } = directory.whoIs(message.from, message.channel);
  const { given } = example;
  const limit = limitOf(example, policy);
  return {
    now: NOW,
    sender: {
      key: "contact:example",
      role,
      contactId: contact?.id ?? null,
      name: contact?.name ?? message.from?.name ?? "",
      language: "en",
      marks,
      adjustments: [],
      earlier: limit === undefined ? [] : earlierOver(limit, message),
      lastReplyAt: {},
      repliesLastHour: 0,
      repliesLastDay: 0,
      paused: given["paused"] === true ? { until: "2026-12-18", reason: "an example" } : null,
    },
    recipients: [recipientOf(example)],
    wording: assessMail(message.newText, message.subject, policy.lexicon, policy.model),
    namedContact: given["names_contact"] === true ? PARENT.name : null,
    secondOpinion: null,
    repliesLastHour: 0,
    ownAddresses: [TEACHER.address],
  };
};

/** Without any limit nobody can be over one: nothing can be tried. */
const canBeTried = (example: Example, policy: Policy): boolean =>
  example.given["over_limit"] === undefined || policy.limits.length > 0;

const tryExample = (rule: Rule, example: Example, shouldMatch: boolean, scene: Scene): string | null => {
  const message = messageOf(rule, example);
  const { reasons } = scene.decide(message, factsOf(message, example, scene), scene.policy);
  const reason = reasons.find((one) => one.rule === rule.id);
  if (shouldMatch && reason === undefined) {
    const others = reasons.map((one) => one.rule).join(", ");
    return `${rule.id} must match this example and does not (${others === "" ? "no rule does" : `matched: ${others}`}): change the example or the rule`;
  }
  if (!shouldMatch && reason !== undefined) {
    return `${rule.id} must not match this example and does, because of "${reason.evidence}": change the example or the rule`;
  }
  return null;
};

/**
 * Runs the examples of every rule in force.
 * @returns a problem, at the example's own line, for each `match` that does not match and each `pass` that does
 */
export const runExamples = (
  loaded: Pick<LoadedConfig, "policy" | "school" | "staff">,
  decide: Decide,
): readonly Problem[] => {
  const { policy } = loaded;
  const scene = { policy, decide, directory: buildDirectory(loaded.staff, [PARENT], loaded.school) };
  return policy.rules.flatMap((rule) =>
    (["match", "pass"] as const).flatMap((kind) =>
      rule.examples[kind].flatMap((example, index): readonly Problem[] => {
        if (!canBeTried(example, policy)) return [];
        const message = tryExample(rule, example, kind === "match", scene);
        if (message === null) return [];
        const { file, line } = example.source ?? rule.source;
        return [{ file, line, key: `examples.${kind}[${index}]`, message, severity: "error" }];
      }),
    ),
  );
};
