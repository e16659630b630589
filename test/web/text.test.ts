// Cutting and cleaning hostile text.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { besideNewText, cleanLine, cleanLines, pieces, shorten } from "../../src/web/text.ts";

describe("cleaning", () => {
  test("control characters become visible, direction marks go", () => {
    expect(cleanLines("a\u0000b\u001b[31mc\u0085d\r\ne\tf\rg")).toBe("a�b�[31mc�d\ne\tf�g");
    expect(cleanLines("invoice\u202efdp.exe\u2066x\u2069\u200f\u061c\ufeff")).toBe("invoicefdp.exex");
    expect(cleanLines("\ud800 alone")).toBe("� alone");
  });

  test("what people write in their own scripts and in emoji stays", () => {
    const kept = "Zażółć — שלום، مرحبا, 你好 👩‍👩‍👧 naïve";
    expect(cleanLines(kept)).toBe(kept);
  });

  test("a line is one line, and never longer than asked", () => {
    expect(cleanLine("a\r\nBcc: b@c.example\t d")).toBe("a Bcc: b@c.example d");
    expect(Array.from(cleanLine("😀".repeat(300), 50))).toHaveLength(50);
    expect(cleanLine("😀".repeat(300), 50).endsWith("😀…")).toBe(true);
  });
});

describe("marking words", () => {
  const text = "You are a fool and a liar.";

  test("cuts at the spans", () => {
    expect(pieces(text, [{ start: 10, end: 14, category: "insult" }])).toEqual([
      { text: "You are a ", category: null },
      { text: "fool", category: "insult" },
      { text: " and a liar.", category: null },
    ]);
  });

  test("overlapping, reversed and distant spans do no harm", () => {
    const found = pieces(text, [
      { start: 21, end: 999, category: "insult" },
      { start: 8, end: 14, category: "threat" },
      { start: 10, end: 16, category: "insult" },
      { start: 500, end: 600, category: "insult" },
      { start: 5, end: 2, category: "insult" },
      { start: -4, end: 3, category: "insult" },
    ]);
    expect(found.map((piece) => piece.text).join("")).toBe(text);
    const marked = found.filter((piece) => piece.category !== null).map((piece) => piece.text);
    expect(marked).toEqual(["You", "a fool", " a", "liar."]);
  });

  test("any spans over any text give the whole text back, no character cut in two", () => {
    const span = fc.record({
      start: fc.integer({ min: -5, max: 60 }),
      end: fc.integer({ min: -5, max: 60 }),
      category: fc.constant("x"),
    });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.array(span), (any, spans) => {
        const joined = pieces(any, spans)
          .map((piece) => piece.text)
          .join("");
        expect(joined).toBe(any);
      }),
    );
  });
});

describe("what stands beside the new text", () => {
  test("quotes and signature after it", () => {
    expect(besideNewText("Hello\n\n> old\n-- \nJo", "Hello\n")).toEqual({
      text: "> old\n-- \nJo",
      whole: false,
    });
  });
  test("answers between the quotes: the whole message", () => {
    expect(besideNewText("> one?\nyes\n> two?\nno", "yes\nno")).toEqual({
      text: "> one?\nyes\n> two?\nno",
      whole: true,
    });
  });
  test("nothing else", () => {
    expect(besideNewText("Hello \n", "Hello")).toBeNull();
  });
});

test("a long text is cut between characters", () => {
  expect(shorten("ab😀cd", 3)).toEqual({ text: "ab😀", cut: true });
  expect(shorten("abc", 3)).toEqual({ text: "abc", cut: false });
});
