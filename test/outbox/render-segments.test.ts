// What a text message costs.
import { describe, expect, test } from "@jest/globals";
import { inGsm7, segments } from "../../src/outbox/render/segments.ts";

describe("segments", () => {
  test.each([
    ["", "GSM-7", 0, 1],
    ["a".repeat(160), "GSM-7", 160, 1],
    ["a".repeat(161), "GSM-7", 161, 2],
    ["a".repeat(306), "GSM-7", 306, 2],
    ["a".repeat(307), "GSM-7", 307, 3],
    ["@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", "GSM-7", 42, 1],
    ["€".repeat(80), "GSM-7", 160, 1],
    ["€".repeat(81), "GSM-7", 162, 2],
    ["{}[]~|^\\\f€", "GSM-7", 20, 1],
    ["ś", "UCS-2", 1, 1],
    ["ç", "UCS-2", 1, 1],
    ["’".repeat(70), "UCS-2", 70, 1],
    ["’".repeat(71), "UCS-2", 71, 2],
    ["😀".repeat(35), "UCS-2", 70, 1],
    ["😀".repeat(36), "UCS-2", 72, 2],
  ])("%#: %s", (text, encoding, units, count) => {
    expect(segments(text)).toEqual({ encoding, units, segments: count });
  });

  test("an escaped character is not split over two segments", () => {
    // 152 + € is 154 septets: the escape and its character both move on, which costs a third segment.
    expect(segments(`${"a".repeat(152)}€${"a".repeat(152)}`).segments).toBe(3);
    expect(segments(`${"a".repeat(151)}€${"a".repeat(152)}`).segments).toBe(2);
  });

  test("neither is a character outside the basic plane", () => {
    expect(segments(`${"ś".repeat(66)}😀${"ś".repeat(66)}`).segments).toBe(3);
  });
});

describe("inGsm7", () => {
  test.each([
    ["St Mary’s – “Reception”…", 'St Mary\'s - "Reception"...'],
    ["Zażółć gęślą jaźń", "Zazolc gesla jazn"],
    ["Ünsal Çelik é", "Ünsal Çelik é"],
    ["e\u0301", "é"],
    ["school\u00a0office", "school office"],
  ])("%s becomes %s", (text, plain) => {
    expect(inGsm7(text)).toBe(plain);
  });

  test("another script is left as it is", () => {
    expect(inGsm7("Szkoła: مدرسہ")).toBe("Szkoła: مدرسہ");
  });
});
