// What wording.learning no longer allows is erased when the running service reads its configuration.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pino } from "pino";
import { MovableClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/policy/load.ts";
import { openService, type Service } from "../../src/service/open.ts";
import { type Kept, readJudgements, recordJudgement } from "../../src/store/judgements.ts";
import { copySchool } from "../commands/terminal.ts";
import { putCase } from "../web/school.ts";

let folder: string;
let service: Service;
let learning: Kept;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ab-learning-"));
  copySchool(folder);
  const loaded = loadConfig(folder, {});
  const { school } = loaded;
  learning = "texts";
  const current = () => ({ ...loaded, school: { ...school, wording: { ...school.wording, learning } } });
  const log = pino({ level: "silent" });
  service = await openService({ loaded: { current }, clock: new MovableClock(), log, dataDir: folder });
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("texts are kept, then only labels, then nothing", async () => {
  const { store } = service;
  const { messageId } = await putCase(store);
  const judge = {
    verdict: "abusive",
    score: 1,
    category: "insult",
    target: null,
    safeguarding: false,
  } as const;
  await store.transaction().execute((trx) =>
    recordJudgement(trx, "oakhill", {
      messageId,
      at: "2026-11-20T21:30:00.000Z",
      by: "okafor",
      channel: "sms",
      judge: { ...judge, mustNotWait: null, rules: [] },
      head: { abusive: false, category: null, target: null },
      text: "You legend",
      words: ["legend"],
    }),
  );
  const kept = async () =>
    (await readJudgements(store, "oakhill")).map(({ text, words }) => ({ text, words }));
  await service.refresh();
  expect(await kept()).toEqual([{ text: "You legend", words: ["legend"] }]);
  learning = "labels";
  await service.refresh();
  expect(await kept()).toEqual([{ text: null, words: [] }]);
  learning = "off";
  await service.refresh();
  expect(await kept()).toEqual([]);
});
