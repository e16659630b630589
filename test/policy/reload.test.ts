// A configuration that is kept: changes are taken up, and a broken one leaves the last good one.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a school writes.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { LoadedConfig } from "../../src/policy/load.ts";
import type { Problem } from "../../src/policy/problem.ts";
import { type KeptConfig, keepLoaded } from "../../src/policy/reload.ts";
import { changed, ENV, SCHOOL, type SchoolFolder, STAFF, schoolFolder } from "./school-folder.ts";

let folder: SchoolFolder;
let kept: KeptConfig;
let heard: (LoadedConfig | readonly Problem[])[];
let next: PromiseWithResolvers<LoadedConfig | readonly Problem[]>;

const hear = (what: LoadedConfig | readonly Problem[]): void => {
  heard.push(what);
  next.resolve(what);
  next = Promise.withResolvers();
};
const isConfig = (what: LoadedConfig | readonly Problem[] | undefined): what is LoadedConfig =>
  what !== undefined && "policy" in what;

beforeEach(() => {
  heard = [];
  next = Promise.withResolvers();
  folder = schoolFolder();
  kept = keepLoaded(folder.dir, ENV, hear, hear, { ...folder.options, settleMs: 20 });
});
afterEach(() => {
  kept.stop();
  folder.discard();
});

const stricter = changed(SCHOOL, "messages: 6", "messages: 3");
const limitNow = (): number | undefined => kept.current().policy.limits[0]?.messages;

describe("asked to reload", () => {
  beforeEach(() => kept.stop());

  test("takes up a change and says so once", () => {
    folder.write("school.yaml", stricter);
    expect(kept.reload()).toBe("changed");
    expect(limitNow()).toBe(3);
    expect(heard).toEqual([kept.current()]);
  });

  test("says nothing when nothing that counts has changed", () => {
    folder.write("school.yaml", `# a comment\n${SCHOOL}`);
    expect(kept.reload()).toBe("unchanged");
    expect(heard).toEqual([]);
  });

  test("takes up a new password, which is no part of the policy's version", () => {
    const written = changed(STAFF, '"${HEAD_PASSWORD}"', "file:head.txt");
    folder.write("head.txt", "first");
    folder.write("staff.yaml", written);
    kept.reload();
    const { version } = kept.current().policy;
    folder.write("head.txt", "second");
    expect(kept.reload()).toBe("changed");
    expect(kept.current().staff[0]?.mailbox?.password).toBe("second");
    expect(kept.current().policy.version).toBe(version);
  });

  test.each([
    ["an empty file", "school.yaml", ""],
    ["YAML cut off inside a value", "staff.yaml", STAFF.slice(0, STAFF.indexOf("HEAD_PASSWORD") + 4)],
    [
      "YAML cut off before the last person is whole",
      "staff.yaml",
      STAFF.slice(0, STAFF.lastIndexOf("    email")),
    ],
    ["a desk that has lost its person", "staff.yaml", STAFF.slice(0, STAFF.indexOf("  - id: marsh"))],
    ["an empty list of contacts", "contacts.csv", ""],
    ["an empty file of rules", "rules/own.yaml", ""],
    ["a wrong value", "school.yaml", changed(SCHOOL, "messages: 6", "messages: many")],
  ])("%s is broken: the last good one stays, and every problem is told", (_, name, content) => {
    const before = kept.current();
    folder.write(name, content);
    expect(kept.reload()).toBe("broken");
    expect(kept.current()).toBe(before);
    expect(heard).toHaveLength(1);
    const problems = heard[0];
    if (problems === undefined || isConfig(problems)) throw new Error("problems were expected");
    expect(problems.some(({ severity }) => severity === "error")).toBe(true);
  });

  test("a folder that is gone is broken, and one that comes back is taken up", () => {
    const away = `${folder.dir}-away`;
    renameSync(folder.dir, away);
    expect(kept.reload()).toBe("broken");
    expect(limitNow()).toBe(6);
    renameSync(away, folder.dir);
    folder.write("school.yaml", stricter);
    expect(kept.reload()).toBe("changed");
  });

  test("mending a broken one takes it up", () => {
    folder.write("school.yaml", "");
    kept.reload();
    folder.write("school.yaml", stricter);
    expect(kept.reload()).toBe("changed");
    expect(limitNow()).toBe(3);
  });
});

describe("watching the folder", () => {
  test("notices a file that is saved", async () => {
    const said = next.promise;
    folder.write("school.yaml", stricter);
    expect(isConfig(await said)).toBe(true);
    expect(limitNow()).toBe(3);
  });

  test("notices a file that an editor puts in the place of the old one", async () => {
    const said = next.promise;
    writeFileSync(join(folder.dir, ".school.yaml.swp"), stricter);
    renameSync(join(folder.dir, ".school.yaml.swp"), join(folder.dir, "school.yaml"));
    await said;
    expect(limitNow()).toBe(3);
  });

  test("notices a folder of rules that was not there, and changes in it", async () => {
    const first = next.promise;
    folder.write("rules/own.yaml", "family: own\nrules:\n  - { id: hours.hold, enabled: false }\n");
    await first;
    expect(kept.current().policy.rules).toHaveLength(1);
    const second = next.promise;
    folder.write("rules/own.yaml", "family: own\nrules:\n  - { id: hours.hold, why: Later. }\n");
    await second;
    expect(kept.current().policy.rules).toHaveLength(2);
  });

  test("tells of a broken one and keeps the last good one", async () => {
    const said = next.promise;
    folder.write("school.yaml", "school: [");
    expect(isConfig(await said)).toBe(false);
    expect(limitNow()).toBe(6);
  });
});

test("a first load that fails is the caller's to hear", () => {
  folder.write("school.yaml", "");
  expect(() => keepLoaded(folder.dir, ENV, hear, hear, folder.options)).toThrow(
    "The configuration has 1 error.",
  );
});
