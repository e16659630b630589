// What the attributes of HTML mail say: hidden, quoted by this or that mail program, a line of its own.
import { decodeEntities } from "./entities.ts";

const NAMES = ["class", "id", "style", "type", "alt"] as const;
const PATTERNS = new Map(
  NAMES.map((name) => [name, new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i")]),
);

/** In lower case; "" when absent. */
function attribute(attributes: string, name: (typeof NAMES)[number]): string {
  if (attributes === "") return "";
  const match = PATTERNS.get(name)?.exec(attributes);
  return decodeEntities(match?.[1] ?? match?.[2] ?? match?.[3] ?? "").toLowerCase();
}
const style = (attributes: string): string => attribute(attributes, "style").replace(/\s+/g, "");

export function isHidden(attributes: string): boolean {
  return (
    attributes !== "" &&
    (/(?:^|;)(?:display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|;|!|$))/.test(
      style(attributes),
    ) ||
      /\shidden(?:\s|=|$)/i.test(attributes))
  );
}

/** A blockquote without a border is how Gmail and Outlook indent the sender's own words. */
export function isQuote(tag: string, attributes: string): boolean {
  const marks = `${attribute(attributes, "class")} ${attribute(attributes, "id")} ${attribute(attributes, "type")}`;
  if (tag !== "blockquote") return /\b(?:yahoo_quoted|protonmail_quote)\b/.test(marks);
  return /quote|cite/.test(marks) || !/border:(?:none|0|medium ?none)/.test(style(attributes));
}

/**
 * Outlook quotes whatever follows a divider, without wrapping it.
 * `ahead` gives the HTML behind the tag, from which the divider of a quoted head ("From: … Sent: …") is told.
 */
export function quotesTheRest(tag: string, attributes: string, ahead: () => string): boolean {
  if (tag !== "div" || attributes === "") return false;
  const marks = `${attribute(attributes, "id")} ${attribute(attributes, "class")}`;
  if (/\b(?:divrplyfwdmsg|mail-editor-reference-message-container|outlookmessageheader)\b/.test(marks))
    return true;
  if (!/border-top:solid/.test(style(attributes))) return false;
  const text = decodeEntities(ahead().replace(/<[^<>]*>/g, " "));
  const colon = text.indexOf(":");
  return /^\s*\p{L}[\p{L} ]{0,20}\s?:\s/u.test(text) && text.includes(":", colon + 1);
}

/** Outlook's paragraphs have no margin: they are lines. */
export function isTightParagraph(attributes: string): boolean {
  return /\bmso/.test(attribute(attributes, "class")) || /margin:0/.test(style(attributes));
}

/** Mail programs send an emoji as a picture with the emoji as its alternative text; "" for other pictures. */
export function emoji(attributes: string): string {
  const alternative = attribute(attributes, "alt");
  return alternative.length <= 16 && /\p{Extended_Pictographic}/u.test(alternative) ? alternative : "";
}
