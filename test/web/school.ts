// A school for the tests of the pages: staff, a clock at Friday 21:30, and rows put straight into the store.
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { pino } from "pino";
import { caseActions } from "../../src/cases/actions.ts";
import { MovableClock } from "../../src/clock.ts";
import { type SchoolFile, type StaffMember, schoolFile, staffFile } from "../../src/policy/schema.ts";
import { openCase } from "../../src/store/cases.ts";
import type { Kept } from "../../src/store/judgements.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import type { DeliveriesTable, EffectsTable, MessagesTable } from "../../src/store/tables.ts";
import { buildWeb } from "../../src/web/app.ts";
import type { WebServices } from "../../src/web/services.ts";
import { createSignIn } from "../../src/web/sign-in.ts";

export const school = "oakhill";
/** Friday 20 November 2026, 21:30 in London. */
export const friday = "2026-11-20T21:30:00.000Z";
/** Monday 23 November 2026, 08:00 in London. */
export const monday = "2026-11-23T08:00:00.000Z";
const oneWeek = { weeks: [{ mon: "08:00-16:30" }] };

export const schoolSettings: SchoolFile = schoolFile.parse({
  school: {
    id: school,
    name: "Oakhill Primary School",
    office: { email: "office@oakhill.example", telephone: "01632 960100" },
  },
  desks: {
    headteacher: "okafor",
    deputy: "bell",
    dsl: "okafor",
    complaints: "complaints@oakhill.example",
    chair: "chair@oakhill.example",
  },
  calendar: { years: [] },
  hours: oneWeek,
});

export const staffList: readonly StaffMember[] = staffFile.parse({
  staff: [
    { id: "okafor", name: "Mrs Okafor", roles: ["headteacher"], email: ["head@oakhill.example"] },
    { id: "bell", name: "Mr Bell", roles: ["deputy"], email: ["bell@oakhill.example"] },
    { id: "shah", name: "Mrs Shah", email: ["shah@oakhill.example"] },
    { id: "reid", name: "Miss Reid", email: ["reid@oakhill.example"] },
  ],
}).staff;

export interface World {
  readonly store: Store;
  readonly clock: MovableClock;
  readonly app: FastifyInstance;
  readonly services: WebServices;
  /** Replace to reload the staff. */
  staff: readonly StaffMember[];
  health: { watched: number; connected: number };
  wakes: number;
  /** What may be kept of the headteacher's judgements. */
  learning: Kept;
  readonly sessionClock: MovableClock;
  close(): Promise<void>;
}

export async function openWorld(change: Partial<WebServices> = {}): Promise<World> {
  const store = await openStore(":memory:");
  const clock = new MovableClock();
  clock.set(friday);
  const sessionClock = new MovableClock();
  const state = {
    staff: staffList,
    health: { watched: 2, connected: 2 },
    wakes: 0,
    learning: "labels" as Kept,
  };
  const wake = () => {
    state.wakes += 1;
  };
  const atWork = (id: string) => (id === "reid" ? null : monday);
  const services: WebServices = {
    store,
    school: () => schoolSettings,
    staff: () => state.staff,
    clock,
    sessionClock,
    sessionSecret: "a secret for the tests, 32 characters or more",
    publicUrl: null,
    trustProxy: false,
    log: pino({ level: "silent" }),
    actions: caseActions({
      store,
      school: () => school,
      clock,
      atWork,
      learning: () => ({ kept: state.learning, names: staffList.map(({ name }) => name) }),
      wake,
    }),
    atWork,
    wake,
    health: () => ({ mailboxes: state.health }),
    ...change,
  };
  const app = await buildWeb(services);
  return Object.assign(state, {
    store,
    clock,
    sessionClock,
    app,
    services,
    close: async () => {
      await app.close();
      await store.destroy();
    },
  });
}

const reason = {
  rule: "abuse.threat",
  clause: "3.1",
  why: "The message threatens a member of staff.",
  evidence: "you will be sorry",
};

export const threatText =
  "You marked my daughter down again.\n\nIf you do that once more you will be sorry, I know which car is yours.";

/** Offsets of a phrase, as the wording gives them. */
export function spanOf(text: string, phrase: string, category: string) {
  const start = text.indexOf(phrase);
  return { start, end: start + phrase.length, category };
}

export const assessment = (change: Record<string, unknown> = {}) => ({
  verdict: "ok",
  score: 0.1,
  categories: {},
  target: null,
  safeguarding: { hit: false, score: 0 },
  mustNotWait: { hit: false, score: 0, kind: null },
  spans: [],
  ...change,
});

let made = 0;

export interface Sample {
  readonly message?: Partial<MessagesTable>;
  readonly wording?: Record<string, unknown>;
  readonly reasons?: readonly Record<string, unknown>[];
  readonly copies?: readonly Partial<DeliveriesTable>[];
  readonly kind?: string;
  readonly severity?: "serious" | "normal";
  readonly at?: string;
}

/** Puts a message, its copies and its case into the store: a threat to Mrs Shah unless told otherwise. */
export async function putCase(
  store: Store,
  sample: Sample = {},
): Promise<{ readonly id: string; readonly number: number; readonly messageId: string }> {
  made += 1;
  const messageId = `message-${made}`;
  const at = sample.at ?? "2026-11-20T21:04:00.000Z";
  const text = sample.message?.new_text ?? threatText;
  const wording = assessment(
    sample.wording ?? {
      verdict: "abusive",
      score: 0.97,
      categories: { threat: 0.97 },
      target: "staff",
      spans: [spanOf(text, "you will be sorry", "threat")],
    },
  );
  return store.transaction().execute(async (trx) => {
    await trx
      .insertInto("messages")
      .values({
        id: messageId,
        school,
        identity: messageId,
        channel: "email",
        sender_key: "email:jordan.marsh@post.example",
        role: "probably-parent",
        contact_id: null,
        from_name: "Jordan Marsh",
        from_address: "jordan.marsh@post.example",
        to_address: "shah@oakhill.example",
        subject: "Maths test",
        text: `${text}\n\n> On Friday Mrs Shah wrote:\n> The results are attached.`,
        new_text: text,
        fingerprint: "",
        message_id: `<${messageId}@post.example>`,
        received_at: at,
        recorded_at: at,
        raw_hash: `hash-${made}`,
        automatic: null,
        authenticity: "pass",
        counted: 1,
        attachments: "[]",
        wording: JSON.stringify(wording),
        decision: JSON.stringify({ reasons: sample.reasons ?? [reason] }),
        ...sample.message,
      })
      .execute();
    const copies = sample.copies ?? [{}];
    for (const [index, copy] of copies.entries()) {
      await trx
        .insertInto("deliveries")
        .values({
          id: `delivery-${made}-${index}`,
          school,
          message_id: messageId,
          key: `imap:shah:INBOX:1:${made}-${index}`,
          recipient: "shah",
          account: "shah@oakhill.example",
          folder: "Afterbell/Referred",
          uid_validity: "1",
          uid: made,
          outcome: "escalate",
          state: "referred",
          release_at: null,
          batch: 0,
          released_at: null,
          raw_hash: `hash-${made}`,
          ...copy,
        })
        .execute();
    }
    await trx
      .insertInto("raws")
      .values({ school, hash: `hash-${made}`, octets: Buffer.from(`Subject: Maths test\r\n\r\n${text}`) })
      .execute();
    const kind = sample.kind ?? "threat";
    const severity = sample.severity ?? "serious";
    const opened = await openCase(trx, { school, messageId, kind, severity, at });
    return { id: opened.id, number: opened.number, messageId };
  });
}

export async function putEffect(store: Store, change: Partial<EffectsTable>): Promise<string> {
  made += 1;
  const id = `effect-${made}`;
  await store
    .insertInto("effects")
    .values({
      id,
      school,
      idempotency_key: id,
      kind: "reply",
      group_key: id,
      message_id: null,
      delivery_id: null,
      sender_key: null,
      payload: JSON.stringify({ kind: change.kind ?? "reply" }),
      due_at: friday,
      state: "due",
      attempts: 0,
      claimed_by: null,
      lease_until: null,
      started_at: null,
      last_error: null,
      result: null,
      created_at: friday,
      done_at: null,
      ...change,
    })
    .execute();
  return id;
}

/** A browser without a screen: keeps its cookie, reads the token from the page that it is on. */
export class Visitor {
  readonly #app: FastifyInstance;
  #cookie = "";
  #token = "";

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  get cookie(): string {
    return this.#cookie;
  }

  set cookie(value: string) {
    this.#cookie = value;
  }

  async get(url: string): Promise<LightMyRequestResponse> {
    const response = await this.#app.inject({ method: "GET", url, headers: { cookie: this.#cookie } });
    return this.#keep(response);
  }

  async post(url: string, fields: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return this.#send(url, { _csrf: this.#token, ...fields });
  }

  /** As another site would: with the cookie, without the token. */
  async forge(url: string, fields: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return this.#send(url, fields);
  }

  async #send(url: string, fields: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    const response = await this.#app.inject({
      method: "POST",
      url,
      headers: { cookie: this.#cookie, "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams(fields).toString(),
    });
    return this.#keep(response);
  }

  #keep(response: LightMyRequestResponse): LightMyRequestResponse {
    const [set] = [response.headers["set-cookie"]].flat();
    if (set) this.#cookie = set.split(";")[0] ?? "";
    this.#token = /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? this.#token;
    return response;
  }
}

/** Signs somebody in with a new password. */
export async function signedIn(world: World, staffId = "okafor"): Promise<Visitor> {
  const password = await createSignIn(world.store, school, staffId, world.clock);
  const visitor = new Visitor(world.app);
  await visitor.get("/sign-in");
  const address = world.staff.find((person) => person.id === staffId)?.email[0] ?? "";
  await visitor.post("/sign-in", { address, password });
  return visitor;
}
