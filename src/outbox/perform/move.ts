// Moves held and referred mail between folders: one MOVE for all that is due in a mailbox.
import { placeKey } from "../../channels/imap/places.ts";
import type { Place } from "../../core/types.ts";
import { recordAudit } from "../../store/audit.ts";
import type { DeliveriesTable, EffectsTable } from "../../store/tables.ts";
import { type Perform, PerformError } from "../worker.ts";
import { type Folder, type Tools, workOf } from "./tools.ts";

interface Planned {
  readonly effect: EffectsTable;
  readonly delivery: DeliveriesTable;
  readonly place: Place;
}

async function planned(tools: Tools, group: readonly EffectsTable[]): Promise<readonly Planned[]> {
  const ids = group.map(({ delivery_id }) => delivery_id ?? "");
  const rows = await tools.store.selectFrom("deliveries").selectAll().where("id", "in", ids).execute();
  return group.flatMap((effect) => {
    const delivery = rows.find(({ id }) => id === effect.delivery_id);
    if (!delivery?.account || !delivery.folder || delivery.uid === null || delivery.state === "gone")
      return [];
    const place = {
      account: delivery.account,
      folder: delivery.folder,
      uidValidity: delivery.uid_validity ?? "",
      uid: delivery.uid,
    };
    return [{ effect, delivery, place }];
  });
}

/** Notes where it is now; what its owner took away stays taken away. */
async function noted(tools: Tools, { delivery }: Planned, to: Folder, place: Place | "gone"): Promise<void> {
  const now = tools.clock.now();
  const released = to === "inbox" ? { released_at: now } : {};
  const where =
    place === "gone"
      ? { state: "gone" }
      : { state: to, folder: place.folder, uid_validity: place.uidValidity, uid: place.uid, ...released };
  await tools.store.transaction().execute(async (trx) => {
    await trx.updateTable("deliveries").set(where).where("id", "=", delivery.id).execute();
    await recordAudit(trx, {
      school: delivery.school,
      at: now,
      actor: "afterbell",
      action: place === "gone" ? "message.gone" : `message.moved-to-${to}`,
      subject: `message:${delivery.message_id}`,
      detail: { recipient: delivery.recipient },
    });
  });
}

export function move(tools: Tools): Perform {
  return async (group) => {
    const { to } = workOf<{ to: Folder }>(group[0] as EffectsTable);
    const plans = await planned(tools, group);
    const results = new Map<string, Readonly<Record<string, unknown>> | PerformError>();
    // Nothing is left to move: taken away by its owner, or never on a mail server.
    for (const { id } of group) results.set(id, { place: "gone" });
    // A MOVE goes from one folder; by the time of release some may already be where they should be.
    const byFolder = Map.groupBy(plans, ({ delivery, place }) =>
      delivery.state === to ? "" : `${place.account}\n${place.folder}\n${place.uidValidity}`,
    );
    for (const [folder, some] of byFolder) {
      if (folder === "") {
        for (const { effect } of some) results.set(effect.id, { place: "there already" });
        continue;
      }
      const account = some[0]?.place.account ?? "";
      const moved = await tools.mailboxes.move(
        account,
        some.map(({ place }) => place),
        to,
      );
      for (const plan of some) {
        const now = moved.get(placeKey(plan.place)) ?? "refused";
        if (now === "refused") {
          results.set(
            plan.effect.id,
            new PerformError("the mail server would not move it (quota, or no such folder)", true),
          );
          continue;
        }
        await noted(tools, plan, to, now);
        results.set(plan.effect.id, { place: now });
      }
    }
    return results;
  };
}
