// Where each member of staff's copy of a message is, and what is still to happen to it.
import type { Instant } from "../core/types.ts";
import type { CaseFile } from "../store/cases.ts";
import type { DeliveriesTable, EffectsTable } from "../store/tables.ts";

/** A move to the inbox, or a text that is passed on. */
export const leadsToStaff = (effect: EffectsTable): boolean =>
  effect.kind === "passOn" || (effect.kind === "move" && moveTarget(effect) === "inbox");

function moveTarget(effect: EffectsTable): string {
  const work = JSON.parse(effect.payload) as { readonly to?: string };
  return work.to ?? "";
}

/** Kept from the person, or about to be: a move out of the inbox that has not been made counts already. */
export const isWithheld = (copy: DeliveriesTable, ahead: readonly EffectsTable[]): boolean =>
  copy.state === "referred" ||
  copy.state === "held" ||
  ahead.some((effect) => effect.kind === "move" && !leadsToStaff(effect));

export interface Copy {
  readonly recipient: string;
  readonly withheld: boolean;
  readonly state: string;
  /** When it goes to the person; null when nothing is planned. */
  readonly goesAt: Instant | null;
  /** A text message: it is on no mail server. */
  readonly texted: boolean;
}

/** One line for each copy. */
export function copiesOf(file: CaseFile): readonly Copy[] {
  return file.deliveries.map((delivery) => {
    const ahead = file.effects.filter(
      (effect) => effect.delivery_id === delivery.id && ["due", "claimed"].includes(effect.state),
    );
    const withheld = isWithheld(delivery, ahead);
    return {
      recipient: delivery.recipient,
      withheld,
      state: delivery.state,
      goesAt: withheld ? (ahead.find(leadsToStaff)?.due_at ?? null) : null,
      texted: delivery.account === null,
    };
  });
}

/** What there is to release: nobody's copy, or whose, and whether it is planned already. */
export function releasable(file: CaseFile, now: Instant): readonly Copy[] {
  if (file.case.state === "closed") return [];
  return copiesOf(file).filter((copy) => copy.withheld && (copy.goesAt === null || copy.goesAt > now));
}

/** Where a copy is, as a sentence without a subject. `say` puts an instant into words. */
export function whereWords(copy: Copy, say: (at: Instant) => string): string {
  if (copy.goesAt !== null) {
    return copy.texted ? `Will be passed on ${say(copy.goesAt)}` : `Goes to the inbox ${say(copy.goesAt)}`;
  }
  switch (copy.state) {
    case "held":
    case "referred":
      return "Kept back: not seen";
    case "digested":
      return "Sent with others in a digest";
    case "gone":
      return "Moved or deleted by its owner";
    default:
      return copy.withheld ? "On its way out of the inbox" : copy.texted ? "Passed on" : "In the inbox";
  }
}
