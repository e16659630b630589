// Puts the original before a desk, as it came, with a summary of why.
import type { Desk } from "../../core/types.ts";
import { deskAddress } from "../../directory/desks.ts";
import { composeForward } from "../render/notices.ts";
import type { Perform } from "../worker.ts";
import { accountOf } from "./account.ts";
import { mailerOf, oneByOne, storedMessage, type Tools, workOf } from "./tools.ts";

export function forward(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { to, because } = workOf<{ to: Desk; because: string }>(effect);
    const stored = await storedMessage(tools, effect.message_id);
    const account = await accountOf(tools, stored, because, to === "headteacher");
    const withheld = stored.decision.outcome === "escalate";
    const address = deskAddress(tools.loaded(), to);
    const envelope = { key: effect.idempotency_key, now: tools.clock.now(), to: address };
    const sent = await mailerOf(tools).send(
      composeForward(tools.letterhead(), envelope, { ...account, withheld }),
    );
    return { messageId: sent.messageId, response: sent.response };
  });
}
