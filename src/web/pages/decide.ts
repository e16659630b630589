// What a person does with a case: a page that says what will happen, and the form that does it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ActionResult, CLOSE_OUTCOMES, type ReleaseWhen } from "../../cases/actions.ts";
import { readAssessment } from "../../cases/assessment.ts";
import { type Copy, copiesOf, releasable } from "../../cases/copies.ts";
import { ABUSE_TARGETS, abuseCategory } from "../../cases/learning.ts";
import { sentenceList } from "../../cases/timeline.ts";
import { kindWords, outcomeWords, targetWords } from "../../cases/words.ts";
import { ABUSE_CATEGORIES } from "../../core/wording/categories.ts";
import type { CaseFile } from "../../store/cases.ts";
import { whenInSentence } from "../local-time.ts";
import { nameOf } from "../people.ts";
import type { WebServices } from "../services.ts";
import { setFlash } from "../session.ts";
import { casePath, describeRelease, findCase, headline } from "./case.ts";

const longestNoteChars = 2000;
const note = z.string().max(20_000).catch("");
const releaseForm = z.object({ when: z.enum(["at-work", "now"]).catch("at-work"), note });
const closeForm = z.object({
  outcome: z.enum(CLOSE_OUTCOMES).nullable().catch(null),
  category: z.enum(ABUSE_CATEGORIES).nullable().catch(null),
  target: z.enum(ABUSE_TARGETS).nullable().catch(null),
  note,
});
const closeQuery = z.object({ as: z.enum(CLOSE_OUTCOMES).nullable().catch(null) });

interface FormError {
  readonly text: string;
  readonly href: string;
}

const noteErrors = (text: string): readonly FormError[] =>
  text.length > longestNoteChars
    ? [{ text: `The note must be ${longestNoteChars} characters or fewer`, href: "#note" }]
    : [];

/** GET and POST of /cases/:number/release and /cases/:number/close. */
export function decideRoutes(app: FastifyInstance, services: WebServices): void {
  app.get(`${casePath}/release`, async (request, reply) => {
    const file = await findCase(services, request.params);
    if (describeRelease(services, file) === null) return reply.redirect(`/cases/${file.case.number}`, 303);
    return showRelease(services, reply, file, { when: "at-work", note: "" }, []);
  });

  app.post(`${casePath}/release`, async (request, reply) => {
    const file = await findCase(services, request.params);
    const entered = releaseForm.parse(request.body ?? {});
    const errors = noteErrors(entered.note);
    if (errors.length > 0) return showRelease(services, reply.code(400), file, entered, errors);
    const by = request.person?.id ?? "";
    const result = await services.actions.releaseCase(file.case.id, by, entered);
    return answer(services, request, reply, file, result, releasedWords(services, file, entered.when));
  });

  app.get(`${casePath}/close`, async (request, reply) => {
    const file = await findCase(services, request.params);
    if (file.case.state === "closed") return reply.redirect(`/cases/${file.case.number}`, 303);
    const { as } = closeQuery.parse(request.query);
    const assessment = readAssessment(file.message.wording);
    const suggested = { category: abuseCategory(assessment), target: assessment.target };
    return showClose(services, reply, file, { outcome: as, ...suggested, note: "" }, []);
  });

  app.post(`${casePath}/close`, async (request, reply) => {
    const file = await findCase(services, request.params);
    const entered = closeForm.parse(request.body ?? {});
    const errors = [
      ...(entered.outcome === null ? [{ text: "Choose how the case ends", href: "#outcome" }] : []),
      ...(entered.outcome === "abuse" && entered.category === null
        ? [{ text: "Choose what kind of abuse it is", href: "#category" }]
        : []),
      ...noteErrors(entered.note),
    ];
    if (entered.outcome === null || errors.length > 0) {
      return showClose(services, reply.code(400), file, entered, errors);
    }
    const { outcome, category, target } = entered;
    const by = request.person?.id ?? "";
    const abuse = outcome === "abuse" && category !== null ? { category, target } : undefined;
    const result = await services.actions.closeCase(file.case.id, by, outcome, entered.note.trim(), abuse);
    const text = `Closed as ${outcomeWords(outcome)}.`;
    return answer(services, request, reply, file, result, { title: "Case closed", text });
  });
}

/** From the case as it was before. */
function releasedWords(services: WebServices, file: CaseFile, when: ReleaseWhen) {
  const release = describeRelease(services, file);
  const later = when === "at-work" ? laterWords(services, releasable(file, services.clock.now())) : null;
  const text = later ? `It goes to ${later}.` : `It goes to ${release?.["inbox"] ?? "staff"} now.`;
  return { title: `Released to ${release?.["to"] ?? "staff"}`, text };
}

/** Back to the case, with what happened; for an act that came too late, with who was first. */
async function answer(
  services: WebServices,
  request: FastifyRequest,
  reply: FastifyReply,
  file: CaseFile,
  result: ActionResult,
  success: { readonly title: string; readonly text: string },
): Promise<FastifyReply> {
  if (result.done) {
    setFlash(request, { kind: "success", ...success });
  } else {
    const latest = await findCase(services, request.params);
    setFlash(request, { kind: "note", ...refusal(services, latest, result.because) });
  }
  return reply.redirect(`/cases/${file.case.number}`, 303);
}

function refusal(
  services: WebServices,
  file: CaseFile,
  because: "no-such-case" | "already-closed" | "nothing-withheld",
): { readonly title: string; readonly text: string } {
  if (because !== "already-closed") {
    return { title: "Already released", text: "The message had been released before. Nothing was changed." };
  }
  const { closed_at: at, closed_by: by } = file.case;
  const who = by === null ? "somebody" : nameOf(services)(by);
  const when =
    at === null ? "" : ` ${whenInSentence(at, services.clock.now(), services.school().school.zone)}`;
  return { title: "Already closed", text: `${who} closed this case${when}. Nothing was changed.` };
}

function showRelease(
  services: WebServices,
  reply: FastifyReply,
  file: CaseFile,
  entered: z.output<typeof releaseForm>,
  errors: readonly FormError[],
): Promise<FastifyReply> {
  const copies = releasable(file, services.clock.now());
  return reply.page("release.njk", {
    ...headline(file, nameOf(services)),
    release: describeRelease(services, file),
    later: laterWords(services, copies),
    entered,
    errors,
  });
}

function showClose(
  services: WebServices,
  reply: FastifyReply,
  file: CaseFile,
  entered: z.output<typeof closeForm>,
  errors: readonly FormError[],
): Promise<FastifyReply> {
  const release = describeRelease(services, file);
  return reply.page("close.njk", {
    ...headline(file, nameOf(services)),
    release: release?.["planned"] === true ? null : release,
    later: laterWords(services, releasable(file, services.clock.now())),
    ...keptWords(services, file),
    categories: ABUSE_CATEGORIES.map((value) => ({ value, text: kindWords(value) })),
    targets: ABUSE_TARGETS.map((value) => ({ value, text: targetWords(value) })),
    entered,
    errors,
  });
}

/** What calling it abuse changes: whose copies are kept from them, and who has theirs already. */
function keptWords(services: WebServices, file: CaseFile): Record<string, unknown> {
  const name = nameOf(services);
  const copies = copiesOf(file).filter(({ state }) => state !== "gone");
  const names = (some: readonly Copy[]) => [...new Set(some.map(({ recipient }) => name(recipient)))];
  const kept = names(copies.filter(({ withheld }) => withheld));
  const there = names(copies.filter(({ withheld }) => !withheld));
  return {
    kept: kept.length > 0 ? sentenceList(kept) : null,
    there: there.length > 0 ? sentenceList(there) : null,
  };
}

/**
 * "Mrs Shah on Monday 23 November at 08:00; Mr Bell now": when each of them gets it if it waits until they
 * are at work. null when it waits for nobody.
 */
function laterWords(services: WebServices, copies: readonly Copy[]): string | null {
  const now = services.clock.now();
  const zone = services.school().school.zone;
  const moments = new Map<string, readonly string[]>();
  for (const copy of copies.filter((one) => one.goesAt === null)) {
    const next = services.atWork?.(copy.recipient) ?? null;
    const at = next !== null && next > now ? next : now;
    moments.set(at, [...(moments.get(at) ?? []), nameOf(services)(copy.recipient)]);
  }
  if ([...moments.keys()].every((at) => at === now)) return null;
  return [...moments]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([at, names]) =>
        `${sentenceList([...new Set(names)])} ${at === now ? "now" : whenInSentence(at, now, zone)}`,
    )
    .join("; ");
}
