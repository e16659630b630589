// One connection's life: reconcile, then wait for mail, moves and timers until it breaks or is stopped.
import type { ImapFlow } from "imapflow";
import type { Place } from "../../core/types.ts";
import type { MailboxHost, WatchedMailbox } from "../imap.ts";
import type { Bell } from "./bell.ts";
import { ConnectionLost, closeClient, errorCode, newClient, type Timing } from "./connection.ts";
import { ensureFolders, type Role } from "./folders.ts";
import { Handover } from "./handover.ts";
import { Inbox } from "./inbox.ts";
import type { Job, Jobs } from "./jobs.ts";
import { type Moved, movePlaces } from "./moves.ts";
import { placeKey, Shelf, type Trail } from "./places.ts";
import { openFolder } from "./reading.ts";
import { reconcile } from "./reconcile.ts";
import type { Watch } from "./watch.ts";

export interface SessionNeeds {
  readonly watched: WatchedMailbox;
  readonly host: MailboxHost;
  readonly timing: Timing;
  readonly trail: Trail;
  readonly jobs: Jobs;
  readonly stop: AbortSignal;
}

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
  static async open(needs: SessionNeeds, bell: Bell): Promise<Session> {
    const { watched, host, timing, trail, jobs, stop } = needs;
    const client = newClient(watched, timing, (error) => {
      host.log.warn({ account: watched.account, because: errorCode(error) }, "The mail connection failed.");
    });
    const abandon = () => client.close();
    stop.addEventListener("abort", abandon);
    let refusal = "NO";
    client.on("response", ({ response, code }) => {
      if (response.toUpperCase() === "NO") refusal = code ?? "NO";
    });
    try {
      await client.connect();
      const folders = await ensureFolders(client, watched);
      const shared = { client, watched, host, timing, trail, stop, folders, refusal: () => refusal };
      return new Session({ ...shared, shelf: new Shelf(), validities: new Map() }, jobs, bell);
    } catch (error) {
      client.close();
      throw error;
    } finally {
      stop.removeEventListener("abort", abandon);
    }
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
    const { fresh } = await openFolder(this.#watch, folders.inbox);
    // Mail that came while another folder was open is announced by nothing.
    if (fresh) this.#mailDue = true;
    if (this.#mailDue || this.#jobs.waiting) return;
    // At once: imapflow's own IDLE begins 15 s after the last command. It ends when a command is sent.
    client.idle().catch(() => this.#bell.ring());
    await this.#bell.wait(untilMs - performance.now());
    if (!client.usable) throw new ConnectionLost("Closed");
  }

  async #runJobs(): Promise<void> {
    for (let job = this.#jobs.take(); job; job = this.#jobs.take()) {
      try {
        job.resolve(await this.#move(job));
      } catch (error) {
        job.reject(error);
        // After a broken connection nothing is certain; the reconciliation finds out.
        throw error;
      }
    }
  }

  async #move({ places, to }: Job): Promise<ReadonlyMap<string, Moved>> {
    const target = this.#watch.folders[to];
    // A place may be outdated by a move that the caller has not heard of.
    const now = places.map((place): [Place, Place] => [place, this.#watch.trail.follow(place)]);
    const moved = new Map<string, Moved>();
    for (const folder of new Set(now.map(([, at]) => at.folder))) {
      const here = now.filter(([, at]) => at.folder === folder);
      const answers = await movePlaces(
        this.#watch,
        here.map(([, at]) => at),
        folder,
        target,
      );
      for (const [asked, at] of here) moved.set(placeKey(asked), answers.get(at.uid) ?? "gone");
    }
    const refused = [...moved.values()].filter((answer) => answer === "refused").length;
    if (refused > 0) this.#logRefusal(refused, to);
    return moved;
  }

  #logRefusal(refused: number, to: Role): void {
    const { host, watched } = this.#watch;
    const detail = { account: watched.account, refused, to, because: this.#watch.refusal() };
    host.log.warn(detail, "The server refused to move messages; they stay where they are.");
  }
}

/** A connection of its own for a question that is not part of the watching. */
export async function withClient<T>(
  watched: WatchedMailbox,
  timing: Timing,
  ask: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const client = newClient(watched, timing, () => {});
  try {
    await client.connect();
    return await ask(client);
  } finally {
    await closeClient(client);
  }
}
