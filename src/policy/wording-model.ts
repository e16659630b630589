// The trained model of wording, read once: it is part of the program, as the code is.
import { readFileSync } from "node:fs";
import { type Model, readModel } from "../core/wording/model.ts";

const file = new URL("../core/wording/weights.bin", import.meta.url);
let model: Model | undefined;

/** Throws an Error in one sentence when the file is missing or of another version. */
export function wordingModel(): Model {
  model ??= readModel(readWeights());
  return model;
}

function readWeights(): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new Error(
      "src/core/wording/weights.bin cannot be read: fetch the program again, or run npm run train.",
    );
  }
}
