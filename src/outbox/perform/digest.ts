// All that a frequent sender's batched messages say, as one mail on the next working day.
import { staffAddress } from "../../directory/desks.ts";
import type { EffectsTable } from "../../store/tables.ts";
import { composeDigest } from "../render/notices.ts";
import type { Perform, PerformError } from "../worker.ts";
import { asPerformError, mailerOf, type Stored, storedMessage, type Tools, workOf } from "./tools.ts";

interface Batched {
  readonly effect: EffectsTable;
  readonly stored: Stored;
}

type Results = Map<string, Readonly<Record<string, unknown>> | PerformError>;

/** What there is to tell: without messages that were erased, and without what is with the person already. */
async function untold(tools: Tools, group: readonly EffectsTable[], results: Results): Promise<Batched[]> {
  const batched: Batched[] = [];
  for (const effect of group) {
    try {
      const stored = await storedMessage(tools, effect.message_id);
      const delivery = stored.deliveries.find(({ id }) => id === effect.delivery_id);
      if (delivery?.released_at === null) batched.push({ effect, stored });
      else results.set(effect.id, { place: "there already" });
    } catch (error) {
      results.set(effect.id, asPerformError(error));
    }
  }
  return batched;
}

async function digested(tools: Tools, batched: readonly Batched[]): Promise<void> {
  const ids = batched.map(({ effect }) => effect.delivery_id ?? "");
  const values = { state: "digested", released_at: tools.clock.now() };
  await tools.store.updateTable("deliveries").set(values).where("id", "in", ids).execute();
}

export function digest(tools: Tools): Perform {
  return async (group) => {
    const results: Results = new Map();
    const batched = await untold(tools, group, results);
    const [first] = batched;
    if (first === undefined) return results;
    const { recipient } = workOf<{ recipient: string }>(first.effect);
    // The key names everything in it, so that the same digest has the same Message-ID at every attempt.
    const key = batched
      .map(({ effect }) => effect.idempotency_key)
      .sort()
      .join(" ");
    const envelope = { key, now: tools.clock.now(), to: staffAddress(tools.loaded(), recipient) };
    const originals = batched.map(({ stored }) => stored.original);
    const mail = composeDigest(tools.letterhead(), envelope, originals);
    try {
      const sent = await mailerOf(tools).send(mail);
      await digested(tools, batched);
      const result = { messageId: sent.messageId, response: sent.response };
      for (const { effect } of batched) results.set(effect.id, result);
    } catch (error) {
      for (const { effect } of batched) results.set(effect.id, asPerformError(error));
    }
    return results;
  };
}
