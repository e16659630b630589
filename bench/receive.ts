// How fast mail is taken in: read, judged and stored durably, beside mailparser, which only parses.
// Ratios in one run; the milliseconds are this machine's and not to be compared with another's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { readEmail, stopReading } from "../src/channels/email.ts";
import { buildDirectory } from "../src/directory/senders.ts";
import { loadConfig } from "../src/policy/load.ts";
import { foresee, ownAddresses, type Reception, receive } from "../src/receive.ts";
import { openStore } from "../src/store/open.ts";

const count = 500;
const rounds = 5;
const now = "2026-11-13T21:00:00.000Z";

function mail(number: number, round = 0): Buffer {
  const words = `Question ${number} of ${round}: could you tell me when the reading books go back? `.repeat(
    12,
  );
  return Buffer.from(
    `From: Parent ${number} <parent${number}@gmail.com>\r\nTo: a.shah@oakhill.example\r\n` +
      `Subject: Reading ${number}\r\nDate: Fri, 13 Nov 2026 21:00:00 +0000\r\nMessage-ID: <${number}.${round}@gmail.com>\r\n` +
      `MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>${words}</p>\r\n`,
  );
}

async function median(work: (round: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const began = performance.now();
    await work(round);
    // The first round warms up.
    if (round > 0) times.push((performance.now() - began) / count);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const dir = mkdtempSync(join(tmpdir(), "ab-bench-"));
const store = await openStore(join(dir, "bench.db"));
const loaded = loadConfig(new URL("../config", import.meta.url).pathname, {});
const directory = buildDirectory(loaded.staff, loaded.contacts, loaded.school);
const reception: Reception = {
  store,
  loaded: () => loaded,
  directory: () => directory,
  now: () => now,
  wake: () => {},
};
const reading = { receivedAt: now, authservId: null, ownAddresses: ownAddresses(loaded), loopSecret: null };
const mails = Array.from({ length: count }, (_, number) => mail(number));
const read = (raw: Buffer, key: string) => readEmail(raw, { ...reading, key });
const [first] = await Promise.all([read(mails[0] ?? Buffer.alloc(0), "first")]);

const parse = await median(async () => {
  for (const raw of mails) await simpleParser(raw);
});
const readOnly = await median(async () => {
  for (const [number, raw] of mails.entries()) await read(raw, `${number}`);
});
const judge = await median(async () => {
  for (let number = 0; number < count; number += 1) await foresee(reception, first, ["shah"]);
});
const whole = await median(async (round) => {
  for (let number = 0; number < count; number += 1) {
    const raw = mail(number, round);
    const message = await read(raw, `bench:${round}:${number}`);
    const place = { account: "shah", folder: "INBOX", uidValidity: `${round}`, uid: number + 1 };
    await receive(reception, { message, raw, recipients: ["shah"], place, origin: "inbox" });
  }
});
await stopReading();
await store.destroy();
rmSync(dir, { recursive: true, force: true });

const row = (name: string, ms: number) =>
  `${name.padEnd(58)}${ms.toFixed(2).padStart(8)} ms ${(ms / parse).toFixed(2).padStart(8)}\n`;
process.stdout.write(
  `${count} mails of 1 kB, median of ${rounds} rounds${" ".repeat(24)}a mail  to mailparser\n`,
);
process.stdout.write(row("mailparser, simpleParser (the peer): parses", parse));
process.stdout.write(row("readEmail: parses, in its own thread, text apart from quotes", readOnly));
process.stdout.write(row("foresee: facts from the store, wording, all rules", judge));
process.stdout.write(row("readEmail and receive: and stored durably, one transaction", whole));
