// What could not be sent, and the button to try it again.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { listDeadLetters, retryDeadLetter } from "../../cases/dead-letters.ts";
import type { WebServices } from "../services.ts";
import { setFlash } from "../session.ts";

const form = z.object({ id: z.string().max(100).catch("") });

/** GET /outbox, POST /outbox/retry. */
export function outboxRoutes(app: FastifyInstance, services: WebServices): void {
  app.get("/outbox", async (_request, reply) => {
    const letters = await listDeadLetters(services.store, services.school().school.id);
    return reply.page("outbox.njk", { letters });
  });

  app.post("/outbox/retry", async (request, reply) => {
    const { id } = form.parse(request.body ?? {});
    const again = await retryDeadLetter(services.store, {
      school: services.school().school.id,
      id,
      by: request.person?.id ?? "",
      now: services.clock.now(),
    });
    if (again) services.wake?.();
    setFlash(
      request,
      again
        ? {
            kind: "success",
            title: "Trying again",
            text: "If it fails once more, it comes back to this page.",
          }
        : {
            kind: "note",
            title: "Nothing to do",
            text: "It is no longer on the list: it has been sent, or is being tried again.",
          },
    );
    return reply.redirect("/outbox", 303);
  });
}
