// Problems as lines for people, in the form that editors and terminals turn into links.
import type { Problem } from "./problem.ts";

/** `config/school.yaml:12:9: calendar.years[0].first: write a date as YYYY-MM-DD, such as 2026-09-01` */
export const formatProblem = (problem: Problem): string => {
  const column = problem.column === undefined ? "" : `:${problem.column}`;
  const warning = problem.severity === "warning" ? "warning: " : "";
  const key = problem.key === "" ? "" : `${problem.key}: `;
  return `${problem.file}:${problem.line}${column}: ${warning}${key}${problem.message}`;
};

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? "" : "s"}`;

/** All problems, one a line, and a last line that counts them; "" when there is none. */
export const formatProblems = (problems: readonly Problem[]): string => {
  if (problems.length === 0) return "";
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const totals = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  return [...problems.map(formatProblem), `${totals.join(" and ")}.`].join("\n");
};
