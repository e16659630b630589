// One connection's life: reconcile, then wait for mail, moves and timers until it breaks or is stopped.
import type { Bell } from "./bell.ts";
import { ConnectionLost, closeClient } from "./connection.ts";
import { Handover } from "./handover.ts";
import { Inbox } from "./inbox.ts";
import type { Jobs } from "./jobs.ts";
import { moveTo } from "./moves.ts";
import { openFolder } from "./reading.ts";
import { reconcile } from "./reconcile.ts";
import { openWatch, type Watch, type WatchNeeds } from "./watch.ts";

export class Session {
  readonly #watch: Watch;
  readonly #jobs: Jobs;
  readonly #bell: Bell;
  readonly #handover: Handover;
  readonly #inbox: Inbox;
  #mailDue = true;

  private constructor(watch: Watch, jobs: Jobs, bell: Bell) {
    this.#watch = watch;
    this.#jobs = jobs;
    this.#bell = bell;
    this.#handover = new Handover(watch);
    this.#inbox = new Inbox(watch, this.#handover);
    watch.client.on("exists", ({ path }) => {
      if (path !== watch.folders.inbox) return;
      this.#mailDue = true;
      bell.ring();
    });
    watch.client.on("close", () => bell.ring());
  }

  /** Connects, signs in, sees to the folders. Throws imapflow's errors; the connection is closed then. */
  static async open(needs: WatchNeeds, jobs: Jobs, bell: Bell): Promise<Session> {
    return new Session(await openWatch(needs), jobs, bell);
  }

  async enter(): Promise<void> {
    await reconcile(this.#watch, this.#inbox, this.#handover, true);
  }

  /** Works until it is told to stop. Throws when the connection breaks. */
  async work(): Promise<void> {
    const { watched, timing } = this.#watch;
    let pollAtMs = performance.now() + watched.pollMs;
    let sweepAtMs = performance.now() + timing.sweepMs;
    while (!this.#watch.stop.aborted) {
      await this.#runJobs();
      if (this.#mailDue || performance.now() >= pollAtMs) {
        const waitMs = this.#mailDue ? Math.min(timing.recheckMs, watched.pollMs) : watched.pollMs;
        this.#mailDue = false;
        await this.#inbox.collect();
        pollAtMs = performance.now() + waitMs;
      }
      if (performance.now() >= this.#handover.retryAtMs) {
        await this.#handover.retry();
        await this.#inbox.save();
      }
      if (performance.now() >= sweepAtMs) {
        await reconcile(this.#watch, this.#inbox, this.#handover, false);
        sweepAtMs = performance.now() + timing.sweepMs;
      }
      await this.#rest(Math.min(pollAtMs, sweepAtMs, this.#handover.retryAtMs));
    }
  }

  async close(): Promise<void> {
    await closeClient(this.#watch.client);
  }

  /** Idles in INBOX until something is to be done. */
  async #rest(untilMs: number): Promise<void> {
    const { client, folders } = this.#watch;
    const { fresh, uidNext } = await openFolder(this.#watch, folders.inbox);
    // Mail that came while another folder was open is announced by nothing else.
    if (fresh && this.#inbox.isBehind(uidNext)) this.#mailDue = true;
    if (this.#mailDue || this.#jobs.waiting) return;
    // At once: imapflow's own IDLE begins 15 s after the last command. It ends when a command is sent.
    client.idle().catch(() => this.#bell.ring());
    await this.#bell.wait(untilMs - performance.now());
    if (!client.usable) throw new ConnectionLost("Closed");
  }

  async #runJobs(): Promise<void> {
    for (let job = this.#jobs.take(); job; job = this.#jobs.take()) {
      try {
        job.resolve(await moveTo(this.#watch, job.places, job.to));
      } catch (error) {
        job.reject(error);
        // After a broken connection nothing is certain; the reconciliation finds out.
        throw error;
      }
    }
  }
}
