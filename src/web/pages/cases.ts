// The queue: open cases, the messages to look at, and the closed cases.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { isDistressing, readAssessment, worstCategory } from "../../cases/assessment.ts";
import { sentenceList } from "../../cases/timeline.ts";
import { channelWords, containsWords, kindWords, roleWords, stateWords } from "../../cases/words.ts";
import { type CaseLine, type CaseList, countCases, listCases } from "../../store/cases.ts";
import { nameOf } from "../people.ts";
import type { WebServices } from "../services.ts";
import { cleanLine } from "../text.ts";

const pageSize = 25;
const openingShownChars = 160;
const query = z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) });

/** GET /, GET /please-look and GET /closed. */
export function casesRoutes(app: FastifyInstance, services: WebServices): void {
  for (const [path, list] of [
    ["/", "open"],
    ["/please-look", "look"],
    ["/closed", "closed"],
  ] as const) {
    app.get(path, async (request, reply) => {
      const { page } = query.parse(request.query);
      return reply.page("cases.njk", await listPage(services, list, page));
    });
  }
}

async function listPage(
  services: WebServices,
  list: CaseList,
  page: number,
): Promise<Record<string, unknown>> {
  const { school } = services.school();
  const counts = await countCases(services.store, school.id);
  const pages = Math.max(1, Math.ceil(counts[list] / pageSize));
  const offset = (Math.min(page, pages) - 1) * pageSize;
  const lines = await listCases(services.store, school.id, list, { offset, limit: pageSize });
  return {
    list,
    counts,
    page: Math.min(page, pages),
    pages,
    cases: lines.map((line) => describe(line, services)),
  };
}

function describe(line: CaseLine, services: WebServices): Record<string, unknown> {
  const name = nameOf(services);
  const assessment = readAssessment(line.wording);
  const folded = isDistressing(assessment, line.severity);
  return {
    number: line.number,
    kind: kindWords(line.kind),
    serious: line.severity === "serious",
    sender: cleanLine(line.fromName || line.fromAddress, 60) || "Unknown sender",
    role: roleWords(line.role),
    to: addressees(line, name),
    channel: channelWords(line.channel),
    receivedAt: line.receivedAt,
    opening: cleanLine(line.opening, openingShownChars),
    folded,
    contains: folded ? containsWords(worstCategory(assessment) ?? line.kind) : "",
    state: stateWords(line, line.deliveries),
    closedAt: line.closed_at,
    closedBy: line.closed_by === null ? null : name(line.closed_by),
  };
}

/** "Mrs Shah", "Mrs Shah and 5 others". */
function addressees(line: CaseLine, name: (id: string) => string): string {
  const names = [...new Set(line.deliveries.map((delivery) => name(delivery.recipient)))];
  if (names.length <= 3) return sentenceList(names);
  return `${names[0]} and ${names.length - 1} others`;
}
