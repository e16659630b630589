// What the model sees: alike where words are alike, bounded for hostile text, and each feature knows its words.
import { describe, expect, test } from "@jest/globals";
import {
  type Entry,
  type Features,
  hashOf,
  modelWord,
  neighbours,
  noFeatures,
  readWord,
  relations,
  sentencesOf,
  type Vocabulary,
  type Word,
} from "../../../src/core/wording/features.ts";
import { normalise } from "../../../src/core/wording/normalise.ts";

const MASK = 2 ** 26 - 1;
const NOTHING: Vocabulary = { has: () => false, entry: () => undefined, phrases: () => [] };
const VEHICLE = 1;
const MENACE = 2;
const entries = new Map<string, Entry>([
  ["car", { row: 0, coarse: 5, fine: 8, tags: [VEHICLE] }],
  ["van", { row: 1, coarse: 5, fine: 9, tags: [VEHICLE] }],
  ["gate", { row: 2, coarse: 6, fine: -1, tags: [] }],
  ["many", { row: 3, coarse: -1, fine: -1, tags: Array.from({ length: 50 }, (_, at) => at + 10) }],
]);
const vocabulary: Vocabulary = {
  has: (word) => entries.has(word),
  entry: (word) => entries.get(word),
  phrases: (first) => (first === "watch" ? [{ words: ["watch", "your", "back"], tag: MENACE }] : []),
};
const read = (form: string): Word => readWord(form, vocabulary, MASK);
const words = (text: string): readonly Word[] => text.split(" ").map(read);

function related(
  of: readonly Word[],
  to: Features = noFeatures(),
): readonly (readonly [number, number, number])[] {
  relations(of, MASK, to);
  return Array.from({ length: to.count }, (_, at) => [
    to.feature[at] ?? -1,
    to.first[at] ?? -1,
    to.last[at] ?? -1,
  ]);
}
const features = (text: string): ReadonlySet<number> =>
  new Set(related(words(text)).map(([feature]) => feature));
const shared = (one: string, other: string): number =>
  [...features(one)].filter((feature) => features(other).has(feature)).length;

describe("hashes", () => {
  test("are the same everywhere: a trained model is worth nothing without them", () => {
    expect(hashOf("school", 1)).toBe(394339154);
  });

  test("differ by letter, order and seed", () => {
    const hashes = [
      hashOf("gate", 1),
      hashOf("gates", 1),
      hashOf("tage", 1),
      hashOf("gate", 2),
      hashOf("", 1),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe("a word", () => {
  test("numbers are all alike, and a long word is cut", () => {
    expect(modelWord("2026")).toBe(modelWord("7"));
    expect(modelWord("2b")).toBe("2b");
    expect(modelWord("a".repeat(400))).toHaveLength(24);
  });

  test("shares with a word of its group what the group has, and no more", () => {
    const [car, van, gate] = [read("car"), read("van"), read("gate")];
    expect(car.coarse).toBe(van.coarse);
    expect(car.coarse).not.toBe(gate.coarse);
    expect(car.fine).not.toBe(van.fine);
    expect(car.tags).toEqual(van.tags);
    expect(car.classes).toEqual([VEHICLE]);
    expect(gate.tags).toEqual([]);
    expect(car.word).not.toBe(van.word);
  });

  test("that nobody knows stands for itself", () => {
    const odd = read("zzyzx");
    expect([odd.coarse, odd.fine]).toEqual([odd.word, odd.word]);
    expect(odd.phrases).toBeNull();
  });

  test("shares runs of letters with its misspelling", () => {
    const alone = (form: string) => new Set(readWord(form, NOTHING, MASK).alone);
    const right = alone("disgraceful");
    const alike = [...alone("disgracefull")].filter((row) => right.has(row)).length;
    expect(alike).toBeGreaterThan(right.size / 2);
    expect([...alone("minibus")].filter((row) => right.has(row)).length).toBeLessThan(5);
  });

  test("has rows within the mask, whatever it is", () => {
    for (const form of ["", "a", "car", "0", "💀", "ß", "كتاب", "\ud800", "x".repeat(1000), "many"]) {
      const { alone } = readWord(form, vocabulary, 1023);
      expect(Array.from(alone).every((row) => row >= 0 && row <= 1023)).toBe(true);
      expect(alone.length).toBeLessThan(120);
    }
  });

  test("has no more than six classes", () => {
    expect(read("many").tags).toHaveLength(6);
  });
});

describe("words beside each other", () => {
  test("order matters", () => {
    expect(shared("you hit him", "you hit him")).toBe(features("you hit him").size);
    expect(shared("you hit him", "him hit you")).toBeLessThan(features("you hit him").size / 4);
  });

  test("what is said of a car is partly said of a van", () => {
    expect(shared("your car", "your van")).toBeGreaterThan(shared("your car", "your gate"));
  });

  test("a few words between two leave something in common", () => {
    expect(shared("car one two van", "van six ten car")).toBeGreaterThan(
      shared("gate one two van", "van six ten gate"),
    );
    expect(shared("car one two three four van", "car six seven van")).toBe(
      shared("car one two three four gate", "car six seven gate"),
    );
  });

  test("a phrase has its class only as a whole", () => {
    const menace = (text: string) => features(text).size - features(text.replace("watch", "wotch")).size;
    expect(menace("watch your back")).toBeGreaterThan(0);
    expect(menace("watch your bag")).toBe(0);
    expect(menace("watch your")).toBe(0);
  });

  test("an emoji does not part what stands on its two sides", () => {
    const plain = features("you utter car");
    const withEmoji = related(words("you 💀 utter 💀 car 💀"));
    expect(new Set(withEmoji.map(([feature]) => feature))).toEqual(plain);
    expect(new Set(withEmoji.flatMap(([, first, last]) => [first, last]))).toEqual(new Set([0, 2, 4]));
    expect(related(words("💀 💀"))).toEqual([]);
  });

  test("each feature names words of the sentence, the first before the last", () => {
    for (const [, first, last] of related(words("watch your back by the car many many gate"))) {
      expect(first).toBeGreaterThanOrEqual(0);
      expect(last).toBeLessThan(9);
      expect(first).toBeLessThanOrEqual(last);
    }
  });

  test("neighbours give the pair, and every two of their classes", () => {
    const emitted = (one: string, other: string) => {
      const list: number[] = [];
      neighbours(read(one), read(other), (feature) => list.push(feature));
      return list;
    };
    expect(emitted("the", "gate")).toHaveLength(1);
    expect(emitted("car", "van")).toHaveLength(2);
    expect(emitted("many", "many")).toHaveLength(37);
    expect(emitted("car", "van")).not.toEqual(emitted("van", "car"));
  });
});

describe("the place to work in", () => {
  test("is emptied each time and grows as needed", () => {
    const kept = noFeatures();
    const room = kept.feature.length;
    const short = related(words("watch your back"), kept);
    related(words("many ".repeat(200).trim()), kept);
    expect(kept.feature.length).toBeGreaterThan(room);
    expect([kept.first.length, kept.last.length]).toEqual([kept.feature.length, kept.feature.length]);
    expect(related(words("watch your back"), kept)).toEqual(short);
  });

  test("twice the words are no more than twice the work, and each word's is bounded", () => {
    const count = (length: number) => related(Array<Word>(length).fill(read("many"))).length;
    const perWord = (count(800) - count(400)) / 400;
    expect(count(1600) - count(800)).toBe(800 * perWord);
    // Six classes with six of each of the six words before, and a few dozen more.
    expect(perWord).toBeLessThan(300);
  });
});

describe("sentences", () => {
  const cut = (text: string, longest?: number) => sentencesOf(normalise(text), longest);

  test("are ranges that leave no word out", () => {
    const tokens = normalise("Hello there. Who collects today? My nan does");
    const ranges = sentencesOf(tokens);
    expect(ranges.length).toBe(3);
    expect(ranges.flatMap(([from, to]) => tokens.slice(from, to))).toEqual(tokens);
  });

  test("one without an end is cut", () => {
    const ranges = cut("word ".repeat(100));
    expect(ranges).toEqual([
      [0, 40],
      [40, 80],
      [80, 100],
    ]);
    expect(cut("word ".repeat(5), 2)).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
  });

  test("no words, no sentences", () => {
    expect(cut("")).toEqual([]);
    expect(cut(" … \n ")).toEqual([]);
  });
});
