// Takes out of a text who it is about: names that the school knows, addresses, numbers, links.
// What is left is still personal data to whoever knows the story: it hides a name, not the person.

/** A name is exchanged with or without accents, in any capitals; these words only when they begin with one. */
const alsoWords = new Set(
  (
    "amber art ash autumn baker bell best bill black blue bright brook brown butler carol case chance church clay cliff coal cook " +
    "crystal daisy dale dawn day drew early eve faith field fish fox frank free gale gay gene ginger glen good grace gray " +
    "green grey guy hall harmony harry hazel heath heather hill holly hope horn hunter iris ivy jack jay jean jewel joy king lance " +
    "lane lily little long love mark marsh mason may mercy miles miller money moon moss nick olive page pat patience peace " +
    "pearl penny pepper piper pond pope poppy price queen rain ray read reed rich rob robin rock rose ruby rusty sage sandy say " +
    "sharp shore short sky smart snow sonny star stone storm strong sue summer tanner taylor turner violet wade walker " +
    "ward water way weaver west white will winter wise wood woods wren wright young"
  ).split(" "),
);

/** Parts of what a school writes into a field for names that name nobody. */
const nobody = new Set(
  (
    "mr mrs ms miss mx dr prof rev sir lady mum mam mummy dad daddy parent parents carer guardian family the and of for " +
    "from in at to a an my your his her our is it st saint school primary secondary academy college high junior infant " +
    "infants nursery reception year class form tutor group office reception head headteacher teacher deputy staff admin governor " +
    "governors team church england ce rc catholic community house support assistant van de la le al el bin ibn"
  ).split(" "),
);

function fold(word: string): string {
  return word
    .normalize("NFKD")
    .replaceAll(/\p{M}|['’ʼ]/gu, "")
    .toLowerCase()
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss");
}

const wordPattern = /[\p{L}\p{M}]+(?:['’ʼ][\p{L}\p{M}]+)*/gu;

/** The words of names by which people are known: "Leo Delgado-Ruiz (3B)" gives leo, delgado and ruiz. */
function nameWords(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names) {
    // "3B", "Year 4": a class is not a name.
    for (const [word] of name.replaceAll(/\w*\d\w*/g, " ").matchAll(wordPattern)) {
      const folded = fold(word);
      if (folded.length > 1 && !nobody.has(folded)) found.add(folded);
    }
  }
  return found;
}

const NAME = "NAME";

/** "leo", "Leo’s", "LEO", and "leos" for whom has no apostrophe at hand. */
function withoutName(word: string, names: ReadonlySet<string>): string {
  const [, base = word, ending = ""] = /^(.+?)(['’ʼ][sS])?$/u.exec(word) ?? [];
  const isNamed = (folded: string) => names.has(folded) && (!alsoWords.has(folded) || /^\p{Lu}/u.test(base));
  const folded = fold(base);
  if (isNamed(folded)) return `${NAME}${ending}`;
  const unmarked = folded.length > 3 && folded.endsWith("s") ? folded.slice(0, -1) : "";
  return unmarked !== "" && !alsoWords.has(unmarked) && names.has(unmarked) ? `${NAME}s` : word;
}

// Every quantifier is bounded, so that no text takes longer than its length asks.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(?:https?:\/\/|www\.)\S{1,2000}/giu, "LINK"],
  [/[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255}/gu, "EMAIL"],
  [
    /\b(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|uk|wales|scot|info|io|me|example)\b(?:\/\S{0,2000})?/giu,
    "LINK",
  ],
  // https://www.gov.uk/hmrc-internal-manuals/… : outward and inward code, with or without a space
  [/\b[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}\b/giu, "POSTCODE"],
  [/\b[A-Z]{2}\d{2} ?[A-Z]{3}\b/gu, "PLATE"],
  [
    /(?:\b(?:flat |no\.? ?)?\d{1,4}[a-z]? )?(?:\p{Lu}[\p{L}'’]{1,30} ){1,3}(?:Road|Street|Lane|Avenue|Close|Drive|Court|Crescent|Terrace|Gardens|Grove|Rd|Ave)\b/gu,
    "ADDRESS",
  ],
];

/** Six digits or more, however they are grouped; a date such as 2026-11-20 and an amount are none. */
const digitsPattern = /\+?\(?\d(?:[ ().-]{0,2}\d){5,19}/g;
const datePattern = /^(?:\d{4}-\d{2}-\d{2}|\d{1,2}[.-]\d{1,2}[.-]\d{2,4})$/;

const titled = /\b(Mr|Mrs|Ms|Mx|Dr)(\.? {1,2})\p{L}[\p{L}\p{M}'’-]{0,40}/giu;
const titledByCapital = /\b([Mm]iss|MISS|[Ss]ir|Madam)( {1,2})\p{Lu}[\p{L}\p{M}'’-]{1,40}/gu;
const relative =
  /\b((?:[Ss]on|[Dd]aughter|[Cc]hild|[Bb]oy|[Gg]irl|[Bb]rother|[Ss]ister|[Ll]ad|[Tt]win|[Hh]usband|[Ww]ife|[Pp]artner),? )\p{Lu}\p{Ll}[\p{L}\p{M}'’-]{0,40}/gu;
const signOff =
  /((?:^|\n)[^\n]{0,40}(?:regards|thanks|thank you|sincerely|faithfully|wishes|cheers|ta),?\s{0,4}\n\s{0,4})(?:\p{Lu}[\p{L}\p{M}'’-]{0,40}\.?[ \t]{0,3}){1,4}(?=\n|$)/giu;
const repeated = /\bNAME(?:[ -]NAME)+\b/g;

/**
 * Makes a function that puts placeholders (NAME, EMAIL, PHONE, LINK, POSTCODE, ADDRESS, PLATE) in the place of what
 * tells people apart.
 * @param known names as the school wrote them: of contacts, pupils and staff; "Mrs A. Shah", "Leo (3B), Mia (1A)"
 */
export function anonymiser(known: readonly string[]): (text: string) => string {
  const names = nameWords(known);
  return (text) => {
    const plain = patterns.reduce(
      (before, [pattern, placeholder]) => before.replaceAll(pattern, placeholder),
      text,
    );
    return plain
      .replaceAll(digitsPattern, (found) => (datePattern.test(found) ? found : "PHONE"))
      .replaceAll(wordPattern, (word) => withoutName(word, names))
      .replaceAll(titled, `$1$2${NAME}`)
      .replaceAll(titledByCapital, `$1$2${NAME}`)
      .replaceAll(relative, `$1${NAME}`)
      .replaceAll(signOff, `$1${NAME}`)
      .replaceAll(repeated, NAME);
  };
}
