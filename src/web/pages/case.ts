// One case: what was said, why it is here, who the sender is, where the copies are, what was done.

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { isDistressing, readAssessment, worstCategory } from "../../cases/assessment.ts";
import { copiesOf, releasable, whereWords } from "../../cases/copies.ts";
import { possessive, sentenceList, timeline } from "../../cases/timeline.ts";
import { channelWords, containsWords, kindWords, outcomeWords, stateWords } from "../../cases/words.ts";
import { sayInstants } from "../../core/instants.ts";
import type { Attachment, Decision } from "../../core/types.ts";
import { readAudit, recordAudit } from "../../store/audit.ts";
import { type CaseFile, listOf, readCase } from "../../store/cases.ts";
import { readRaw } from "../../store/raws.ts";
import { NotFound } from "../errors.ts";
import { whenInSentence, whenLabel } from "../local-time.ts";
import { nameOf } from "../people.ts";
import type { WebServices } from "../services.ts";
import { cleanLine } from "../text.ts";
import { describeMessage } from "./message.ts";
import { describeSender } from "./sender.ts";

const params = z.object({ number: z.coerce.number().int() });
export const casePath = "/cases/:number(^\\d{1,9}$)";

/** Finds the case that an address names. @throws NotFound */
export async function findCase(services: WebServices, requestParams: unknown): Promise<CaseFile> {
  const { number } = params.parse(requestParams);
  const file = await readCase(services.store, services.school().school.id, number);
  if (!file) throw new NotFound(`there is no case ${number}`);
  return file;
}

/** GET /cases/:number and GET /cases/:number/original. Looking is recorded. */
export function caseRoutes(app: FastifyInstance, services: WebServices): void {
  app.get(casePath, async (request, reply) => {
    const file = await findCase(services, request.params);
    await note(services, file, request.person?.id ?? "", "case.viewed");
    return reply.page("case.njk", await describeCase(services, file));
  });

  app.get(`${casePath}/original`, async (request, reply) => {
    const file = await findCase(services, request.params);
    const octets = await readRaw(services.store, file.message.school, file.message.raw_hash);
    if (!octets) throw new NotFound("the original has been erased");
    await note(services, file, request.person?.id ?? "", "case.original-downloaded");
    const extension = file.message.channel === "email" ? "eml" : "txt";
    return reply
      .header("content-disposition", `attachment; filename="case-${file.case.number}.${extension}"`)

      .type("application/octet-stream")
      .send(Buffer.from(octets));
  });
}

const note = (services: WebServices, file: CaseFile, actor: string, action: string): Promise<void> =>
  services.store.transaction().execute((trx) =>
    recordAudit(trx, {
      school: file.case.school,
      at: services.clock.now(),
      actor,
      action,
      subject: `case:${file.case.id}`,
      detail: { number: file.case.number },
    }),
  );

async function describeCase(services: WebServices, file: CaseFile): Promise<Record<string, unknown>> {
  const name = nameOf(services);
  const assessment = readAssessment(file.message.wording);
  const folded = isDistressing(assessment, file.case.severity);
  const decision = JSON.parse(file.message.decision) as Decision;
  const audit = await readAudit(services.store, file.case.school, [`case:${file.case.id}`]);
  return {
    ...headline(file, name),
    folded,
    contains: folded ? containsWords(worstCategory(assessment) ?? file.case.kind) : "",
    message: describeMessage(file.message, assessment),
    reasons: decision.reasons.map((reason) => ({
      rule: reason.rule,
      clause: reason.clause,
      why: reason.why,
      evidence: withLocalTimes(services, cleanLine(reason.evidence, 500)),
    })),
    sender: describeSender(file),
    copies: describeCopies(services, file),
    attachments: describeAttachments(file.message.attachments),
    timeline: timeline(file, audit, name),
    release: describeRelease(services, file),
  };
}

/** "works next at 2026-11-23T08:00:00.000Z" reads "works next at Monday 23 November 08:00". */
const withLocalTimes = (services: WebServices, evidence: string): string =>
  sayInstants(evidence, (at) => whenLabel(at, services.clock.now(), services.school().school.zone));

/** What the case's own pages and its confirmation pages all show. */
export function headline(file: CaseFile, name: (id: string) => string): Record<string, unknown> {
  const found = file.case;
  return {
    number: found.number,
    list: listOf(found),
    kind: kindWords(found.kind),
    serious: found.severity === "serious",
    state: stateWords(found, file.deliveries),
    openedAt: found.opened_at,
    senderName: cleanLine(file.message.from_name || file.message.from_address, 60) || "Unknown sender",
    channel: channelWords(file.message.channel),
    closed:
      found.state === "closed"
        ? {
            at: found.closed_at,
            by: found.closed_by === null ? "" : name(found.closed_by),
            outcome: outcomeWords(found.outcome ?? ""),
            note: found.note ?? "",
          }
        : null,
  };
}

function describeCopies(services: WebServices, file: CaseFile): readonly Record<string, unknown>[] {
  const name = nameOf(services);
  const now = services.clock.now();
  const say = (at: string) => whenInSentence(at, now, services.school().school.zone);
  return copiesOf(file).map((copy) => ({
    name: name(copy.recipient),
    where: whereWords(copy, say),
    withheld: copy.withheld,
  }));
}

/** null when there is nothing to let go. */
export function describeRelease(services: WebServices, file: CaseFile): Record<string, unknown> | null {
  const copies = releasable(file, services.clock.now());
  if (copies.length === 0) return null;
  const names = [...new Set(copies.map((copy) => nameOf(services)(copy.recipient)))];
  return {
    to: names.length <= 3 ? sentenceList(names) : `${names.length} members of staff`,
    inbox: names.length === 1 ? `${possessive(names[0] ?? "")} inbox` : "their inboxes",
    planned: copies.every((copy) => copy.goesAt !== null),
  };
}

function describeAttachments(json: string): readonly Record<string, unknown>[] {
  const attachments = JSON.parse(json) as readonly Attachment[];
  return attachments.map((one) => ({
    name: cleanLine(one.name, 120) || "without a name",
    type: cleanLine(one.type, 60),
    size: sizeWords(one.bytes),
  }));
}

function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
