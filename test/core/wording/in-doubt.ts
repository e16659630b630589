// A message of which the shipped judge is unsure, and which is nothing else: another after each training.
import { assess } from "../../../src/core/wording/assess.ts";
import { wordingModel } from "../../../src/policy/wording-model.ts";
import { lexicon } from "./shipped.ts";

/** People would be unsure of these too. */
const candidates = [
  "Honestly, what do you do all day?",
  "You think you are better than us.",
  "You never cared about these children.",
  "What a joke you are.",
  "Do you people ever listen?",
  "I hope you are proud of yourself.",
  "You clearly have no idea what you are doing.",
  "Who do you think you are?",
  "Do you enjoy upsetting children?",
  "You lot are a joke.",
  "I see you are too important to answer.",
  "You should all take a long look at yourselves.",
];

let found: string | undefined;

export function inDoubt(): string {
  found ??= doubtful();
  return found;
}

function doubtful(): string {
  const model = wordingModel();
  const { abusive, unsure } = model.head.thresholds;
  const middle = (abusive + unsure) / 2;
  const found = candidates
    .map((text) => ({ text, heard: assess(text, lexicon, model) }))
    .filter(({ heard }) => heard.verdict === "unsure" && !heard.safeguarding.hit && !heard.mustNotWait.hit)
    .sort((a, b) => Math.abs(a.heard.score - middle) - Math.abs(b.heard.score - middle));
  const [best] = found;
  if (!best) throw new Error("The judge is unsure of none of these: think of others.");
  return best.text;
}
