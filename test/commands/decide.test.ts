// afterbell decide: a line a file, in order, whatever the files hold.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "@jest/globals";
import { productDir } from "../../src/commands/command.ts";
import { decide } from "../../src/commands/decide.ts";

const dir = mkdtempSync(join(tmpdir(), "decide-"));
afterAll(() => rmSync(dir, { recursive: true }));

async function decided(args: readonly string[]) {
  const stdout = new PassThrough();
  const written = readAll(stdout);
  const io = { stdin: Readable.from([]), stdout, stderr: new PassThrough(), env: {} };
  const status = await decide.run(
    ["--config", join(productDir, "config"), "--at", "2026-11-27T21:00:00Z", ...args],
    io,
  );
  stdout.end();
  const lines = (await written).split("\n");
  expect(lines.pop()).toBe("");
  return { status, lines: lines.map((line) => JSON.parse(line)) };
}

function file(name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}
const mail = (name: string, subject: string): string =>
  file(
    name,
    `From: Jo Marsh <jo.marsh@gmail.com>\nTo: d.hall@oakhill.example\nSubject: ${subject}\n\nWhich day is the trip?\n`,
  );

describe("decide", () => {
  test("more files than are read ahead come out in their order, the unreadable ones in their place", async () => {
    const files = Array.from({ length: 20 }, (_none, at) => mail(`${at}.eml`, `Trip ${at}`));
    files.splice(3, 0, join(dir, "nowhere.eml"));
    files.splice(15, 0, dir);
    const { status, lines } = await decided([...files, "--json"]);
    expect(status).toBe(1);
    expect(lines.map((line) => line.file)).toEqual(files);
    expect(lines[3].error).toContain("no such file");
    expect(lines[15].error).toContain("directory");
    expect(lines[16]).toMatchObject({
      message: { from: "jo.marsh@gmail.com", subject: "Trip 14", automatic: null },
      outcome: "hold",
      mayReply: true,
      error: null,
    });
  });

  test("a machine's mail is delivered and not answered", async () => {
    const { status, lines } = await decided([mail("auto.eml", "Automatic reply: Trip"), "--json"]);
    expect(status).toBe(0);
    expect(lines[0]).toMatchObject({
      message: { automatic: { kind: "auto-reply" } },
      outcome: "deliver",
      reply: null,
      mayReply: false,
    });
  });

  test("the words of a text", async () => {
    const path = file("text.txt", "Tom is ill today");
    const { lines } = await decided(["--from-number", "+447700900123", path, "--json"]);
    expect(lines[0]).toMatchObject({
      message: { channel: "sms", from: "+447700900123", text: "Tom is ill today" },
    });
  });

  test("no file is a wrong call", async () => {
    await expect(decided([])).rejects.toThrow("Name at least one file");
  });
});
