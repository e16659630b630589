// What happened to a message, newest first: the gateway's own acts and people's, in plain sentences.
import type { Instant } from "../core/types.ts";
import type { AuditRow } from "../store/audit.ts";
import type { CaseFile } from "../store/cases.ts";
import type { EffectsTable } from "../store/tables.ts";
import { channelWords, deskWords, outcomeWords } from "./words.ts";

export interface TimelineEntry {
  readonly at: Instant;
  readonly what: string;
  /** The person's name, or "Afterbell". */
  readonly who: string;
  /** A note that the person wrote. */
  readonly note: string;
}

/** A staff id's name, as people know it. */
export type NameOf = (staffId: string) => string;

const machine = "Afterbell";

/** Merges the message's own instants, what the outbox did and the audit. Only first views are told. */
export function timeline(
  file: CaseFile,
  audit: readonly AuditRow[],
  nameOf: NameOf,
): readonly TimelineEntry[] {
  const entries = [
    ...beginnings(file, keptByHand(audit), nameOf),
    ...file.effects.flatMap((effect) => fromEffect(effect, file, nameOf)),
    ...firstViews(audit).flatMap((row) => fromAudit(row, nameOf)),
  ];
  return entries
    .map((entry, order) => ({ entry, order }))
    .sort((a, b) => (a.entry.at === b.entry.at ? b.order - a.order : a.entry.at < b.entry.at ? 1 : -1))
    .map(({ entry }) => entry);
}

/** Staff from whom a person kept it later: the gateway had let it through. */
function keptByHand(audit: readonly AuditRow[]): ReadonlySet<string> {
  const closed = audit.filter(({ action }) => action === "case.closed");
  return new Set(
    closed.flatMap(({ detail }) => (JSON.parse(detail) as { readonly kept?: string[] }).kept ?? []),
  );
}

function beginnings(file: CaseFile, later: ReadonlySet<string>, nameOf: NameOf): readonly TimelineEntry[] {
  const { message, deliveries } = file;
  const atOnce = deliveries.filter(
    ({ outcome, recipient }) => outcome === "escalate" && !later.has(recipient),
  );
  const kept = [...new Set(atOnce.map((one) => nameOf(one.recipient)))];
  const arrived: TimelineEntry = {
    at: message.received_at,
    what: `The ${channelWords(message.channel)} arrived`,
    who: machine,
    note: "",
  };
  if (kept.length === 0) return [arrived];
  return [arrived, { ...arrived, at: message.recorded_at, what: `Kept from ${sentenceList(kept)}` }];
}

function fromEffect(effect: EffectsTable, file: CaseFile, nameOf: NameOf): readonly TimelineEntry[] {
  const done = effect.state === "done" && effect.done_at !== null;
  if (!done && effect.state !== "dead") return [];
  const what = effectWords(effect, file, nameOf, done);
  if (what === null) return [];
  return [{ at: effect.done_at ?? effect.due_at, what, who: machine, note: "" }];
}

function effectWords(effect: EffectsTable, file: CaseFile, nameOf: NameOf, done: boolean): string | null {
  const to = workTarget(effect.payload);
  const copy = file.deliveries.find((delivery) => delivery.id === effect.delivery_id);
  const name = copy ? nameOf(copy.recipient) : "a member of staff";
  const told = (act: string) =>
    done ? act : `Could not be done: ${act.charAt(0).toLowerCase()}${act.slice(1)}`;
  switch (effect.kind) {
    case "reply":
      return done ? "Automatic reply sent to the sender" : "The automatic reply could not be sent";
    case "forward":
      return done ? `Copy sent to ${deskWords(to)}` : `The copy to ${deskWords(to)} could not be sent`;
    case "alert":
      return done ? `Alert sent to ${deskWords(to)}` : `The alert to ${deskWords(to)} could not be sent`;
    case "move":
      if (to === "inbox") return told(`Put into ${possessive(name)} inbox`);
      return to === "referred" ? told(`Moved out of ${possessive(name)} inbox`) : null;
    case "passOn":
      return told(`Passed on to ${name}`);
    default:
      return null;
  }
}

function workTarget(payload: string): string {
  try {
    const work = JSON.parse(payload) as { readonly to?: unknown };
    return typeof work.to === "string" ? work.to : "";
  } catch {
    return "";
  }
}

/** Keeps each person's first view only: the audit has them all. */
function firstViews(audit: readonly AuditRow[]): readonly AuditRow[] {
  const seen = new Set<string>();
  return audit.filter((row) => {
    if (row.action !== "case.viewed") return true;
    const first = !seen.has(row.actor);
    seen.add(row.actor);
    return first;
  });
}

function fromAudit(row: AuditRow, nameOf: NameOf): readonly TimelineEntry[] {
  const detail = JSON.parse(row.detail) as Readonly<Record<string, unknown>>;
  const what = auditWords(row.action, detail, nameOf);
  if (what === null) return [];
  const who = row.actor === "afterbell" ? machine : nameOf(row.actor);
  return [{ at: row.at, what, who, note: typeof detail["note"] === "string" ? detail["note"] : "" }];
}

function auditWords(
  action: string,
  detail: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): string | null {
  const names = Array.isArray(detail["recipients"])
    ? detail["recipients"].map((id) => nameOf(String(id)))
    : [];
  switch (action) {
    case "case.opened":
      return "Case opened";
    case "case.viewed":
      return "Case first read";
    case "case.original-downloaded":
      return "Original downloaded";
    case "case.released":
      return `Released to ${sentenceList(names)}`;
    case "case.closed": {
      const outcome = outcomeWords(String(detail["outcome"] ?? ""));
      const released = names.length > 0 ? `, and released to ${sentenceList(names)}` : "";
      const held = Array.isArray(detail["kept"]) ? detail["kept"].map((id) => nameOf(String(id))) : [];
      const kept = held.length > 0 ? `, and kept from ${sentenceList(held)}` : "";
      return `Case closed: ${outcome}${released}${kept}`;
    }
    default:
      return null;
  }
}

/** "Mrs Shah", "Mrs Shah and Mr Bell", "Mrs Shah, Mr Bell and Ms Cole". */
export function sentenceList(names: readonly string[]): string {
  if (names.length === 0) return "nobody";
  if (names.length === 1) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "Mrs Shah’s", "Mr Jones’". */
export const possessive = (name: string): string => (/s$/i.test(name) ? `${name}’` : `${name}’s`);
