// Texts from parents: Twilio's webhook joined to the one path of every message.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { registerTwilioWebhook, textMessage } from "../channels/twilio.ts";
import { type Reception, receive } from "../receive.ts";

/** Serves the webhook beside the pages; token and address follow a reload of the configuration. */
export function takeTexts(web: FastifyInstance, reception: Reception): void {
  const sms = () => reception.loaded().school.sms;
  registerTwilioWebhook(web, {
    // Without SMS nothing is signed with a secret that anybody could know: every call is refused.
    get authToken() {
      return sms()?.auth_token ?? randomUUID();
    },
    get publicUrl() {
      return sms()?.public_url ?? "https://unset.invalid/";
    },
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
