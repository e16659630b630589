// Why a message is put before somebody: what the mails to desks have in common.

import { staffNames } from "../../directory/desks.ts";
import { caseOfMessage } from "../../store/cases.ts";
import type { Account } from "../render/notices.ts";
import type { Stored, Tools } from "./tools.ts";

/** @param withCase whether the reader may open the case: only the headteacher's side signs in so far */
export async function accountOf(
  tools: Tools,
  stored: Stored,
  because: string,
  withCase: boolean,
): Promise<Account> {
  const found = withCase ? await caseOfMessage(tools.store, stored.message.school, stored.message.id) : null;
  const url = tools.publicUrl();
  return {
    original: stored.original,
    addressees: staffNames(
      tools.loaded(),
      stored.deliveries.map(({ recipient }) => recipient),
    ),
    reasons: stored.decision.reasons,
    because,
    caseNumber: found?.number ?? null,
    caseUrl: found && url !== null ? new URL(`/cases/${found.number}`, url).href : null,
  };
}
