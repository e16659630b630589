// What delivery reports of mail servers say in their text. All patterns read lower case.

/** First lines (and no later ones) of well-known mail servers' reports. */
export const BOUNCE_OPENING: readonly RegExp[] = [
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
  /^(?:hallo|hello|hi|guten tag|bonjour|hola|bom dia|ciao|здравствуйте)?[,.! ]{0,3}(?:hier ist das|ici le programme|this is the|aquí el programa|questo è il programma) .{1,60}(?:programm|program|messagerie|correo|posta)/,
  /^(?:meddelandet|meddelelsen|meldingen|viestisi|wiadomość|vaše zpráva|vaša správa|az üzenet|iletiniz|το μήνυμά|mesajul|ваше повідомлення|сообщение|לא ניתן|הודעתך|لم تصل|لم يتم|您的(?:邮|郵)件|你的(?:邮|郵)件|很抱歉|抱歉|次の受信者|일부 또는 모든|보내신 메일|메일을)/,
  /配信(?:でき|不能|され)|届け|送信でき|不達|宛先|メールアドレスが|无法|無法|退回|未能|не (?:был|была|было|удалось|может|доставл)|недоставлен|не доставлен|doručen|dostarcz|levereras|leveret|toimittaa/,
];

export const BOUNCE_STRONG: readonly RegExp[] = [
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
  /(?:nicht|not) zugestellt|alle empf[äa]nger nicht erreicht|(?:certains|tous les) destinataires|à l[ae]? ?(?:destinataire|adresse)[^\n]{0,40}(?:inconnu|introuvable)|pu [êe]tre (?:remis|distribu|d[ée]livr|livr)|destinatarios siguientes|(?:ad alcuni|a tutti) i destinatari|alguns ou (?:a )?todos os destinat[áa]rios|beoogde geadresseerden|n[åa]dde inte|n[åa]ede ikke|n[åa]dde ikke|ei tavoittanut|nie dotarła|nedorazila|nem k[ée]zbes[íi]thető|ulaşmadı|δεν έφτασε|nu a ajuns|не надійшло|недоставлен/,
  /配信に失敗|届きませんでした|お届けでき|未能(?:传递|送达|投递)|无法(?:传递|送达)|無法(?:傳遞|送達|傳送)|未傳送|被退回|보내지 못했|발송되지 못|배달되지|전송되지|لم تصل|تعذر|לא הגיעה/,
];

export const BOUNCE_WEAK: readonly RegExp[] = [
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

/** What only a machine puts into so short a text: an address, a reply code, a field of a report. */
export const TECHNICAL: readonly RegExp[] = [
  /[^\s@<>"]{1,64}@[^\s<>"]{2,80}/,
  /(?:^|[^\d.,])[45][0-5]\d[ -](?:[a-z#<"(]|[45]\.\d)|\b[45]\.\d{1,3}\.\d{1,3}\b/,
  /\b(?:smtp|rcpt|mx|dns|mail ?server|daemon|postmaster|mailbox (?:is )?(?:full|unavailable|not found)|user (?:unknown|not found)|unknown user)\b/,
  /(?:^|\n) ?(?:subject|to|betreff|an|objet|asunto|oggetto|onderwerp|assunto|[äa]mne|emne|temat|тема|件名|主题|主旨) ?: ?\S/,
];
