// What the parameters of a call from Twilio say.
import type { Channel } from "../../core/types.ts";
import { type FormParameters, one } from "./form.ts";

export interface IncomingText {
  /** "twilio:<MessageSid>": a text that comes twice has the same key. */
  readonly key: string;
  readonly channel: Exclude<Channel, "email">;
  /** As Twilio gives it, without "whatsapp:": E.164, a short code, a name, or "" when withheld. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly numMedia: number;
  /** Pictures and files, which stay at Twilio: fetching one needs the account's credentials. */
  readonly media: readonly { readonly url: string; readonly type: string }[];
  /** Twilio took it as an opt-out: texts to this number fail with 21610 from now on. */
  readonly optedOut: boolean;
  /** The body of the request, octet for octet. */
  readonly raw: Buffer;
}

export interface TextStatus {
  readonly sid: string;
  /** "queued", "sent", "delivered", "undelivered", "failed", …; comes twice and out of order. */
  readonly status: string;
  /** Twilio's code, such as "30003"; null when nothing went wrong. */
  readonly errorCode: string | null;
}

const SID = /^[A-Za-z0-9]{1,64}$/;
const WHATSAPP = /^whatsapp:/i;

/** null when it names no text: then it is not Twilio's webhook for messages. */
export function readText(form: FormParameters, raw: Buffer): IncomingText | null {
  const sid = one(form, "MessageSid") || one(form, "SmsMessageSid") || one(form, "SmsSid");
  if (!SID.test(sid)) return null;
  const numMedia = Math.min(Number.parseInt(one(form, "NumMedia"), 10) || 0, 10);
  const text = one(form, "Body");
  return {
    key: `twilio:${sid}`,
    channel: WHATSAPP.test(one(form, "From")) ? "whatsapp" : "sms",
    from: one(form, "From").replace(WHATSAPP, "").trim(),
    to: one(form, "To").replace(WHATSAPP, "").trim(),
    text,
    numMedia,
    media: Array.from({ length: Math.max(numMedia, 0) }, (_, index) => ({
      url: one(form, `MediaUrl${index}`),
      type: one(form, `MediaContentType${index}`),
    })).filter((media) => media.url !== ""),
    optedOut: one(form, "OptOutType").toUpperCase() === "STOP" || OPT_OUT.test(text),
    raw,
  };
}

/** The words that Twilio takes as an opt-out when they are all that a text says. */
const OPT_OUT = /^\s*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)[\s.!]*$/i;

export function readStatus(form: FormParameters): TextStatus | null {
  const sid = one(form, "MessageSid") || one(form, "SmsSid");
  const status = one(form, "MessageStatus") || one(form, "SmsStatus");
  if (!SID.test(sid) || status === "") return null;
  const errorCode = one(form, "ErrorCode");
  return { sid, status, errorCode: errorCode === "" || errorCode === "0" ? null : errorCode };
}
