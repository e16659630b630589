// Puts the pages together: `buildWeb` makes them, whoever calls it decides where they listen.
import csrfProtection from "@fastify/csrf-protection";
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import secureSession from "@fastify/secure-session";
import fastify, { type FastifyInstance, LogController } from "fastify";
import { handleErrors } from "./errors.ts";
import { caseRoutes } from "./pages/case.ts";
import { casesRoutes } from "./pages/cases.ts";
import { decideRoutes } from "./pages/decide.ts";
import { healthRoutes } from "./pages/health.ts";
import { outboxRoutes } from "./pages/outbox.ts";
import { signInRoutes } from "./pages/sign-in.ts";
import type { WebServices } from "./services.ts";
import { requireSignIn, sessionOptions } from "./session.ts";
import { addViews } from "./views.ts";

const maxFormBytes = 64 * 1024;

/** Everything from this very server, nothing inline, nothing from elsewhere, nobody's frame. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
};

/** Builds the pages without listening; the caller listens and closes. */
export async function buildWeb(services: WebServices): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: services.log,
    // A line for each request would hold case numbers and who looked when: that is the audit's.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: services.trustProxy,
    bodyLimit: maxFormBytes,
  });
  const https = services.publicUrl?.startsWith("https:") ?? false;
  await app.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: https,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
  await app.register(rateLimit, { global: false });
  await app.register(formbody);
  await app.register(secureSession, sessionOptions(services));
  await app.register(csrfProtection, { sessionPlugin: "@fastify/secure-session", logLevel: "debug" });
  app.decorateRequest("person", null);
  // What is on these pages must not outlive them, on a shared computer least of all.
  app.addHook("onSend", async (_request, reply) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  await addViews(app, services);
  handleErrors(app);
  addPages(app, services);
  return app;
}

function addPages(app: FastifyInstance, services: WebServices): void {
  healthRoutes(app, services);
  app.register(async (open) => {
    protectForms(open);
    signInRoutes(open, services);
  });
  app.register(async (closed) => {
    closed.addHook("preHandler", requireSignIn(services));
    protectForms(closed);
    casesRoutes(closed, services);
    caseRoutes(closed, services);
    decideRoutes(closed, services);
    outboxRoutes(closed, services);
  });
}

/** No form is taken without the token that its page was given. */
function protectForms(app: FastifyInstance): void {
  app.addHook("preHandler", (request, reply, done) => {
    if (request.method === "GET" || request.method === "HEAD") return done();
    app.csrfProtection(request, reply, done);
  });
}
