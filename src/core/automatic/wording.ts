// What delivery reports, autoresponders and filters say in their text when they carry no telling header.

/** What the text of a mail speaks for. Points of several kinds of evidence; 0 is none. */
export interface TextEvidence {
  /** The first line is a mail server's: a person who quotes a bounce begins with words of their own. */
  readonly opensAsBounce: boolean;
  readonly bounce: number;
  readonly autoReply: number;
  readonly notice: number;
  /** The first phrase found, for the reason. */
  readonly phrase: string;
}

const MAX_CHARS = 16_000;

/**
 * The text without quoted lines, and only up to the point where somebody else's mail begins;
 * lower case, at most 16,000 characters.
 */
function ownWords(text: string): string {
  const lines: string[] = [];
  for (const line of text.slice(0, MAX_CHARS).toLowerCase().split("\n")) {
    if (/^\s*>/.test(line)) continue;
    if (
      /^\s*(?:-{2,}\s?(?:forwarded|weitergeleitete|mensaje reenviado|message transf)|begin forwarded message)/.test(
        line,
      )
    ) {
      break;
    }
    lines.push(line.replace(/[’‘]/g, "'").replace(/\s+/g, " "));
  }
  return lines.join("\n");
}

/** First lines (and no later ones) of well-known mail servers' reports. */
const BOUNCE_OPENING: readonly RegExp[] = [
  /^(?:hi\.?|hello\.?|hi!) ?this is the .{1,60}(?:program|mail|delivery|system|server|agent)/,
  /^this is the (?:mail system|postfix|mail delivery|mail transport|machine generated|smtp|exim|qmail|mailer|e-?mail system|courier|sendmail|.{1,40} program) ?/,
  /^this (?:message|e-?mail|report|mail) (?:was|is|has been) (?:created|generated|sent|an)? ?(?:automatically|automatic|auto-generated|a (?:delivery|computer|machine)).{0,40}(?:deliver|mail|server|system|software|status|notification)/,
  /^this is an? (?:automatic|automatically generated|automated|informative|auto-generated) ?.{0,40}(?:delivery|non-?delivery|mail system|mail delivery|bounce|mail server)/,
  /^\**\s*this is a warning message only/,
  /^the original (?:message|mail) was received (?:at|from)/,
  /^your (?:e-?mail )?(?:message|mail|e-?mail)\b.{0,200}\b(?:did not reach|wasn't delivered|was not delivered|couldn't be delivered|could not be delivered|cannot be delivered|can't be delivered|has been delayed|hasn't been delivered|has not been delivered|was undeliverable|is undeliverable|was rejected|has been rejected|was not sent|has been refused|has been returned|was blocked|has been blocked)/,
  /^(?:the |this |following )?(?:following )?(?:message|mail|e-?mail)\b.{0,200}\b(?:undeliverable|could not be delivered|couldn't be delivered|cannot be delivered|can't be delivered|was not delivered|not be delivered|has not been delivered|not delivered to|wasn't delivered|was rejected|is being returned|has been returned|delivery failed|did not reach)/,
  /^(?:mail |message |e-?mail )?(?:delivery|transmission|sending)\b.{0,80}\b(?:failed|failure|has failed|was unsuccessful|delayed|is delayed|incomplete|not possible|error|impossible|could not be)/,
  /^(?:error|fehler|failed|failure|undeliverable|undelivered|address not found|message (?:not delivered|blocked|rejected|too large)|recipient inbox full|delivery incomplete)\b/,
  /^(?:message|mail) from .{1,60}(?:unable to deliver|could not)/,
  /^we (?:had|have|are having) (?:trouble|problems?|difficult)/,
  /^sorry, (?:i|we) (?:couldn't|could not|wasn't|were not|was not|can't|cannot)/,
  /^(?:i'm |we are |we're |i am )?(?:very )?(?:sorry|afraid)[,.]? ?(?:to have to inform|but|we were|we are|i wasn't|your|the|unable|could|that).{0,120}(?:deliver|message|mail|returned|reach)/,
  /^(?:unable to|could not|cannot|can't|couldn't|failed to|we were unable to|we could not|we couldn't|i was unable to|i could not) (?:deliver|send|complete|process|reach|transmit|relay)/,
  /^(?:a|the|one or more|some) (?:message|mail|e-?mail|recipients?|address(?:es)?)\b.{0,120}(?:could not|couldn't|not be|cannot|was not|were not|did not|failed|has not|undeliver|wasn't|invalid|rejected)/,
  /^(?:the )?(?:following|intended|specified) (?:recipients?|address(?:es)?|users?|mailbox(?:es)?|persons?|destination)\b/,
  /^-{2,}.{0,10}(?:the following addresses|transcript|delivery|undelivered|error|original message follows|reason)/,
  /^(?:failed|non-?delivery|undelivered|unknown|invalid) (?:recipients?|address|users?|notification|report|message)/,
  /^(?:reporting-mta|final-recipient|original-recipient|diagnostic-code|x-postfix-queue-id|message-id:? .{0,80}undeliver|subject: .{0,120}undeliver)/,
  /^(?:<[^<>\s]{1,200}>|[^\s<>@]{1,100}@[^\s<>]{1,150}):? ?.{0,60}(?:\b5\d\d\b|\b4\d\d\b|user unknown|no such|unknown user|not found|does ?n[o']t exist|mailbox|rejected|quota|disabled|host)/,
  /^(?:user|recipient|mailbox|host|domain|account) (?:unknown|not found|is full|disabled|unavailable|name|rejected|.{1,80}(?:not listed|not found|unknown|is full|over quota|does not exist|doesn't exist))/,
  /^(?:diese|ihre|die|folgende|eine) (?:e-?mail|nachricht|mail|empf[äa]nger|folgenden?)\b.{0,160}(?:nicht|unzustellbar|fehlgeschlagen|verz[öo]gert|abgelehnt)|^fehler bei der|^leider konnte|^dies ist eine automatisch|^übermittlungsfehler/,
  /^(?:votre|le|la|ce|l'envoi|échec|[ée]chec|impossible|d[ée]sol[ée])\b.{0,160}(?:remis|distribu|livr|non valide|introuvable|[ée]chou|inconnu|retourn)/,
  /^(?:su|el|la|no se|este|lo sentimos|error|no ha sido)\b.{0,160}(?:entreg|enviad|devuel|no existe|rechaz)/,
  /^(?:il|la|impossibile|questo|siamo spiacenti|non)\b.{0,160}(?:recapit|consegn|inesistente|respint)/,
  /^(?:sua|a sua|a mensagem|n[ãa]o foi|falha|esta)\b.{0,160}(?:entreg|enviad|devolv)/,
  /^(?:uw|het|de|dit|bezorging)\b.{0,160}(?:niet (?:bezorg|afgelever|bereik)|mislukt|onbestelbaar)/,
  /配信(?:でき|不能|され)|届け|送信でき|不達|宛先|メールアドレスが|无法|無法|退回|未能|не (?:был|была|было|удалось|может|доставл)|недоставлен|не доставлен|doručen|dostarcz|levereras|leveret|toimittaa/,
];

const BOUNCE_STRONG: readonly RegExp[] = [
  /i'm (?:afraid|sorry).{0,60}(?:deliver|inform you)/,
  /this is a permanent error|i've given up|it didn't work out|giving up/,
  /did not reach (?:the following|some or all|one or more|any)/,
  /(?:could not|couldn't|cannot|can't|can not|not) be (?:delivered|reached|sent) ?(?:to|because|$|\.|,|for|:)/,
  /(?:delivery|transmission) (?:to the following|has failed|failed|failure|of your message|has been delayed|is delayed)/,
  /(?:trouble|problems?|difficulty|error) (?:in |while )?(?:delivering|sending)|rejected (?:the )?recipient|couldn't find any host|delivery problems/,
  /unable to (?:deliver|relay|send)|failed to deliver|was not delivered|undeliverable|undelivered|returned to (?:the )?sender/,
  /(?:^|\n) ?-{2,}.{0,10}(?:transcript of session|the following addresses had|original message follows|this is a copy|below this line is|returned message|message header)/,
  /(?:final|original)-recipient ?:|diagnostic-code ?:|reporting-mta ?:|remote-mta ?:|action ?: ?(?:failed|delayed)/,
  /remote (?:mail )?(?:host|server|system) (?:said|returned|responded|replied)|while talking to|<{3} ?[45]\d\d|smtp error from remote|the error that the other server returned|in reply to rcpt to|host .{1,120} said: ?[45]\d\d|server (?:returned|response|said|replied)/,
  /generating server|original message headers|diagnostic information for administrators|mail delivery (?:software|system|subsystem|agent)|message will be (?:retried|tried)|will (?:continue|keep) (?:trying|to try)/,
  /all (?:relevant )?(?:mail )?(?:servers|mx)|retry time(?:out)?|queue lifetime|message (?:expired|timed out)|deferred|hop count|too many hops|mail loop/,
  /unzustellbar|nicht (?:zugestellt|zustell|ausgeliefert)|konnte(?:n)? nicht|non remis|n'a pas pu être|no se (?:pudo|puede|ha podido) entregar|non (?:è stato |è stata )?(?:recapit|consegn)|n[ãa]o (?:foi|p[ôo]de)|niet (?:bezorgd|afgeleverd)|доставлен|配信でき|不達|无法投递|退信/,
];

const BOUNCE_WEAK: readonly RegExp[] = [
  /\b[45]\.\d{1,3}\.\d{1,3}\b/,
  /(?:^|[\s([<:'#])[45][0-5]\d[ -](?=[a-z#<"(\d])/,
  /user (?:unknown|not found|does not exist|doesn't exist|not known|is unknown)|unknown (?:user|recipient|address|local|host|mailbox)|no such (?:user|mailbox|recipient|address|account|domain|local|person|host)|invalid (?:recipient|address|mailbox|user)|(?:recipient|address|mailbox|user|account)[^\n]{0,60}(?:rejected|unavailable|disabled|not found|unknown|inactive|does not exist|doesn't exist|not listed|not exist|not accept)/,
  /(?:mailbox|mail box|inbox|account|user)[^\n]{0,40}(?:is full|full|over ?quota|exceeded|quota)|quota exceeded|over quota|exceeded (?:storage|the (?:quota|mailbox))|disk quota|mailfolder is full/,
  /host (?:unknown|not found|unreachable|or domain name not found)|domain (?:not found|does not exist|name)|name server|dns (?:error|lookup|failure)|unrouteable|unroutable|couldn't find any host|connection (?:refused|timed out|reset|failed)|no (?:mx|route)|address not found/,
  /relay(?:ing)? (?:denied|not permitted|not allowed|access denied)|unable to relay|blocked|blacklist|block list|spamhaus|spamcop|policy (?:violation|reasons)|access denied|message (?:rejected|refused|too large|size exceeds|content)|content (?:rejected|filter)/,
  /permanent (?:fatal )?errors?|fatal errors?|transient (?:non-)?fatal|permanent failure|temporary failure|delivery (?:status|attempt|report|notification)|mail(?:er)?[- ]daemon|postmaster|system administrator/,
  /(?:^|\n) ?(?:received: from|return-path: ?<|message-id: ?<|x-mailer:|mime-version: 1)/,
  /(?:^|\n) ?(?:to|for|recipient|recipients|reason|subject|sent|from|error|status|action|arrival-date|last-attempt-date): /,
  /copy of (?:your|the) (?:original )?message|original message (?:is|was|follows|header|text|attached)|unsent message|attached (?:is|message)|full headers|including all the headers/,
];

const AUTO_STRONG: readonly RegExp[] = [
  /this (?:is|was|message is|e-?mail is|reply is|message was|e-?mail was) (?:an? |generated )?(?:automat|auto[- ]?(?:repl|resp|gener)|computer[- ]generated|system[- ]generated)/,
  /automatically (?:generated|created|sent) (?:e-?mail|message|reply|response|notification|acknowledg)|auto(?:matic|mated)?[- ]?(?:generated|reply|responder|response|acknowledge?ment)|(?:vacation|auto[- ]?reply) (?:program|message)|generated automatically/,
  /(?:please )?(?:do not|don't) (?:reply|respond) (?:directly )?to this/,
  /replies to this (?:message|e-?mail|address|mailbox)|this (?:mailbox|e-?mail|address|e-?mail address|inbox|account) is (?:not|un|no longer)(?: being)? ?(?:monitored|in use|read|checked)|unmonitored/,
  /(?:i|he|she|\w+) (?:have|has) (?:now )?left (?:the (?:company|organi[sz]ation|firm)|us)\b|no longer (?:employed|with (?:the|this) (?:company|organi[sz]ation|firm))/,
  /dies ist eine automatisch|automatisch (?:generiert|erstellt|erzeugt|versend|gegenereerd)|ceci est (?:un message|une r[ée]ponse) automatique|(?:mensaje|respuesta) autom[áa]tic|(?:messaggio|risposta) automatic|(?:mensagem|resposta) autom[áa]tic|automatisch (?:antwoord|bericht)|automatiskt? (?:svar|genererat|melding)|автоматическ|自動(?:返信|応答|的に|送信|配信)|自动(?:回复|答复)|自動回覆|자동/,
];

const AWAY: readonly RegExp[] = [
  /(?:i )?will (?:not be|be unable to|have no|have limited|be without|only have|not have)[^\n]{0,40}(?:reading|access|check|respond|answer|e-?mail)/,
  /(?:i am|i'm|i will be|i'll be|is|am|will be) (?:currently |presently |now |away |on )?(?:out of (?:the |my )?office|out of the country|away (?:from|until|on|till|for)|on (?:annual |maternity |parental |sick |paternity |study )?(?:leave|vacation|holiday|sabbatical)|travell?ing|at a conference|absent)/,
  /(?:i )?(?:will|shall|'ll) (?:be back|return|be returning|get back|respond|reply|answer|read|deal|be in touch|contact you|be back in)[^\n]{0,80}(?:on|when|upon|after|as soon|until|my return|monday|\d)/,
  /(?:on|upon|after|until) (?:my|i) return|when i (?:return|get back|am back|come back)|back in the office|returning (?:on|to the office)|return to the office/,
  /(?:limited|no|without|intermittent|occasional|infrequent|little) (?:or no )?access to (?:my )?(?:e-?mails?|mail|internet|phone)/,
  /(?:if (?:it is|it's|your|this is|you (?:need|require|have))|for|in case of|should you (?:need|require|have))[^\n]{0,80}(?:urgent|immediate|emergency|assistance|help)[^\n]{0,120}(?:contact|call|e-?mail|phone|speak|write|refer|ring|mail)/,
  /(?:your|the) (?:message|mail|e-?mail)[^\n]{0,80}(?:will be (?:read|answered|dealt|forwarded|processed)|has been (?:received|forwarded|saved)|will not be (?:read|forwarded|answered))/,
  /no longer (?:work|employed|with (?:the|this|us)|at (?:this|the)|available|in use|valid)|(?:has|have) (?:now )?left (?:the (?:company|school|organi[sz]ation)|us)|(?:new|changed my) e-?mail address/,
  /ich bin[^\n]{0,60}(?:nicht im|abwesend|im urlaub|wieder|nicht erreichbar|au[ßs]er haus)/,
  /in dringenden f[äa]llen|ab dem[^\n]{0,40}wieder|nicht (?:gelesen|weitergeleitet)/,
  /je suis[^\n]{0,60}(?:absent|en cong|en vacances|en d[ée]placement)|pendant mon absence/,
  /en cas d'urgence|de retour le|à mon retour/,
  /estar[ée] (?:fuera|ausente)|estoy (?:fuera|ausente|de vacaciones)|(?:sono|sarò) (?:assente|fuori|in ferie)|estou (?:ausente|de f[ée]rias|fora)/,
  /en caso de urgencia|a mi (?:regreso|vuelta)|al mio (?:rientro|ritorno)|in caso di urgenza|per urgenze|em caso de urg|ao meu regresso/,
  /ik ben[^\n]{0,60}(?:afwezig|met vakantie|niet aanwezig|niet op kantoor)|jeg er[^\n]{0,60}(?:ferie|frav[æa]r|ikke)|jag [äa]r[^\n]{0,60}(?:semester|ledig|borta)|olen[^\n]{0,40}(?:lomalla|poissa)|jestem[^\n]{0,40}(?:urlop|nieobec)|(?:отпуск|отсутств)|不在|休暇|出張|休假|出差|휴가/,
];

const NOTICE: readonly RegExp[] = [
  /(?:virus|worm|trojan|malware|infected|infection|banned|prohibited|forbidden)[^\n]{0,80}(?:found|detected|removed|blocked|quarantin|deleted|attachment|in (?:your|the|an?) (?:e-?mail|message|mail)|cleaned|name)/,
  /(?:your|the|this|a|an) (?:e-?mail|message|mail)[^\n]{0,100}(?:quarantin|was blocked|has been blocked|has been (?:stopped|rejected|intercepted|refused|identified as spam)|contained (?:a virus|spam)|classified as spam)/,
  /(?:spam|content|anti-?virus|virus|mail) (?:filter|scanner|checker|gateway|protection)|unsolicited (?:bulk|commercial)|mailsweeper|mailmarshal|interscan|scanmail|amavis|mailscanner|symantec|mcafee|sophos|barracuda|mimecast|messagelabs/,
  /(?:confirm|verify|prove|authenticate)[^\n]{0,80}(?:you are (?:a |not a? ?)?(?:human|real|person|spam)|your (?:message|e-?mail|address|identity)|delivery|by (?:replying|clicking))|(?:first time|not (?:yet )?(?:recogni[sz]ed|on my|authori[sz]ed|been added))[^\n]{0,80}(?:e-?mail|sent|list|sender|message|white ?list)|(?:click|reply|visit)[^\n]{0,60}(?:link|below|this)[^\n]{0,60}(?:deliver|confirm|verify|release)|approved senders?|white ?list|unsolicited e-?mail/,
  /(?:ticket|case|request|reference|enquiry|inquiry|support) (?:number|id|no\.?|#)|has been (?:received|logged|assigned|opened|created|registered)|we (?:have|'ve) received your|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry))|(?:will|shall) (?:respond|reply|get back|be in touch|contact you)|within \d+ (?:working |business )?(?:hours|days)/,
  /in order to (?:reduce|prevent|control|stop) (?:spam|junk|unsolicited)|to (?:control|reduce|stop|fight) spam|junk e-?mail/,
];

/** Reads at most the first 16,000 characters. */
export function textEvidence(text: string): TextEvidence {
  const words = ownWords(text);
  const first = (words.split("\n").find((line) => /[\p{L}\d]/u.test(line)) ?? "").trim().slice(0, 600);
  // A server wraps its lines: the second one may hold the word that tells.
  const start = words.indexOf(first.slice(0, 60));
  const opening = words
    .slice(Math.max(0, start), Math.max(0, start) + 400)
    .replace(/\s+/g, " ")
    .trim();
  const opener = BOUNCE_OPENING.find((pattern) => pattern.test(first) || pattern.test(opening));
  const strong = BOUNCE_STRONG.filter((pattern) => pattern.test(words));
  const weak = BOUNCE_WEAK.filter((pattern) => pattern.test(words));
  const auto = AUTO_STRONG.filter((pattern) => pattern.test(words));
  const away = AWAY.filter((pattern) => pattern.test(words));
  const notice = NOTICE.filter((pattern) => pattern.test(words));
  const telling = opener ?? strong[0] ?? auto[0] ?? away[0] ?? notice[0];
  return {
    opensAsBounce: opener !== undefined,
    bounce: (opener ? 2 : 0) + 2 * strong.length + weak.length,
    autoReply: 2 * auto.length + away.length,
    notice: notice.length,
    phrase: telling ? (telling.exec(opening)?.[0] ?? telling.exec(words)?.[0] ?? "").slice(0, 80).trim() : "",
  };
}
