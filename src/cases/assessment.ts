// What the wording said about a message, as the case pages need it.
import type { Assessment } from "../core/types.ts";

/** From the column `messages.wording`. */
export const readAssessment = (json: string): Assessment => JSON.parse(json) as Assessment;

/** Text that is folded until somebody asks for it. */
export const isDistressing = (assessment: Assessment, severity: string): boolean =>
  severity === "serious" || assessment.verdict === "abusive" || assessment.safeguarding.hit;

/** The category that weighs most, or null when there is none. */
export function worstCategory(assessment: Assessment): string | null {
  const [worst] = Object.entries(assessment.categories).sort(([, a], [, b]) => b - a);
  return worst?.[0] ?? null;
}
