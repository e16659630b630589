// Our own mark on everything that we send, so that our own mail is known when it comes back.
import { createHmac, timingSafeEqual } from "node:crypto";

/** The name of the field, as it is written. */
export const LOOP_FIELD = "X-Afterbell-Loop";

/** The field's value: an HMAC-SHA256 of the Message-ID (with its angle brackets), hexadecimal. */
export function loopMark(secret: string, messageId: string): string {
  return createHmac("sha256", secret).update(`loop:${messageId}`).digest("hex");
}

/** Whether `mark` was made with `secret` for this Message-ID; takes the same time for any wrong mark. */
export function isOwnLoopMark(secret: string, messageId: string, mark: string): boolean {
  const expected = Buffer.from(loopMark(secret, messageId));
  const given = Buffer.from(mark.trim().toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected);
}
