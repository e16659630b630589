// Whether the service is well, for monitors and containers. No sign-in, and nothing about anybody.
import type { FastifyInstance } from "fastify";
import { countEffects } from "../../cases/dead-letters.ts";
import type { WebServices } from "../services.ts";

/**
 * GET /healthz. 503 when the store does not answer: the service can do nothing then, and a restart may help.
 * "degraded" with 200 when a mailbox is not connected or something could not be sent: a person must look.
 */
export function healthRoutes(app: FastifyInstance, services: WebServices): void {
  app.get("/healthz", async (request, reply) => {
    const outbox = await readOutbox(services).catch((error: unknown) => {
      request.log.error({ err: error }, "the store does not answer");
      return null;
    });
    const { mailboxes } = services.health();
    if (outbox === null) return reply.code(503).send({ status: "degraded", store: "failing", mailboxes });
    const well = outbox.dead === 0 && mailboxes.connected >= mailboxes.watched;
    return { status: well ? "ok" : "degraded", store: "ok", mailboxes, outbox };
  });
}

async function readOutbox(services: WebServices): Promise<{ readonly due: number; readonly dead: number }> {
  const school = services.school().school.id;
  return {
    due: await countEffects(services.store, school, "due", services.clock.now()),
    dead: await countEffects(services.store, school, "dead"),
  };
}
