// Which messages count as the same one again, and which do not.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fingerprint, nearlySame } from "../../src/core/fingerprint.ts";

const same = (a: string, b: string) => nearlySame(fingerprint(a), fingerprint(b));

const long = `Dear Mrs Shah, I have written to you three times now about the reading scheme and nobody has come back
to me. Amelia brings home the same book every week and she is bored with it. I would like to know who chooses the
books, how often they are changed and what I can do at home. Could you please ring me before Thursday? I am at work
until three but can be reached on my mobile at any time after that. Many thanks, Ann Example`;

describe("the same message again", () => {
  test.each([
    ["Please call me", "please call me"],
    ["Please call me", "PLEASE CALL ME!!!"],
    ["Please call me", "Please, call me."],
    ["Please call me", "Plaese call me"],
    ["Please call me", "Plese call me"],
    ["Please call me", "Pleaseee call meee"],
    ["Please call me", "  Please\n\ncall\tme  "],
    ["Please call me", "Please call me now"],
    ["Why has nobody answered me?", "Why has nobody answered me yet?"],
    ["Why has nobody answered me?", "why has noboddy anwered me"],
    ["I don't want to wait any longer", "I dont want to wait any longer"],
    ["I don't want to wait any longer", "I don’t want to wait any longer…"],
    ["When is the trip to the museum?", "Wen is teh trip to the musuem"],
    ["Zoë is at her café club", "Zoe is at her cafe club"],
    ["Call me", "Call me"],
    ["???", "??????"],
    ["👍", "👍"],
    ["Proszę o kontakt w sprawie wycieczki", "prosze o kontakt w sprawie wycieczki!"],
    ["من فضلك اتصل بي اليوم", "من فضلك اتصل بي اليوم!!"],
    ["请给我打电话谢谢", "请给我打电话，谢谢！"],
  ])("%j and %j", (a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
  });

  test("a long message with mistakes, a new greeting and a sentence more", () => {
    const again = long
      .replace("Dear Mrs Shah", "Hello Mrs Shah")
      .replace("nobody", "nobdy")
      .replace("reading scheme", "reading sceme")
      .concat(" This is the fourth time.");
    expect(same(long, again)).toBe(true);
  });

  test("a very long message that was pasted again with a line on top", () => {
    const pages = Array.from({ length: 30 }, (_, index) => `${long} Point ${index}.`).join("\n");
    expect(same(pages, `Sent again:\n${pages}`)).toBe(true);
  });
});

describe("another message", () => {
  test.each([
    ["Please call me", "Please call me about the trip tomorrow and the money owed"],
    ["Please call me", "Please call Tom"],
    ["Please call me", "Please send the form"],
    ["Can you call me about Tom", "Can you call me about Ben"],
    ["Can you call me about Tom", "Can you call me about Tim"],
    ["Tom is ill today", "Tom has lost his coat"],
    ["Tom is ill today", "Amelia is ill today"],
    ["Yes", "No"],
    ["Thanks", "Sorry"],
    ["Is there school on Monday?", "Is there school on Friday?"],
    ["Is there club on Monday?", "Is there club on Sunday?"],
    ["The invoice is 1234", "The invoice is 1235"],
    ["We will be there at 9", "We will be there at 10"],
    ["He needs his inhaler", "He needs his lunch"],
    ["What time does the trip leave?", "What time does the trip get back?"],
    ["👍", "👎"],
    ["请给我打电话", "他今天生病了"],
    ["", "Please call me"],
  ])("%j and %j", (a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  test("two absences in the same words about other children, days and reasons", () => {
    expect(
      same(
        "Dear Mrs Shah, Amelia will be late today because of a dentist appointment at 9, sorry. Regards, Ann",
        "Dear Mrs Shah, Oliver will be away tomorrow because of a hospital appointment at 11, sorry. Regards, Ann",
      ),
    ).toBe(false);
  });

  test("a long message and the short one with which it begins", () => {
    expect(same(long, long.slice(0, 200))).toBe(false);
    const pages = `${long}\n`.repeat(4);
    expect(same(pages, pages.repeat(2))).toBe(false);
  });

  test("pictures without a word are not called the same", () => {
    expect(same("", "")).toBe(false);
    expect(same(" \n", "")).toBe(false);
  });

  test("of fifty short messages that a school gets, no two are the same", () => {
    const messages = [
      "Please call me",
      "Thank you",
      "Thanks so much",
      "OK see you then",
      "No problem",
      "Running late",
      "Tom is ill today",
      "Tom has a temperature",
      "Tom was sick last night",
      "Amelia has a cough",
      "Amelia is at the dentist",
      "Is there football tonight?",
      "Is there choir tonight?",
      "Is the school open?",
      "Is the trip still on?",
      "When is parents evening?",
      "When is sports day?",
      "When does term end?",
      "What is for homework?",
      "What spellings are there?",
      "Which book should she read?",
      "He lost his jumper",
      "He lost his coat",
      "He forgot his lunch",
      "He forgot his glasses",
      "She forgot her PE kit",
      "She left her bag at school",
      "Grandma collects today",
      "Dad collects today",
      "I will collect at 2",
      "I will collect at 3",
      "Can I book a meeting?",
      "Can I see Mrs Shah?",
      "Can we talk tomorrow?",
      "Can you ring me after 4?",
      "Please send the form",
      "Please send the letter again",
      "Please ring the office",
      "Who is her teacher next year?",
      "Where do we meet?",
      "How much is the trip?",
      "How do I pay?",
      "I have paid",
      "I cannot pay yet",
      "I am very unhappy",
      "I want to complain",
      "Nobody has answered me",
      "Why was he kept in?",
      "Why was she moved?",
      "This is not good enough",
    ];
    const pairs = messages.flatMap((a, index) => messages.slice(index + 1).map((b) => [a, b] as const));
    expect(pairs.filter(([a, b]) => same(a, b))).toEqual([]);
  });
});

describe("fingerprints", () => {
  test("are short, whatever the text", () => {
    expect(fingerprint("Please call me")).toHaveLength(2 + 15);
    expect(fingerprint(`${long}\n`.repeat(1000)).length).toBeLessThan(620);
  });

  test("that another program wrote are like nothing, and break nothing", () => {
    for (const odd of ["x", "3.", ".00000", "3.abc", "3.abcde\n", "a".repeat(100_000)]) {
      expect(nearlySame(odd, odd)).toBe(false);
      expect(nearlySame(odd, fingerprint("Please call me"))).toBe(false);
    }
  });

  const words = fc.array(fc.stringMatching(/^[a-z]{4,9}$/), { minLength: 4, maxLength: 200 });

  test("of a text with words are like themselves, and in both directions alike", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        if (fingerprint(a) !== "") expect(same(a, a)).toBe(true);
        expect(same(a, b)).toBe(same(b, a));
      }),
    );
  });

  test("survive one added word, one left out and one mistyped, wherever it is", () => {
    fc.assert(
      fc.property(words, fc.nat(), fc.stringMatching(/^[a-z]{4,9}$/), (text, place, word) => {
        const at = place % text.length;
        expect(same(text.join(" "), text.toSpliced(at, 0, word).join(" "))).toBe(true);
        if (text.length > 4) expect(same(text.join(" "), text.toSpliced(at, 1).join(" "))).toBe(true);
        const mistyped = text.with(at, (text[at] ?? "").slice(1));
        expect(same(text.join(" "), mistyped.join(" "))).toBe(true);
      }),
    );
  });
});
