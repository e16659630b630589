// Tells apart what Twilio refuses for good, what may work later, and what may have been sent all the same.

export class TextError extends Error {
  readonly temporary: boolean;
  /** true: no answer came, so Twilio may have taken the text: look it up before sending again. */
  readonly maybeSent: boolean;
  /** Twilio's code, such as 21610 (the recipient opted out); null when it gave none. */
  readonly code: number | null;

  constructor(
    message: string,
    facts: { temporary: boolean; maybeSent?: boolean; code?: number | null; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.name = "TextError";
    this.temporary = facts.temporary;
    this.maybeSent = facts.maybeSent ?? false;
    this.code = facts.code ?? null;
  }
}

/** Codes that a person at the school can do something about, in words that say what. */
const IN_WORDS: Readonly<Record<number, string>> = {
  20003: "Twilio did not accept the account SID and token: check sms.account_sid and sms.auth_token",
  20429: "Twilio asks for fewer texts a second",
  21211: "this is not a telephone number that can be texted",
  21408: "the Twilio account may not send texts to this country: allow it in Twilio's console",
  21606: "the number that we send from does not belong to the Twilio account, or cannot send texts",
  21610: "the recipient opted out of texts by answering STOP",
  21611: "too many texts from this number are waiting at Twilio",
  21614: "this is not a mobile number",
  21617: "the text is too long",
  63016: "WhatsApp allows a free answer only within 24 hours of the parent's last message",
};

/** A 400 that is about the moment, not about the text. */
const TEMPORARY_CODES = new Set([14107, 20429, 21611, 30001, 63018]);

interface RestFailure {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly message: string;
}

export function textError(cause: unknown): TextError {
  if (cause instanceof TextError) return cause;
  const failure: RestFailure = cause instanceof Error ? cause : { message: String(cause) };
  if (typeof failure.status !== "number") return networkError(failure, cause);
  const code = typeof failure.code === "number" ? failure.code : null;
  return new TextError(sentence(failure.status, code, failure.message), {
    temporary: isTemporary(failure.status, code),
    maybeSent: failure.status >= 500,
    code,
    cause,
  });
}

/** Only a 4xx about the text itself is for good; credentials (401, 403) and addresses (404) get put right. */
function isTemporary(status: number, code: number | null): boolean {
  if (code !== null && TEMPORARY_CODES.has(code)) return true;
  return status < 400 || status >= 500 || [401, 403, 404, 408, 425, 429].includes(status);
}

function sentence(status: number, code: number | null, message: string): string {
  const words = (code === null ? undefined : IN_WORDS[code]) ?? message;
  return `Twilio did not take the text (${code ?? `HTTP ${status}`}): ${words}.`;
}

const NEVER_ARRIVED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

function networkError(failure: RestFailure, cause: unknown): TextError {
  const code = typeof failure.code === "string" ? failure.code : "";
  return new TextError(`Twilio could not be reached: ${failure.message || code}.`, {
    temporary: true,
    maybeSent: !NEVER_ARRIVED.has(code),
    cause,
  });
}
