// The pages have no sign-in, so nothing but themselves and the person's own address bar may use them.
import type { FastifyReply, FastifyRequest } from "fastify";

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** A mail's HTML: no script, nothing remote, no form, and an origin of its own. */
export const mailSecurityPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** Sets the headers of every answer. */
export function protect(reply: FastifyReply): void {
  reply.header("content-security-policy", contentSecurityPolicy);
  reply.header("x-content-type-options", "nosniff");
  reply.header("referrer-policy", "no-referrer");
  reply.header("cross-origin-opener-policy", "same-origin");
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * false for a page of somebody else's: one that has made its name point here (by Host), and one that
 * sends a form here (by Sec-Fetch-Site, or by Origin where a browser does not send that).
 */
export function isOurs(request: FastifyRequest): boolean {
  const { host = "", origin } = request.headers;
  if (!loopback.test(host)) return false;
  if (request.method === "GET" || request.method === "HEAD") return true;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  return origin === undefined || origin === `http://${host}`;
}
