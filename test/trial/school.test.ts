// The trial's configuration: loads in any year, takes the ports of each start, and leaves a person's changes alone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/policy/load.ts";
import { firstFriday } from "../../src/trial/moments.ts";
import { schoolTime } from "../../src/trial/running.ts";
import { trialEnv, writeTrialConfig } from "../../src/trial/school.ts";

const exampleDir = fileURLToPath(new URL("../../config", import.meta.url));
const ports = { web: 8420, imap: 1143, smtp: 1025, texts: 8080 };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "afterbell-config-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const writeConfig = (today: string, changed: Partial<typeof ports> = {}) =>
  writeTrialConfig({ exampleDir, dir, ports: { ...ports, ...changed }, today });
const load = (today = "2026-11-23") => loadConfig(dir, trialEnv, { now: new Date(`${today}T09:00:00Z`) });

describe("at any date", () => {
  test.each(["2026-11-23", "2027-08-01", "2028-03-01", "2031-07-30"])("%s has a first Friday", (today) => {
    writeConfig(today);
    const friday = firstFriday(`${today}T09:00:00.000Z`, schoolTime(load(today)));
    expect(friday?.slice(0, 10) ?? "").toMatch(/^\d{4}/);
    expect((friday ?? "") > today).toBe(true);
  });
});

test("every member of staff has a mailbox, and everything is on loopback", () => {
  writeConfig("2026-11-23");
  const { staff, school } = load();
  expect(staff.every(({ id, mailbox }) => mailbox?.user === id)).toBe(true);
  expect(school.mail?.imap).toMatchObject({ host: "127.0.0.1", port: 1143, tls: "none" });
  expect(school.mail?.smtp).toMatchObject({ host: "127.0.0.1", port: 1025, tls: "none" });
  expect(school.sms).toMatchObject({
    public_url: "http://127.0.0.1:8420/twilio/sms",
    api_url: "http://127.0.0.1:8080",
  });
  expect(school.web).toMatchObject({ host: "127.0.0.1", port: 8420 });
});

test("a second start takes other ports, keeps a person's changes and adds nothing twice", () => {
  writeConfig("2026-11-23");
  const file = join(dir, "school.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("longest_days: 7", "longest_days: 3 # ours"));
  const years = load().school.calendar.years.length;
  writeConfig("2026-11-23", { imap: 2143, web: 9000 });
  const { school } = load();
  expect(school.hold.longest_days).toBe(3);
  expect(readFileSync(file, "utf8")).toContain("# ours");
  expect(school.mail?.imap?.port).toBe(2143);
  expect(school.sms?.public_url).toBe("http://127.0.0.1:9000/twilio/sms");
  expect(school.calendar.years).toHaveLength(years);
});

test("a file that a person has broken stays as it is, and loading names it", () => {
  writeConfig("2026-11-23");
  const file = join(dir, "school.yaml");
  for (const broken of ["school: [", "mail: nothing\nsms: nothing\n"]) {
    writeFileSync(file, broken);
    writeConfig("2026-11-23");
    expect(readFileSync(file, "utf8")).toBe(broken);
    expect(load).toThrow();
  }
});
