// Every kind of effect and who performs it: the table is exhaustive, or it does not compile.
import type { Work } from "../schedule.ts";
import type { Perform } from "../worker.ts";
import { alert } from "./alert.ts";
import { digest } from "./digest.ts";
import { forward } from "./forward.ts";
import { move } from "./move.ts";
import { notice } from "./notice.ts";
import { passOn } from "./pass-on.ts";
import { reply } from "./reply.ts";
import { text } from "./text.ts";
import type { Tools } from "./tools.ts";

export function performers(tools: Tools): Readonly<Record<Work["kind"], Perform>> {
  return {
    move: move(tools),
    passOn: passOn(tools),
    digest: digest(tools),
    reply: reply(tools),
    forward: forward(tools),
    alert: alert(tools),
    notice: notice(tools),
    text: text(tools),
  };
}
