// Logistic regression gives probabilities that are as often right as they say.
import { describe, expect, test } from "@jest/globals";
import { logistic } from "../../training/logistic.ts";
import { random } from "../../training/random.ts";

const chance = (input: readonly number[], weights: readonly number[]): number =>
  1 / (1 + Math.exp(-input.reduce((sum, one, at) => sum + one * (weights[at] ?? 0), weights.at(-1) ?? 0)));

describe("what it learns", () => {
  test("the constant alone is the share of yes", () => {
    const weights = logistic([[], [], [], []], [1, 0, 0, 0]);
    expect(weights).toHaveLength(1);
    expect(chance([], weights)).toBeCloseTo(0.25, 4);
  });

  test("a yes-or-no input gives each side its own share", () => {
    const inputs = [...Array<number[]>(40).fill([1]), ...Array<number[]>(40).fill([0])];
    const answers = inputs.map(([input], at) => (at % 40 < (input === 1 ? 30 : 10) ? 1 : 0));
    const weights = logistic(inputs, answers, 1e-6);
    expect(chance([1], weights)).toBeCloseTo(0.75, 3);
    expect(chance([0], weights)).toBeCloseTo(0.25, 3);
  });

  test("weights from which answers were drawn are found again", () => {
    const next = random(5);
    const inputs = Array.from({ length: 4000 }, () => [4 * next() - 2, 4 * next() - 2]);
    const answers = inputs.map((input) => (next() < chance(input, [1.5, -0.8, 0.3]) ? 1 : 0));
    const [first = 0, second = 0, constant = 0] = logistic(inputs, answers);
    expect(first).toBeGreaterThan(1.2);
    expect(first).toBeLessThan(1.8);
    expect(second).toBeGreaterThan(-1.1);
    expect(second).toBeLessThan(-0.5);
    expect(constant).toBeGreaterThan(0.1);
    expect(constant).toBeLessThan(0.5);
  });

  test("predicted chances add up to the number of yes", () => {
    const next = random(9);
    const inputs = Array.from({ length: 500 }, () => [next(), next() * 3]);
    const answers = inputs.map(([first = 0]) => (next() < first ? 1 : 0));
    const weights = logistic(inputs, answers);
    const expected = inputs.reduce((sum, input) => sum + chance(input, weights), 0);
    expect(expected).toBeCloseTo(
      answers.reduce<number>((sum, one) => sum + one, 0),
      1,
    );
  });
});

describe("what must not break it", () => {
  test("answers that an input tells apart wholly leave finite weights", () => {
    const weights = logistic([[-2], [-1], [1], [2]], [0, 0, 1, 1]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(chance([2], weights)).toBeGreaterThan(0.5);
  });

  test("an input that is always the same, or two that are alike", () => {
    const weights = logistic(
      [
        [1, 1, 7],
        [2, 2, 7],
        [3, 3, 7],
        [4, 4, 7],
      ],
      [0, 1, 0, 1],
    );
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights[0]).toBeCloseTo(weights[1] ?? 0, 6);
  });

  test("the same input gives the same weights", () => {
    const inputs = [[0.1], [0.9], [0.4], [0.8]];
    expect(logistic(inputs, [0, 1, 1, 0])).toEqual(logistic(inputs, [0, 1, 1, 0]));
  });
});
