// Tells a desk something about the gateway itself.
import type { Desk } from "../../core/types.ts";
import { deskAddress } from "../../directory/desks.ts";
import { composeNotice } from "../render/notices.ts";
import type { Perform } from "../worker.ts";
import { mailerOf, oneByOne, type Tools, workOf } from "./tools.ts";

export function notice(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { to, because } = workOf<{ to: Desk; because: string }>(effect);
    const envelope = {
      key: effect.idempotency_key,
      now: tools.clock.now(),
      to: deskAddress(tools.loaded(), to),
    };
    const mail = composeNotice(tools.letterhead(), envelope, {
      subject: "Afterbell needs something from you",
      paragraphs: [because],
      url: null,
    });
    const sent = await mailerOf(tools).send(mail);
    return { messageId: sent.messageId, response: sent.response };
  });
}
