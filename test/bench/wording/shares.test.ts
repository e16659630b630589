// The counting behind the figures, against values worked out by hand or printed in textbooks.
import { expect, test } from "@jest/globals";
import { calibration, median, recallAt, share } from "../../../bench/wording/shares.ts";

test("Wilson's interval of 81 of 263 is Newcombe's", () => {
  const { low, high } = share(81, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
});

test("none of 20 is not certainly none, and nothing of nothing is no share", () => {
  expect(share(0, 20)).toMatchObject({ share: 0, low: 0 });
  expect(share(0, 20).high).toBeCloseTo(0.1611, 4);
  expect(share(0, 0)).toEqual({ hits: 0, of: 0, share: null, low: null, high: null });
});

test("recall at a share of false alarms never goes over it", () => {
  const negatives = Array.from({ length: 100 }, (_, at) => at / 100);
  const { recall, falseAlarms, above } = recallAt([0.99, 0.965, 0.96, 0.5], negatives, 0.03);
  expect(falseAlarms.hits).toBe(3);
  expect(above).toBe(0.96);
  expect(recall.hits).toBe(2);
});

test("equal scores fall together, so that false alarms stay within bounds", () => {
  const { recall, falseAlarms } = recallAt([1, 1, 0.9], [1, 1, 1, 0.2], 0.5);
  expect(falseAlarms.hits).toBe(0);
  expect(recall.hits).toBe(0);
});

test("without messages to alarm about, all are found", () => {
  expect(recallAt([0.2, 0], [], 0.03).recall.hits).toBe(2);
});

test("calibration: one who says 0.8 and is right four times of five is calibrated", () => {
  const said = (score: number, is: boolean) => ({ score, is });
  const right = calibration([true, true, true, true, false].map((is) => said(0.8, is)));
  expect(right.expectedError).toBeCloseTo(0, 9);
  expect(right.brier).toBeCloseTo(0.16, 9);
  const sure = calibration([said(1, true), said(1, false)]);
  expect(sure.expectedError).toBeCloseTo(0.5, 9);
  expect(sure.bins[9]).toMatchObject({ count: 2, predicted: 1, observed: 0.5 });
});

test("the median of rounds is one of them", () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([])).toBe(0);
});
