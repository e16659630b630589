// The automatic answer to a parent: over the channel that they used, and never twice.
import { readHeaders } from "../../channels/email.ts";
import type { ReplyPlan } from "../../core/types.ts";
import type { EffectsTable } from "../../store/tables.ts";
import { composeReply } from "../render/compose.ts";
import { type Perform, PerformError } from "../worker.ts";
import { sendText } from "./text.ts";
import { begin, mailerOf, oneByOne, type Stored, storedMessage, type Tools, workOf } from "./tools.ts";

/** The mailer has two connections. What is begun and waits for one would be in doubt after a crash, for nothing. */
const mostAtOnce = 2;
const line: (() => void)[] = [];
let inside = 0;

async function inTurn<T>(send: () => Promise<T>): Promise<T> {
  if (inside >= mostAtOnce) await new Promise<void>((resolve) => line.push(resolve));
  else inside += 1;
  try {
    return await send();
  } finally {
    const next = line.shift();
    if (next) next();
    else inside -= 1;
  }
}

async function byEmail(tools: Tools, effect: EffectsTable, stored: Stored, plan: ReplyPlan) {
  const { message, original } = stored;
  // Mail has no way to ask whether it was sent: after a crash in between, silence is better than two answers.
  if (effect.started_at !== null) {
    throw new PerformError("the gateway stopped while this was being sent: it may have arrived", false);
  }
  const { school, policy } = tools.loaded();
  const letterhead = tools.letterhead();
  const rendered = letterhead.renderer.renderReply(
    plan,
    school.school,
    policy.calendar.zone,
    message.subject,
  );
  const to = { name: message.from_name, address: message.from_address };
  const mail = composeReply(
    letterhead,
    { key: effect.idempotency_key, now: tools.clock.now(), to },
    rendered,
    {
      messageId: message.message_id,
      references: readHeaders(Buffer.from(original.raw)).references,
    },
  );
  const mailer = mailerOf(tools);
  return inTurn(async () => {
    await begin(tools, effect);
    try {
      const sent = await mailer.send(mail);
      return { messageId: sent.messageId, response: sent.response };
    } catch (error) {
      const { maybeSent, message: said } = error as { maybeSent?: boolean; message?: string };
      if (maybeSent) throw new PerformError(`it may have arrived all the same: ${said}`, false);
      throw error;
    }
  });
}

export function reply(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { plan } = workOf<{ plan: ReplyPlan }>(effect);
    const stored = await storedMessage(tools, effect.message_id);
    if (stored.message.channel === "email") return byEmail(tools, effect, stored, plan);
    const { school, policy } = tools.loaded();
    const { sms } = tools.letterhead().renderer.renderReply(plan, school.school, policy.calendar.zone);
    return sendText(tools, effect, stored.message.to_address, stored.message.from_address, sms);
  });
}
