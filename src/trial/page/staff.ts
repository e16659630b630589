// The staff's mailboxes, as they are on the trial's mail server.
import type { FastifyInstance } from "fastify";
import { whenWorking } from "../../core/hours.ts";
import type { StaffMember } from "../../policy/schema.ts";
import { NotFound } from "../../web/errors.ts";
import type { StoredMail } from "../peers/imap.ts";
import type { Running } from "../running.ts";
import { readMail } from "./read-mail.ts";

const FOLDERS = ["inbox", "held", "referred"] as const;
type FolderId = (typeof FOLDERS)[number];

/** The folders' names on the server, which a school can change. */
function folderNames(running: Running): Readonly<Record<FolderId, string>> {
  const { mail } = running.loaded().school;
  return {
    inbox: "INBOX",
    held: mail?.held_folder ?? "Afterbell/Held",
    referred: mail?.referred_folder ?? "Afterbell/Referred",
  };
}

/** GET /staff, /staff/:id, /staff/:id/:folder/:uid and the last one's /html. */
export function staffRoutes(app: FastifyInstance, running: Running): void {
  app.get("/staff", async (_request, reply) => {
    const { staff } = running.loaded();
    return reply.page("staff.njk", { people: staff.map((member) => summary(running, member)) });
  });

  app.get<{ Params: { id: string } }>("/staff/:id", async (request, reply) => {
    const member = memberOf(running, request.params.id);
    const folders = await Promise.all(FOLDERS.map((folder) => folderPage(running, member, folder)));
    return reply.page("mailbox.njk", {
      ...summary(running, member),
      folders,
      texts: textsOf(running, member),
    });
  });

  app.get<{ Params: { id: string; folder: string; uid: string } }>(
    "/staff/:id/:folder/:uid",
    async (request, reply) => {
      const { id, folder, uid } = request.params;
      const member = memberOf(running, id);
      const mail = listOf(running, member, folder).find((one) => String(one.uid) === uid);
      if (mail === undefined) throw new NotFound("no such mail");
      return reply.page("mail.njk", {
        back: { href: `/staff/${member.id}`, text: `${member.name}'s mailbox` },
        place: folderNames(running)[folder as FolderId],
        mail: await readMail(mail.raw),
        at: mail.internalDate,
        frame: null,
      });
    },
  );
}

function memberOf(running: Running, id: string): StaffMember {
  const member = running.loaded().staff.find((one) => one.id === id);
  if (member === undefined) throw new NotFound("no such member of staff");
  return member;
}

function listOf(running: Running, { mailbox }: StaffMember, folder: string): readonly StoredMail[] {
  const name = FOLDERS.find((one) => one === folder);
  if (name === undefined || mailbox === undefined) return [];
  try {
    return running.imap.list(mailbox.user, folderNames(running)[name]).toReversed();
  } catch {
    // Somebody who came into staff.yaml since the start has no mailbox yet.
    return [];
  }
}

const isUnread = ({ flags }: StoredMail): boolean => !flags.includes("\\Seen");

function summary(running: Running, member: StaffMember): Record<string, unknown> {
  const { policy } = running.loaded();
  const hours = policy.hours[member.id];
  const times = hours ? whenWorking(running.clock.now(), policy.calendar, hours) : null;
  return {
    id: member.id,
    name: member.name,
    email: member.email[0],
    roles: member.roles.filter((role) => role !== "office"),
    working: times?.working ?? null,
    next: times?.nextWorkingMoment ?? null,
    counts: Object.fromEntries(FOLDERS.map((folder) => [folder, listOf(running, member, folder).length])),
    unread: listOf(running, member, "inbox").filter(isUnread).length,
  };
}

async function folderPage(running: Running, member: StaffMember, folder: FolderId) {
  const mails = listOf(running, member, folder);
  return {
    id: folder,
    name: folderNames(running)[folder],
    mails: await Promise.all(
      mails.map(async (stored) => {
        const { fromName, subject, text } = await readMail(stored.raw);
        return {
          uid: stored.uid,
          fromName,
          subject,
          text,
          at: stored.internalDate,
          unread: isUnread(stored),
        };
      }),
    ),
  };
}

const textsOf = ({ journal }: Running, { mobile }: StaffMember) =>
  journal
    .texts()
    .filter(({ to }) => to === mobile)
    .map(({ body, createdAtMs }) => ({ body, at: new Date(createdAtMs).toISOString() }))
    .toReversed();
