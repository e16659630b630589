// Who is signed in. The session lies in an encrypted cookie; whether it still counts is asked on every request.
import { createHash, hkdfSync, randomUUID } from "node:crypto";
import type { SecureSessionPluginOptions } from "@fastify/secure-session";
import type { FastifyReply, FastifyRequest } from "fastify";
import { systemClock } from "../clock.ts";
import type { StaffMember } from "../policy/schema.ts";
import { recordAudit } from "../store/audit.ts";
import { endSession, isSessionEnded, readSignIn } from "../store/sign-ins.ts";
import type { WebServices } from "./services.ts";
import { maySignIn } from "./sign-in.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `requireSignIn`. */
    person: StaffMember | null;
  }
}

declare module "@fastify/secure-session" {
  interface SessionData {
    signedIn: SignedIn;
    flash: Flash;
  }
}

interface SignedIn {
  readonly id: string;
  readonly staffId: string;
  /** A fingerprint of the password's hash: a new password ends the session. */
  readonly secretPrint: string;
  readonly sinceMs: number;
  readonly seenMs: number;
}

export interface Flash {
  readonly kind: "success" | "note";
  readonly title: string;
  readonly text: string;
}

const minuteMs = 60_000;
export const idleMs = 30 * minuteMs;
export const absoluteMs = 12 * 60 * minuteMs;

/** `__Host-` binds the cookie to this host and to https; plain http is for loopback only. */
export function sessionOptions(services: WebServices): SecureSessionPluginOptions {
  const secure = services.publicUrl?.startsWith("https:") ?? false;
  return {
    key: Buffer.from(hkdfSync("sha256", services.sessionSecret, "", "afterbell session", 32)),
    cookieName: secure ? "__Host-afterbell" : "afterbell",
    expiry: absoluteMs / 1000,
    cookie: { path: "/", httpOnly: true, sameSite: "lax", secure },
  };
}

const printOf = (secret: string) => createHash("sha256").update(secret).digest("base64url").slice(0, 22);
const nowMs = (services: WebServices) => (services.sessionClock ?? systemClock).nowMs();
const schoolId = (services: WebServices) => services.school().school.id;

/** Begins a session; whatever the browser's cookie held before is gone. */
export function beginSession(
  services: WebServices,
  request: FastifyRequest,
  person: StaffMember,
  secret: string,
): void {
  const at = nowMs(services);
  request.session.regenerate();
  const session: SignedIn = {
    id: randomUUID(),
    staffId: person.id,
    secretPrint: printOf(secret),
    sinceMs: at,
    seenMs: at,
  };
  request.session.set("signedIn", session);
}

/** Ends the session everywhere, also in copies of its cookie. */
export async function finishSession(services: WebServices, request: FastifyRequest): Promise<void> {
  const session = request.session.get("signedIn");
  request.session.regenerate();
  if (!session) return;
  await services.store.transaction().execute(async (trx) => {
    const school = schoolId(services);
    await endSession(trx, school, {
      id: session.id,
      deadAt: new Date(session.sinceMs + absoluteMs).toISOString(),
      now: new Date(nowMs(services)).toISOString(),
    });
    await recordAudit(trx, {
      school,
      at: services.clock.now(),
      actor: session.staffId,
      action: "sign-out",
      subject: `staff:${session.staffId}`,
    });
  });
}

/** The person behind this request, or null. Removal from the staff and a new password count at once. */
export async function whoIs(services: WebServices, request: FastifyRequest): Promise<StaffMember | null> {
  const session = request.session?.get("signedIn");
  if (!session) return null;
  const at = nowMs(services);
  if (at - session.seenMs > idleMs || at - session.sinceMs > absoluteMs) return null;
  const person = services.staff().find((one) => one.id === session.staffId);
  if (!person || !maySignIn(person)) return null;
  const signIn = await readSignIn(services.store, schoolId(services), person.id);
  if (!signIn || printOf(signIn.secret) !== session.secretPrint) return null;
  if (await isSessionEnded(services.store, schoolId(services), session.id)) return null;
  if (at - session.seenMs > minuteMs) request.session.set("signedIn", { ...session, seenMs: at });
  return person;
}

/** A preHandler: goes on with `request.person` set, or leads to the sign-in page and back. */
export function requireSignIn(services: WebServices) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    request.person = await whoIs(services, request);
    if (request.person) return undefined;
    const next = request.method === "GET" ? request.url : "/";
    return reply.redirect(`/sign-in?next=${encodeURIComponent(next)}`, 303);
  };
}

/** Keeps one sentence for the next page that this browser opens. */
export const setFlash = (request: FastifyRequest, flash: Flash): void => request.session.set("flash", flash);

export function takeFlash(request: FastifyRequest): Flash | null {
  const flash = request.session?.get("flash");
  if (flash) request.session.set("flash", undefined);
  return flash ?? null;
}
