// Kept examples as JSON lines in the form of training/README.md.
import { open, rm } from "node:fs/promises";
import { anonymiser } from "../../cases/anonymise.ts";
import type { Judgement } from "../../store/judgements.ts";
import { UsageError, WorkError } from "../command.ts";

/** One line: see training/README.md. */
export interface TrainingExample {
  readonly id: string;
  readonly text: string;
  readonly channel: "email" | "sms";
  readonly abusive: boolean;
  readonly category: string | null;
  readonly kind: string;
  readonly target: string | null;
  readonly safeguarding: boolean;
  readonly mustNotWait: string | null;
  readonly words: readonly string[];
  readonly protected: string | null;
  readonly pair: string | null;
}

/** The headteacher says whether and what, not how: kinds say how the example came to be one. */
function kindOf({ judge, head }: Judgement): string {
  if (head.abusive) return judge.verdict === "abusive" ? "confirmed" : "missed";
  return judge.verdict === "ok" ? "ordinary" : "near-miss";
}

/**
 * @param names known today: who was not known when the words were kept may be so now
 */
export function examplesOf(
  judgements: readonly Judgement[],
  names: readonly string[],
): readonly TrainingExample[] {
  const plain = anonymiser(names);
  return judgements
    .flatMap((one) => (one.text === null ? [] : [{ ...one, text: plain(one.text) }]))
    .map((one, index) => ({
      id: `headteacher-${index + 1}`,
      text: one.text,
      channel: one.channel === "email" ? "email" : "sms",
      abusive: one.head.abusive,
      category: one.head.category,
      kind: kindOf(one),
      target: one.head.target,
      // Nobody was asked about these two: they are what the judge itself had said.
      safeguarding: one.judge.safeguarding,
      mustNotWait: one.judge.mustNotWait,
      words: one.words.map(plain).filter((words) => one.text.includes(words)),
      protected: null,
      pair: null,
    }));
}

const inWords: Readonly<Record<string, string>> = {
  EEXIST: "is there already: name a new file, or take the old one away",
  ENOENT: "cannot be made: there is no such folder",
  ENOTDIR: "cannot be made: there is no such folder",
  EISDIR: "is a folder: name a new file in it",
  EACCES: "may not be written by this user: name a file where you may write",
  EPERM: "may not be written by this user: name a file where you may write",
  EROFS: "cannot be written there: name a file where you may write",
};

/**
 * Writes a new file that only this user can read.
 * @throws UsageError when it is there already or cannot be made; WorkError when writing fails, and then there is none
 */
export async function writeExamples(file: string, examples: readonly TrainingExample[]): Promise<void> {
  const made = await open(file, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} ${inWords[error.code ?? ""] ?? `cannot be made (${error.code})`}.`);
  });
  try {
    await made.writeFile(examples.map((one) => `${JSON.stringify(one)}\n`).join(""));
    await made.close();
  } catch (error) {
    await made.close().catch(() => {});
    await rm(file, { force: true });
    throw new WorkError(
      `${file} could not be written (${(error as Error).message}): see that there is room.`,
    );
  }
}
