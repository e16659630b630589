// Other languages than English: words whole in every script, what is heard in them, and which are not read.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { assess } from "../../../src/core/wording/assess.ts";
import { fold } from "../../../src/core/wording/fold.ts";
import { languageOf } from "../../../src/core/wording/language.ts";
import { normalise } from "../../../src/core/wording/normalise.ts";
import { allWords, parseTerm } from "../../../src/core/wording/term.ts";
import { lexicon } from "./shipped.ts";

const kind = z.enum(["abuse", "safeguarding", "must-not-wait", "none"]);
const messages = z
  .record(z.string(), z.record(kind, z.array(z.string())))
  .parse(parse(readFileSync("test/core/wording/languages.yaml", "utf8")));
const rows = Object.entries(messages).flatMap(([language, byKind]) =>
  Object.entries(byKind).flatMap(([expected, texts]) => texts.map((text) => ({ language, expected, text }))),
);

describe("what is heard", () => {
  test.each(rows)("$language, $expected: $text", ({ expected, text }) => {
    const { verdict, safeguarding, mustNotWait } = assess(text, lexicon);
    if (expected === "abuse") expect(verdict).toBe("abusive");
    if (expected === "safeguarding") expect(safeguarding.hit).toBe(true);
    if (expected === "must-not-wait") expect(mustNotWait.hit).toBe(true);
    if (expected === "none") {
      const heard = { verdict, disclosure: safeguarding.hit, kind: mustNotWait.kind };
      expect(heard).toEqual({ verdict: "ok", disclosure: false, kind: null });
    }
  });

  test.each(Object.entries(messages))("%s has a dozen messages and sixty words", (language, byKind) => {
    expect(Object.values(byKind).flat().length).toBeGreaterThanOrEqual(12);
    const terms = lexicon.filter((entry) => entry.language === language);
    const words = new Set(terms.flatMap((entry) => allWords(parseTerm(entry.term))));
    expect(words.size).toBeGreaterThanOrEqual(60);
  });
});

describe("words in every script", () => {
  const words = (text: string) => normalise(text).map((token) => token.forms[0]);

  test.each([
    ["ਮੈਨੂੰ ਮਾਰਦਾ ਹੈ", ["ਮੈਨੂੰ", "ਮਾਰਦਾ", "ਹੈ"]],
    ["ਮਾ\u200dਰਦਾ", ["ਮਾਰਦਾ"]],
    ["আমাকে মারে", ["আমাকে", "মারে"]],
    ["தமிழ் மொழி", ["தமிழ்", "மொழி".normalize("NFD")]],
    ["مُحَمَّد مـحمد", ["محمد", "محمد"]],
    ["شָלום שָׁלוֹם", ["شלום", "שלום"]],
    ["Сука йде ёлка", ["сука", "иде", "елка"]],
    ["ελληνικά", ["ελληνικα"]],
    ["іdіоt сосk ехаmрlе а", ["idiot", "cock", "example", "a"]],
    ["і\u200bdіоt", ["idiot"]],
    ["k\u0A3Cill k\u0E31ill e\u0301", ["kill", "kill", "e"]],
  ])("%j", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test("kinds of ye, kaf and he are one letter", () => {
    expect(words("كلمة علي")).toEqual(words("کلمہ علی"));
  });

  test("danda and Arabic marks end a sentence", () => {
    expect(normalise("আমি। তুমি").map((token) => token.sentence)).toEqual([0, 1]);
    expect(normalise("میں۔ کیا؟ ہاں").map((token) => token.sentence)).toEqual([0, 1, 2]);
  });

  test.each(["сl ", "Привіт ", "с", "ਮਾ", "\u0A3C", "e\u0301\u0301"])(
    "a megabyte of %j is folded in seconds",
    (piece) => {
      const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
      const started = performance.now();
      expect(fold(text).from.length).toBeLessThanOrEqual(text.length);
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});

describe("which language", () => {
  const wrong = rows.filter(({ language, text }) => {
    const found = languageOf(text);
    if (found === language) return false;
    // Close kin, and another script or language on purpose in the list.
    const near: Readonly<Record<string, readonly string[]>> = {
      uk: ["ru"],
      pa: ["ur"],
      "pa-Latn": ["ur-Latn"],
      "ur-Latn": ["pa-Latn"],
      ar: ["en"],
    };
    return !near[language]?.includes(found ?? "");
  });

  test("the messages of languages.yaml, nine in ten", () => {
    expect(wrong.length).toBeLessThanOrEqual(rows.length / 10);
  });

  test.each([
    ["en", "Hi"],
    ["en", ""],
    ["en", "123 😀"],
    ["en", "Ella Kowalczyk 4B"],
    ["en", "y0u are a fck1ng tw@t"],
    ["en", "Please can you tell me what time the trip is back tomorrow"],
    ["en", "u r a joke"],
    ["ru", "Здравствуйте, мой сын сегодня не придёт, он болеет"],
    [null, "Merhaba hocam, oğlum bugün okula gelmeyecek çünkü çok hasta"],
    [null, "Wiilkayga maanta ma imaan doono iskuulka waa jiran yahay"],
    [null, "Laba diena, mano sūnus šiandien serga ir negalės būti mokykloje"],
    [null, "Bom dia, o meu filho está doente e não vai à escola hoje"],
    [null, "你好，我的儿子今天生病了，不能来学校"],
    [null, "வணக்கம், என் மகன் இன்று பள்ளிக்கு வரமாட்டான்"],
    [null, "Buenos días, mi hijo está enfermo hoy y no va a la escuela"],
    [null, "سلام، پسرم امروز به مدرسه نمی آید، او مریض است"],
    [null, "Здравейте, синът ми днес няма да дойде на училище, защото е болен"],
    [null, "Xin chào cô, hôm nay con tôi bị ốm không đi học được"],
    [null, "Γεια σας, ο γιος μου είναι άρρωστος σήμερα"],
    [null, "नमस्ते, मेरा बेटा आज स्कूल नहीं आएगा"],
  ])("%s: %s", (expected, text) => {
    expect(languageOf(text)).toBe(expected);
    expect(languageOf(normalise(text))).toBe(expected);
  });
});
