// The trained model's file: what it holds, and how it is read and written.
import type { Vocabulary } from "./features.ts";
import { type Network, type NetworkShape, networkBytes, readNetwork, writeNetwork } from "./network.ts";

/** What is judged, in the order of the model's columns. */
export const TASKS = ["abuse", "safeguarding", "mustNotWait"] as const;
export type Task = (typeof TASKS)[number];
/** Which kind of abuse, whom it is aimed at, and what must not wait: the second table's columns. */
export const FINER = ["category", "target", "kind"] as const;
export type Finer = (typeof FINER)[number];

/** Training uses as many bits, so that a feature's number is the same there and here. */
export const FEATURE_BITS = 25;
export const FINER_ROWS = 2 ** 14;
/** The model's table has 2 ** ROW_BITS rows; a feature's row is its lowest bits, and the rest is its check. */
export const ROW_BITS = 18;
export const ROWS = 2 ** ROW_BITS;
/** Weights of whole messages, and of sentences, for each task. */
export const COLUMNS = 6;
/** What an occurrence is worth, and a weight for each column. */
export const ROW_BYTES = 1 + COLUMNS;
/**
 * What each code of a weight stands for, -1 to 1: finer near 0, for most weights are small and many small ones
 * decide together. Times the column's scale it is the weight.
 */
export const DECODED = Float64Array.from({ length: 256 }, (_, code) => {
  const part = (code - 128) / 127;
  return Math.sign(part) * part * part;
});

/** The code that stands for a share of the scale, -1 to 1. */
export function encode(share: number): number {
  const part = Math.sign(share) * Math.sqrt(Math.min(1, Math.abs(share)));
  return 128 + Math.round(part * 127);
}

/** Worth is kept in steps of this size. */
export const WORTH_STEP = 0.05;

/** What stands at the head of the model's file, as JSON. */
export interface ModelHead {
  readonly version: 3;
  /** One line a word: the word, its coarse and its fine group (-1: none), its classes joined by commas. */
  readonly words: string;
  /** One line a phrase: its words, and its classes joined by commas. */
  readonly phrases: string;
  readonly scales: readonly number[];
  readonly biases: readonly number[];
  readonly finer: Readonly<Record<Finer, readonly string[]>>;
  readonly finerScales: readonly number[];
  readonly finerBiases: readonly number[];
  readonly network: NetworkShape;
  /** What one step of a byte of the network stands for. */
  readonly networkScales: { readonly words: number; readonly runs: number };
  /** For each task: the weights of the evidence (see `evidenceOf`), then the constant: log-odds. */
  readonly stack: readonly (readonly number[])[];
  /** From which probability on. */
  readonly thresholds: {
    readonly abusive: number;
    readonly unsure: number;
    readonly safeguarding: number;
    readonly mustNotWait: number;
  };
}

export interface Model {
  readonly head: ModelHead;
  /** Which feature has each row: its check plus one, 0 for none. Apart from the weights, so that a miss is cheap. */
  readonly checks: Uint8Array;
  /** For each row what an occurrence is worth, then a code for each column. */
  readonly rows: Uint8Array;
  readonly finerWeights: Int8Array;
  readonly network: Network;
  readonly vocabulary: Vocabulary;
}

const MAGIC = "ABW1";
const HEAD_AT = 8;

/** Throws an Error when the bytes are no model of this version. */
export function readModel(bytes: Uint8Array): Model {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isModel = bytes.length > HEAD_AT && new TextDecoder().decode(bytes.subarray(0, 4)) === MAGIC;
  const headLength = isModel ? view.getUint32(4, true) : 0;
  if (!isModel || HEAD_AT + headLength > bytes.length)
    throw new Error("The wording model is not one of this version: make it with npm run train.");
  const head = readHead(bytes.subarray(HEAD_AT, HEAD_AT + headLength));
  const tableAt = HEAD_AT + headLength;
  const rowsAt = tableAt + ROWS;
  const finerAt = rowsAt + ROWS * ROW_BYTES;
  const columns = FINER.reduce((sum, name) => sum + head.finer[name].length, 0);
  const networkAt = finerAt + FINER_ROWS * columns;
  if (bytes.length !== networkAt + networkBytes(head.network))
    throw new Error("The wording model is cut short or of another version: make it with npm run train.");
  return {
    head,
    checks: bytes.subarray(tableAt, rowsAt),
    rows: bytes.subarray(rowsAt, finerAt),
    finerWeights: new Int8Array(bytes.buffer, bytes.byteOffset + finerAt, FINER_ROWS * columns),
    network: readNetwork(head.network, head.networkScales, bytes.subarray(networkAt)),
    vocabulary: readVocabulary(head),
  };
}

function readHead(json: Uint8Array): ModelHead {
  let head: ModelHead | null = null;
  try {
    head = JSON.parse(new TextDecoder().decode(json)) as ModelHead | null;
  } catch {
    // Said below: a head that is no JSON is as unreadable as one of another version.
  }
  if (head?.version !== 3 || !isWhole(head))
    throw new Error("The wording model is of another version or damaged: make it with npm run train.");
  return head;
}

/** Damage in the head would show much later, as odds that are no numbers. */
function isWhole({ words, phrases, finer, network, networkScales }: Partial<ModelHead>): boolean {
  const lines = words === "" ? 0 : words?.split("\n").length;
  return (
    typeof phrases === "string" &&
    FINER.every((name) => Array.isArray(finer?.[name])) &&
    Array.isArray(network?.widths) &&
    network.words === lines &&
    typeof networkScales?.words === "number" &&
    typeof networkScales.runs === "number"
  );
}

/** The bytes that `readModel` reads. */
export function writeModel(
  head: ModelHead,
  checks: Uint8Array,
  rows: Uint8Array,
  finer: Int8Array,
  network: Network,
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  const finerBytes = new Uint8Array(finer.buffer, finer.byteOffset, finer.byteLength);
  const parts = [
    new TextEncoder().encode(MAGIC),
    length,
    json,
    checks,
    rows,
    finerBytes,
    writeNetwork(network),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function readVocabulary(head: Pick<ModelHead, "words" | "phrases">): Vocabulary {
  const lines = head.words === "" ? [] : head.words.split("\n");
  const rows = new Map<string, number>();
  for (let row = 0; row < lines.length; row++) {
    const line = lines[row] as string;
    rows.set(line.slice(0, line.indexOf(" ")), row);
  }
  const phraseLines = head.phrases === "" ? [] : head.phrases.split("\n");
  const byFirst = new Map<string, string[]>();
  for (const line of phraseLines) {
    const first = line.slice(0, line.indexOf(" "));
    const known = byFirst.get(first);
    if (known) known.push(line);
    else byFirst.set(first, [line]);
  }
  return {
    has: (word) => rows.has(word),
    entry: (word) => {
      const row = rows.get(word);
      if (row === undefined) return;
      const [, coarse, fine, classes = ""] = (lines[row] as string).split(" ");
      const tags = classes === "" ? [] : classes.split(",").map(Number);
      return { row, coarse: Number(coarse), fine: Number(fine), tags };
    },
    phrases: (first) =>
      (byFirst.get(first) ?? []).flatMap((line) => {
        const [text = "", classes = ""] = line.split("\t");
        return classes.split(",").map((tag) => ({ words: text.split(" "), tag: Number(tag) }));
      }),
  };
}
