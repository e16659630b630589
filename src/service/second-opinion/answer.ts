// What was answered: read strictly, since a model may say anything. What does not fit is no answer.
import { z } from "zod";
import type { SecondOpinion } from "../../core/types.ts";

const longestSentence = 300;

/** The part of a chat completion that counts. */
const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

const judgement = z.object({
  verdict: z.enum(["abusive", "ok", "unsure"]),
  category: z.string().nullish(),
  because: z.string().trim().min(1),
});

/** A model without json_schema may think aloud first, or put its JSON between fences. */
function onlyJson(content: string): string {
  const thought = content.lastIndexOf("</think>");
  const said = thought === -1 ? content : content.slice(thought + "</think>".length);
  // From the first brace to the last: two objects, one of them quoted from the message, do not parse.
  return said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1);
}

function oneLine(sentence: string): string {
  const line = sentence.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > longestSentence
    ? `${line.slice(0, longestSentence - 1).toWellFormed()}…`
    : line.toWellFormed();
}

/**
 * @param body what the endpoint sent
 * @param categories what abuse may be called
 * @returns null when it is no judgement in the agreed form
 */
export function readAnswer(
  body: string,
  categories: ReadonlySet<string>,
): Pick<SecondOpinion, "verdict" | "category" | "because"> | null {
  try {
    const [choice] = completion.parse(JSON.parse(body)).choices;
    const { verdict, category, because } = judgement.parse(
      JSON.parse(onlyJson(choice?.message.content ?? "")),
    );
    const sentence = oneLine(because);
    if (sentence === "") return null;
    if (verdict !== "abusive") return { verdict, category: null, because: sentence };
    const name = category?.trim().toLowerCase() ?? "";
    return categories.has(name) ? { verdict, category: name, because: sentence } : null;
  } catch {
    return null;
  }
}
