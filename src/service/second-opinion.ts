// Asks the school's own language model about words that may be abuse. Without an answer all is as if nobody asked.
import { randomBytes } from "node:crypto";
import { abuseCategories } from "../core/second-opinion.ts";
import type { SecondOpinion } from "../core/types.ts";
import type { SchoolFile } from "../policy/schema.ts";
import type { OpinionAsker, OpinionQuestion } from "../receive.ts";
import { readAnswer } from "./second-opinion/answer.ts";
import { type Endpoint, NoAnswer, post } from "./second-opinion/endpoint.ts";
import { Gate } from "./second-opinion/gate.ts";
import { cutText, questionBody } from "./second-opinion/prompt.ts";

export type OpinionSettings = NonNullable<SchoolFile["wording"]["second_opinion"]>;

export interface SecondOpinions extends OpinionAsker {
  /** What is under way ends without an answer, and nothing more is asked. */
  stop(): void;
}

type Say = (found: { readonly why?: string }, sentence: string) => void;

interface Surroundings {
  readonly log: { readonly info: Say; readonly warn: Say };
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs?: () => number;
}

const hourMs = 3_600_000;

const endpointOf = ({ url, api_key }: OpinionSettings): Endpoint => ({ url, apiKey: api_key ?? null });

/**
 * One question, whatever budget and failures say.
 * @returns null when what it answered is no judgement
 * @throws NoAnswer
 */
async function askOnce(
  settings: OpinionSettings,
  { text, rules }: OpinionQuestion,
  stopped: AbortSignal,
): Promise<SecondOpinion | null> {
  const { model, timeout_seconds } = settings;
  const fence = `-----${randomBytes(12).toString("hex")}-----`;
  const inTime = AbortSignal.any([stopped, AbortSignal.timeout(timeout_seconds * 1000)]);
  const body = await post(endpointOf(settings), questionBody({ model, text, rules, fence }), inTime);
  const found = readAnswer(body, new Set(abuseCategories(rules).keys()));
  if (found === null) return null;
  // Of what it has not read it cannot say that it is in order.
  const verdict = found.verdict === "ok" && cutText(text).isCut ? "unsure" : found.verdict;
  return { ...found, verdict, model };
}

/** Says each trouble once, in words without the message. */
function tellOnce(log: Surroundings["log"]) {
  let isDown = false;
  let budgetToldMs = Number.NEGATIVE_INFINITY;
  return {
    failed(why: string): void {
      if (!isDown) {
        isDown = true;
        log.warn(
          { why },
          "The second opinion failed: messages are judged without it, and it is tried again every few minutes.",
        );
      }
    },
    answered(): void {
      if (isDown) log.info({}, "The second opinion answers again.");
      isDown = false;
    },
    overBudget(nowMs: number): void {
      if (nowMs - budgetToldMs < hourMs) return;
      budgetToldMs = nowMs;
      log.warn({}, "The second opinion has had its questions of this hour: messages are judged without it.");
    },
  };
}

/** Never throws and never takes longer than the timeout: `ask` gives null when there is no answer. */
export function secondOpinions(settings: OpinionSettings, surroundings: Surroundings): SecondOpinions {
  const { log, nowMs = () => performance.now() } = surroundings;
  const gate = new Gate(settings.per_hour);
  const tell = tellOnce(log);
  const stopping = new AbortController();
  /** Copies of one message in several mailboxes are one question. */
  const underWay = new Map<string, Promise<SecondOpinion | null>>();

  const tryOnce = async (question: OpinionQuestion): Promise<SecondOpinion | null> => {
    try {
      const opinion = await askOnce(settings, question, stopping.signal);
      if (opinion === null) {
        gate.unreadable(nowMs());
        tell.failed("its answer was not in the agreed form");
      } else {
        gate.answered();
        tell.answered();
      }
      return opinion;
    } catch (error) {
      if (!stopping.signal.aborted) {
        gate.failed(nowMs());
        tell.failed(error instanceof NoAnswer ? error.message : "it could not be asked");
      }
      return null;
    }
  };

  return {
    async ask(question) {
      const same = underWay.get(question.text);
      if (same) return same;
      const admission = stopping.signal.aborted ? "resting" : gate.admit(nowMs());
      if (admission === "over-budget") tell.overBudget(nowMs());
      if (admission !== "yes") return null;
      const asked = tryOnce(question).finally(() => underWay.delete(question.text));
      underWay.set(question.text, asked);
      return asked;
    },
    stop() {
      stopping.abort();
    },
  };
}

/**
 * Asks about a harmless sentence: for `afterbell check --online`.
 * @returns what was found, in words
 * @throws Error with what to look at
 */
export async function tryOpinion(settings: OpinionSettings, question: OpinionQuestion): Promise<string> {
  const look = "look at wording.second_opinion in school.yaml";
  const begun = performance.now();
  const opinion = await askOnce(settings, question, new AbortController().signal).catch((error: unknown) => {
    throw new Error(`${error instanceof NoAnswer ? error.message : "it could not be asked"}; ${look}.`);
  });
  if (opinion === null)
    throw new Error(`it answered, but not in the agreed form; another model may do better: ${look}.`);
  return `${opinion.model} answered in ${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
