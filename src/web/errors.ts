// The one table of what can go wrong on a page, in words for the person who reads it.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const problems = {
  stale: {
    status: 403,
    title: "Nothing was changed",
    text: "This page had been open for too long, or was not opened from here. Go back, load the page again and repeat what you did.",
  },
  missing: {
    status: 404,
    title: "Page not found",
    text: "If you typed the address, check that it is correct. If you followed a link, the page may have been moved.",
  },
  tooMany: {
    status: 429,
    title: "Too many attempts",
    text: "There were too many attempts to sign in from your network. Wait five minutes, then try again.",
  },
  unreadable: {
    status: 400,
    title: "The form could not be read",
    text: "Go back, load the page again and repeat what you did.",
  },
  broken: {
    status: 500,
    title: "Something went wrong",
    text: "Nothing that you sent has been lost. Try again in a minute. If it happens again, tell the person who looks after Afterbell at your school.",
  },
} as const satisfies Record<string, Problem>;

function problemOf(error: FastifyError): Problem {
  if (error.code?.startsWith("FST_CSRF_")) return problems.stale;
  if (error.statusCode === 429) return problems.tooMany;
  if (error.statusCode === 404) return problems.missing;
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return { ...problems.unreadable, status: error.statusCode };
  }
  return problems.broken;
}

/** Shows a problem as a page. Its own templates cannot be trusted at this point: plain text if they fail. */
async function show(request: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  reply.code(problem.status);
  try {
    return await reply.page("problem.njk", { ...problem });
  } catch (error) {
    request.log.error({ err: error }, "the error page could not be shown");
    return reply.type("text/plain; charset=utf-8").send(`${problem.title}\n\n${problem.text}\n`);
  }
}

/** What a page throws when something that it was asked for does not exist. */
export class NotFound extends Error {
  readonly statusCode = 404;
}

export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, "a page failed");
    return show(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => show(request, reply, problems.missing));
}
