// Finds the name of a contact in a text: "Dana Kowalczyk wants to follow you" (clause 2.4).
import type { Contact } from "./contacts.ts";

const TITLES: ReadonlySet<string> = new Set([
  "mr",
  "mrs",
  "ms",
  "miss",
  "mx",
  "dr",
  "prof",
  "rev",
  "sir",
  "lady",
]);

/** Words without capitals and accents; ł and ß have no decomposition of their own. */
const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss")
    .replaceAll(/['’]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

const nameWords = (name: string): readonly string[] => wordsOf(name).filter((word) => !TITLES.has(word));

/**
 * A search for whole names of two words or more: a first name alone names nobody.
 * @returns the contact's name as the school wrote it, or null
 */
export const nameFinder = (contacts: readonly Contact[]): ((text: string) => string | null) => {
  const byFirst = new Map<string, { readonly words: readonly string[]; readonly name: string }[]>();
  for (const { name } of contacts) {
    const words = nameWords(name);
    const [first] = words;
    if (first === undefined || words.length < 2) continue;
    byFirst.set(first, [...(byFirst.get(first) ?? []), { words, name }]);
  }
  return (text) => {
    const words = wordsOf(text);
    for (const [index, word] of words.entries()) {
      const found = byFirst
        .get(word)
        ?.find((one) => one.words.every((part, at) => words[index + at] === part));
      if (found !== undefined) return found.name;
    }
    return null;
  };
};
