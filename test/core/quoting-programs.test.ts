// Quotes of programs that mark them without ">" or "wrote:", and armour round the words.
import { describe, expect, test } from "@jest/globals";
import { newText } from "../../src/core/quoting.ts";

describe("the earlier message is left out", () => {
  test.each([
    ["GroupWise", "Yes.\n\n>>> D Hall <d.hall@oakhill.example> 13/11/2026 20:00 >>>\nTrip?", "Yes."],
    [
      "Mail.ru",
      "Да.\n\n\nПятница, 13 ноября 2026, 20:00 +03:00 от D Hall <d.hall@oakhill.example>:\n\nTrip?",
      "Да.",
    ],
    [
      "Gmail in Japanese",
      "はい。\n\n2026年11月13日(金) 20:00 D Hall <d.hall@oakhill.example>:\n\n> Trip?",
      "はい。",
    ],
    [
      "Gmail in Chinese",
      "好的。\n\nD Hall <d.hall@oakhill.example> 于2026年11月13日周五 20:00写道：\n\n> Trip?",
      "好的。",
    ],
    [
      "QQ",
      '好的。\n\n------------------ 原始邮件 ------------------\n发件人: "D Hall" <d.hall@oakhill.example>;\n主题: Trip\n\nTrip?',
      "好的。",
    ],
    [
      "Outlook in Chinese",
      "好的。\n\n发件人： D Hall\n发送时间： 2026年11月13日 20:00\n收件人： Jo\n主题： Trip\n\nTrip?",
      "好的。",
    ],
    ["a help desk", "Yes.\n\n##- Please type your reply above this line -##\n\nTrip?", "Yes."],
  ])("%s", (_name, text, expected) => {
    expect(newText(text)).toBe(expected);
  });

  test("a help desk's own words stand below its line", () => {
    expect(newText("##- Please type your reply above this line -##\n\nHello")).toBe("Hello");
  });

  test("clear-signed by OpenPGP", () => {
    const text =
      "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nTom is ill.\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n";
    expect(newText(text)).toBe("Tom is ill.");
  });

  test.each([
    "-----BEGIN PGP SIGNED MESSAGE-----\n\nTom is ill.",
    "-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n-----BEGIN PGP SIGNATURE-----\nyou are hidden\n-----END PGP SIGNATURE-----",
    "Please write to Jo <jo@example.net>: she knows.",
  ])("words that only look like it stay: %j", (text) => {
    expect(newText(text)).toBe(text);
  });
});
