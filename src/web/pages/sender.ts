// Who a sender is, as far as the school knows.
import { adjustmentWords, markWords, roleWords } from "../../cases/words.ts";
import type { CaseFile } from "../../store/cases.ts";
import { cleanLine } from "../text.ts";

const texts = ["sms", "whatsapp"];

export function describeSender(file: CaseFile): Record<string, unknown> {
  const { message, contact } = file;
  const roles = (contact?.roles ?? []).filter((role) => role !== "parent");
  return {
    name: cleanLine(message.from_name, 120) || "No name given",
    address: cleanLine(message.from_address, 200) || "No address",
    role: roleWords(message.role),
    contact: contact ? cleanLine(contact.name, 120) : null,
    // A display name is whatever the sender typed: where it differs from the directory, both are shown.
    differs: contact !== null && cleanLine(contact.name) !== cleanLine(message.from_name),
    children: cleanLine(contact?.children ?? ""),
    marks: roles.map(markWords),
    adjustments: (contact?.adjustments ?? []).map(adjustmentWords),
    ...authenticity(message.authenticity, message.channel),
  };
}

/** Clause 2.5: an address that may be borrowed is shown as what it is. */
function authenticity(verdict: string, channel: string): Record<string, unknown> {
  if (verdict === "fail") {
    return { doubtful: true, authenticity: "Doubtful: the message probably comes from somebody else" };
  }
  const what = texts.includes(channel) ? "number" : "address";
  if (verdict === "pass") {
    return { doubtful: false, authenticity: `Confirmed: the message comes from this ${what}` };
  }
  return { doubtful: false, authenticity: `Not checked: the ${what} may be forged` };
}
