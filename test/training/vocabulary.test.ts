// Classes of words are read as they are written, and groups of words are the same every time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type Embeddings, group, readTags } from "../../training/vocabulary.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-tags-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("classes of words", () => {
  writeFileSync(
    join(folder, "b.txt"),
    "# What comes: later\nvehicle: car, van,  Minibus ,car\n\nplace: gate, car  park, van\nno class here\n: lost\n",
  );
  writeFileSync(join(folder, "a.txt"), "weather: rain, snow\n");
  writeFileSync(join(folder, "notes.md"), "other: rain\n");
  const tags = readTags(folder);

  test("in the order of the files, without remarks and lines without a class", () => {
    expect(tags.names).toEqual(["weather", "vehicle", "place"]);
  });

  test("entries in small letters with single spaces; a word may be in several, in each but once", () => {
    expect(Object.fromEntries(tags.entries)).toEqual({
      rain: [0],
      snow: [0],
      car: [1],
      van: [1, 2],
      minibus: [1],
      gate: [2],
      "car park": [2],
    });
  });

  test("those that are shipped: names of their own, and none is empty", () => {
    const shipped = readTags("training/tags");
    expect(shipped.names.length).toBeGreaterThan(100);
    expect(new Set(shipped.names).size).toBe(shipped.names.length);
    const used = new Set([...shipped.entries.values()].flat());
    expect(shipped.names.filter((_, at) => !used.has(at))).toEqual([]);
  });
});

describe("groups of words", () => {
  const directions: readonly (readonly [number, number])[] = [
    [1, 0],
    [0, 1],
    [-1, 0],
  ];
  const words = Array.from({ length: 90 }, (_, at) => `word${at}`);
  /** Three bundles of thirty words; the length of a vector says nothing. */
  const embeddings: Embeddings = {
    words,
    dimensions: 2,
    vectors: Float32Array.from(
      words.flatMap((_, at) => {
        const [x, y] = directions[at % 3] ?? [0, 0];
        const bend = ((at % 7) - 3) / 50;
        return [(x - y * bend) * (1 + at), (y + x * bend) * (1 + at)];
      }),
    ),
  };
  const weights = new Float64Array(words.length).fill(1);

  test("words that are used alike fall together", () => {
    // With more groups than bundles every bundle is met, however the first centres are drawn.
    const groups = group(embeddings, weights, 12, 3);
    const of = (bundle: number) => new Set(words.flatMap((_, at) => (at % 3 === bundle ? [groups[at]] : [])));
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect([...of(one)].filter((number) => of(other).has(number))).toEqual([]);
  });

  test("are the same with the same seed, and numbered from 0", () => {
    const groups = group(embeddings, weights, 5, 3);
    expect(group(embeddings, weights, 5, 3)).toEqual(groups);
    expect(groups).toHaveLength(words.length);
    expect(groups.every((number) => number >= 0 && number < 5)).toBe(true);
  });

  test("another seed draws other centres", () => {
    const distinct = new Set([1, 2, 3, 4, 5].map((seed) => group(embeddings, weights, 5, seed).join()));
    expect(distinct.size).toBeGreaterThan(1);
  });

  test("a word without a vector has a group all the same", () => {
    const vectors = embeddings.vectors.slice();
    vectors.fill(0, 0, 2);
    const groups = group({ ...embeddings, vectors }, weights, 5, 3);
    expect(groups[0]).toBeGreaterThanOrEqual(0);
    expect(groups[0]).toBeLessThan(5);
  });
});
