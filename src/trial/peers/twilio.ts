// Twilio as a server on loopback: takes texts over its real HTTP interface, keeps them, and calls the
// school's webhook as Twilio does when a parent texts.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SentText {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly statusCallback: string | null;
  /** Milliseconds since the epoch, whole seconds. */
  readonly createdAtMs: number;
  readonly status: string;
}

/** What Twilio says when it refuses: HTTP status and its own code. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export interface TwilioPeerOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly port?: number;
  readonly nowMs?: () => number;
  /** The webhook as it stands in the console (what is signed), and where it really listens. */
  readonly webhook?: { readonly publicUrl: string; readonly target?: string };
  /** Texts of an earlier run, oldest first. */
  readonly earlier?: readonly SentText[];
  readonly refuse?: (text: { from: string; to: string; body: string }) => Refusal | null;
}

export interface ParentText {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Given again, it is the same text delivered twice. */
  readonly sid?: string;
  /** Further parameters, such as NumMedia. */
  readonly extra?: Readonly<Record<string, string>>;
}

export interface TwilioPeer {
  /** The base address for sms.api_url. */
  readonly url: string;
  readonly sent: readonly SentText[];
  onSent(listener: (text: SentText) => void): () => void;
  /** Calls the school's webhook; resolves with what it answered. A text of STOP opts the parent out. */
  sendAsParent(
    text: ParentText,
  ): Promise<{ readonly sid: string; readonly status: number; readonly body: string }>;
  /** Reports on a sent text to its status callback; null when it has none. */
  reportStatus(sid: string, status: string, errorCode?: string): Promise<number | null>;
  setWebhook(webhook: { readonly publicUrl: string; readonly target?: string }): void;
  close(): Promise<void>;
}

export async function startTwilioPeer(options: TwilioPeerOptions): Promise<TwilioPeer> {
  const state: State = {
    options,
    texts: [...(options.earlier ?? [])],
    optedOut: new Set(),
    listeners: new Set(),
    webhook: options.webhook ?? null,
  };
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => refuse(response, INTERNAL));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: state.texts,
    onSent(listener) {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
    sendAsParent: (text) => sendAsParent(state, text),
    reportStatus: (sid, status, errorCode) => reportStatus(state, sid, status, errorCode),
    setWebhook(webhook) {
      state.webhook = webhook;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface State {
  readonly options: TwilioPeerOptions;
  readonly texts: SentText[];
  /** "<school's number> <parent's number>" */
  readonly optedOut: Set<string>;
  readonly listeners: Set<(text: SentText) => void>;
  webhook: { readonly publicUrl: string; readonly target?: string } | null;
}

const INTERNAL: Refusal = { status: 500, code: 20500, message: "An internal server error has occurred" };
const NOT_FOUND: Refusal = { status: 404, code: 20404, message: "The requested resource was not found" };
const WRONG_SIGN_IN: Refusal = { status: 401, code: 20003, message: "Authenticate" };
const OPTED_OUT: Refusal = {
  status: 400,
  code: 21610,
  message: "Attempt to send to unsubscribed recipient",
};

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const { accountSid } = state.options;
  if (!isSignedIn(state, request)) return refuse(response, WRONG_SIGN_IN);
  if (url.pathname !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return refuse(response, NOT_FOUND);
  if (request.method === "GET") return list(state, url, response);
  if (request.method === "POST") return create(state, await readBody(request), response);
  return refuse(response, { status: 405, code: 20004, message: "Method not allowed" });
}

function isSignedIn(state: State, request: IncomingMessage): boolean {
  const { accountSid, authToken } = state.options;
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`);
  const given = Buffer.from(request.headers.authorization ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readBody(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function create(state: State, form: URLSearchParams, response: ServerResponse): void {
  const text = { from: form.get("From") ?? "", to: form.get("To") ?? "", body: form.get("Body") ?? "" };
  const refusal = whyNot(state, text);
  if (refusal) {
    refuse(response, refusal);
    return;
  }
  const nowMs = state.options.nowMs?.() ?? Date.now();
  const sent: SentText = {
    ...text,
    sid: newSid(),
    statusCallback: form.get("StatusCallback"),
    createdAtMs: Math.floor(nowMs / 1000) * 1000,
    status: "queued",
  };
  state.texts.push(sent);
  send(response, 201, resource(state, sent));
  for (const listener of [...state.listeners]) listener(sent);
}

const NUMBER = /^(whatsapp:)?\+[1-9]\d{6,14}$/;

function whyNot(state: State, text: { from: string; to: string; body: string }): Refusal | null {
  if (!NUMBER.test(text.to))
    return { status: 400, code: 21211, message: `The 'To' number ${text.to} is not a valid phone number.` };
  if (text.from === "") return { status: 400, code: 21603, message: "A 'From' phone number is required." };
  if (text.body === "") return { status: 400, code: 21602, message: "Message body is required." };
  if (text.body.length > 1600)
    return { status: 400, code: 21617, message: "The concatenated message body exceeds the 1600 limit." };
  if (state.optedOut.has(`${text.from} ${text.to}`)) return OPTED_OUT;
  return state.options.refuse?.(text) ?? null;
}

/** Twilio's list: newest first, filtered by To, From and DateSent, in pages. */
function list(state: State, url: URL, response: ServerResponse): void {
  const query = url.searchParams;
  const matches = state.texts
    .filter((text) => [null, text.to].includes(query.get("To")))
    .filter((text) => [null, text.from].includes(query.get("From")))
    .filter((text) => inDates(text, query))
    .toReversed();
  const pageSize = Math.min(Number(query.get("PageSize") ?? 50) || 50, 1000);
  const page = Number(query.get("Page") ?? 0) || 0;
  const uri = (number: number): string => {
    const next = new URL(url);
    next.searchParams.set("Page", String(number));
    return `${next.pathname}${next.search}`;
  };
  const hasMore = matches.length > (page + 1) * pageSize;
  send(response, 200, {
    messages: matches.slice(page * pageSize, (page + 1) * pageSize).map((text) => resource(state, text)),
    page,
    page_size: pageSize,
    start: page * pageSize,
    end: Math.min((page + 1) * pageSize, matches.length) - 1,
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: hasMore ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  });
}

function inDates(text: SentText, query: URLSearchParams): boolean {
  const after = query.get("DateSent>");
  const before = query.get("DateSent<");
  return (
    (after === null || text.createdAtMs >= Date.parse(after)) &&
    (before === null || text.createdAtMs <= Date.parse(before))
  );
}

/** A Message resource as Twilio writes it. */
function resource(state: State, text: SentText): object {
  const { accountSid } = state.options;
  const date = new Date(text.createdAtMs).toUTCString().replace("GMT", "+0000");
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}`;
  return {
    account_sid: accountSid,
    api_version: "2010-04-01",
    body: text.body,
    date_created: date,
    date_sent: text.status === "queued" ? null : date,
    date_updated: date,
    direction: "outbound-api",
    error_code: null,
    error_message: null,
    from: text.from,
    messaging_service_sid: null,
    num_media: "0",
    num_segments: "1",
    price: null,
    price_unit: "USD",
    sid: text.sid,
    status: text.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: text.to,
    uri: `${uri}.json`,
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  send(response, refusal.status, {
    code: refusal.code,
    message: refusal.message,
    more_info: `https://www.twilio.com/docs/errors/${refusal.code}`,
    status: refusal.status,
  });
}

const newSid = (): string => `SM${randomBytes(16).toString("hex")}`;

async function sendAsParent(
  state: State,
  text: ParentText,
): Promise<{ readonly sid: string; readonly status: number; readonly body: string }> {
  if (state.webhook === null) throw new Error("No webhook is set: there is nobody to call.");
  if (/^\s*stop\s*$/i.test(text.body)) state.optedOut.add(`${text.to} ${text.from}`);
  if (/^\s*(start|unstop)\s*$/i.test(text.body)) state.optedOut.delete(`${text.to} ${text.from}`);
  const sid = text.sid ?? newSid();
  const parameters = {
    ToCountry: "GB",
    ToState: "",
    SmsMessageSid: sid,
    NumMedia: "0",
    ToCity: "",
    FromZip: "",
    SmsSid: sid,
    FromState: "",
    SmsStatus: "received",
    FromCity: "",
    Body: text.body,
    FromCountry: "GB",
    To: text.to,
    ToZip: "",
    NumSegments: "1",
    MessageSid: sid,
    AccountSid: state.options.accountSid,
    From: text.from,
    ApiVersion: "2010-04-01",
    ...text.extra,
  };
  const { publicUrl, target } = state.webhook;
  const response = await call(state, publicUrl, target ?? publicUrl, parameters);
  return { sid, status: response.status, body: await response.text() };
}

async function reportStatus(
  state: State,
  sid: string,
  status: string,
  errorCode?: string,
): Promise<number | null> {
  const index = state.texts.findIndex((text) => text.sid === sid);
  const text = state.texts[index];
  if (text === undefined) throw new Error(`No text ${sid} was sent.`);
  state.texts[index] = { ...text, status };
  if (text.statusCallback === null) return null;
  const parameters = {
    SmsSid: sid,
    SmsStatus: status,
    MessageStatus: status,
    To: text.to,
    MessageSid: sid,
    AccountSid: state.options.accountSid,
    From: text.from,
    ApiVersion: "2010-04-01",
    ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
  };
  const response = await call(
    state,
    text.statusCallback,
    behindProxy(state, text.statusCallback),
    parameters,
  );
  return response.status;
}

/** The callback's public address, at the host where the webhook really listens. */
function behindProxy(state: State, publicUrl: string): string {
  if (state.webhook?.target === undefined) return publicUrl;
  const { pathname, search } = new URL(publicUrl);
  return new URL(`${pathname}${search}`, state.webhook.target).toString();
}

/** Twilio gives a webhook 15 seconds in all. */
const call = (
  state: State,
  publicUrl: string,
  target: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> =>
  fetch(target, {
    method: "POST",
    body: new URLSearchParams(parameters),
    headers: { "x-twilio-signature": sign(state.options.authToken, publicUrl, parameters) },
    signal: AbortSignal.timeout(15_000),
  });

/** HMAC-SHA1 over the address and every parameter, sorted by name: Twilio's "Validating requests". */
export function sign(authToken: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(parameters)
    .sort()
    .map((name) => `${name}${parameters[name]}`);
  return createHmac("sha1", authToken)
    .update(`${url.replace(/#.*$/, "")}${pairs.join("")}`)
    .digest("base64");
}
