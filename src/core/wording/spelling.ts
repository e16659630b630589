// The forms that one written word may stand for: leetspeak, stretched letters, masked letters, contractions.

const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "+": "t",
  "|": "l",
  "€": "e",
};

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    im: "i am",
    ive: "i have",
    youre: "you are",
    youve: "you have",
    youll: "you will",
    theyre: "they are",
    theyll: "they will",
    hes: "he is",
    shes: "she is",
    thats: "that is",
    whats: "what is",
    whos: "who is",
    dont: "do not",
    doesnt: "does not",
    didnt: "did not",
    cant: "can not",
    cannot: "can not",
    wont: "will not",
    isnt: "is not",
    arent: "are not",
    wasnt: "was not",
    werent: "were not",
    couldnt: "could not",
    shouldnt: "should not",
    wouldnt: "would not",
    hasnt: "has not",
    havent: "have not",
    hadnt: "had not",
    gonna: "going to",
    gunna: "going to",
    wanna: "want to",
    gotta: "got to",
    u: "you",
    ya: "you",
    yous: "you",
    youse: "you",
    ur: "your",
    r: "are",
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
    aint: "is not",
  }),
);

const SUFFIXES: readonly (readonly [string, string])[] = [
  ["n't", " not"],
  ["'ll", " will"],
  ["'re", " are"],
  ["'ve", " have"],
  ["'m", " am"],
  ["'d", " would"],
];
const IS_AFTER = new Set(["he", "she", "it", "that", "what", "who", "there", "here", "where", "how", "this"]);

/** The words that a contraction stands for ("you're" → you, are); a word that is none stands for itself. */
export function expandContraction(word: string): readonly string[] {
  const short = SHORT.get(word);
  if (short) return short.split(" ");
  if (!word.includes("'")) return [word];
  for (const [ending, meaning] of SUFFIXES) {
    if (word.endsWith(ending) && word.length > ending.length)
      return `${word.slice(0, -ending.length)}${meaning}`.split(" ");
  }
  if (word.endsWith("'s")) {
    const stem = word.slice(0, -2);
    return IS_AFTER.has(stem) ? [stem, "is"] : [stem];
  }
  return [word.replaceAll("'", "")];
}

/** A longer run of letters is no word: nothing in a lexicon can match it. */
const LONGEST = 48;
const MASK = /[@$!*#%+|]/g;

/**
 * Every form in which a lexicon may know `word`, the likeliest first; at most a dozen. A form with `*` in it
 * is masked: each star stands for one unknown letter.
 */
export function forms(word: string): readonly string[] {
  const found = new Set<string>();
  for (const form of unleeted(word)) {
    for (const shape of unstretched(form)) {
      if (shape.length > 0 && shape.length <= LONGEST) found.add(shape);
    }
  }
  return [...found].slice(0, 12);
}

/** "13km", "3rd", "4B": one letter says too little. */
const QUANTITY = /^\d{2,}|^\d+(?:st|nd|rd|th|am|pm|km|kg|mb|gb|hrs?|yrs?|mins?)$|^\d*\p{L}\d*$/u;

function unleeted(word: string): readonly string[] {
  if (!/[^\p{L}\p{N}]/u.test(word) && !(/\d/.test(word) && /\p{L}/u.test(word))) return [word];
  const shapes: string[] = [];
  const isPlain = !/[^\p{L}\p{N}]/u.test(word);
  if (isPlain && QUANTITY.test(word)) return [word];
  const read = [...word].map((char) => LEET[char] ?? char).join("");
  if (!/[^\p{L}\p{N}]/u.test(read)) {
    shapes.push(read);
    if (word.includes("1")) shapes.push([...word].map((c) => (c === "1" ? "l" : (LEET[c] ?? c))).join(""));
  }
  if (isPlain) shapes.push(word);
  const trailing = word.replace(/\d+$/, "");
  if (trailing !== word && /^\p{L}+$/u.test(trailing)) shapes.push(trailing);
  const masked = word.replace(MASK, "*");
  if (masked !== word || word.includes("*")) shapes.push(masked);
  const bare = word.replace(/\*+$/, "");
  if (bare !== word && /^\p{L}+$/u.test(bare)) shapes.push(bare);
  return shapes;
}

/** "stuuupid" → stupid, stuupid; each run of three or more may have been one letter or two. */
function unstretched(word: string): readonly string[] {
  if (word.includes("*")) return [word];
  if (!/(\p{L})\1\1|uu|ii/u.test(word)) return [word];
  let shapes: readonly string[] = [""];
  let runs = 0;
  for (const match of word.matchAll(/(.)\1*/gsu)) {
    const [run, letter = ""] = match;
    const stretched = run.length >= 3 || run === "uu" || run === "ii";
    if (!stretched || !/\p{L}/u.test(letter)) shapes = shapes.map((shape) => shape + run.slice(0, LONGEST));
    else if (runs++ < 3) shapes = shapes.flatMap((shape) => [shape + letter, shape + letter + letter]);
    else shapes = shapes.map((shape) => shape + letter);
    if ((shapes[0]?.length ?? 0) > LONGEST) return [];
  }
  return shapes;
}

const MARK = /\p{M}/u;
const readBefore = new Map<string, readonly (readonly string[])[]>();
/** Hostile text may hold any number of words. */
const MOST_READ = 40_000;

/** For each word that `written` stands for, its forms: "you're" → [[you], [are]]. */
export function readings(written: string): readonly (readonly string[])[] {
  const known = readBefore.get(written);
  if (known) return known;
  // Scripts with vowel signs know no leetspeak.
  const read = expandContraction(written).map((part) => (MARK.test(part) ? [part] : forms(part)));
  if (readBefore.size >= MOST_READ) readBefore.clear();
  readBefore.set(written, read);
  return read;
}
