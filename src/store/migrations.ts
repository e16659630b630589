// The tables as they came to be, one step a release; a step is never changed after it has been released.
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const first: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("messages")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("identity", "text", (c) => c.notNull())
      .addColumn("channel", "text", (c) => c.notNull())
      .addColumn("sender_key", "text", (c) => c.notNull())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("contact_id", "text")
      .addColumn("from_name", "text", (c) => c.notNull())
      .addColumn("from_address", "text", (c) => c.notNull())
      .addColumn("to_address", "text", (c) => c.notNull())
      .addColumn("subject", "text", (c) => c.notNull())
      .addColumn("text", "text", (c) => c.notNull())
      .addColumn("new_text", "text", (c) => c.notNull())
      .addColumn("fingerprint", "text", (c) => c.notNull())
      .addColumn("message_id", "text")
      .addColumn("received_at", "text", (c) => c.notNull())
      .addColumn("recorded_at", "text", (c) => c.notNull())
      .addColumn("raw_hash", "text", (c) => c.notNull())
      .addColumn("automatic", "text")
      .addColumn("authenticity", "text", (c) => c.notNull())
      .addColumn("counted", "integer", (c) => c.notNull())
      .addColumn("attachments", "text", (c) => c.notNull())
      .addColumn("wording", "text", (c) => c.notNull())
      .addColumn("decision", "text", (c) => c.notNull())
      .addUniqueConstraint("messages_identity", ["school", "identity"])
      .execute();
    await schema
      .createIndex("messages_by_sender")
      .on("messages")
      .columns(["school", "sender_key", "received_at"])
      .execute();
    await schema
      .createTable("raws")
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .addColumn("octets", "blob", (c) => c.notNull())
      .addPrimaryKeyConstraint("raws_key", ["school", "hash"])
      .execute();
    await schema
      .createTable("deliveries")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("message_id", "text", (c) => c.notNull().references("messages.id"))
      .addColumn("key", "text", (c) => c.notNull())
      .addColumn("recipient", "text", (c) => c.notNull())
      .addColumn("account", "text")
      .addColumn("folder", "text")
      .addColumn("uid_validity", "text")
      .addColumn("uid", "integer")
      .addColumn("outcome", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("release_at", "text")
      .addColumn("batch", "integer", (c) => c.notNull())
      .addColumn("released_at", "text")
      .addColumn("raw_hash", "text", (c) => c.notNull())
      // A number that belongs to several staff gives several deliveries under one key.
      .addUniqueConstraint("deliveries_key", ["school", "key", "recipient"])
      .execute();
    await schema.createIndex("deliveries_by_message").on("deliveries").column("message_id").execute();
    await schema
      .createIndex("deliveries_by_place")
      .on("deliveries")
      .columns(["school", "account", "folder", "uid_validity", "uid"])
      .execute();
    await schema
      .createIndex("deliveries_by_octets")
      .on("deliveries")
      .columns(["school", "raw_hash"])
      .execute();
    await schema
      .createTable("effects")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("idempotency_key", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("group_key", "text", (c) => c.notNull())
      .addColumn("message_id", "text")
      .addColumn("delivery_id", "text")
      .addColumn("sender_key", "text")
      .addColumn("payload", "text", (c) => c.notNull())
      .addColumn("due_at", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("attempts", "integer", (c) => c.notNull())
      .addColumn("claimed_by", "text")
      .addColumn("lease_until", "text")
      .addColumn("started_at", "text")
      .addColumn("last_error", "text")
      .addColumn("result", "text")
      .addColumn("created_at", "text", (c) => c.notNull())
      .addColumn("done_at", "text")
      .addUniqueConstraint("effects_idempotency", ["school", "idempotency_key"])
      .execute();
    await schema.createIndex("effects_due").on("effects").columns(["state", "due_at"]).execute();
    await schema.createIndex("effects_by_kind").on("effects").columns(["kind", "created_at"]).execute();
    await schema.createIndex("effects_by_message").on("effects").column("message_id").execute();
    await schema.createIndex("effects_by_delivery").on("effects").column("delivery_id").execute();
    await schema.createIndex("effects_group").on("effects").columns(["group_key", "state"]).execute();
    await schema
      .createIndex("effects_by_sender")
      .on("effects")
      .columns(["school", "kind", "sender_key", "created_at"])
      .execute();
    await schema
      .createTable("cases")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("number", "integer", (c) => c.notNull())
      .addColumn("message_id", "text", (c) => c.notNull().references("messages.id"))
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("severity", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("opened_at", "text", (c) => c.notNull())
      .addColumn("closed_at", "text")
      .addColumn("closed_by", "text")
      .addColumn("outcome", "text")
      .addColumn("note", "text")
      .addUniqueConstraint("cases_number", ["school", "number"])
      .addUniqueConstraint("cases_message", ["school", "message_id"])
      .execute();
    await schema
      .createTable("audit")
      // "seq" is given by the writer inside its transaction, so that both engines number alike.
      .addColumn("seq", "integer", (c) => c.notNull())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("at", "text", (c) => c.notNull())
      .addColumn("actor", "text", (c) => c.notNull())
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("subject", "text", (c) => c.notNull())
      .addColumn("detail", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("audit_key", ["school", "seq"])
      .execute();
    await schema.createIndex("audit_by_subject").on("audit").columns(["school", "subject"]).execute();
    await schema
      .createTable("contacts")
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("emails", "text", (c) => c.notNull())
      .addColumn("numbers", "text", (c) => c.notNull())
      .addColumn("roles", "text", (c) => c.notNull())
      .addColumn("adjustments", "text", (c) => c.notNull())
      .addColumn("children", "text", (c) => c.notNull())
      .addColumn("language", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("contacts_key", ["school", "id"])
      .execute();
    await schema
      .createTable("pauses")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("sender_key", "text", (c) => c.notNull())
      .addColumn("from_at", "text", (c) => c.notNull())
      .addColumn("until_date", "text", (c) => c.notNull())
      .addColumn("reason", "text", (c) => c.notNull())
      .addColumn("decided_by", "text", (c) => c.notNull())
      .addColumn("ended_at", "text")
      .execute();
    await schema.createIndex("pauses_by_sender").on("pauses").columns(["school", "sender_key"]).execute();
    await schema
      .createTable("mailboxes")
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("account", "text", (c) => c.notNull())
      .addColumn("folder", "text", (c) => c.notNull())
      .addColumn("uid_validity", "text", (c) => c.notNull())
      .addColumn("last_uid", "integer", (c) => c.notNull())
      .addColumn("last_at", "text")
      .addColumn("enrolled_at", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("mailboxes_key", ["school", "account", "folder"])
      .execute();
    await schema
      .createTable("settings")
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("value", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("settings_key", ["school", "name"])
      .execute();
    await schema
      .createTable("sign_ins")
      .addColumn("school", "text", (c) => c.notNull())
      .addColumn("staff_id", "text", (c) => c.notNull())
      .addColumn("secret", "text", (c) => c.notNull())
      .addColumn("created_at", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("sign_ins_key", ["school", "staff_id"])
      .execute();
  },
};

const judgements: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("judgements")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("school", "text", (c) => c.notNull())
      // What is erased of a message takes what was learnt from it along.
      .addColumn("message_id", "text", (c) => c.notNull().references("messages.id").onDelete("cascade"))
      .addColumn("at", "text", (c) => c.notNull())
      .addColumn("judged_by", "text", (c) => c.notNull())
      .addColumn("channel", "text", (c) => c.notNull())
      .addColumn("verdict", "text", (c) => c.notNull())
      .addColumn("score", "real", (c) => c.notNull())
      .addColumn("judge_category", "text")
      .addColumn("judge_target", "text")
      .addColumn("safeguarding", "integer", (c) => c.notNull())
      .addColumn("must_not_wait", "text")
      .addColumn("rules", "text", (c) => c.notNull())
      .addColumn("abusive", "integer", (c) => c.notNull())
      .addColumn("category", "text")
      .addColumn("target", "text")
      .addColumn("text", "text")
      .addColumn("words", "text", (c) => c.notNull())
      .addUniqueConstraint("judgements_message", ["school", "message_id"])
      .execute();
  },
};

export const migrations: Readonly<Record<string, Migration>> = {
  "2026-11-first": first,
  "2026-11-judgements": judgements,
};
