// What a person does with a case: a page that says what will happen, and the form that does it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ActionResult, CLOSE_OUTCOMES } from "../../cases/actions.ts";
import { type Copy, releasable } from "../../cases/copies.ts";
import type { CaseFile } from "../../store/cases.ts";
import { whenInSentence } from "../local-time.ts";
import { nameOf } from "../people.ts";
import type { WebServices } from "../services.ts";
import { setFlash } from "../session.ts";
import { casePath, describeRelease, findCase, headline } from "./case.ts";

const longestNoteChars = 2000;
const note = z.string().max(20_000).catch("");
const releaseForm = z.object({ when: z.enum(["at-work", "now"]).catch("at-work"), note });
const closeForm = z.object({ outcome: z.enum(CLOSE_OUTCOMES).nullable().catch(null), note });
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
    const names = String(describeRelease(services, file)?.["to"] ?? "staff");
    return answer(services, request, reply, file, result, {
      title: `Released to ${names}`,
      text: "Where each copy is now stands under “Copies”.",
    });
  });

  app.get(`${casePath}/close`, async (request, reply) => {
    const file = await findCase(services, request.params);
    if (file.case.state === "closed") return reply.redirect(`/cases/${file.case.number}`, 303);
    const { as } = closeQuery.parse(request.query);
    return showClose(services, reply, file, { outcome: as, note: "" }, []);
  });

  app.post(`${casePath}/close`, async (request, reply) => {
    const file = await findCase(services, request.params);
    const entered = closeForm.parse(request.body ?? {});
    const errors = [
      ...(entered.outcome === null ? [{ text: "Choose how the case ends", href: "#outcome" }] : []),
      ...noteErrors(entered.note),
    ];
    if (entered.outcome === null || errors.length > 0) {
      return showClose(services, reply.code(400), file, entered, errors);
    }
    const by = request.person?.id ?? "";
    const result = await services.actions.closeCase(file.case.id, by, entered.outcome, entered.note.trim());
    const text = entered.outcome === "not-abuse" ? "Closed as not abuse." : "Closed as dealt with.";
    return answer(services, request, reply, file, result, { title: "Case closed", text });
  });
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
    entered,
    errors,
  });
}

/**
 * "Mrs Shah on Monday 23 November at 08:00 and Mr Bell tomorrow at 08:15": when people who are not at work
 * would see it. null when everybody is at work, or when their copies are on their way already.
 */
function laterWords(services: WebServices, copies: readonly Copy[]): string | null {
  const now = services.clock.now();
  const zone = services.school().school.zone;
  const moments = new Map<string, string[]>();
  for (const copy of copies.filter((one) => one.goesAt === null)) {
    const at = services.atWork?.(copy.recipient) ?? null;
    if (at === null || at <= now) continue;
    const name = nameOf(services)(copy.recipient);
    moments.set(at, [...new Set([...(moments.get(at) ?? []), name])]);
  }
  if (moments.size === 0) return null;
  return [...moments]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([at, names]) => `${names.join(" and ")} ${whenInSentence(at, now, zone)}`)
    .join("; ");
}
