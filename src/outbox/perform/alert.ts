// A possible disclosure: the designated safeguarding lead is told by email at once, and by text beside it.
import type { Desk } from "../../core/types.ts";
import { deskAddress, deskMobile } from "../../directory/desks.ts";
import { composeAlert } from "../render/notices.ts";
import type { Perform } from "../worker.ts";
import { accountOf } from "./account.ts";
import { sendText } from "./text.ts";
import { mailerOf, oneByOne, storedMessage, type Tools, workOf } from "./tools.ts";

export function alert(tools: Tools): Perform {
  return oneByOne(async (effect) => {
    const { to, because, via } = workOf<{ to: Desk; because: string; via: "email" | "text" }>(effect);
    const stored = await storedMessage(tools, effect.message_id);
    const account = await accountOf(tools, stored, because, false);
    const loaded = tools.loaded();
    const address = deskAddress(loaded, to);
    const envelope = { key: effect.idempotency_key, now: tools.clock.now(), to: address };
    const { mail, sms } = composeAlert(tools.letterhead(), envelope, account);
    if (via === "text") return sendText(tools, effect, "", deskMobile(loaded, to) ?? "", sms);
    const sent = await mailerOf(tools).send(mail);
    return { messageId: sent.messageId, response: sent.response };
  });
}
