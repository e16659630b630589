// The plain words for what the tables hold: kinds of case, categories, outcomes, roles, states.
import type { CasesTable, DeliveriesTable } from "../store/tables.ts";

const kinds: Readonly<Record<string, string>> = {
  defamation: "Defamation",
  discrimination: "Discrimination",
  harassment: "Harassment",
  insult: "Insult",
  paused: "Paused sender",
  "paused-sender": "Paused sender",
  "please-look": "Please look",
  profanity: "Swearing",
  safeguarding: "Possible disclosure",
  sexual: "Sexual words",
  "social-network": "Social network request",
  "social-network-request": "Social network request",
  threat: "Threat",
};

const roles: Readonly<Record<string, string>> = {
  parent: "parent",
  "probably-parent": "probably a parent",
  staff: "member of staff",
  organisation: "organisation",
  unknown: "unknown sender",
};

const channels: Readonly<Record<string, string>> = {
  email: "email",
  sms: "text message",
  whatsapp: "WhatsApp message",
};

const adjustments: Readonly<Record<string, string>> = {
  "no-limits": "no limit on how often they write",
  "no-hold": "messages are never held",
  "no-replies": "no automatic replies",
};

const marks: Readonly<Record<string, string>> = {
  governor: "governor",
  hsa: "Home School Association",
  parent: "parent",
};

const desks: Readonly<Record<string, string>> = {
  headteacher: "the headteacher",
  office: "the office",
  complaints: "the complaints address",
  chair: "the chair of governors",
  dsl: "the designated safeguarding lead",
};

const outcomes: Readonly<Record<string, string>> = {
  "not-abuse": "not abuse",
  abuse: "abuse",
  "dealt-with": "dealt with",
};

const targets: Readonly<Record<string, string>> = {
  staff: "Staff",
  parent: "Another parent",
  pupil: "A pupil",
  school: "The school as such",
};

/** An id that has no words of its own: "online-harassment" becomes "Online harassment". */
function readable(id: string): string {
  const words = id.replaceAll(/[-_.]+/g, " ").trim();
  return words === "" ? "Other" : words.charAt(0).toUpperCase() + words.slice(1);
}

export const kindWords = (kind: string): string => kinds[kind] ?? readable(kind);
export const roleWords = (role: string): string => roles[role] ?? readable(role).toLowerCase();
export const channelWords = (channel: string): string => channels[channel] ?? readable(channel);
export const adjustmentWords = (id: string): string => adjustments[id] ?? readable(id).toLowerCase();
export const markWords = (id: string): string => marks[id] ?? readable(id).toLowerCase();
export const deskWords = (desk: string): string => desks[desk] ?? readable(desk).toLowerCase();
export const targetWords = (target: string): string => targets[target] ?? readable(target);
export const outcomeWords = (outcome: string): string => outcomes[outcome] ?? readable(outcome).toLowerCase();

/** "a threat", "an insult", "swearing": for "Show message: contains …". */
export function containsWords(category: string): string {
  const word = kindWords(category).toLowerCase();
  if (!["threat", "insult", "possible disclosure"].includes(word)) return word;
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
}

/** Open; "Released" once every copy that was kept back has been let go; closed, with how it ended. */
export function stateWords(found: CasesTable, deliveries: readonly DeliveriesTable[]): string {
  if (found.state === "closed") return `Closed: ${outcomeWords(found.outcome ?? "dealt-with")}`;
  const kept = deliveries.filter((delivery) => delivery.outcome === "escalate");
  return kept.length > 0 && kept.every((delivery) => delivery.release_at !== null) ? "Released" : "Open";
}
