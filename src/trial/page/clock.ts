// Moving the trial's clock.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instant } from "../../core/types.ts";
import { furthestMoveMs, MOMENTS, momentsAfter, readLocalTime } from "../moments.ts";
import { type Running, schoolTime, settle } from "../running.ts";
import { longDay, wallClock } from "../wall-clock.ts";
import { setNotice } from "./notice.ts";

const form = z.object({
  to: z.enum([...MOMENTS, "other"]).catch("other"),
  when: z.string().max(40).catch(""),
  back: z
    .string()
    .max(200)
    .regex(/^\/(?!\/)[\w/.-]*$/)
    .catch("/"),
});

const patienceMs = 5_000;

/** POST /clock. */
export function clockRoutes(app: FastifyInstance, running: Running): void {
  app.post("/clock", async (request, reply) => {
    const { to, when, back } = form.parse(request.body ?? {});
    const zone = running.loaded().school.school.zone;
    const moment = momentsAfter(running.clock.now(), schoolTime(running.loaded())).find(
      ({ id }) => id === to,
    );
    const at = moment?.at ?? readLocalTime(when, zone);
    setNotice(running, await move(running, at, zone));
    return reply.redirect(back, 303);
  });
}

async function move(running: Running, at: Instant | null, zone: string) {
  const { clock } = running;
  const problem = whyNot(at, clock.nowMs());
  if (at === null || problem !== null) return { title: "The clock was not moved", text: problem ?? "" };
  const before = clock.now();
  clock.set(at);
  await settle(running, [], patienceMs);
  const back = await cameBack(running, before);
  return {
    title: `It is now ${longDay(at, zone)}, ${wallClock(at, zone).time}`,
    text: back === 0 ? "No held message was due." : `${messages(back)} came back to the staff.`,
  };
}

const messages = (count: number): string => (count === 1 ? "1 held message" : `${count} held messages`);

function whyNot(at: Instant | null, nowMs: number): string | null {
  if (at === null) return "Enter a date and a time.";
  const atMs = Date.parse(at);
  if (atMs <= nowMs) return "It only moves forward: choose a later time, or begin anew with --fresh.";
  if (atMs > nowMs + furthestMoveMs) return "It moves by a year at most: choose an earlier time.";
  return null;
}

async function cameBack(running: Running, since: Instant): Promise<number> {
  const { count } = await running.store
    .selectFrom("deliveries")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("school", "=", running.loaded().policy.school)
    .where("released_at", ">", since)
    .executeTakeFirstOrThrow();
  return Number(count);
}
