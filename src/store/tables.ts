// The shape of every table. Instants are ISO text in UTC, booleans 0 or 1, JSON is text:
// the same on SQLite and PostgreSQL.

interface Schooled {
  school: string;
}

export interface MessagesTable extends Schooled {
  id: string;
  /** Joins copies seen in several mailboxes: Message-ID + Date + From + body hash. Unique in a school. */
  identity: string;
  channel: string;
  sender_key: string;
  role: string;
  contact_id: string | null;
  from_name: string;
  from_address: string;
  /** The address or number of the school that it was sent to; a text is answered from it. */
  to_address: string;
  subject: string;
  text: string;
  new_text: string;
  fingerprint: string;
  message_id: string | null;
  received_at: string;
  recorded_at: string;
  raw_hash: string;
  automatic: string | null;
  authenticity: string;
  /** 1 when it counts towards limits: a person's message whose sender is not known to be false. */
  counted: number;
  /** JSON: Attachment[]. */
  attachments: string;
  /** JSON: Assessment. */
  wording: string;
  /** JSON: Decision. */
  decision: string;
}

export interface RawsTable extends Schooled {
  hash: string;
  octets: Uint8Array;
}

export const DELIVERY_STATES = ["inbox", "held", "referred", "moving", "digested", "gone"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface DeliveriesTable extends Schooled {
  id: string;
  message_id: string;
  /** Message.key: insert-or-nothing on it. */
  key: string;
  recipient: string;
  account: string | null;
  folder: string | null;
  uid_validity: string | null;
  uid: number | null;
  outcome: string;
  state: string;
  release_at: string | null;
  batch: number;
  released_at: string | null;
  /** SHA-256 of this copy's octets: each mailbox's copy has its own Received lines. */
  raw_hash: string;
}

export const EFFECT_STATES = ["due", "claimed", "done", "dead", "cancelled"] as const;

export interface EffectsTable extends Schooled {
  id: string;
  /** Unique in a school: the same effect is never recorded twice. */
  idempotency_key: string;
  kind: string;
  /** Effects of one group are performed together: `move:<account>:<to>`. */
  group_key: string;
  message_id: string | null;
  delivery_id: string | null;
  sender_key: string | null;
  /** JSON: the effect with all that performing it needs. */
  payload: string;
  due_at: string;
  state: string;
  attempts: number;
  claimed_by: string | null;
  lease_until: string | null;
  /** Set just before something leaves that cannot be taken back; a crash after it leaves the result unknown. */
  started_at: string | null;
  last_error: string | null;
  /** JSON: what performing gave, such as a Message-ID or a MessageSid. */
  result: string | null;
  created_at: string;
  done_at: string | null;
}

export interface CasesTable extends Schooled {
  id: string;
  number: number;
  message_id: string;
  kind: string;
  severity: string;
  state: string;
  opened_at: string;
  closed_at: string | null;
  closed_by: string | null;
  outcome: string | null;
  note: string | null;
}

export interface AuditTable extends Schooled {
  /** 1, 2, 3 … in a school: given inside the transaction that writes the row. */
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  /** JSON. */
  detail: string;
  /** SHA-256 over the previous row's hash and this row: tampering shows. */
  hash: string;
}

export interface ContactsTable extends Schooled {
  id: string;
  name: string;
  /** JSON arrays of text. */
  emails: string;
  numbers: string;
  roles: string;
  adjustments: string;
  children: string;
  language: string;
}

export interface PausesTable extends Schooled {
  id: string;
  sender_key: string;
  from_at: string;
  until_date: string;
  reason: string;
  decided_by: string;
  ended_at: string | null;
}

export interface MailboxesTable extends Schooled {
  account: string;
  folder: string;
  uid_validity: string;
  /** The highest UID that has been dealt with. Mail at or below it at enrolment is left alone. */
  last_uid: number;
  /** The newest INTERNALDATE that has been dealt with, for when UIDVALIDITY changes. */
  last_at: string | null;
  enrolled_at: string;
}

export interface SettingsTable extends Schooled {
  name: string;
  value: string;
}

export interface SignInsTable extends Schooled {
  staff_id: string;
  /** scrypt, with its parameters and salt. */
  secret: string;
  created_at: string;
}

/** What the headteacher said of words that the wording had judged: kept as the school's wording.learning allows. */
export interface JudgementsTable extends Schooled {
  id: string;
  message_id: string;
  at: string;
  /** Staff id. */
  judged_by: string;
  channel: string;
  /** What the wording had said. */
  verdict: string;
  score: number;
  judge_category: string | null;
  judge_target: string | null;
  safeguarding: number;
  must_not_wait: string | null;
  /** JSON: ids of the rules that gave a reason. */
  rules: string;
  /** What the person said: 1 for abuse, with its category and target. */
  abusive: number;
  category: string | null;
  target: string | null;
  /** The sender's words without names, addresses and numbers; null when the school keeps labels only. */
  text: string | null;
  /** JSON: the words in `text` that the wording had marked. */
  words: string;
}

export interface Tables {
  messages: MessagesTable;
  raws: RawsTable;
  deliveries: DeliveriesTable;
  effects: EffectsTable;
  cases: CasesTable;
  audit: AuditTable;
  contacts: ContactsTable;
  pauses: PausesTable;
  mailboxes: MailboxesTable;
  settings: SettingsTable;
  sign_ins: SignInsTable;
  judgements: JudgementsTable;
}
