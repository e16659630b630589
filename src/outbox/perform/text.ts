// Sends a text. Twilio has no idempotency key: after a doubtful attempt the sent list is asked first.

import type { OutgoingText, Texter } from "../../channels/twilio/send.ts";
import type { EffectsTable } from "../../store/tables.ts";
import { sentTextsSince } from "../../store/texts.ts";
import { type Perform, PerformError } from "../worker.ts";
import { asPerformError, begin, oneByOne, type Tools, texterOf, workOf } from "./tools.ts";

const dayMs = 86_400_000;

/** A whole day's cap on what the school spends; an alert to the DSL is never stopped by it. */
async function withinBudget(tools: Tools, effect: EffectsTable): Promise<void> {
  const cap = tools.loaded().school.sms?.texts_per_day ?? 0;
  const since = new Date(tools.clock.nowMs() - dayMs).toISOString();
  if (effect.kind !== "alert" && (await sentTextsSince(tools.store, effect.school, since)) >= cap) {
    throw new PerformError(
      `the day's cap of ${cap} texts is reached: sms.texts_per_day in school.yaml`,
      false,
    );
  }
}

/** The number that the parent wrote to, if it is still the school's; else the school's first. */
function senderNumber(tools: Tools, wanted: string): string {
  const numbers = tools.loaded().school.sms?.numbers.map(({ number }) => number) ?? [];
  return numbers.includes(wanted) ? wanted : (numbers[0] ?? wanted);
}

/** When the school's next text may leave, and whose turn is when, by the clock in milliseconds. */
interface Queue {
  freeAtMs: number;
  readonly turns: Map<string, number>;
}
const queues = new WeakMap<Tools, Queue>();

/** So many texts a second leave this process; the others are put off, each to a turn of its own. */
function waitForTurn(tools: Tools, { id, kind }: EffectsTable): void {
  // Somebody may be in danger: never behind anything.
  if (kind === "alert") return;
  const now = tools.clock.nowMs();
  const gapMs = 1_000 / (tools.loaded().school.sms?.per_second ?? 1);
  const queue = queues.get(tools) ?? { freeAtMs: now, turns: new Map<string, number>() };
  queues.set(tools, queue);
  const turn = queue.turns.get(id) ?? Math.max(now, queue.freeAtMs);
  if (!queue.turns.has(id)) queue.freeAtMs = turn + gapMs;
  if (turn <= now) {
    queue.turns.delete(id);
    return;
  }
  queue.turns.set(id, turn);
  const waitMs = Math.ceil(turn - now);
  throw new PerformError("so many texts a second: sms.per_second in school.yaml", true, { waitMs });
}

/** The sid of what a doubtful attempt has sent; null when it sent nothing. */
async function sentBefore(texter: Texter, text: OutgoingText, startedAt: string): Promise<string | null> {
  try {
    return await texter.findSent({ ...text, sentAfter: startedAt });
  } catch (error) {
    const { message, temporary } = asPerformError(error);
    // The doubt stays: the next attempt has to look it up again.
    throw new PerformError(message, temporary, { maybeSent: true });
  }
}

/** @returns the MessageSid and whether an earlier, doubtful attempt turned out to have sent it */
export async function sendText(tools: Tools, effect: EffectsTable, from: string, to: string, body: string) {
  const texter = texterOf(tools);
  const sender = senderNumber(tools, from);
  waitForTurn(tools, effect);
  if (effect.started_at !== null) {
    const sid = await sentBefore(texter, { from: sender, to, body }, effect.started_at);
    if (sid !== null) return { sid, found: true, text: true };
  }
  await withinBudget(tools, effect);
  await begin(tools, effect);
  const { sid } = await texter.send({ from: sender, to, body });
  return { sid, found: false, text: true };
}

export function text(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { to, body } = workOf<{ to: string; body: string }>(effect);
    return sendText(tools, effect, "", to, body);
  });
}
