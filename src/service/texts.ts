// Texts from parents: Twilio's webhook joined to the one path of every message.
import type { FastifyInstance } from "fastify";
import { registerTwilioWebhook, textMessage } from "../channels/twilio.ts";
import type { SchoolFile } from "../policy/schema.ts";
import { type Reception, receive } from "../receive.ts";

/** Serves the webhook beside the pages. The token and address are read at start. */
export function takeTexts(
  web: FastifyInstance,
  reception: Reception,
  sms: NonNullable<SchoolFile["sms"]>,
): void {
  registerTwilioWebhook(web, {
    authToken: sms.auth_token,
    publicUrl: sms.public_url,
    received: async (incoming) => {
      const message = textMessage(incoming, reception.now());
      const recipients = reception.directory().recipientsOf(incoming.to);
      await receive(reception, {
        message,
        raw: incoming.raw,
        // A number that nobody has any more: the office gets it, since doubt delivers.
        recipients: recipients.length > 0 ? recipients : ["school"],
        place: null,
        origin: "inbox",
      });
    },
  });
}
