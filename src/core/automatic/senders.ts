// Whose address is a machine's: delivery daemons, list servers and mailboxes that nobody reads.

/** The part before the last @ of the first address in a From, Sender or Return-Path value; lower case. */
export function localPart(value: string): string {
  const bracketed = /<([^<>]*)>/.exec(value.slice(0, 2000))?.[1];
  const address = (
    bracketed ??
    value
      .slice(0, 2000)
      .trim()
      .split(/[\s,]+/, 1)[0] ??
    ""
  )
    .trim()
    .toLowerCase();
  const at = address.lastIndexOf("@");
  return (at < 0 ? address : address.slice(0, at)).replace(/^"|"$/g, "");
}

/** What stands before the bracketed address, or in a comment after a bare one; lower case, no quotes. */
export function displayName(value: string): string {
  const short = value.slice(0, 2000);
  const bracket = short.indexOf("<");
  if (bracket >= 0) return short.slice(0, bracket).replace(/["']/g, "").trim().toLowerCase();
  return (/\(([^()]*)\)/.exec(short)?.[1] ?? "").trim().toLowerCase();
}

const DAEMON =
  /^(?:(?:mailer|mail|mda|mta|smtp|qmail|post)[-_. ]?d[ae]{1,2}mon(?:[-_.+=\d].*)?|mdaemon|daemon|post_master|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|mmdf|pmdf|smtpd?|uucp|bounces?[-_.]?handler|mailer|mailsystem|mail-?administrator|ndr|dsn|#)$/;
const DAEMON_NAME =
  /\b(?:mailer[- _]?daemon|mail deliver(?:y)? (?:sub)?system|mail delivery service|mail delivery agent|internet mail delivery|mail[- ]delivery[- ]daemon|delivery status notification|mail delivery subsystem|non[- ]?delivery (?:report|notification))\b/;

/** Sends nothing but delivery reports. */
export function isDaemon(value: string): boolean {
  return DAEMON.test(localPart(value)) || DAEMON_NAME.test(displayName(value));
}

const SYSTEM =
  /^(?:postmaster|mailmaster|mailadmin|mail-admin|virus(?:master|alert|scan(?:ner)?)?|anti-?virus|anti-?spam|spam(?:filter|admin)?|mailguard|mailsweeper|mailscanner|amavis|amavisd|scanmail|quarantine|navgw|gwava|antigen|virus|microsoftexchange[0-9a-f]*|groupwise|domino|x400|mailgateway|content[-_.]?filter|imss|interscan|mailmarshal|barracuda|mimecast|messagelabs|undeliverable|returned|(?:mail|msg|message)[-_.]?(?:system|server|router|robot|gateway)|mdserver|gwia)$/;
const OFFICE =
  /^(?:administrator|admin|system|sysadmin|mail|email|abuse|security|filter|exchange|notes|gateway|errors?|failure)$/;
const SYSTEM_NAME =
  /\b(?:postmaster|mail ?administrator|system ?administrator|mail ?system|mail ?router|mail ?server|mail ?gateway|mail ?guard|e-?mail administrator|microsoft exchange|microsoft outlook|interscan|scanmail|mailsweeper|mailmarshal|mail delivery|administrateur (?:syst.me|de messagerie)|systemadministrator|postmeister|amministratore di sistema|administrador(?: del)? (?:de |do )?sistema|anti-?virus|anti-?spam|content filter|quarantine|mail-?zustellsystem|mailverteilung|zustellsystem|syst[èe]me de (?:distribution|messagerie)|sistema (?:de|di) (?:correo|posta)|the post office|mail administration)\b|メール配信|配信システム|系统管理员|郵件系統|邮件系统|메일 (?:관리자|시스템)|почтов(?:ая|ой) систем/;

/** May be a person (postmaster is one, RFC 5321 s4.5.1) and may be software: the rest of the mail tells. */
export function isSystem(value: string): boolean {
  return SYSTEM.test(localPart(value)) || SYSTEM_NAME.test(displayName(value));
}

/** Is a person more often than not. */
export function isAdministrator(value: string): boolean {
  return OFFICE.test(localPart(value));
}

const NO_REPLY = [
  /(?:^|[-_.+\d])no[-_]?reply(?:$|[-_.+=\d])|do[-_.]?not[-_.]?reply|dont[-_.]?reply|donotrespond|do[-_.]not[-_.]respond/,
  /^no[-_]?reply(?:mail|notifications?|messages?|s)$/,
  /(?:^|[-_.+])(?:no|not|non|never)[-_.](?:reply|replies|respond|response|answer)(?:[-_.+\d]|$)/,
  /^(?:noreplies|norespond|noresponse|noanswer|no-?responder|no-?contestar|n[aã]o-?responda|ne-?pas-?repondre|nepasrepondre|keine-?antwort|nicht-?antworten|bitte-?nicht-?antworten|non-?rispondere|niet-?beantwoorden|ingen-?svar|svar-?ej|ei-?vastausta|nie-?odpowiadaj)(?:[-_.+\d]|$)/,
  /^auto[-_.]?(?:reply|responder|response|answer|mail|mailer|message|notification|confirm)$|^automat(?:ic|ed)(?:[-_.].*)?$/,
  /(?:^|[-_.])(?:order|booking|payment|subscription|delivery|shipping)[-_.]?confirm(?:ation)?s?$|^invitations?$|^(?:calendar|drive|account|security)[-_.]?(?:notification|security|noreply)[-_.\w]*$/,
  // VERP: the address of somebody else inside.
  /[-+._=][\w.]+=(?:[a-z0-9-]+\.)+[a-z]{2,}$/,
  /^(?:auto[-_.]?(?:reply|respond(?:er)?|confirm|mailer|notify)|robot|mailrobot|mailbot|bot)(?:[-_+\d]|$)/,
  /^(?:notifications?|notify|notifier|notification[-_.]?service|alerts?|reminders?|updates?)(?:[-_.+]|$)/,
  /[-_.](?:notifications?|notify|alerts?)$/,
  /^(?:bounces?|returns?|delivery)[-_.+=]/,
  /^bounces?$|^microsoftexchange[0-9a-f]{4,}$/,
  /[-_.+]bounces?$/,
  /^(?:root|cron|nobody|www-?data|wwwrun|apache|httpd|nagios|logwatch|anacron|wordpress)$/,
];

/** A mailbox that software writes from and nobody reads. */
export function isUnattended(value: string): boolean {
  const local = localPart(value);
  return NO_REPLY.some((pattern) => pattern.test(local));
}

const PERHAPS_UNATTENDED =
  /no[-_]?reply|^(?:auto|scanner|scan|copier|mfp|printer|xerox|ricoh|canon|fax(?:server)?|voice-?mail|webform|contactform|helpdesk|service-?desk|jira|redmine|gitlab|bugzilla(?:-daemon)?|trac|mantis|mail-?robot|billing|dmarc[-_.\w]*|tls-?rpt|fbl|feedback|sns|ses|exim|postfix|sendmail|qmail|cyrus|sieve|mta|mx\d*|smtp[-_.]?\w*|relay|fortimail|pmx|gfi|\w*anti-?(?:virus|spam)\w*|ngwguard|(?:delivery|bounce|error)[-_.]?(?:reports?|notices?|robot)|assistant|chatbot|tracking)$/;

/** Could be a machine's or a desk's that answers by machine: nobody is answered there, and nothing else follows. */
export function isPerhapsUnattended(value: string): boolean {
  return PERHAPS_UNATTENDED.test(localPart(value));
}

const LIST_ADDRESS =
  /^(?:owner-.+|.+-owner|.+-request|.+-bounces?|.+-return-\d.*|.+-confirm\+.*|.+-errors?|listserv|lists?|listproc|listmaster|list-?manager|majordomo?|mailman(?:-.*)?|sympa|ezmlm|smartlist|almanac|newsletters?|mailing-?list)$/;

/** A list's own address rather than a member's (RFC 5230 s4.6). */
export function isListAddress(value: string): boolean {
  return LIST_ADDRESS.test(localPart(value).replace(/\+.*$/, ""));
}
