// Where a second opinion may be asked: https anywhere, http on the school's own network, and nothing odd.
import { afterEach, describe, expect, test } from "@jest/globals";
import { isOwnNetwork } from "../../src/policy/check-wording.ts";
import { redactConfig } from "../../src/policy/load.ts";
import { ENV, SCHOOL, type SchoolFolder, schoolFolder } from "./school-folder.ts";

let folder: SchoolFolder | null = null;
afterEach(() => folder?.discard());

const withOpinion = (lines: string): SchoolFolder => {
  folder = schoolFolder({ "school.yaml": `${SCHOOL}wording:\n  second_opinion:\n${lines}` });
  return folder;
};
const problems = (url: string) => withOpinion(`    url: "${url}"\n    model: m\n`).problems();
const place = "wording.second_opinion.url: ";

test("absent is off", () => {
  folder = schoolFolder();
  expect(folder.load(ENV).school.wording.second_opinion).toBeUndefined();
});

test("has a timeout of 8 seconds and 60 questions an hour unless told otherwise, and its key is a secret", () => {
  const loaded = withOpinion(
    "    url: http://127.0.0.1:11434/v1\n    model: m\n    api_key: ${MODEL_KEY}\n",
  ).load({ ...ENV, MODEL_KEY: "model-sesame" });
  expect(loaded.school.wording.second_opinion).toEqual({
    url: "http://127.0.0.1:11434/v1",
    model: "m",
    api_key: "model-sesame",
    timeout_seconds: 8,
    per_hour: 60,
  });
  expect(JSON.stringify(redactConfig(loaded))).not.toContain("model-sesame");
});

test.each([
  "http://localhost:11434/v1",
  "http://127.0.0.1:8080",
  "http://192.168.1.20/v1/",
  "http://[::1]:8000/v1",
  "http://[fd12:3456::1]:8000/v1",
  "http://ollama:11434/v1",
  "http://models.oakhill.internal/v1",
  "https://models.oakhill.example/v1",
])("%s may be asked", (url) => {
  expect(problems(url)).toEqual([]);
});

test.each([
  ["http://models.oakhill.example/v1", "unencrypted outside the school's own network: write https://"],
  ["http://203.0.113.9/v1", "unencrypted outside"],
  ["http://2130706433.example/v1", "unencrypted outside"],
  ["http://[2001:db8::1]/v1", "unencrypted outside"],
  ["ftp://127.0.0.1/v1", "must begin with https://"],
  ["https://user:word@models.oakhill.example/v1", "may hold no user and password: use api_key"],
  ["https://models.oakhill.example/v1?key=1", "may hold no ? and no #"],
  ["http://127.0.0.1:11434/v1/chat/completions", "which is added to it: write it up to /v1"],
])("%s may not", (url, why) => {
  const found = problems(url);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(place);
  expect(found[0]).toContain(why);
});

describe("what is written wrongly is told", () => {
  const url = "    url: http://127.0.0.1/v1\n    model: m\n";
  test.each([
    ["a longer timeout than Twilio's patience", `${url}    timeout_seconds: 11\n`, "must be 10 or less"],
    ["no model", "    url: http://127.0.0.1/v1\n", "wording.second_opinion.model: is missing"],
    ["a key in the file", `${url}    api_key: sk-123456\n`, "is a secret and may not stand here"],
    ["a budget of nothing", `${url}    per_hour: 0\n`, "wording.second_opinion.per_hour: must be"],
    ["no address", "    url: ollama\n    model: m\n", "write a full web address"],
  ])("%s", (_, lines, why) => {
    expect(withOpinion(lines).problems().join("\n")).toContain(why);
  });
});

test.each([
  ["10.1.2.3", true],
  ["172.31.255.255", true],
  ["172.32.0.1", false],
  ["169.254.1.1", true],
  ["0.0.0.0", false],
  ["[::ffff:c0a8:1]", true],
  ["[::ffff:808:808]", false],
  ["models.home.arpa", true],
  ["localhost.example", false],
  ["models.local.", true],
])("%s is on the school's own network: %s", (host, own) => {
  expect(isOwnNetwork(host)).toBe(own);
});
