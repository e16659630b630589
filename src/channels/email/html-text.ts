// HTML mail → plain text in one pass: no tree and no recursion, so that no nesting can stop it.
// (Libraries that build a tree spend seconds on 100,000 nested <div> and then fail: docs/decisions.md.)
import { decodeEntities } from "./entities.ts";
import type { Lines } from "./html-lines.ts";
import { collectLines } from "./html-lines.ts";
import { emoji, isHidden, isQuote, isTightParagraph, quotesTheRest } from "./html-marks.ts";

interface Frame {
  readonly tag: string;
  readonly quote: boolean;
  readonly hidden: boolean;
}

/** Nothing inside is text. */
const RAW = new Set(["style", "script", "title", "xml", "template", "select", "noembed", "noframes", "svg"]);
const VOID = new Set(["br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "param"]);
/** Begin and end a line. */
const LINE =
  /^(?:div|tr|li|dt|dd|section|article|header|footer|main|nav|aside|form|fieldset|address|figure|caption|center)$/;
/** Have an empty line round them. */
const SPACED = /^(?:p|h[1-6]|blockquote|pre|table|ul|ol|dl)$/;
/** Elements whose end matters: something inside may be quoted or hidden. Others (b, i, em) need no end. */
const FRAMED =
  /^(?:div|span|blockquote|table|tbody|td|th|tr|section|article|p|center|a|font|ul|ol|li|pre|small|label)$/;
/** How far up an end tag looks for its start: bounds what mismatched tags can cost. */
const MAX_CLIMB = 64;
const MAX_ATTRIBUTE_CHARS = 20_000;
const LOOK_AHEAD_CHARS = 1500;
const MAX_LOOKS_AHEAD = 50;

/**
 * Text as a reader sees it: quoted mail with "> " before each line, hidden elements left out, links without
 * their targets. Linear in the length of `html`; at most `maxChars` characters come back.
 */
export function htmlText(html: string, maxChars: number): string {
  const lines = collectLines(maxChars);
  const frames = openFrames(lines);
  const neverEnded = new Set<string>();
  let looksAhead = 0;
  let at = 0;
  while (at < html.length && !lines.isFull()) {
    const start = html.indexOf("<", at);
    const end = start < 0 ? html.length : start;
    if (end > at && !frames.areHidden()) lines.text(decodeEntities(html.slice(at, end)), frames.areAsIs());
    if (start < 0) break;
    if (html.startsWith("<!--", start)) {
      const stop = html.indexOf("-->", start + 4);
      at = stop < 0 ? html.length : stop + 3;
      continue;
    }
    if (!/[a-z/!?]/i.test(html[start + 1] ?? "")) {
      if (!frames.areHidden()) lines.text("<", frames.areAsIs());
      at = start + 1;
      continue;
    }
    const stop = tagEnd(html, start + 1);
    at = html[stop] === ">" ? stop + 1 : stop;
    const tag = readTag(html.slice(start + 1, stop));
    if (tag === null) continue;
    if (!tag.ends && RAW.has(tag.name)) {
      if (!tag.selfEnds && !neverEnded.has(tag.name)) at = rawEnd(html, at, tag.name, neverEnded);
      continue;
    }
    if (tag.ends) frames.close(tag.name);
    if (!frames.areHidden()) {
      const ahead = (): string =>
        looksAhead++ < MAX_LOOKS_AHEAD ? html.slice(at, at + LOOK_AHEAD_CHARS) : "";
      if (quotesTheRest(tag.name, tag.attributes, ahead)) lines.quoteRest();
      layOut(lines, tag);
    }
    if (!tag.ends && !tag.selfEnds && !VOID.has(tag.name)) frames.open(tag.name, tag.attributes);
  }
  return lines.finish();
}

interface Tag {
  readonly name: string;
  readonly attributes: string;
  readonly ends: boolean;
  readonly selfEnds: boolean;
}

function readTag(inside: string): Tag | null {
  const ends = inside.startsWith("/");
  const name = /^\/?([a-z][a-z0-9:]*)/i.exec(inside)?.[1];
  if (name === undefined) return null;
  const attributes = ends ? "" : inside.slice(name.length);
  // "<div/>" is an open <div> in HTML; only void and raw elements end themselves.
  const selfEnds = attributes.endsWith("/") && RAW.has(name.toLowerCase());
  return { name: name.toLowerCase(), attributes, ends, selfEnds };
}

/** The index of the ">" that ends a tag, or of the "<" that breaks it off; quoted values are stepped over. */
function tagEnd(html: string, from: number): number {
  for (let at = from; at < html.length; at++) {
    const letter = html[at];
    if (letter === ">" || letter === "<") return at;
    if ((letter === '"' || letter === "'") && html[at - 1] === "=") {
      const close = html.slice(at + 1, at + MAX_ATTRIBUTE_CHARS).indexOf(letter);
      // An open quote would swallow the mail: then it counts as a letter.
      if (close >= 0) at += close + 1;
    }
  }
  return html.length;
}

/** Behind the end tag; without one, a style or script hides the rest, and other elements hide nothing. */
function rawEnd(html: string, from: number, name: string, neverEnded: Set<string>): number {
  const pattern = new RegExp(`</${name}\\b[^>]*>?`, "gi");
  pattern.lastIndex = from;
  if (pattern.test(html)) return pattern.lastIndex;
  neverEnded.add(name);
  return name === "style" || name === "script" ? html.length : from;
}

function openFrames(lines: Lines) {
  const frames: Frame[] = [];
  let hidden = 0;
  let asIs = 0;
  const pop = (): void => {
    const frame = frames.pop();
    if (frame?.hidden) hidden--;
    if (frame?.quote) lines.quote(-1);
    if (frame?.tag === "pre") asIs--;
  };
  return {
    areHidden: () => hidden > 0,
    areAsIs: () => asIs > 0,
    open: (tag: string, attributes: string): void => {
      // A paragraph ends where the next block begins.
      if ((tag === "div" || SPACED.test(tag)) && frames.at(-1)?.tag === "p") pop();
      if (!FRAMED.test(tag)) return;
      const frame = { tag, quote: isQuote(tag, attributes), hidden: isHidden(attributes) };
      frames.push(frame);
      if (frame.hidden) hidden++;
      if (frame.quote) lines.quote(1);
      if (tag === "pre") asIs++;
    },
    close: (tag: string): void => {
      const lowest = Math.max(0, frames.length - MAX_CLIMB);
      const index = frames.findLastIndex((frame, at) => at < lowest || frame.tag === tag);
      if (index < lowest) return;
      while (frames.length > index) pop();
    },
  };
}

function layOut(lines: Lines, { name, attributes, ends }: Tag): void {
  if (name === "br") lines.end(true);
  else if (name === "td" || name === "th") lines.space();
  else if (name === "img") lines.text(emoji(attributes), false);
  else if (name === "p" && (ends || isTightParagraph(attributes))) lines.end(false);
  else if (name === "hr" || SPACED.test(name)) lines.gap();
  else if (LINE.test(name)) {
    lines.end(false);
    if (name === "li" && !ends) lines.text("- ", false);
  }
}
