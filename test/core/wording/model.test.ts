// The model's file is read back as it was written or refused, and what it judges never depends on what came before.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { noFeatures, readWord, relations } from "../../../src/core/wording/features.ts";
import {
  evidenceOf,
  finer,
  finerFeatures,
  judge,
  MOST_FINER_TOKENS,
  probability,
  weightsOf,
} from "../../../src/core/wording/judge.ts";
import {
  COLUMNS,
  DECODED,
  encode,
  FEATURE_BITS,
  FINER_ROWS,
  type Model,
  type ModelHead,
  ROW_BITS,
  ROW_BYTES,
  ROWS,
  readModel,
  readVocabulary,
  TASKS,
  writeModel,
} from "../../../src/core/wording/model.ts";
import type { Network, NetworkShape } from "../../../src/core/wording/network.ts";
import { normalise } from "../../../src/core/wording/normalise.ts";

const MASK = 2 ** FEATURE_BITS - 1;
const FILTERS = 12;
/** Hears "grim" (row 4 of the words) as a risk, and nothing else. */
const shape: NetworkShape = {
  dimensions: 2,
  filters: FILTERS,
  widths: [1, 3],
  words: 5,
  runs: 4,
  classes: 3,
  heads: 1,
  outputs: TASKS.length + 1,
};
/** Zeros but for some numbers. */
const only = (length: number, numbers: Readonly<Record<number, number>>): Float32Array =>
  Float32Array.from({ length }, (_, index) => numbers[index] ?? 0);
const network: Network = {
  shape,
  words: Int8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0]),
  wordScale: 0.01,
  // Runs and classes are heard by the last output only.
  runs: Int8Array.from([0, -20, 0, 50, 0, 15, 0, 25]),
  runScale: 0.01,
  classes: Float32Array.from([0, 0.2, 0, 0.1, 0, -0.2, 0, 0.3]),
  kernel: only(2 * 4 * FILTERS, { 0: 2, [4 * FILTERS + 1]: 1 }),
  bias: new Float32Array(2 * FILTERS),
  attention: new Float32Array(2 * FILTERS),
  output: only((TASKS.length + 1) * 4 * FILTERS, { [4 * FILTERS]: 1, [3 * 4 * FILTERS + 1]: 1 }),
  outputBias: Float32Array.from([0, -1, 0, 0.5]),
};
const head: ModelHead = {
  version: 3,
  words: "idiot 3 7 0\nmoron 3 8 0\ncar -1 -1 1\nteacher 4 -1 \ngrim -1 -1 ",
  phrases: "watch your back\t1,2",
  scales: Array<number>(COLUMNS).fill(12.7),
  biases: [-0.5, -0.4, -0.3, -0.2, -0.1, 0],
  finer: { category: ["threat", "insult"], target: ["staff", "pupil"], kind: ["absence"] },
  finerScales: [1, 1, 1, 1, 1],
  finerBiases: [0, 0, 0, 0, 0],
  network: shape,
  networkScales: { words: 0.01, runs: 0.01 },
  stack: TASKS.map((_, task) => [...Array<number>(3 * TASKS.length + 1 + 3).fill(task === 0 ? 1 : 0.5), -1]),
  thresholds: { abusive: 0.8, unsure: 0.4, safeguarding: 0.5, mustNotWait: 0.5 },
};
const vocabulary = readVocabulary(head);
const word = (form: string) => readWord(form, vocabulary, MASK);

/** A model that has learnt of one word that it is abuse, and an insult, and of two words together that they are a threat. */
function tinyBytes(): Uint8Array {
  const checks = new Uint8Array(ROWS);
  const rows = new Uint8Array(ROWS * ROW_BYTES);
  const learn = (feature: number, weights: readonly number[]) => {
    const row = feature & (ROWS - 1);
    checks[row] = (feature >>> ROW_BITS) + 1;
    rows[row * ROW_BYTES] = 40;
    rows.set(
      weights.map((weight) => encode(weight / 127)),
      row * ROW_BYTES + 1,
    );
  };
  learn(word("idiot").alone[0] ?? 0, [100, 0, 0, 120, 0, 0]);
  const pair = noFeatures();
  relations([word("your"), word("car")], MASK, pair);
  for (let at = 0; at < pair.count; at++)
    if (pair.first[at] === 0 && pair.last[at] === 1) learn(pair.feature[at] ?? 0, [10, 0, 0, 10, 0, 0]);
  learn(word("lovely").alone[0] ?? 0, [-90, -20, -20, -90, -20, -20]);
  const finerTable = new Int8Array(FINER_ROWS * 5);
  finerFeatures([word("idiot")], (row) => finerTable.set([-40, 40, 20, -20, 0], row * 5));
  return writeModel(head, checks, rows, finerTable, network);
}
const bytes = tinyBytes();
const fresh = (): Model => readModel(bytes);
/** What was judged, without where the network keeps its words. */
function say(text: string, model: Model) {
  const { spoken, ...judged } = judge(normalise(text), model);
  expect(spoken).toHaveLength(normalise(text).length);
  return judged;
}

/** Plain letters only, so that each is a word of its own. */
const oddWord = (number: number): string =>
  Array.from({ length: 5 }, (_, place) => "bcdfghjklm".charAt(Math.floor(number / 10 ** place) % 10)).join(
    "",
  );
const oddWords = (count: number): string => Array.from({ length: count }, (_, at) => oddWord(at)).join(" ");

describe("the file", () => {
  test("is read back as it was written", () => {
    const model = fresh();
    expect(model.head).toEqual(head);
    const again = writeModel(model.head, model.checks, model.rows, model.finerWeights, model.network);
    // Compared as a whole: byte by byte takes the test seconds.
    expect(Buffer.compare(again, bytes)).toBe(0);
    expect(model.vocabulary.entry("moron")).toEqual(vocabulary.entry("moron"));
  });

  test("may lie anywhere in its buffer", () => {
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 13);
    const model = readModel(larger.subarray(13, 13 + bytes.length));
    expect(say("You idiot", model)).toEqual(say("You idiot", fresh()));
    expect(say("It is grim", readModel(Buffer.from(larger).subarray(13, 13 + bytes.length)))).toEqual(
      say("It is grim", fresh()),
    );
  });

  test("its vocabulary: groups, classes and phrases, and nothing where it says nothing", () => {
    expect(["idiot", "moron", "car", "teacher", "grim", "gate"].map(vocabulary.entry)).toEqual([
      { row: 0, coarse: 3, fine: 7, tags: [0] },
      { row: 1, coarse: 3, fine: 8, tags: [0] },
      { row: 2, coarse: -1, fine: -1, tags: [1] },
      { row: 3, coarse: 4, fine: -1, tags: [] },
      { row: 4, coarse: -1, fine: -1, tags: [] },
      undefined,
    ]);
    expect([vocabulary.has("car"), vocabulary.has("gate")]).toEqual([true, false]);
    expect(vocabulary.phrases("watch")).toEqual([
      { words: ["watch", "your", "back"], tag: 1 },
      { words: ["watch", "your", "back"], tag: 2 },
    ]);
    expect(vocabulary.phrases("your")).toEqual([]);
    expect(readVocabulary({ words: "", phrases: "" }).has("")).toBe(false);
  });

  const sentence = /^The wording model is [^.]+: make it with npm run train\.$/;
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);

  test.each([
    ["empty", new Uint8Array(0)],
    ["three bytes", bytes.slice(0, 3)],
    ["its first eight bytes", bytes.slice(0, 8)],
    ["cut in its head", bytes.slice(0, 8 + Math.floor(headLength / 2))],
    ["cut after its head", bytes.slice(0, 8 + headLength)],
    ["cut in its table", bytes.slice(0, 1_000_000)],
    ["without its last byte", bytes.slice(0, -1)],
    ["with a byte too many", longer(bytes)],
    ["a text", new TextEncoder().encode("This is not a model at all.\n".repeat(1000))],
    ["a head longer than the file", changed(4, 0xff, 0xff, 0xff, 0xff)],
    ["of another name", changed(0, 0x41, 0x42, 0x57, 0x39)],
  ])("%s: refused in one sentence", (_, wrong) => {
    expect(() => readModel(wrong)).toThrow(sentence);
  });

  test.each([
    ["another version", { version: 4 }],
    ["no network", { network: {} }],
    ["no scales", { networkScales: null }],
    ["a word more than it has vectors", { words: "" }],
    ["no phrases", { phrases: 7 }],
  ])("%s: refused in one sentence", (_, wrong) => {
    const text = JSON.stringify({ ...head, ...wrong }).padEnd(headLength);
    expect(() => readModel(changed(8, ...new TextEncoder().encode(text)))).toThrow(sentence);
  });

  test("the one that is shipped is read, and is at most 8 MB", () => {
    const shipped = readFileSync("src/core/wording/weights.bin");
    expect(shipped.length).toBeLessThanOrEqual(8_000_000);
    expect(readModel(shipped).vocabulary.has("teacher")).toBe(true);
  });
});

function longer(of: Uint8Array): Uint8Array {
  const more = new Uint8Array(of.length + 1);
  more.set(of);
  return more;
}

function changed(at: number, ...to: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(to, at);
  return copy;
}

test("a weight's code stands for it nearly, the nearer the smaller it is, and never for more than the scale", () => {
  for (const share of [-1, -0.5, -0.01, 0, 0.0004, 0.1, 0.7, 1])
    expect(Math.abs((DECODED[encode(share)] ?? 9) - share)).toBeLessThanOrEqual(
      0.0001 + 0.009 * Math.sqrt(Math.abs(share)),
    );
  expect([DECODED[encode(0)], DECODED[encode(7)], DECODED[encode(-7)]]).toEqual([0, 1, -1]);
});

describe("judging", () => {
  test("a word that was learnt weighs for its task and for no other", () => {
    const model = fresh();
    const [abuse = 0, safeguarding = 0, urgent = 0] = say("You idiot", model).whole;
    const [calm = 0, calmSafeguarding = 0, calmUrgent = 0] = say("You there", model).whole;
    expect(abuse).toBeGreaterThan(calm + 1);
    expect([safeguarding, urgent]).toEqual([calmSafeguarding, calmUrgent]);
  });

  test("two words weigh together that weigh nothing apart", () => {
    const model = fresh();
    const of = (text: string) => say(text, model).whole[0] ?? 0;
    expect(of("your car")).toBeGreaterThan(of("your gate") + 0.5);
    expect(of("your gate")).toBe(of("the gate"));
  });

  test("among kind words the sentence that is not stays the strongest, and is named", () => {
    const text = "What a lovely trip. Lovely lunch too. You are an idiot. Lovely weather. A lovely day.";
    const tokens = normalise(text);
    const { strongest, whole, where } = judge(tokens, fresh());
    expect(strongest[0]).toBeGreaterThan(whole[0] ?? 0);
    const [from, to] = where[0] ?? [0, 0];
    expect(tokens.slice(from, to).map(({ forms }) => forms[0])).toContain("idiot");
    expect(to - from).toBeLessThan(tokens.length);
  });

  test("no words: the biases alone", () => {
    expect(judge([], fresh())).toEqual({
      whole: [-0.5, -0.4, -0.3],
      strongest: [-0.2, -0.1, 0],
      where: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      heard: [0, -1, 0, 0.5],
      lengths: [1, [1, 1, 1]],
      spoken: [],
    });
  });

  test("the words that carry it are those that were learnt", () => {
    const tokens = normalise("Tell the idiot that the bus was late");
    const model = fresh();
    const spoken = weightsOf(tokens, judge(tokens, model), "abuse", model);
    const heaviest = tokens[spoken.indexOf(Math.max(...spoken))];
    expect(heaviest?.forms[0]).toBe("idiot");
    const harmless = weightsOf(tokens, judge(tokens, model), "safeguarding", model);
    expect(harmless.every((one) => Math.abs(one) < 1e-9)).toBe(true);
  });

  test("what only the network hears is heard, and marked", () => {
    const model = fresh();
    const tokens = normalise("Things are grim at home");
    const judged = judge(tokens, model);
    expect(judged.heard[1]).toBeCloseTo(1, 5);
    expect(say("Things are fine at home", model).heard[1]).toBeCloseTo(-1, 5);
    const spoken = weightsOf(tokens, judged, "safeguarding", model);
    expect(tokens[spoken.indexOf(Math.max(...spoken))]?.forms[0]).toBe("grim");
  });

  test("in a text of a thousand words too", () => {
    const model = fresh();
    const tokens = normalise(`${"the gate ".repeat(450)} grim ${"the bus ".repeat(50)}`);
    const judged = judge(tokens, model);
    expect(judged.heard[1]).toBeCloseTo(1, 5);
    expect(weightsOf(tokens, judged, "safeguarding", model)[900]).toBeGreaterThan(0.5);
  });
});

describe("what came before changes nothing", () => {
  const texts = [
    "You idiot. Watch your back.",
    "your car 💀 is on my drive",
    "",
    "Lovely, thank you!",
    'It is grim, and "grim" is what he said. Watch your back.',
    "0 12 345",
  ];

  test("the same text is judged the same however often", () => {
    const model = fresh();
    const first = texts.map((text) => say(text, model));
    for (let round = 0; round < 3; round++) expect(texts.map((text) => say(text, model))).toEqual(first);
    expect([...texts].reverse().map((text) => say(text, model))).toEqual([...first].reverse());
  });

  test("as by a model that has read nothing else", () => {
    const model = fresh();
    say(`${texts.join(". ")}. `.repeat(50), model);
    for (const text of texts) expect(say(text, model)).toEqual(say(text, fresh()));
  });

  test("after fifty thousand odd words too: more than are remembered", () => {
    const model = fresh();
    const before = texts.map((text) => say(text, model));
    const flood = normalise(oddWords(50_000));
    expect(new Set(flood.map(({ forms }) => forms[0])).size).toBeGreaterThan(45_000);
    judge(flood, model);
    expect(texts.map((text) => say(text, model))).toEqual(before);
  });
});

describe("probabilities", () => {
  test("add up the evidence in its order", () => {
    const lengths = [1, [1, 1, 1]] as const;
    const judged = { whole: [1, 2, 3], strongest: [4, 5, 6], where: [], heard: [7, 8], lengths, spoken: [] };
    expect(evidenceOf(judged, [9, 10])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(probability([1, 2], [0.5, -0.25, 0])).toBe(0.5);
    expect(probability([1], [2, -1])).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(probability([], [0])).toBe(0.5);
  });
});

describe("finer answers", () => {
  test("each question's chances add up to one, the likeliest first", () => {
    const answers = finer(normalise("You idiot"), fresh());
    expect(answers.category[0]?.[0]).toBe("insult");
    expect(answers.target[0]?.[0]).toBe("staff");
    expect(answers.kind).toEqual([["absence", 1]]);
    for (const list of Object.values(answers)) {
      expect(list.reduce((sum, [, chance]) => sum + chance, 0)).toBeCloseTo(1, 12);
      expect(list.map(([, chance]) => chance)).toEqual(
        list.map(([, chance]) => chance).sort((a, b) => b - a),
      );
    }
  });

  test("no words: all are equally likely", () => {
    expect(finer([], fresh()).category.map(([, chance]) => chance)).toEqual([0.5, 0.5]);
  });

  test("what stands far behind is not read any more", () => {
    const many = normalise("the gate ".repeat(MOST_FINER_TOKENS / 2));
    expect(many).toHaveLength(MOST_FINER_TOKENS);
    const [late] = normalise("idiot");
    if (!late) throw new Error("A word is a word.");
    expect(finer([...many, late], fresh())).toEqual(finer(many, fresh()));
    expect(finer([late, ...many], fresh())).not.toEqual(finer(many, fresh()));
  });
});
