// Mail and web settings held against each other and against what is safe.
import { mailboxKey } from "../directory/address.ts";
import type { PlacedMember } from "./check-people.ts";
import type { ReadStaff } from "./folder.ts";
import type { Problem } from "./problem.ts";
import type { SchoolFile } from "./schema.ts";
import { problemAt, type YamlFile } from "./yaml-file.ts";

type Mail = NonNullable<SchoolFile["mail"]>;

const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host) || host.toLowerCase().endsWith(".localhost");

const checkTls = (yaml: YamlFile, mail: Mail): readonly Problem[] =>
  (["imap", "smtp"] as const).flatMap((name) => {
    const server = mail[name];
    if (server === undefined || server.tls !== "none" || isLoopback(server.host)) return [];
    const message =
      "none would send passwords and mail unencrypted to another machine: write implicit or starttls";
    return [problemAt(yaml, ["mail", name, "tls"], message)];
  });

const checkSmtp = (yaml: YamlFile, smtp: Mail["smtp"]): readonly Problem[] => {
  if (smtp === undefined) {
    return [
      problemAt(
        yaml,
        ["mail", "smtp"],
        "is missing, so no reply, notice or alert can be sent by e-mail",
        "warning",
      ),
    ];
  }
  if (smtp.user !== undefined && smtp.password === undefined) {
    return [problemAt(yaml, ["mail", "smtp", "password"], "is missing beside user: add it, or remove user")];
  }
  if (smtp.user === undefined && smtp.password !== undefined) {
    return [
      problemAt(yaml, ["mail", "smtp", "user"], "is missing beside password: add it, or remove password"),
    ];
  }
  return [];
};

const checkFolders = (yaml: YamlFile, mail: Mail): readonly Problem[] => {
  const same = mail.held_folder.toLowerCase() === mail.referred_folder.toLowerCase();
  const names = [
    ...(same
      ? [
          problemAt(
            yaml,
            ["mail", "referred_folder"],
            "must differ from held_folder: held mail comes back, referred mail does not",
          ),
        ]
      : []),
    ...(["held_folder", "referred_folder"] as const)
      .filter((key) => mail[key].toLowerCase() === "inbox")
      .map((key) => problemAt(yaml, ["mail", key], "may not be INBOX: name a folder of its own")),
  ];
  return names;
};

const UNCHECKED =
  "is missing, so no sender counts as checked: replies go by replies.unchecked, and a forged address cannot be told from a real one; write your provider's name in Authentication-Results, such as mx.google.com";

const checkMail = (yaml: YamlFile, mail: Mail, staff: readonly PlacedMember[]): readonly Problem[] => {
  const own = mailboxKey(mail.address);
  const colleague = staff.find(({ member }) =>
    member.email.some((address) => mailboxKey(address) === own),
  )?.member;
  return [
    ...checkTls(yaml, mail),
    ...checkSmtp(yaml, mail.smtp),
    ...checkFolders(yaml, mail),
    ...(colleague === undefined
      ? []
      : [
          problemAt(
            yaml,
            ["mail", "address"],
            `is an address of ${colleague.id}: the gateway needs one of its own`,
          ),
        ]),
    ...(mail.authserv_id === undefined
      ? [problemAt(yaml, ["mail", "authserv_id"], UNCHECKED, "warning")]
      : []),
  ];
};

/** Mailboxes need the server, and the server needs mailboxes. */
const checkWatching = (yaml: YamlFile, mail: Mail | undefined, staff: ReadStaff): readonly Problem[] => {
  const watched = staff.placed.filter(({ member }) => member.mailbox !== undefined);
  if (mail?.imap === undefined) {
    return watched.map(({ path }) =>
      problemAt(staff.yaml, [...path, "mailbox"], "is not watched: school.yaml has no mail.imap", "warning"),
    );
  }
  if (watched.length > 0 || staff.whole === null) return [];
  return [
    problemAt(
      yaml,
      ["mail", "imap"],
      "watches nothing: no member of staff has a mailbox in staff.yaml",
      "warning",
    ),
  ];
};

/** @param mail null when that section could not be read */
export const checkServers = (
  yaml: YamlFile,
  mail: Mail | undefined | null,
  staff: ReadStaff,
): readonly Problem[] => {
  if (mail === null) return [];
  const watching = checkWatching(yaml, mail, staff);
  if (mail !== undefined) return [...checkMail(yaml, mail, staff.placed), ...watching];
  return [
    ...watching,
    problemAt(yaml, ["mail"], "is missing, so no mailbox is watched and no e-mail is sent", "warning"),
  ];
};
