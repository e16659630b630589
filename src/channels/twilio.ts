// Texts from parents: the webhook that Twilio calls, and what a text becomes in the gateway.
import { createHash } from "node:crypto";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import webhooks from "twilio/lib/webhooks/webhooks.js";
import type { Instant, Message } from "../core/types.ts";
import { type FormParameters, readForm } from "./twilio/form.ts";
import { type IncomingText, readStatus, readText, type TextStatus } from "./twilio/incoming.ts";

/** Read anew at each call, so that getters can follow a reload of the configuration. */
export interface WebhookOptions {
  readonly authToken: string;
  /**
   * The address that Twilio calls, as it stands in Twilio's console, query included. Twilio signs it, and
   * nothing that the request says of its own address (Host, X-Forwarded-…) is believed.
   */
  readonly publicUrl: string;
  /** Twilio is answered 200 when this resolves, and 503 when it rejects. */
  readonly received: (text: IncomingText) => Promise<void>;
  readonly status?: (status: TextStatus) => Promise<void>;
}

export const SMS_PATH = "/twilio/sms";
export const STATUS_PATH = "/twilio/status";
const MOST_BODY_BYTES = 64 * 1024;
const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

/** Where Twilio reports on a text that we sent: beside the address that it calls for incoming ones. */
export function statusUrl(publicUrl: string): string {
  const url = new URL(publicUrl);
  url.pathname = url.pathname.endsWith(SMS_PATH)
    ? `${url.pathname.slice(0, -SMS_PATH.length)}${STATUS_PATH}`
    : STATUS_PATH;
  url.hash = "";
  return url.toString();
}

/** Adds POST /twilio/sms and POST /twilio/status. Bodies over 64 kB are refused before they are read. */
export function registerTwilioWebhook(app: FastifyInstance, options: WebhookOptions): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "buffer", bodyLimit: MOST_BODY_BYTES },
      async (_request: FastifyRequest, body: Buffer) => body,
    );
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 503;
      if (status === 503) request.log.error({ err: error }, "a text could not be stored");
      return reply
        .code(status)
        .type("text/plain")
        .send(status === 503 ? "Try again later." : "Refused.");
    });

    scope.post(SMS_PATH, { bodyLimit: MOST_BODY_BYTES }, async (request, reply) => {
      const signed = readSigned(request, options.authToken, options.publicUrl);
      if (signed === null) return refuse(reply, 403, "The signature is not Twilio's for this address.");
      const text = readText(signed.form, signed.raw);
      if (text === null) return refuse(reply, 400, "MessageSid is missing.");
      await options.received(text);
      return reply.code(200).type("text/xml").send(EMPTY_TWIML);
    });

    scope.post(STATUS_PATH, { bodyLimit: MOST_BODY_BYTES }, async (request, reply) => {
      const signed = readSigned(request, options.authToken, statusUrl(options.publicUrl));
      if (signed === null) return refuse(reply, 403, "The signature is not Twilio's for this address.");
      const status = readStatus(signed.form);
      if (status === null) return refuse(reply, 400, "MessageSid or MessageStatus is missing.");
      await options.status?.(status);
      return reply.code(204).send();
    });
  });
}

const refuse = (reply: FastifyReply, code: number, why: string): FastifyReply =>
  reply.code(code).type("text/plain").send(why);

/** null unless the body is a form that was signed with our token for our address, every parameter included. */
function readSigned(
  request: FastifyRequest,
  authToken: string,
  publicUrl: string,
): { readonly form: FormParameters; readonly raw: Buffer } | null {
  const signature = request.headers["x-twilio-signature"];
  if (typeof signature !== "string" || !Buffer.isBuffer(request.body)) return null;
  const raw = request.body;
  const form = readForm(raw);
  // What follows # in the console's address tunes Twilio's retries and is not sent: with or without it.
  const urls = [publicUrl.replace(/#.*$/, ""), publicUrl];
  const isSigned = urls.some((url) => webhooks.validateRequest(authToken, signature, url, form));
  return isSigned ? { form, raw } : null;
}

const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * A text as a Message. `from` is null unless it is an E.164 number: a short code or a name
 * ("NHS-NoReply") is nobody who could be answered or counted, and `suppressReply` then says what stood there.
 */
export function textMessage(incoming: IncomingText, receivedAt: Instant): Message {
  const isNumber = E164.test(incoming.from);
  return {
    key: incoming.key,
    channel: incoming.channel,
    from: isNumber ? { name: "", address: incoming.from } : null,
    to: [{ name: "", address: incoming.to }],
    cc: [],
    subject: "",
    date: null,
    messageId: null,
    references: [],
    text: incoming.text,
    newText: incoming.text,
    automatic: null,
    suppressReply: whyNoReply(incoming, isNumber),
    authenticity: authenticityOf(incoming.channel),
    attachments: incoming.media.map((media, index) => ({
      name: `media-${index + 1}`,
      type: media.type,
      bytes: 0,
      sha256: "",
    })),
    receivedAt,
    rawHash: createHash("sha256").update(incoming.raw).digest("hex"),
    parseError: null,
  };
}

function whyNoReply(incoming: IncomingText, isNumber: boolean): string | null {
  // Still held and screened: opting out of our texts makes nobody a machine.
  if (incoming.optedOut) return "the sender opted out of texts (STOP): Twilio refuses to send any (21610)";
  if (isNumber) return null;
  const sender = incoming.from.replace(/[^\w .&+-]/g, "").slice(0, 40);
  return sender === "" ? "the number is withheld" : `sent from ${sender}, which cannot be answered`;
}

const authenticityOf = (channel: IncomingText["channel"]): Message["authenticity"] =>
  channel === "whatsapp"
    ? { verdict: "pass", because: "WhatsApp has checked the number" }
    : { verdict: "unchecked", because: "the number of a text can be forged" };
