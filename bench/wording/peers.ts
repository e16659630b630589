// The libraries that one would pick instead, each set up as its own page recommends for English.
import { readFileSync } from "node:fs";
import toad from "@2toad/profanity";
import { AllProfanity } from "allprofanity";
import { Filter as BadWords } from "bad-words";
import { Filter as Glin } from "glin-profanity";
import leo from "leo-profanity";
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly isAbusive: (text: string) => boolean;
}

/** Read from the file: some packages do not export their package.json. */
function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}

export function peers(): readonly Peer[] {
  const obscenity = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  const badWords = new BadWords();
  const twoToad = new toad.Profanity();
  const glin = new Glin({ languages: ["english"], detectLeetspeak: true, normalizeUnicode: true });
  // Otherwise it writes to standard output, where the figures go.
  const all = new AllProfanity({ silent: true });
  const checks: readonly (readonly [string, Peer["isAbusive"]])[] = [
    ["obscenity", (text) => obscenity.hasMatch(text)],
    ["bad-words", (text) => badWords.isProfane(text)],
    ["@2toad/profanity", (text) => twoToad.exists(text)],
    ["leo-profanity", (text) => leo.check(text)],
    ["glin-profanity", (text) => glin.isProfane(text)],
    ["allprofanity", (text) => all.check(text)],
  ];
  return checks.map(([name, isAbusive]) => ({ name, version: versionOf(name), isAbusive }));
}
