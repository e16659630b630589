// The audit's seals: any change to the past shows.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readAudit, recordAudit, verifyAudit } from "../../src/store/audit.ts";
import { openStore, type Store } from "../../src/store/open.ts";

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.destroy());

const record = (count: number, school = "oakhill") =>
  store.transaction().execute(async (trx) => {
    for (let made = 0; made < count; made += 1) {
      await recordAudit(trx, {
        school,
        at: "2026-11-20T21:00:00.000Z",
        actor: "okafor",
        action: "case.viewed",
        subject: `case:${made}`,
        detail: { made },
      });
    }
  });

test("an untouched list is intact, over several batches and schools", async () => {
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: true, rows: 0 });
  await record(600);
  await record(2, "elsewhere");
  await record(1);
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: true, rows: 601 });
  expect(await verifyAudit(store, "elsewhere")).toEqual({ intact: true, rows: 2 });
  expect(await readAudit(store, "oakhill", ["case:3", "case:4"])).toHaveLength(2);
});

test.each([
  ["actor", { actor: "bell" }],
  ["time", { at: "2026-11-20T21:00:01.000Z" }],
  ["action", { action: "case.closed" }],
  ["subject", { subject: "case:9" }],
  ["detail", { detail: "{}" }],
  ["seal", { hash: "0".repeat(64) }],
] as const)("a changed %s shows at its row", async (_name, change) => {
  await record(5);
  await store.updateTable("audit").set(change).where("seq", "=", 3).execute();
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: false, seq: 3 });
});

test("a removed row shows at the next one", async () => {
  await record(5);
  await store.deleteFrom("audit").where("seq", "=", 2).execute();
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: false, seq: 3 });
});

test("two rows that change places show", async () => {
  await record(4);
  await store.updateTable("audit").set({ seq: 99 }).where("seq", "=", 2).execute();
  await store.updateTable("audit").set({ seq: 2 }).where("seq", "=", 3).execute();
  await store.updateTable("audit").set({ seq: 3 }).where("seq", "=", 99).execute();
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: false, seq: 2 });
});

test("an act that fails leaves no line", async () => {
  const failing = store.transaction().execute(async (trx) => {
    await recordAudit(trx, { school: "oakhill", at: "x", actor: "a", action: "b", subject: "c" });
    throw new Error("the act failed");
  });
  await expect(failing).rejects.toThrow("the act failed");
  expect(await verifyAudit(store, "oakhill")).toEqual({ intact: true, rows: 0 });
});
