// What is held follows the hours: a closure or leave that is set meanwhile, a working day that is added.
import { releaseOf } from "../core/decide.ts";
import type { Instant } from "../core/types.ts";
import type { LoadedConfig } from "../policy/load.ts";
import { digestGroup, type Reception, recipientFacts } from "../receive.ts";
import { recordAudit } from "../store/audit.ts";
import { moveRelease, type PlannedRelease, plannedReleases } from "../store/planned.ts";

/** null: nobody knows when they work, so that what was planned stays. */
function releaseBy(planned: PlannedRelease, now: Instant, loaded: LoadedConfig): Instant | null {
  const { recipient, batch, decidedAt } = planned;
  if (batch) {
    const { zone } = loaded.policy.calendar;
    const day = releaseOf(recipientFacts(recipient, decidedAt, loaded), true, decidedAt, zone);
    if (day !== null && day > now) return day;
  }
  const { working, nextWorkingMoment } = recipientFacts(recipient, now, loaded);
  return working === true ? now : nextWorkingMoment;
}

/**
 * Plans every release that lies ahead anew, by the hours as they are now.
 * @returns how many were moved
 */
export async function replanReleases({ store, loaded, now: clock }: Reception): Promise<number> {
  const current = loaded();
  const { school } = current.policy;
  return store.transaction().execute(async (trx) => {
    const now = clock();
    const moved: string[] = [];
    for (const planned of await plannedReleases(trx, school, now)) {
      const at = releaseBy(planned, now, current);
      if (at === null || at === planned.releaseAt) continue;
      const { recipient, senderKey, batch } = planned;
      await moveRelease(trx, planned, at, batch ? digestGroup(recipient, senderKey ?? "", at) : null);
      moved.push(planned.deliveryId);
    }
    if (moved.length > 0) {
      await recordAudit(trx, {
        school,
        at: now,
        actor: "afterbell",
        action: "held.replanned",
        subject: "held:all",
        detail: { policy: current.policy.version, deliveries: moved },
      });
    }
    return moved.length;
  });
}
