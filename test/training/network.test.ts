// The network learns what no single word tells, the same every time, and is heard as it was trained.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { listener, place } from "../../src/core/wording/listener.ts";
import { type NetworkShape, readNetwork, writeNetwork } from "../../src/core/wording/network.ts";
import {
  type NetworkTask,
  type Sample,
  shipped,
  trainNetwork,
  type Variant,
} from "../../training/network.ts";
import { trainAtOnce } from "../../training/network-pool.ts";
import { random } from "../../training/random.ts";

const shape: NetworkShape = {
  dimensions: 8,
  filters: 4,
  widths: [1, 3, 5],
  words: 6,
  runs: 8,
  classes: 2,
  heads: 1,
  outputs: 2,
};
const none = new Int32Array(0);
// Words 0 and 1 are harmless apart; 2 to 5 mean nothing; the last stands for 1 between quotation marks.
const QUOTED = 6;
const variants: readonly Variant[] = [
  ...Array.from({ length: 6 }, (_, row) => ({ row, runs: Int32Array.from([row]), classes: none })),
  { row: 1, runs: Int32Array.from([1]), classes: Int32Array.from([shape.classes]) },
];
const next = random(5);
const fill = (): number => 2 + Math.floor(next() * 4);
const sample = (words: readonly number[], label: number): Sample => ({
  words: Int32Array.from(words),
  labels: Int8Array.from([label, -1]),
  weight: 1,
});
/** "0 1" side by side is a yes; each alone, "1 0", and "0" before a quoted 1 are none. */
const samples = Array.from({ length: 150 }, () => [
  sample([fill(), 0, 1, fill(), fill()], 1),
  sample([fill(), 0, 1], 1),
  sample([fill(), 1, 0, fill(), fill()], 0),
  sample([fill(), 0, fill(), fill(), 1], 0),
  sample([fill(), 0, QUOTED, fill()], 0),
  sample([fill(), fill(), fill(), 1], 0),
]).flat();
const vectors = Float32Array.from({ length: 7 * shape.dimensions }, () => next() - 0.5);
const task: NetworkTask = { shape, variants, samples, vectors, passes: 30, seed: 3 };
const words = variants.map(({ row, runs, classes }) =>
  place({ row, runs: Array.from(runs), classes: Array.from(classes) }),
);
const spoken = (list: readonly number[]) =>
  list.map((one) => ({ word: words[one] ?? place({ row: -1, runs: [], classes: [] }), more: [] }));

describe("learning", () => {
  const losses: number[] = [];
  const network = shipped(
    shape,
    trainNetwork(task, (loss) => losses.push(loss)),
  );
  const hear = listener(network);
  const odds = (...list: readonly number[]): number => hear.hears(spoken(list))[0] ?? 0;

  test("two words side by side, in their order, and not what is quoted", () => {
    expect(odds(2, 0, 1, 3)).toBeGreaterThan(1);
    expect(odds(5, 4, 0, 1)).toBeGreaterThan(1);
    const harmless = [
      [2, 1, 0, 3],
      [2, 0, 4, 5, 1],
      [3, 0, QUOTED, 2],
      [4, 5, 1],
      [4, 5],
    ];
    expect(harmless.map((list) => odds(...list)).filter((one) => one >= 0)).toEqual([]);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  });

  test("the words that brought it are those", () => {
    const brought = hear.brought(spoken([2, 3, 4, 0, 1, 5, 2, 3]), 0);
    const most = brought.indexOf(Math.max(...brought));
    expect([3, 4]).toContain(most);
    expect(hear.brought([], 0)).toHaveLength(0);
  });

  test("an output of which nothing is said is left where it was", () => {
    expect(network.outputBias[1]).toBe(0);
  });

  test("what stands in a long text is heard as well as in a short one", () => {
    const filler = Array.from({ length: 1000 }, fill);
    expect(odds(...filler)).toBeLessThan(0);
    expect(odds(...filler.slice(0, 700), 0, 1, ...filler.slice(700))).toBeGreaterThan(0);
  });

  test("classes that a phrase adds count as the word's own", () => {
    const [plain] = spoken([1]);
    const quoted = [
      ...spoken([3, 0]),
      { word: plain?.word ?? words[1], more: [shape.classes] },
      ...spoken([2]),
    ];
    expect(hear.hears(quoted as ReturnType<typeof spoken>)[0]).toBeCloseTo(odds(3, 0, QUOTED, 2), 4);
  });

  test("the file gives back the same network", () => {
    const again = readNetwork(
      shape,
      { words: network.wordScale, runs: network.runScale },
      writeNetwork(network),
    );
    expect(listener(again).hears(spoken([2, 0, 1, 3]))).toEqual(hear.hears(spoken([2, 0, 1, 3])));
  });

  test("no words: the constants", () => {
    expect(Array.from(hear.hears([]))).toEqual(Array.from(network.outputBias));
  });
});

test("the same seed gives the same numbers, on however many threads", async () => {
  const small = { ...task, samples: samples.slice(0, 120), passes: 2 };
  const said: number[] = [];
  const [one, two, other] = await trainAtOnce([small, small, { ...small, seed: 4 }], (at) => said.push(at));
  expect(one).toEqual(trainNetwork(small));
  expect(two).toEqual(one);
  expect(other?.output).not.toEqual(one?.output);
  expect(said.sort()).toEqual([0, 0, 1, 1, 2, 2]);
});

test("filters that the inner loops cannot read are refused", () => {
  expect(() => trainNetwork({ ...task, shape: { ...shape, filters: 3 } })).toThrow("twelves");
  const network = shipped(shape, trainNetwork({ ...task, passes: 0 }));
  expect(() => listener({ ...network, shape: { ...shape, filters: 3 } })).toThrow("fours");
});

test("texts without words teach nothing, and end nothing", () => {
  const empty: Sample = { words: none, labels: Int8Array.from([1, -1]), weight: 1 };
  expect(trainNetwork({ ...task, samples: [empty], passes: 1 }).outputBias).toEqual(new Float32Array(2));
});

test("the bytes of the inner loops are those of their texts", () => {
  execFileSync(process.execPath, ["bin/assemble.mjs", "--check"]);
});
