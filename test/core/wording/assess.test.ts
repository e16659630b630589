// The structure around words: who is meant, who speaks, and what many mild words come to.
import { describe, expect, test } from "@jest/globals";
import type { Lexicon } from "../../../src/core/types.ts";
import { assess, assessMail } from "../../../src/core/wording/assess.ts";
import { termProblem } from "../../../src/core/wording/term.ts";
import { wordingModel } from "../../../src/policy/wording-model.ts";
import { lexicon as shipped } from "./shipped.ts";

const entry = (category: string, strength: number, ...terms: readonly string[]): Lexicon =>
  terms.map((term) => ({ term, category, strength, language: "en" }));

const lexicon: Lexicon = [
  ...entry("insult", 0.45, "idiot", "moron*", "cow"),
  ...entry("insult", 0.2, "useless", "dreadful", "hopeless", "feeble", "lazy"),
  ...entry("threat", 0.9, "(kill|hurt) you", "watch your back"),
  ...entry("figure", 1, "killing me", "watch your back garden"),
  ...entry("safeguarding", 0.9, "hits me"),
  ...entry("safeguarding", 0.4, "bruise*", "scared"),
  ...entry("complaint", 0.9, "formal complaint"),
  ...entry("complaint-about-head", 0.7, "complaint about the head"),
  ...entry("absence", 0.8, "is poorly"),
];
const judge = (text: string) => assess(text, lexicon);

describe("an insult", () => {
  test.each([
    ["You are an idiot.", "staff"],
    ["you complete and utter idiot", "staff"],
    ["That teacher is an idiot.", "staff"],
    ["Mrs Patel is an idiot.", "staff"],
    ["The idiot teacher lost it.", "staff"],
    ["What morons you are", "staff"],
    ["The mother of that boy is a moron", "pupil"],
    ["That dad is a moron", "parent"],
    ["This school is a moron", "school"],
  ])("aimed at somebody: %s", (text, target) => {
    expect(judge(text)).toMatchObject({ verdict: "abusive", target });
  });

  test.each([
    "I am such an idiot, wrong day!",
    "My son is an idiot sometimes.",
    "We were idiots to believe it, idiot that I am.",
    "Another boy called him an idiot.",
    "He was told 'you're an idiot' in front of the class.",
    '"You idiot", another parent said to me at the gate.',
    "You are not an idiot.",
    "They keep saying that he is an idiot.",
    "He thinks that he is an idiot.",
    "I never said you were an idiot.",
    "Is the word idiot allowed in Scrabble?",
  ])("meant otherwise: %s", (text) => {
    expect(judge(text).verdict).toBe("ok");
  });

  test("the sender's own words are theirs, whatever was said before", () => {
    expect(judge("You said Monday, you idiot.").verdict).toBe("abusive");
    expect(judge("I told you that you are an idiot.").verdict).toBe("abusive");
    expect(judge("You don't care, you idiot.").verdict).toBe("abusive");
  });

  test("many mild words stay mild", () => {
    const judged = judge("The plan is useless, dreadful, hopeless, feeble and lazy. ".repeat(20));
    expect(judged.verdict).toBe("ok");
  });

  test("the same word a hundred times is one sign", () => {
    expect(judge("That is a cow. ".repeat(100)).score).toBe(judge("That is a cow.").score);
  });
});

describe("everything else", () => {
  test("a figure of speech is not meant, and hides nothing beside it", () => {
    expect(judge("Maths is killing me. Watch your back garden.").score).toBe(0);
    expect(judge("This is killing me. I will kill you.").verdict).toBe("abusive");
  });

  test("weak signs of harm add up; a text may be both a disclosure and abuse", () => {
    expect(judge("He has a bruise.").safeguarding).toEqual({ hit: false, score: 0.4 });
    expect(judge("He has a bruise and is scared. He hits me.").safeguarding.hit).toBe(true);
    const both = judge("You idiot. My dad hits me.");
    expect({ verdict: both.verdict, hit: both.safeguarding.hit }).toEqual({ verdict: "abusive", hit: true });
  });

  test("a complaint about the head is never an ordinary one", () => {
    const { mustNotWait } = judge("A formal complaint about the head. Ella is poorly.");
    expect(mustNotWait).toEqual({ hit: true, score: 0.7, kind: "complaint-about-head" });
  });

  test("spans are offsets of the original, in order", () => {
    const text = "😀 Dear Mrs Shah,\n\nÝou are an 𝐢𝐝𝐢𝐨𝐭 and I will k1ll\u200b you.";
    expect(judge(text).spans.map(({ start, end, category }) => [text.slice(start, end), category])).toEqual([
      ["𝐢𝐝𝐢𝐨𝐭", "insult"],
      ["k1ll\u200b you", "threat"],
    ]);
  });

  test("nothing to say of an empty text or an empty lexicon", () => {
    const nothing = {
      verdict: "ok",
      score: 0,
      categories: {},
      target: null,
      safeguarding: { hit: false, score: 0 },
      mustNotWait: { hit: false, score: 0, kind: null },
      spans: [],
    };
    expect(judge("")).toEqual(nothing);
    expect(assess("You idiot", [])).toEqual(nothing);
  });

  test("who somebody is makes no difference", () => {
    const groups =
      "Black, white, gay, lesbian, trans, Muslim, Jewish, Polish, Gypsy, disabled, autistic, deaf";
    for (const group of groups.split(", ")) {
      for (const text of [
        `We are a ${group} family.`,
        `Her new teacher is ${group}.`,
        `I am ${group} and proud.`,
      ]) {
        expect([text, assess(text, shipped).verdict]).toEqual([text, "ok"]);
      }
    }
  });
});

describe("a term that cannot be read", () => {
  test.each([
    ["(a|b", "brackets"],
    ["a|b", "brackets"],
    ["a) b", "brackets"],
    ["smash(ing)", "inside a word"],
    ["<teachers> are", "unknown group"],
    ["... _", "no word"],
    ["(a|)", "no word"],
    ["", "no word"],
    ["!!!", "no word"],
  ])("%j", (term, problem) => {
    expect(termProblem(term)).toContain(problem);
    expect(() => assess("text", entry("insult", 1, term))).toThrow(problem);
  });

  test.each(["a", "(a|b c|) d", "((a|b) c|d) e", "<adult> hits me", "kill* _ ... you"])("%j can", (term) => {
    expect(termProblem(term)).toBeNull();
  });
});

describe("a long text is judged in seconds", () => {
  const judgeLong = (piece: string, length: number) => {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const started = performance.now();
    expect(assess(text, shipped).spans.length).toBeLessThanOrEqual(500);
    return performance.now() - started;
  };

  test("1 MB of prose", () => {
    expect(judgeLong("You are welcome, thank you for all your help. ", 1_048_576)).toBeLessThan(15_000);
  });

  const hostile = [
    "you idiot ",
    "a ",
    "🔪you ",
    "\ufdfa",
    "f*",
    "i will ",
    "'\"",
    "said you ",
    "e\u0301\u0301",
  ];
  test.each(hostile)("128 kB of %j", (piece) => {
    expect(judgeLong(piece, 131_072)).toBeLessThan(5_000);
  });
});

describe("with the trained model", () => {
  const model = wordingModel();
  const mail = (text: string, subject = "") => assessMail(text, subject, shipped, model);

  test.each(["Homework", "PE kit", "Question", "Trip on Thursday"])(
    "a calm subject (%s) hides nothing",
    (subject) => {
      expect(mail("You are useless.", subject).verdict).toBe("abusive");
      expect(mail("My dad hits me and I am scared to go home.", subject).safeguarding.hit).toBe(true);
    },
  );

  test("a subject may say it itself, and its words are marked in the subject", () => {
    const found = mail("See you tomorrow.", "You are a useless idiot");
    expect(found.verdict).toBe("abusive");
    expect(found.spans.some(({ end }) => end > "See you tomorrow.\n\n".length)).toBe(true);
  });

  test("one plain sentence is heard in a long mail, and a talk about it is not", () => {
    const around =
      "The choir sang beautifully on Thursday and the cake sale was a pleasure for us all. ".repeat(12);
    const told = `${around}My dad hits me every night. ${around}`;
    expect(assess(told, lexicon, model).safeguarding.hit).toBe(true);
    expect(assess("The county lines assembly is on Tuesday.", lexicon, model).safeguarding.hit).toBe(false);
  });

  test("names the kind, the target and the words", () => {
    const found = mail("I know where you live. Watch your back in that car park.");
    expect(found).toMatchObject({ verdict: "abusive", target: "staff" });
    expect(Object.keys(found.categories)[0]).toBe("threat");
    expect(found.spans.length).toBeGreaterThan(0);
    for (const { start, end } of found.spans) expect(end).toBeGreaterThan(start);
  });

  test("a language that is not read is never abusive, and says that it was not read", () => {
    const found = mail("Hocam merhaba, oğlum bugün hasta, okula gelmeyecek. Teşekkür ederim, iyi günler.");
    expect(found).toMatchObject({ verdict: "ok", language: null });
  });

  test("one who reads a term of strength 1 in a school's own lexicon needs no model to say so", () => {
    const own = [{ term: "wazzock", category: "insult", strength: 1, language: "en" }];
    expect(assessMail("Tell Mr Carter that he is a wazzock.", "", own, model).verdict).toBe("abusive");
  });

  test.each(["", "   ", "👍", "...", "12345"])("nothing to read in %j: nothing found", (text) => {
    expect(mail(text)).toMatchObject({ verdict: "ok", spans: [], safeguarding: { hit: false } });
  });
});
