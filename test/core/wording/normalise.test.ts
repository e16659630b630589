// Words read through their disguises, each with its place in the original.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Lexicon } from "../../../src/core/types.ts";
import { find } from "../../../src/core/wording/lexicon.ts";
import { normalise } from "../../../src/core/wording/normalise.ts";

const words = (text: string) => normalise(text).map((token) => token.forms[0]);

const lexicon: Lexicon = ["idiot", "stupid*", "kill you", "fuck", "shit", "cow", "ass", "cock", "cunt"].map(
  (term) => ({ term, category: "insult", strength: 0.5, language: "en" }),
);
const found = (text: string, terms = lexicon) => {
  const { tokens, hits } = find(text, terms);
  return hits.map((hit) => text.slice(tokens[hit.first]?.start, tokens[hit.after - 1]?.end));
};

describe("words", () => {
  test.each([
    ["You're an IDIOT", ["you", "are", "an", "idiot"]],
    ["your an idiot", ["you", "are", "an", "idiot"]],
    ["your book", ["your", "book"]],
    ["u r late", ["you", "are", "late"]],
    ["I’m gonna", ["i", "am", "going", "to"]],
    ["don't won't can't", ["do", "not", "will", "not", "can", "not"]],
    ["Mum's boyfriend", ["mum", "boyfriend"]],
    ["he's ill", ["he", "is", "ill"]],
    ["Łódź Ŵyn façade", ["lodz", "wyn", "facade"]],
    ["ｆｕｌｌ 𝐛𝐨𝐥𝐝 ⓡⓞⓤⓝⓓ 🅱🅾🆇", ["full", "bold", "round", "box"]],
    ["іdіоt ехаmрlе", ["idiot", "example"]],
    ["id\u00adi\u200bot", ["idiot"]],
    ["self-harm", ["self", "harm"]],
    ["🔪 now", ["🔪", "now"]],
    ["👍🏽", ["👍"]],
    ["13km on the 3rd", ["13km", "on", "the", "3rd"]],
    ["", []],
    ["!!! ... ???", []],
  ])("%j is read as %j", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test("sentences end at full stops, not at titles, ellipses or commas", () => {
    const numbers = (text: string) => normalise(text).map((token) => token.sentence);
    expect(numbers("Hello Mrs. Shah... how are you? Fine, thanks.")).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
  });

  test("what stands in quotation marks is known, apostrophes are none", () => {
    const quoted = (text: string) =>
      normalise(text)
        .filter((token) => token.quoted)
        .map((token) => token.forms[0]);
    expect(quoted('He said "you idiot" to me')).toEqual(["you", "idiot"]);
    expect(quoted("he was told 'you fat pig', isn't it the parents' fault")).toEqual(["you", "fat", "pig"]);
    expect(quoted("He said “go home” twice")).toEqual(["go", "home"]);
  });

  test("every token lies in the text, in order (any text)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        let last = 0;
        for (const { start, end } of normalise(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("disguised words are found, at their place in the original", () => {
  test.each([
    ["you IDIOT!", "IDIOT"],
    ["you 1d10t", "1d10t"],
    ["stuuuupid", "stuuuupid"],
    ["iiiidiot", "iiiidiot"],
    ["an i d i o t here", "i d i o t"],
    ["an i.d.i.o.t. here", "i.d.i.o.t"],
    ["an i-d-i-o-t here", "i-d-i-o-t"],
    ["k i l l   y o u", "k i l l   y o u"],
    ["i will k i l l y o u", "k i l l y o u"],
    ["k1ll u", "k1ll u"],
    ["f*ck this", "f*ck"],
    ["f**k this", "f**k"],
    ["what the f***", "f***"],
    ["sh!t", "sh!t"],
    ["**shit**", "shit"],
    ["c@nt and c**t", "c@nt"],
    ["a$$", "a$$"],
    ["ідіот", null],
    ["іdіоt", "іdіоt"],
    ["😀 id\u200biot", "id\u200biot"],
    ["i\u0301di\u0301ot", "i\u0301di\u0301ot"],
    ["stupidity", "stupidity"],
  ])("%j", (text, expected) => {
    expect(found(text)[0] ?? null).toBe(expected);
  });

  test.each([
    "Scunthorpe",
    "Sussex",
    "assess the class assignment",
    "cockerel and cockpit",
    "Penistone",
    "shitake",
    "Cowley",
    "skill you",
    "the idiotic",
    "c. u. n. today",
    "**** ** *",
    "A B C D E",
    "P E kit and I C T",
    "note* and 5* stars**",
    "assassin",
    "shiitake",
  ])("%j holds none", (text) => {
    expect(found(text)).toEqual([]);
  });

  test("phrases are whole words anywhere in a sentence, and do not cross its end", () => {
    const phrases = ["friend request", "sent you (a|one) snap*", "wants ... follow you"].map((term) => ({
      term,
      category: "words",
      strength: 1,
      language: "en",
    }));
    const at = (text: string) => found(text, phrases);
    expect(at("A Friend-Request!")).toEqual(["Friend-Request"]);
    expect(at("Sam sent you a Snapchat")).toEqual(["sent you a Snapchat"]);
    expect(at("Sam wants very much to follow you")).toEqual(["wants very much to follow you"]);
    expect(at("a friend. Request it")).toEqual([]);
    expect(at("wants one two three four five six follow you")).toEqual([]);
  });
});
