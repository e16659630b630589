// Fills every template with the extremes of what it can be given, so that a school's slip shows in
// `afterbell check`, not in a parent's inbox.
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { REPLY_TEMPLATES } from "../../core/types.ts";
import { inOrder, type Problem } from "../../policy/problem.ts";
import { createRenderer, fillReply, NOTICES, type Notice, REPLY_FORMS, type ReplyValues } from "../render.ts";
import type { Letterhead } from "./compose.ts";
import { composeAlert, composeDigest, composeForward, composeNotice, composeText } from "./notices.ts";
import type { Original } from "./originals.ts";
import { openTemplates, TEMPLATES_DIR, type Templates } from "./templates.ts";

/**
 * Every error of the product's templates and of the school's own.
 * @param overrideDir The school's `<config>/templates`; null or a folder that is not there = none.
 */
export function checkTemplates(overrideDir: string | null = null): readonly Problem[] {
  const own = overrideDir !== null && existsSync(overrideDir) ? overrideDir : null;
  const templates = openTemplates(own);
  const replies = templates
    .languages()
    .flatMap((language) => REPLY_TEMPLATES.flatMap((reply) => checkReply(templates, language, reply)));
  return inOrder([...replies, ...checkNotices(own, templates), ...(own === null ? [] : strayFiles(own))]);
}

function checkReply(templates: Templates, language: string, reply: string): readonly Problem[] {
  const name = `replies/${language}/${reply}`;
  const missing = REPLY_FORMS.map((form) => `${name}.${form}.njk`).filter((file) => !templates.find(file));
  if (missing.length > 0)
    return [
      {
        file: `templates/replies/${language}`,
        line: 1,
        key: "",
        message: `These replies go out in English until they are written: ${missing.join(", ")}.`,
        severity: "warning",
      },
    ];
  return extremes(language)
    .map((values) => attempt(templates, `${name}.txt.njk`, () => fillReply(templates, name, values)))
    .filter((problem) => problem !== null);
}

function attempt(templates: Templates, name: string, fill: () => unknown): Problem | null {
  try {
    fill();
    return null;
  } catch (error) {
    return explain(templates, error, name);
  }
}

const PLACES = /\(([^()]+\.njk)\)(?: \[Line (\d+), Column (\d+)\])?/g;

/** nunjucks names "(file) [Line 3, Column 5]" once for each step that led there; the last has the line. */
function explain(templates: Templates, error: unknown, fallback: string): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const places = [...message.matchAll(PLACES)];
  const place = places.findLast((match) => match[2] !== undefined) ?? places[0];
  const name = place?.[1] ?? fallback;
  const file = existsSync(name) ? name : (templates.find(name) ?? name);
  return {
    file: relative(process.cwd(), file),
    line: Number(place?.[2] ?? 1),
    ...(place?.[3] === undefined ? {} : { column: Number(place[3]) }),
    key: "",
    message: say(message),
    severity: "error",
  };
}

function say(message: string): string {
  const what = message
    .replace(PLACES, "")
    .replace(/(Template render error|Error|TypeError): ?/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (what.startsWith("attempted to output null or undefined value"))
    return "A value is used that there is not: check its name here, and in the files that this one imports.";
  return `This template cannot be used: ${what.replace(/[.\s]+$/, "")}.`;
}

/** Nobody, one person, two at the same time, several at different times; with and without a complaints page. */
function extremes(language: string): readonly ReplyValues[] {
  const monday = { day: "Monday 2 November", shortDay: "Mon 2 Nov", time: "8:30am" };
  const tuesday = { day: "Tuesday 3 November", shortDay: "Tue 3 Nov", time: "9am" };
  const base: ReplyValues = {
    schoolName: "Oakhill Primary School",
    officePhone: "01632 960123",
    officePhoneUri: "tel:+441632960123",
    officeEmail: "office@oakhill.example",
    emergencyLines: ["In an emergency, call 999."],
    seen: [],
    together: true,
    complaintsPage: null,
    language,
    direction: "ltr",
    subject: "",
  };
  const shah = { name: "Mrs Shah", ...monday };
  return [
    base,
    { ...base, seen: [shah], subject: "PE kit", complaintsPage: "https://oakhill.example/complaints" },
    { ...base, seen: [shah, { name: "Mr Okafor", ...monday }], emergencyLines: [] },
    { ...base, seen: [shah, { name: "Mr Okafor", ...tuesday }], together: false },
  ];
}

function checkNotices(overrideDir: string | null, templates: Templates): readonly Problem[] {
  const letterhead: Letterhead = {
    renderer: createRenderer({ overrideDir: overrideDir ?? undefined }),
    schoolName: "Oakhill Primary School",
    zone: "Europe/London",
    gateway: { name: "", address: "afterbell@oakhill.example" },
    officeEmail: "office@oakhill.example",
    loopMark: () => "",
  };
  const envelope = {
    key: "check",
    now: "2026-11-02T08:30:00.000Z",
    to: { name: "", address: "head@oakhill.example" },
  };
  const original = { ...SAMPLE, receivedAt: envelope.now };
  const account = { original, addressees: [], reasons: [], because: "", caseNumber: null, caseUrl: null };
  const url = "https://oakhill.example/cases/12";
  const reasons = [{ rule: "abuse.threat", clause: "3.1", why: "It threatens.", evidence: "a word" }];
  const full = { ...account, addressees: ["Mrs Shah"], reasons, caseNumber: 12, caseUrl: url };
  const tries: readonly [Notice, () => unknown][] = [
    ["forward", () => composeForward(letterhead, envelope, { ...account, withheld: false })],
    ["forward", () => composeForward(letterhead, envelope, { ...full, withheld: true })],
    ["alert", () => composeAlert(letterhead, envelope, account)],
    ["alert", () => composeAlert(letterhead, envelope, full)],
    ["digest", () => composeDigest(letterhead, envelope, [original, { ...original, channel: "sms" }])],
    ["text", () => composeText(letterhead, envelope, { original, addressees: [], mediaCount: 2 })],
    ["notice", () => composeNotice(letterhead, envelope, { subject: "a", paragraphs: ["b"], url: null })],
    ["notice", () => composeNotice(letterhead, envelope, { subject: "a", paragraphs: [], url })],
  ];
  return tries
    .map(([notice, compose]) => attempt(templates, `notices/en/${notice}.txt.njk`, compose))
    .filter((problem) => problem !== null);
}

const SAMPLE: Original = {
  channel: "email",
  fromName: "Anna Nowak",
  fromAddress: "anna@parents.example",
  subject: "PE kit",
  text: "Hello",
  receivedAt: "",
  raw: new Uint8Array(),
  rawHash: "0".repeat(64),
};

/** A file that replaces nothing and that no other template can mean is most likely misspelt. */
function strayFiles(overrideDir: string): readonly Problem[] {
  const known = new Set([
    ...NOTICES.flatMap((notice) => REPLY_FORMS.map((form) => `${notice}.${form}.njk`)),
    ...REPLY_TEMPLATES.flatMap((reply) => REPLY_FORMS.map((form) => `${reply}.${form}.njk`)),
    ...["words.njk", "subject.njk", "layout.txt.njk", "layout.html.njk", "parts.txt.njk", "parts.html.njk"],
  ]);
  return readdirSync(overrideDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".njk") && !known.has(entry.name))
    .map((entry) => ({
      file: relative(process.cwd(), join(entry.parentPath, entry.name)),
      line: 1,
      key: "",
      message: `No reply or notice uses a template of this name; the product's own are in ${relative(process.cwd(), TEMPLATES_DIR)}.`,
      severity: "warning" as const,
    }));
}
