// Sends texts through Twilio, and looks up whether one was sent when an attempt ended in the dark.
import type { Twilio } from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import { textError } from "./errors.ts";

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** "https://api.twilio.com", or a stand-in on loopback. */
  readonly apiUrl: string;
  readonly timeoutMs?: number;
}

export interface OutgoingText {
  /** E.164, or "whatsapp:+44…" on both sides. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Where Twilio reports what became of it. */
  readonly statusCallback?: string;
}

export interface Texter {
  /**
   * Twilio has no idempotency key: record the attempt first, and after a crash, or a TextError with
   * `maybeSent`, ask `findSent` before sending again.
   * @throws TextError
   */
  send(text: OutgoingText): Promise<{ readonly sid: string }>;
  /**
   * The sid of a text with these very words that Twilio took at or after `sentAfter` (an Instant); else null.
   * @throws TextError
   */
  findSent(text: {
    readonly from: string;
    readonly to: string;
    readonly body: string;
    readonly sentAfter: string;
  }): Promise<string | null>;
}

/** Twilio's times have whole seconds and its clock is not ours. */
const CLOCK_SKEW_MS = 10_000;
const MOST_LOOKED_AT = 200;

/** @throws Error when the credentials would travel in clear to another machine. */
export function createTexter(account: TwilioAccount): Texter {
  const base = new URL(account.apiUrl);
  if (base.protocol !== "https:" && !isLoopback(base.hostname))
    throw new Error(`sms.api_url must begin with https:// (it is ${base.origin}).`);
  let client: Promise<Twilio> | null = null;
  const connect = (): Promise<Twilio> => {
    client ??= openClient(account, base);
    return client;
  };
  return {
    async send(text) {
      const twilio = await connect();
      try {
        const sent = await twilio.messages.create({ ...text });
        return { sid: sent.sid };
      } catch (error) {
        throw textError(error);
      }
    },
    async findSent({ from, to, body, sentAfter }) {
      const twilio = await connect();
      const earliestMs = Date.parse(sentAfter) - CLOCK_SKEW_MS;
      try {
        // Not filtered by DateSent: a text that is still queued has none. The newest come first.
        const sent = await twilio.messages.list({ from, to, limit: MOST_LOOKED_AT, pageSize: 50 });
        const found = sent.find(
          (text) =>
            text.body === body &&
            text.direction.startsWith("outbound") &&
            text.dateCreated.getTime() >= earliestMs,
        );
        return found?.sid ?? null;
      } catch (error) {
        throw textError(error);
      }
    },
  };
}

const isLoopback = (host: string): boolean => ["127.0.0.1", "[::1]", "localhost"].includes(host);

/** The SDK is large: a school without texts never loads it. */
async function openClient(account: TwilioAccount, base: URL): Promise<Twilio> {
  const { default: twilio } = await import("twilio");
  class Redirected extends twilio.RequestClient {
    override request<T>(options: RequestClient.RequestOptions<T>) {
      const url = new URL(options.uri);
      url.protocol = base.protocol;
      url.host = base.host;
      options.uri = url.toString();
      return super.request(options);
    }
  }
  return twilio(account.accountSid, account.authToken, {
    httpClient: new Redirected({ timeout: account.timeoutMs ?? 15_000 }),
  });
}
