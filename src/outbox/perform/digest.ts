// All that a frequent sender's batched messages say, as one mail on the next working day.

import { staffAddress } from "../../directory/desks.ts";
import type { EffectsTable } from "../../store/tables.ts";
import { composeDigest } from "../render/notices.ts";
import type { Perform } from "../worker.ts";
import { mailerOf, storedMessage, type Tools, workOf } from "./tools.ts";

async function digested(tools: Tools, group: readonly EffectsTable[]): Promise<void> {
  const ids = group.map(({ delivery_id }) => delivery_id ?? "");
  const values = { state: "digested", released_at: tools.clock.now() };
  await tools.store.updateTable("deliveries").set(values).where("id", "in", ids).execute();
}

export function digest(tools: Tools): Perform {
  return async (group) => {
    const first = group[0] as EffectsTable;
    const { recipient } = workOf<{ recipient: string }>(first);
    const stored = await Promise.all(group.map((effect) => storedMessage(tools, effect.message_id)));
    // The key names everything in it, so that the same digest has the same Message-ID at every attempt.
    const key = group
      .map(({ idempotency_key }) => idempotency_key)
      .sort()
      .join(" ");
    const envelope = { key, now: tools.clock.now(), to: staffAddress(tools.loaded(), recipient) };
    const mail = composeDigest(
      tools.letterhead(),
      envelope,
      stored.map(({ original }) => original),
    );
    const sent = await mailerOf(tools).send(mail);
    await digested(tools, group);
    return new Map(group.map(({ id }) => [id, { messageId: sent.messageId, response: sent.response }]));
  };
}
