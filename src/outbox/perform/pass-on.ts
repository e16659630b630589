// A parent's text goes on to the member of staff: by email, or to their phone if they asked for that.

import { staffAddress, staffNames } from "../../directory/desks.ts";
import type { DeliveriesTable, EffectsTable } from "../../store/tables.ts";
import { composeText } from "../render/notices.ts";
import { type Perform, PerformError } from "../worker.ts";
import { sendText } from "./text.ts";
import { mailerOf, oneByOne, type Stored, storedMessage, type Tools } from "./tools.ts";

/** How many pictures and files came with it; they stay at Twilio. */
function mediaCountOf(stored: Stored): number {
  return Number(new URLSearchParams(Buffer.from(stored.original.raw).toString("utf8")).get("NumMedia") ?? 0);
}

async function byPhone(tools: Tools, effect: EffectsTable, stored: Stored, mobile: string) {
  const { from_name: name, from_address: number, text } = stored.message;
  const who = name === "" ? number || "a withheld number" : `${name} (${number})`;
  return sendText(tools, effect, stored.message.to_address, mobile, `${who} wrote to you: ${text}`);
}

async function byEmail(tools: Tools, effect: EffectsTable, stored: Stored, recipient: string) {
  const loaded = tools.loaded();
  const envelope = {
    key: effect.idempotency_key,
    now: tools.clock.now(),
    to: staffAddress(loaded, recipient),
  };
  const mail = composeText(tools.letterhead(), envelope, {
    original: stored.original,
    addressees: staffNames(loaded, [recipient]),
    mediaCount: mediaCountOf(stored),
  });
  const sent = await mailerOf(tools).send(mail);
  return { messageId: sent.messageId, response: sent.response };
}

async function released(tools: Tools, delivery: DeliveriesTable): Promise<void> {
  const values = { state: "inbox", released_at: tools.clock.now() };
  await tools.store.updateTable("deliveries").set(values).where("id", "=", delivery.id).execute();
}

export function passOn(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const stored = await storedMessage(tools, effect.message_id);
    const delivery = stored.deliveries.find(({ id }) => id === effect.delivery_id);
    if (!delivery) throw new PerformError("the delivery is no longer stored", false);
    // A crash came after it was passed on and noted, and before the effect was settled.
    if (delivery.released_at !== null) return { place: "there already" };
    const member = tools.loaded().staff.find(({ id }) => id === delivery.recipient);
    const result =
      member?.texts_to === "phone" && member.mobile !== undefined
        ? await byPhone(tools, effect, stored, member.mobile)
        : await byEmail(tools, effect, stored, delivery.recipient);
    await released(tools, delivery);
    return result;
  });
}
