// A mail made readable for the trial's pages.
import { type AddressObject, type EmailAddress, simpleParser } from "mailparser";
import type { Instant } from "../../core/types.ts";
import { cleanLine, cleanLines, shorten } from "../../web/text.ts";

export interface ReadMail {
  /** The name alone, or the address of somebody without one. */
  readonly fromName: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Instant | null;
  readonly inReplyTo: string | null;
  readonly text: string;
  /** null when it has none. */
  readonly html: string | null;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
  /** Mails that are attached as message/rfc822. */
  readonly attached: readonly ReadMail[];
}

const NOBODY = "Nobody named";
const mostAttached = 10;
const deepest = 2;

/** What cannot be read as a mail is shown as text. */
export async function readMail(raw: Buffer, depth = 0): Promise<ReadMail> {
  // Without these the parser takes seconds for a mail of many nested tags.
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
  const mail = await simpleParser(raw, options).catch(() => null);
  if (mail === null) return unreadable(raw);
  const inner = mail.attachments.filter(({ contentType }) => contentType === "message/rfc822");
  const [sender] = mail.from?.value ?? [];
  return {
    fromName: cleanLine(sender?.name || sender?.address || "", 60) || NOBODY,
    from: cleanLine(people(mail.from), 200) || NOBODY,
    to: cleanLine(people(mail.to), 300),
    subject: cleanLine(mail.subject ?? "", 200) || "No subject",
    date: mail.date?.toISOString() ?? null,
    inReplyTo: mail.inReplyTo ?? null,
    text: cleanLines(shorten(mail.text ?? "").text),
    html: mail.html || null,
    attachments: mail.attachments
      .filter((attachment) => !inner.includes(attachment))
      .map(({ filename, contentType, size }) => ({
        name: cleanLine(filename ?? "", 80) || "Without a name",
        type: cleanLine(contentType, 60),
        bytes: size,
      })),
    attached:
      depth < deepest
        ? await Promise.all(inner.slice(0, mostAttached).map(({ content }) => readMail(content, depth + 1)))
        : [],
  };
}

/** "Mrs Shah (a.shah@oakhill.example), office@oakhill.example" */
const people = (field: AddressObject | AddressObject[] | undefined): string =>
  [field ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(onePerson)
    .join(", ");

const onePerson = ({ name, address = "" }: EmailAddress): string =>
  name === "" ? address : `${name} (${address})`;

const unreadable = (raw: Buffer): ReadMail => ({
  fromName: NOBODY,
  from: NOBODY,
  to: "",
  subject: "This mail cannot be read",
  date: null,
  inReplyTo: null,
  text: cleanLines(shorten(raw.toString("utf8")).text),
  html: null,
  attachments: [],
  attached: [],
});
