// Started over what is not Afterbell's: one sentence, and what was there stays as it was.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import pino from "pino";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/policy/load.ts";
import { openService } from "../../src/service/open.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ab-foreign-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (change: { redisUrl?: string; store?: string }) => {
  const example = loadConfig(new URL("../../config", import.meta.url).pathname, {});
  const store = { ...example.school.store, file: change.store ?? "afterbell.db" };
  const loaded = { ...example, school: { ...example.school, store } };
  return openService({
    loaded: { current: () => loaded },
    clock: systemClock,
    log: pino({ level: "silent" }),
    dataDir: dir,
    redisUrl: change.redisUrl,
  });
};

describe("openService", () => {
  test("leaves the database of another program alone", async () => {
    const file = join(dir, "photos.db");
    const photos = new DatabaseSync(file);
    photos.exec("create table photos (id integer)");
    photos.close();
    const before = readFileSync(file);
    await expect(open({ store: "photos.db" })).rejects.toThrow(
      /photos\.db is the database of another program/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("takes its own again", async () => {
    for (const _ of [1, 2]) await (await open({})).stop();
  });

  test.each(["hello", "secret-sesame@127.0.0.1:6379", "http://127.0.0.1:6379"])(
    "REDIS_URL=%s is refused without being quoted",
    async (redisUrl) => {
      const refused = open({ redisUrl });
      await expect(refused).rejects.toThrow(/^REDIS_URL is not the address/);
      await expect(refused).rejects.not.toThrow(redisUrl);
    },
  );
});
