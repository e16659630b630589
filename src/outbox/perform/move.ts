// Moves held and referred mail between folders: one MOVE for all that is due in a mailbox.
import { placeKey } from "../../channels/imap/places.ts";
import type { Instant, Place } from "../../core/types.ts";
import { recordAudit } from "../../store/audit.ts";
import type { DeliveriesTable, EffectsTable } from "../../store/tables.ts";
import { type Perform, PerformError } from "../worker.ts";
import { type Folder, type Tools, workOf } from "./tools.ts";

interface Planned {
  readonly effect: EffectsTable;
  readonly delivery: DeliveriesTable;
  readonly place: Place;
}

type Result = Readonly<Record<string, unknown>> | PerformError;

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

/** Its release has come first, after an outage: what moves it away now would never be undone. */
function isTooLate(delivery: DeliveriesTable, now: Instant): boolean {
  return delivery.released_at !== null || (delivery.release_at !== null && delivery.release_at <= now);
}

/** Deliveries that another effect is moving at this moment. */
async function underWay(tools: Tools, group: readonly EffectsTable[]): Promise<ReadonlySet<string>> {
  const ids = group.flatMap(({ delivery_id }) => delivery_id ?? []);
  const rows = await tools.store
    .selectFrom("effects")
    .select("delivery_id")
    .where("delivery_id", "in", ids)
    .where("kind", "=", "move")
    .where("state", "=", "claimed")
    .where(
      "id",
      "not in",
      group.map(({ id }) => id),
    )
    .execute();
  return new Set(rows.flatMap(({ delivery_id }) => delivery_id ?? []));
}

/** What needs no move, or must not be moved now; the rest is left to move. */
async function settledWithout(
  tools: Tools,
  plans: readonly Planned[],
  to: Folder,
  results: Map<string, Result>,
): Promise<readonly Planned[]> {
  const now = tools.clock.now();
  const busy = await underWay(
    tools,
    plans.map(({ effect }) => effect),
  );
  const left: Planned[] = [];
  for (const plan of plans) {
    const { effect, delivery } = plan;
    if (to !== "inbox" && isTooLate(delivery, now)) {
      results.set(effect.id, { place: "released already" });
    } else if (busy.has(delivery.id)) {
      results.set(effect.id, new PerformError("another move of this message is under way", true));
    } else if (delivery.state === to) {
      if (to === "inbox") await stayed(tools, delivery);
      results.set(effect.id, { place: "there already" });
    } else {
      left.push(plan);
    }
  }
  return left;
}

/** It never left the inbox, or its owner took it back. */
async function stayed(tools: Tools, { id }: DeliveriesTable): Promise<void> {
  await tools.store
    .updateTable("deliveries")
    .set({ released_at: tools.clock.now() })
    .where("id", "=", id)
    .where("released_at", "is", null)
    .execute();
}

export function move(tools: Tools): Perform {
  return async (group) => {
    const { to } = workOf<{ to: Folder }>(group[0] as EffectsTable);
    const plans = await planned(tools, group);
    const results = new Map<string, Result>();
    // Nothing is left to move: taken away by its owner, or never on a mail server.
    for (const { id } of group) results.set(id, { place: "gone" });
    const left = await settledWithout(tools, plans, to, results);
    // A MOVE goes from one folder.
    const byFolder = Map.groupBy(
      left,
      ({ place }) => `${place.account}\n${place.folder}\n${place.uidValidity}`,
    );
    for (const some of byFolder.values()) {
      const places = some.map(({ place }) => place);
      const moved = await tools.mailboxes.move(some[0]?.place.account ?? "", places, to);
      for (const plan of some) {
        const now = moved.get(placeKey(plan.place)) ?? "refused";
        if (now === "refused") {
          const why = "the mail server would not move it (quota, or no such folder)";
          results.set(plan.effect.id, new PerformError(why, true));
          continue;
        }
        await noted(tools, plan, to, now);
        results.set(plan.effect.id, { place: now });
      }
    }
    return results;
  };
}
