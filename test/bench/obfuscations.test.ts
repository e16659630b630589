// Each way of hiding words does what its name says, the same in every run, and keeps a message a message.
import { describe, expect, test } from "@jest/globals";
import { LONGEST, OBFUSCATIONS, obfuscate, rangesOf } from "../../bench/obfuscations.ts";

const message = {
  id: "oakhill-1",
  text: "Tell Mr Shah he is a useless idiot and I will be waiting by his car tonight.",
  words: ["useless idiot", "I will be waiting by his car"],
};
const plain = { id: "oakhill-2", text: "Has anybody handed in a blue bottle to lost property?", words: [] };
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/gu;

function hidden(name: string, of = message): string {
  const way = OBFUSCATIONS.find((one) => one.name === name);
  if (!way) throw new Error(`There is no obfuscation "${name}".`);
  return obfuscate(way, of);
}

test("there are ten, each with a name of its own", () => {
  expect(new Set(OBFUSCATIONS.map(({ name }) => name)).size).toBe(10);
});

describe.each(OBFUSCATIONS.map((way) => [way.name, way] as const))("%s", (_, way) => {
  test("changes a text with deciding words and one without", () => {
    expect(obfuscate(way, message)).not.toBe(message.text);
    expect(obfuscate(way, plain)).not.toBe(plain.text);
  });

  test("is the same for the same message", () => {
    expect(obfuscate(way, message)).toBe(obfuscate(way, { ...message }));
  });

  test.each([[message.text], [plain.text], ["a b c ".repeat(500)], ["wow ".repeat(500)], ["wow"]])(
    "keeps its bounds: %#",
    (text) => {
      for (const words of [[], [text]]) {
        const made = obfuscate(way, { id: "oakhill-3", text, words });
        expect(made.length).toBeLessThanOrEqual(text.length * LONGEST.times + LONGEST.more);
        expect(made.length).toBeGreaterThanOrEqual(text.length / 2);
      }
    },
  );

  test.each([[""], ["?"], ["ok"], ["😡😡"], ["नमस्ते जी"]])("takes %p as it comes", (text) => {
    expect(() => obfuscate(way, { id: "oakhill-4", text, words: [text] })).not.toThrow();
    expect(() => obfuscate(way, { id: "oakhill-4", text, words: ["absent"] })).not.toThrow();
  });
});

test("other messages are written with other chances", () => {
  const made = new Set(
    ["a", "b", "c", "d", "e"].map((id) => hidden("Cyrillic and Greek lookalikes", { ...message, id })),
  );
  expect(made.size).toBeGreaterThan(1);
});

describe("what stays", () => {
  test.each(["leetspeak", "stretched letters", "typing mistakes", "letters apart by full stops"])(
    "%s leaves all but the deciding words alone",
    (name) => {
      expect(hidden(name)).toMatch(/^Tell Mr Shah he is a .* and I .* tonight\.$/u);
    },
  );

  test("what nobody sees can be taken out again", () => {
    const made = hidden("invisible characters between letters");
    expect(made.replace(/\p{Default_Ignorable_Code_Point}/gu, "")).toBe(message.text);
  });

  test("letters apart are the same letters in the same order", () => {
    for (const name of ["letters apart by spaces", "letters apart by full stops"])
      expect(hidden(name).replace(/[\s.]/g, "")).toBe(message.text.replace(/[\s.]/g, ""));
  });

  test("emoji are strewn among the same letters, and some words run together", () => {
    const made = hidden("emoji strewn, words run together");
    expect(made.match(EMOJI)).not.toBeNull();
    expect(made).toContain("uselessidiot");
    expect(made.replace(EMOJI, "").replace(/\s/g, "")).toBe(message.text.replace(/\s/g, ""));
  });

  test("every deciding word of three letters or more has its asterisk, others none", () => {
    const stars = hidden("an asterisk for a vowel").match(/\*/g) ?? [];
    // useless, idiot; will, waiting, his, car
    expect(stars).toHaveLength(6);
  });
});

test("deciding words are found in order, and those within another once", () => {
  expect(rangesOf("one two three", ["three", "one two", "two", "four", ""])).toEqual([
    [0, 7],
    [8, 13],
  ]);
});
