// What is wrong with a configuration, and where: every part that reads a file reports in these words.

export interface Problem {
  /** The file as a person would type it from where they stand: "config/school.yaml". */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column?: number;
  /** Dotted path, such as "calendar.years[0].terms[1].last"; "" means the whole file. */
  readonly key: string;
  /** One sentence that says what to change. Never holds a secret. */
  readonly message: string;
  readonly severity: "error" | "warning";
}

/** The configuration cannot be used; `problems` holds every problem of every file, warnings included. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const errors = problems.filter((problem) => problem.severity === "error").length;
    super(`The configuration has ${errors} ${errors === 1 ? "error" : "errors"}.`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Sorts by file, line and key, and drops repetitions: the same configuration always reports the same. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] => {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || compare(a.key, b.key) || compare(a.message, b.message),
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
