// Signing in and out.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { WebServices } from "../services.ts";
import { beginSession, finishSession, whoIs } from "../session.ts";
import { trySignIn } from "../sign-in.ts";

interface FormError {
  readonly field: "address" | "password";
  readonly text: string;
}

const form = z.object({
  address: z.string().max(320).catch(""),
  password: z.string().max(200).catch(""),
  next: z.string().max(200).catch("/"),
});
const query = z.object({ next: z.string().max(200).catch("/") });
type Form = z.output<typeof form>;

const attempts = { max: 10, timeWindow: "5 minutes" };

// Only our own pages: an address from outside would send people who have just signed in anywhere.
const ownPage = /^\/(closed|outbox|cases\/\d{1,9}(\/(release|close))?)?$/;
const safeNext = (next: string): string => (ownPage.test(next) ? next : "/");

/** GET and POST /sign-in, POST /sign-out. */
export function signInRoutes(app: FastifyInstance, services: WebServices): void {
  app.get("/sign-in", async (request, reply) => {
    const { next } = query.parse(request.query);
    if (await whoIs(services, request)) return reply.redirect(safeNext(next), 303);
    return showForm(reply, { address: "", password: "", next }, [], request.session.get("signedIn"));
  });

  app.post("/sign-in", { config: { rateLimit: attempts } }, async (request, reply) => {
    const entered = form.parse(request.body ?? {});
    const errors = missing(entered);
    if (errors.length > 0) return showForm(reply.code(400), entered, errors);
    return signIn(services, request, reply, entered);
  });

  app.post("/sign-out", async (request, reply) => {
    await finishSession(services, request);
    return reply.redirect("/sign-in", 303);
  });
}

async function signIn(
  services: WebServices,
  request: FastifyRequest,
  reply: FastifyReply,
  entered: Form,
): Promise<FastifyReply> {
  const school = services.school().school.id;
  const found = await trySignIn(
    services.store,
    { school, staff: services.staff(), address: entered.address, password: entered.password },
    services.clock,
  );
  if (!found) {
    const text = "The email address or the password is not right";
    return showForm(reply.code(400), entered, [{ field: "address", text }]);
  }
  beginSession(services, request, found.person, found.secret);
  return reply.redirect(safeNext(entered.next), 303);
}

function missing(entered: Form): readonly FormError[] {
  const errors: FormError[] = [];
  if (entered.address.trim() === "") errors.push({ field: "address", text: "Enter your email address" });
  if (entered.password === "") errors.push({ field: "password", text: "Enter your password" });
  return errors;
}

function showForm(
  reply: FastifyReply,
  entered: Form,
  errors: readonly FormError[],
  endedSession: unknown = undefined,
): Promise<FastifyReply> {
  const errorOf = (field: FormError["field"]) => errors.find((error) => error.field === field)?.text ?? null;
  return reply.page("sign-in.njk", {
    address: entered.address,
    next: safeNext(entered.next),
    errors: errors.map((error) => ({ text: error.text, href: `#${error.field}` })),
    addressError: errorOf("address"),
    passwordError: errorOf("password"),
    ended: endedSession !== undefined,
  });
}
