// Puts the trial's pages together: one small website on loopback, without sign-in.
import { resolve } from "node:path";
import formbody from "@fastify/formbody";
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from "fastify";
import type { Running } from "../running.ts";
import { clockRoutes } from "./clock.ts";
import { isOurs, protect } from "./guard.ts";
import { liveRoutes } from "./live.ts";
import { messagesRoutes } from "./messages.ts";
import { parentsRoutes } from "./parents.ts";
import { staffRoutes } from "./staff.ts";
import { addViews } from "./views.ts";
import { writeRoutes } from "./write.ts";

const maxFormBytes = 256 * 1024;

/** Builds the pages without listening; the caller listens and closes. */
export async function buildPage(running: Running, log: FastifyBaseLogger): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxFormBytes,
    // Pages that listen for changes never end by themselves.
    forceCloseConnections: true,
  });
  await app.register(formbody);
  app.addHook("onRequest", async (request, reply) => {
    protect(reply);
    if (!isOurs(request))
      return reply.code(403).type("text/plain").send("Open this page from its own address.");
  });
  await addViews(app, running);
  app.get("/running", async (_request, reply) => reply.type("text/plain").send(resolve(running.dataDir)));
  clockRoutes(app, running);
  messagesRoutes(app, running);
  writeRoutes(app, running);
  staffRoutes(app, running);
  parentsRoutes(app, running);
  liveRoutes(app, running);
  handleErrors(app);
  return app;
}

function handleErrors(app: FastifyInstance): void {
  const missing = {
    title: "Page not found",
    text: "It may have been part of an earlier trial, or the message has been moved meanwhile.",
  };
  const broken = {
    title: "Something went wrong",
    text: "Load the page again. If that does not help, stop the trial and start it again: its state is kept.",
  };
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, "a page of the trial failed");
    return reply.code(status).page("problem.njk", status === 404 ? missing : broken);
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).page("problem.njk", missing));
}
