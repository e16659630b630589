// The shipped lexicon on some three hundred invented messages: see messages.yaml.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import type { Assessment } from "../../../src/core/types.ts";
import { assess } from "../../../src/core/wording/assess.ts";
import { wordingModel } from "../../../src/policy/wording-model.ts";
import { lexicon } from "./shipped.ts";

const model = wordingModel();

const list = z.array(z.string());
const messages = z
  .strictObject({
    ordinary: list,
    angry: list,
    abuse: list,
    safeguarding: list,
    "must-not-wait": list,
    mistaken: list,
  })
  .parse(parse(readFileSync("test/core/wording/messages.yaml", "utf8")));

const heard = ({ verdict, safeguarding, mustNotWait }: Assessment) => ({
  verdict,
  disclosure: safeguarding.hit,
  kind: mustNotWait.kind,
});

describe("what the shipped lexicon hears", () => {
  test.each(messages.ordinary)("nothing: %s", (text) => {
    expect(heard(assess(text, lexicon, model))).toEqual({ verdict: "ok", disclosure: false, kind: null });
  });
  test.each(messages.angry)("no abuse: %s", (text) => {
    expect(assess(text, lexicon, model).verdict).toBe("ok");
  });
  test.each(messages.abuse)("abuse: %s", (text) => {
    expect(assess(text, lexicon, model).verdict).toBe("abusive");
  });
  test.each(messages.safeguarding)("a disclosure: %s", (text) => {
    expect(assess(text, lexicon, model).safeguarding.hit).toBe(true);
  });
  test.each(messages["must-not-wait"])("must not wait: %s", (text) => {
    expect(assess(text, lexicon, model).mustNotWait.hit).toBe(true);
  });
  // The first raises an absence, the second a disclosure, and neither is one.
  test("what is known to be judged wrongly still is", () => {
    const [absence = "", disclosure = ""] = messages.mistaken
      .map((text) => assess(text, lexicon, model))
      .map(({ safeguarding, mustNotWait }) => `${mustNotWait.hit} ${safeguarding.hit}`);
    expect([absence, disclosure]).toEqual(["true false", "true true"]);
  });
});
