// The linear classifier learns what can be learnt from a handful of rows, and the same every time.
import { describe, expect, test } from "@jest/globals";
import { type Examples, scores, train } from "../../training/linear.ts";
import { random, shuffle } from "../../training/random.ts";

/** Each example as the list of its rows. */
function examplesOf(lists: readonly (readonly number[])[]): Examples {
  const ends = lists.map((_, at) => lists.slice(0, at + 1).flat().length);
  return {
    rows: Int32Array.from(lists.flat()),
    start: lists.map((list, at) => (ends[at] ?? 0) - list.length),
    end: ends,
    scale: Float64Array.from(lists, (list) => 1 / Math.sqrt(Math.max(1, list.length))),
  };
}
const ones = (length: number) => new Float32Array(length).fill(1);
const costs = (length: number, cost = 4) => new Float64Array(length).fill(cost);
const options = { passes: 100, seed: 7 };

// Row 0 decides; 1 to 3 are met in both.
const lists = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [2, 3],
  [3, 1],
];
const labels = Int8Array.from([1, 1, 1, -1, -1, -1]);

describe("learning", () => {
  test("tells apart what one row tells apart", () => {
    const examples = examplesOf(lists);
    const model = train(examples, ones(4), labels, costs(6), options);
    const found = scores(examples, ones(4), model);
    expect(Array.from(found, Math.sign)).toEqual([...labels]);
    expect(model.weights[0]).toBeGreaterThan(Math.max(...model.weights.slice(1)));
  });

  test("is the same with the same seed", () => {
    const again = () => train(examplesOf(lists), ones(4), labels, costs(6), options);
    expect(again()).toEqual(again());
  });

  test("what costs nothing is not learnt from", () => {
    const cost = costs(6).fill(0, 0, 3);
    const { weights, bias } = train(examplesOf(lists), ones(4), labels, cost, options);
    expect(weights[0]).toBe(0);
    expect(bias).toBeLessThan(0);
  });

  test("of two answers to one question the dearer wins", () => {
    const examples = examplesOf([[0], [0]]);
    const answer = (cost: readonly number[]) =>
      scores(
        examples,
        ones(1),
        train(examples, ones(1), Int8Array.from([1, -1]), Float64Array.from(cost), options),
      );
    expect(answer([9, 1])[0]).toBeGreaterThan(0);
    expect(answer([1, 9])[0]).toBeLessThan(0);
  });

  test("the weights are those of the dual: the best on a problem with a known answer", () => {
    // One example, label 1, row worth 1, cost c: the loss w²/2 + b²/2 + c (1 - w - b)² is least at w = b = 2c / (1 + 4c).
    const examples = examplesOf([[0]]);
    const { weights, bias } = train(examples, ones(1), Int8Array.of(1), Float64Array.of(1), options);
    expect(weights[0]).toBeCloseTo(0.4, 3);
    expect(bias).toBeCloseTo(0.4, 3);
  });

  test("a row that occurs twice counts twice, and learning still comes to rest", () => {
    const examples = examplesOf([
      [0, 0],
      [1, 1],
    ]);
    const model = train(examples, ones(2), Int8Array.from([1, -1]), costs(2), options);
    const found = scores(examples, ones(2), model);
    expect(found[0]).toBeGreaterThan(0.5);
    expect(found[1]).toBeLessThan(-0.5);
    expect(found[0]).toBeLessThan(1.01);
  });

  test("an empty example has the bias as its score", () => {
    const examples = examplesOf([[0], []]);
    const model = train(examples, ones(1), Int8Array.from([1, -1]), costs(2), options);
    expect(scores(examples, ones(1), model)[1]).toBe(model.bias);
  });

  test("nothing to learn from gives a model that says nothing", () => {
    expect(train(examplesOf([]), ones(2), new Int8Array(0), costs(0), options)).toEqual({
      weights: new Float32Array(2),
      bias: 0,
    });
  });
});

describe("chance", () => {
  test("a seed gives one row of numbers in [0, 1), another seed another", () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, random(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).every((one) => one >= 0 && one < 1)).toBe(true);
    expect(draw(1).reduce((sum, one) => sum + one, 0) / 1000).toBeCloseTo(0.5, 1);
  });

  test("shuffling loses nothing", () => {
    const list = Array.from({ length: 100 }, (_, at) => at);
    const shuffled = [...list];
    shuffle(shuffled, random(1));
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
  });
});
