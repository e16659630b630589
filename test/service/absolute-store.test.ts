// A store named by an absolute path lies there, whatever folder the service keeps its data in.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { startSchool, type WholeSchool } from "./whole-school.ts";

let school: WholeSchool;
afterEach(async () => {
  await school?.close();
});

test("an absolute store.file is not put below the data folder", async () => {
  const dir = mkdtempSync(join(tmpdir(), "ab-absolute-"));
  const file = join(dir, "store.db");
  school = await startSchool({
    at: "2026-11-12T10:00:00.000Z",
    change: (yaml) => yaml.setIn(["store", "file"], file),
  });
  expect(existsSync(file)).toBe(true);
});
