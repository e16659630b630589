// Sends a text. Twilio has no idempotency key: after a doubtful attempt the sent list is asked first.

import { markStarted } from "../../store/effects.ts";
import type { EffectsTable } from "../../store/tables.ts";
import { sentTextsSince } from "../../store/texts.ts";
import { type Perform, PerformError } from "../worker.ts";
import { oneByOne, type Tools, texterOf, workOf } from "./tools.ts";

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

/** @returns the MessageSid and whether an earlier, doubtful attempt turned out to have sent it */
export async function sendText(tools: Tools, effect: EffectsTable, from: string, to: string, body: string) {
  const texter = texterOf(tools);
  const sender = senderNumber(tools, from);
  if (effect.started_at !== null) {
    const sid = await texter.findSent({ from: sender, to, body, sentAfter: effect.started_at });
    if (sid !== null) return { sid, found: true, text: true };
  }
  await withinBudget(tools, effect);
  await markStarted(tools.store, effect.id, tools.clock.now());
  const { sid } = await texter.send({ from: sender, to, body });
  return { sid, found: false, text: true };
}

export function text(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { to, body } = workOf<{ to: string; body: string }>(effect);
    return sendText(tools, effect, "", to, body);
  });
}
