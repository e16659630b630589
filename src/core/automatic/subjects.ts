// Subjects that mail servers, out-of-office assistants and filters write, in the languages they speak.

const TAG =
  /^(?:\[(?:ext|external|spam|extern|suspected spam|possible spam|bulk|official|unclassified|secure|encrypted|caution|warning|postmaster)[^\]]{0,20}\]|\((?:ext|external|extern)[^)]{0,20}\)|\*{2,5}\s?(?:spam|bulk|junk|possible spam|external)\s?\*{2,5}|\{spam\??\}|(?:spam|external|caution|ext|extern):)\s*/;
/** "[rt.example #12] AutoReply: x", "[Year 3 parents] Automatic reply: x": a list's or a ticket system's. */
const ANY_TAG = /^\[[^\]]{1,60}\]\s*(?=\S)/;

/** "[EXTERNAL] ***SPAM*** Undeliverable: x" → "undeliverable: x", as far as a gateway added the tags. */
export function plainSubject(subject: string): string {
  let rest = subject
    .slice(0, 1000)
    .replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g, " ")
    .trim()
    .toLowerCase();
  for (let turn = 0; turn < 4; turn++) {
    const tag = TAG.exec(rest)?.[0];
    if (!tag) return rest;
    rest = rest.slice(tag.length);
  }
  return rest;
}

/** Tests a `plainSubject` as it is, and without the tag that something on the way put before it. */
const matches = (patterns: readonly RegExp[], subject: string): boolean => {
  const bare = subject.replace(ANY_TAG, "");
  return patterns.some((pattern) => pattern.test(subject) || (bare !== subject && pattern.test(bare)));
};

/** A reply or a forward: a person acts on something, be it a bounce. */
export function isReplyOrForward(subject: string): boolean {
  return /^(?:re|fwd?|aw|wg|tr|rv|rif|r|i|sv|vs|vb|vl|antw|antwort|odp|pd|ynt|ilt|enc|res|ref|doorst|fs|bls|atb|vá|továbbítás|trs|回复|回覆|转发|轉寄|答复)(?:\[\d+\])?\s?[:：]/i.test(
    subject,
  );
}

const BOUNCE: readonly RegExp[] = [
  /^(?:your )?(?:mail|message|e-?mail)\b.{0,20}(?:not deliverable|account (?:was|is) full|mailbox (?:was|is) full)/,
  /^undeliverable\b|^undelivered(?: ?(?:mail|message|e-?mail|report)\b|\s?:|$)/,
  /^non[- ]?deliver(?:y|able|ed)\b/,
  /^(?:mail |message |e-?mail )?delivery (?:failure|failed|status|problem|error|report|notification|notice|has failed|unsuccessful|incomplete|delayed|attempt)/,
  /^(?:delivery|message|mail) (?:status )?notification\b/,
  /^(?:your )?(?:mail|message|e-?mail)(?: delivery)? (?:could|can|was|has|is)(?: ?not|n't|not)? (?:been )?(?:be )?(?:be )?(?:delivered|undeliverable|undelivered|sent|returned|rejected|blocked|refused|delayed)/,
  /^(?:mail|message|e-?mail) (?:delivery )?(?:failed|failure|error|system error|returned|rejected|bounced|undeliverable|undelivered|status|delayed|delay|rejection|blocked|not delivered)\b/,
  /^failed mail\b|^waiting mail\b|^delayed mail\b|^failed delivery\b|^failed to deliver\b|^failed:/,
  /^returned (?:mail|message|e-?mail|to sender)\b|^returning (?:mail|message)\b|^return(?:ed)?:/,
  /^(?:re: )?failure notice\b|^failure delivery|^permanent (?:delivery )?(?:failure|error)|^transient failure|^temporary (?:delivery )?failure/,
  /^warning: (?:could not send|message|mail|e-?mail|your).{0,120}(?:delay|hours?|not|queue|undeliver|past)/,
  /^warning: (?:message|mail) .{0,80}(?:delayed|still)/,
  /^notice: mail delivery status|^nondeliverable mail|^unable to deliver|^unknown (?:user|recipient|address)|^user (?:unknown|not found)/,
  /^(?:mail|smtp|postmaster)[^:]{0,20}(?:error|warning|notify|notification)\b.*(?:deliver|mail|user|fail)/,
  /^(?:mdaemon )?(?:warning|notification)s? ?- ?(?:undeliver|delayed|permanent|mail)/,
  /^(?:cannot|can't|couldn't|could not|unable to) (?:deliver|send)\b|^there was an error sending your mail|^error sending mail/,
  /^\[bounced?\]|^bounced? ?:|^bounced?$|^bounced? (?:mail|message|e-?mail)|\[bounce\]$|^bounce \S+@/,
  /^message status ?- ?undeliver|^delivery (?:delayed|failure):?|^rejected(?: mail| message|:)|^mail (?:refused|rejection)/,
  /^(?:successful mail delivery report|mail delivery status report|delivered:|relayed:|expanded:|delivery (?:complete|success))/,
  /^(?:mailbox|inbox|quota|account) (?:is |was )?(?:full|exceeded|over quota|unavailable)|^over quota|mailbox full$/,
  /^problem(?:s|e)? (?:with|delivering|sending|bei) (?:your|the|ihrer) (?:mail|message|e-?mail|delivery)|^delivery problems?|^postmaster notify|^\*{2}message you sent (?:was )?blocked|^sorry, your (?:message|mail|e-?mail)|^mail (?:could not|can ?not) be|^rejected:|^(?:cc:mail|\w+) link to smtp undeliverable/,
  /^zustellfehler|^fehlerhafte (?:mail)?zustellung|^mail(?:zustellung|versand)[^:]{0,20}(?:fehl|nicht|problem)|^postfach (?:ist )?voll|^[ée]chec de (?:distribution|livraison|transmission)|^bo[îi]te (?:aux lettres )?pleine|^(?:casella|mailbox) (?:[èe] )?(?:piena|vol)\b|^buz[óo]n lleno|^caixa (?:postal )?cheia/,
  /^unzustellbar|^nicht zustellbar|^zustellung (?:fehlgeschlagen|nicht|verz)|^(?:e-?mail|nachricht|mail)[- ](?:zustellung|konnte nicht)|^zustellungs?(?:fehler|problem|status|bericht)|^übermittlung|^r[üu]cksendung|^fehler bei der/,
  /^non (?:remis|distribu|d[ée]livr)|^[ée]chec (?:de |d')?(?:la )?(?:remise|distribution|envoi)|^(?:message|courrier|mail|courriel) non (?:remis|distribu|d[ée]livr)|^avis de non[- ]remise|^rapport de non[- ]remise|^notification d'?.{0,8}[ée]tat de remise|^[ée]chec de (?:la )?remise/,
  /^no se (?:puede|pudo|ha podido) entregar|^no entregado|^mensaje (?:no entregado|devuelto|no enviado|rechazado)|^correo (?:devuelto|no entregado)|^error (?:de|en la) entrega|^notificaci[óo]n (?:de|del) estado de entrega/,
  /^(?:messaggio |mail )?non (?:recapita|consegna|inoltra)|^recapito (?:non|fallito|impossibile)|^mancat[ao] (?:recapito|consegna)|^avviso di mancat|^impossibile (?:recapitare|consegnare)|^notifica(?:zione)? (?:dello |di )?stato (?:del )?recapito|^mancata consegna/,
  /^n[ãa]o (?:[ée] poss[íi]vel entregar|entreg|foi poss[íi]vel)|^(?:mensagem|e-?mail) (?:n[ãa]o|devolvid)|^falha (?:na|de) entrega|^notifica[çc][ãa]o de (?:status|estado) d[ea] entrega/,
  /^onbestelbaar|^niet bestelbaar|^bestelling mislukt|^niet (?:te bezorgen|bezorgd|afgeleverd)|^aflever(?:ing|fout)|^bezorging mislukt|^kan niet (?:worden )?(?:bezorgd|afgeleverd)/,
  /^det g[åa]r inte att leverera|^(?:g[åa]r|kan|kunne|kunde) (?:ej|ikke|inte) (?:att )?(?:leverer?as|leveres|levereras)|^olevererbart?|^oleverbart?|^ikke leverbar|^kan ikke leveres|^uleverbar|^kunne ikke levere|^meddelandet kunde inte|^toimitus ep[äa]onnistui|^ei voi toimittaa|^toimittamaton|^viesti[äa] ei/,
  /^nie(?:dostarcz|mo[żz]na dostarczy[ćc])|^niedostarczal|^nedoru[čc]iteln|^nedoru[čc]en|^kézbesíthetetlen|^iletilemedi|^teslim edilemedi|^livrare (?:e[șs]uat|imposibil)|^imposibil de livrat|^nelivrat|^αδυναμία παράδοσης|^αδύνατη η παράδοση|^δεν παραδόθηκε|^не ?доставлен|^недоставленное|^не удается доставить|^не вда(?:лося|ється) доставити|^(?:ваше )?(?:письмо|сообщение|почта) не (?:было )?доставлен|^не доставлено|^повідомлення не доставлено|^сообщение не доставлено|^ошибка доставки/,
  /^[【[]?(?:メール|配信|送信|配送)?(?:不達|不能|エラー|配信不能|配信失敗|配信エラー|送信エラー)|^メール(?:が|を)[^:]{0,12}(?:届き|届け|送信でき|配信でき)|^メッセージを配信でき|^配信できません|的退信|^邮件投递失败|^投递失败|^邮件发送失败|^郵件無法|^郵件傳送失敗|^未送信|^配信不能|^无法投递|^退信|^系统退信|^無法(?:傳遞|投遞)|^邮件(?:退回|未送达)|^郵件退回|^未传递|^未傳遞的|배달되지 않음|^반송|^לא ניתן למסירה|^תעذر|^تعذر (?:التسليم|تسليم)/,
];

/** A delivery report's subject. `subject` is a `plainSubject`. */
export function isBounceSubject(subject: string): boolean {
  return matches(BOUNCE, subject);
}

/** A server's subject is about mail; "Undelivered parcel" and "Delivery failure of the coat" are not. */
const MAIL_WORD =
  /\b(?:e-?mails?|mail|messages?|recipient|mailbox|inbox|user|notification|notice|returning|transcript|smtp|host|address|subsystem|report|nachricht|courriel|courrier|mensaje|correo|messaggio|mensagem|bericht|meddelande|wiadomoś|zpráva|iletiniz)|почт|письм|сообщени|повідомлен|邮件|郵件|退信|メール|메일/;

export function isAboutMail(subject: string): boolean {
  return MAIL_WORD.test(subject);
}

// Anywhere in the subject; they count only beside a text that has an address or a reply code.
const PERHAPS_BOUNCE: readonly RegExp[] = [
  /\bundeliver|\bnot (?:be |been )?deliver|deliver\w* (?:has |have )?(?:fail|error|delay|problem|status|unsuccess)|fail\w* (?:to )?deliver|\bbounced?\b|\breturned\b|\bmail (?:error|failure|system|server|blocked)|(?:mail|message) (?:was |is |has been )?(?:rejected|refused|blocked|held|frozen|returned)|\b(?:smtp|mailbox|quota|user unknown|policy violation|content violation)\b|\bdoes not exist\b/,
  /zustell|zugestellt|verweigert|abgewiesen|retour de courrier|non (?:d[ée]livr|remis|distribu|livr)|[ée]chec|devuelt|no (?:entregad|enviad)|fallo de entrega|recapit|mancata|respint|n[ãa]o entregue|devolvid|niet (?:worden )?(?:afgeleverd|bezorgd)|geweigerd|ikke levert|inte levereras|ep[äa]onnistui|dostarcz|dor[ęe]cz|zwrot wiadomo|doručen|kézbesít|teslim edil|nelivrat|παρ[άα]δο/,
  /(?:не )?доставл|возвращен|возврат|повернен|送信でき|届き|不達|退回|退信|被退|투递|投递|发送失败|傳送失敗|발송|반송|לא נמסר|لم (?:يتم|تصل)/,
];

/** Could be a delivery report's. `subject` is a `plainSubject`. */
export function isPerhapsBounceSubject(subject: string): boolean {
  return PERHAPS_BOUNCE.some((pattern) => pattern.test(subject));
}

const AUTO_REPLY: readonly RegExp[] = [
  /^(?:\[?auto(?:matic|mated|matically)?[- _]?(?:reply|response|responder|respond|answer|generated (?:reply|response|message)|acknowledge?ment)\]?)(?:\W|$)/,
  /^auto ?:|^\[auto\]|^\((?:auto|automatic|automated)[- ]?(?:reply|response)\)/,
  /^out[- ]of[- ](?:the[- ])?office(?:\s*(?:[:!]|$)|:? auto|\s(?:reply|response|notification|message|notice|assistant|autoreply)\b)/,
  /^(?:ooo|oof) ?:|^\[ooo\]/,
  /\bis (?:currently )?(?:out of|away from) the office\b/,
  /^(?:vacation:|(?:vacation|away) (?:reply|message|notice|notification|auto-?reply|response|responder)\b)/,
  /^away from (?:my |the )?(?:e-?mail|mail|office|desk)(?:\W|$)/,
  /[([](?:auto(?:matic|mated)?[- ]?(?:reply|response|generated|responder)|out of (?:the )?office|vacation)[)\]]\s*$/,
  /^automatis(?:che|ches|ch) (?:antwort|abwesenheit|r[üu]ckantwort|eingangsbest|best[äa]tigung|antwoord)|^abwesenheits(?:notiz|assistent|benachrichtigung)|^autoantwort/,
  /^r[ée]ponse (?:automatique|auto)\b|^r[ée]pondeur\b|^message (?:automatique|d'absence)|^absente? du bureau|^absence du bureau|^accus[ée] de r[ée]ception automatique/,
  /^respuesta autom[áa]tica|^contestaci[óo]n autom[áa]tica|^auto(?:-| )?respuesta|^fuera de (?:la )?oficina|^mensaje autom[áa]tico/,
  /^risposta automatica|^risponditore|^auto ?risponditore|^autorisposta|^fuori (?:sede|ufficio)|^messaggio automatico/,
  /^resposta autom[áa]tica|^auto-?resposta|^fora do escrit[óo]rio|^mensagem autom[áa]tica/,
  /^automatisch (?:antwoord|bericht|beantwoord)|^afwezigheids(?:bericht|assistent)|^buiten kantoor/,
  /^auto(?:matisk(?:t)?)?[- ]?(?:svar|besked|melding|beskjed|meddelande)|^ikke p[åa] kontoret|^inte p[åa] kontoret|^automaattinen (?:vastaus|poissaolo|viesti)/,
  /^odpowied[źz] automatyczna|^automatyczna odpowied[źz]|^autoodpowied|^poza biurem|^automatick[áaée] odpov[eěé][dď]|^mimo kancel|^automatikus v[áa]lasz|^házon kívül|^r[ăa]spuns automat|^în afara biroului|^otomatik (?:yan[ıi]t|cevap)|^ofis d[ıi][şs][ıi]nda|^samodejni odgovor|^automatski odgovor|^automaatvastus|^automātisk|^automatinis atsak/,
  /^автоматическ(?:ий|ое) (?:ответ|уведомл)|^автоответ|^авто-?ответ|^автоматична відповідь|^автовідповід|^вне офиса|^автоматичен отговор|^αυτόματη απάντηση|^εκτός γραφείου/,
  /^(?:yahoo!? )?auto ?response\b|^this is a recording\b|^on vacation message|^automatische (?:abwesenheits|eingangs|empfangs|urlaubs)|^resposta autom[àa]tica|^ateb awtomatig|^erantzun automatikoa|^freagra uathoibríoch|^sjálfvirkt svar|^аутоматски одговор|^автоматски одговор|^përgjigje automatike|^پاسخ خودکار|^स्वत|^automatinis|^automaatne|^tự động|^auto[- ]?reply(?:\W|$)/,
  /\bist (?:au[ßs]er haus|nicht im (?:b[üu]ro|haus))\.?$|\best absente?(?:\(e\))?(?: du bureau)?\.?$|\bnon [èe] in (?:ufficio|sede)\.?$|\best[áa] (?:fuera de la oficina|ausente(?: de la oficina)?)\.?$|\best[áa] (?:fora do escrit[óo]rio|ausente do escrit[óo]rio)\.?$|\bis (?:afwezig|niet (?:op kantoor|aanwezig))\.?$|\bis currently away\.?$/,
  /^自动(?:答复|回复)|^自動(?:回覆|回复|応答|返信|返答|答覆)|^[【[]自動(?:返信|応答|送信|配信)|^不在通知|^\[?자동 ?(?:회신|응답|답장)\]?|^رد تلقائي|^الرد التلقائي|^תשובה אוטומטית|^מענה אוטומטי|^trả lời tự động|^balas(?:an)? otomatis|^jawapan automatik|^ตอบกลับอัตโนมัติ/,
];

/** An out-of-office assistant's or autoresponder's subject. `subject` is a `plainSubject`. */
export function isAutoReplySubject(subject: string): boolean {
  return matches(AUTO_REPLY, subject);
}

// A parent writes these as well: "Absence: Emma, Year 3". They count only beside an out-of-office text.
const PERHAPS_AWAY =
  /^(?:(?:re|aw|sv|vs|antw)\s?: )?.{0,80}(?:\bout of (?:the )?office\b|\baway\b|\bvacation\b|\bholiday\b|\b(?:annual|maternity|parental|sick) leave\b|\babsen[ct]|\babwesen|\burlaub|\bnicht im (?:haus|b[üu]ro)|\bcong[ée]s?\b|\bausen(?:te|cia)|\bassen(?:te|za)|\bferie|\bafwezig|\bvakantie|\bfr[åa]nvaro|\bfrav[æa]r|\bsemester\b|\bpoissa|\blomal|\bsabbatical|\bmaternity|\btravell?ing|\bnon-?working|\bworking hours|\be-?mail address|\bjo?urney|\bnieobecn|\burlop|nepřítomn|dovolen|szabads|\bconcedi|\bizin|\bi̇zin|\bvacac|\bvacan[cz]|\bf[ée]rias|\bjeg er|\bsemester|\bleave\b|άδεια|απουσ|отсутств|отпуск|відпуст|відсутн|إجازة|חופש|不在|休暇|休假|出差|出張|휴가|부재|swyddfa|auto)/;

/** Could be an out-of-office assistant's. `subject` is a `plainSubject`. */
export function isPerhapsAwaySubject(subject: string): boolean {
  return PERHAPS_AWAY.test(subject);
}

// "On holiday Re: Trip": a notice before the subject that it answers. Enough beside one thing that notices say.
const AWAY_BEFORE_RE =
  /^(?!(?:re|fwd?|aw|sv|vs)\s?:).{2,60}\bre: |^(?:ooo|out of (?:the )?office|on (?:annual |maternity |parental )?leave)\b|\bauto(?:matic|mated|-)? ?(?:reply|response|responder)\b|\bautoreply\b/;

export function isLikelyAwaySubject(subject: string): boolean {
  return AWAY_BEFORE_RE.test(subject);
}

const RECEIPT =
  /^(?:read|not read|gelesen|ungelesen|nicht gelesen|lu|non lu|le[íi]do|no le[íi]do|letto|non letto|lida?|n[ãa]o lida?|gelezen|niet gelezen|l[äa]st|ol[äa]st|lest|ulest|l[æa]st|luettu|przeczytane|p[řr]e[čc]teno|okundu|прочитано|прочтено|已读|已讀|開封済み|읽음)\s?[:：]|^(?:return|read|delivery) receipt\b|^disposition notification|^receipt (?:notification|confirmation)\b/;

/** A read receipt's subject; a person could have written it, so it tells nothing alone. */
export function isReceiptSubject(subject: string): boolean {
  return RECEIPT.test(subject);
}

const FILTER: readonly RegExp[] = [
  /\b(?:virus|worm|trojan|malware|infected|infection|banned (?:file|content)s?|prohibited (?:file|attachment)|forbidden attachment)\b.{0,60}\b(?:found|detected|in (?:your )?(?:mail|message|e-?mail)|alert|warning|notification|removed|blocked|sent|quarantined|intercepted)\b/,
  /^(?:warning: e-?mail viruses|virus(?:es)?|antivirus|anti-virus|security|content|spam|attachment)\b.{0,30}\b(?:alert|warning|notification|notice|violation|detected|report)\b/,
  /\b(?:message|mail|e-?mail)\b.{0,20}\b(?:quarantined|blocked|intercepted|stopped|held for)\b/,
  /^considered unsolicited|^banned contents|^\{virus\?\}|^\[?virus\b|^symantec (?:mail security|antivirus)|^norton antivirus|^scanmail\b|^interscan\b|^mailmarshal\b|^mailsweeper\b|^antigen\b|^(?:mc)?afee\b/,
  /\b(?:please )?(?:confirm|verify|authenticate)\b.{0,20}\b(?:your |the |this )?(?:message|e-?mail|mail|address|identity|delivery)\b|^confirm(?:ation)? (?:required|request|needed)|^(?:action|response) required to deliver|^confirm (?:conf)?#?[0-9a-f.]{6,}|^antispam uol|\bspam ?arrest\b|\bbluebottle\b|\bchoicemail\b|\bboxbe\b|^unconfirmed:|^one-time confirmation/,
  /^(?:\[ticket|ticket (?:created|received|#)|(?:we(?: have|'ve)?) received your|your (?:request|enquiry|inquiry|message|e-?mail|mail) (?:has been|was) received|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry))|thanks for (?:contacting|your (?:e-?mail|message))|(?:acknowledge?ment|confirmation) of (?:receipt|your)|receipt of your)|\[#?[a-z]{0,6}-?\d{4,}\].{0,40}(?:received|opened|created)/,
];

const REPORT =
  /^(?:complaint about message from \d|(?:fw: )?email (?:feedback|abuse) report|abuse report|\[?(?:preview\] ?)?report domain:|dmarc (?:aggregate )?report|\[dmarc report\]|spf\/dkim report)/;

/** A report by one mail provider to another: complaints (ARF), DMARC. */
export function isReportSubject(subject: string): boolean {
  return REPORT.test(subject);
}

const SOFTWARE: readonly RegExp[] = [
  /^\[request received\]|^(?:support )?ticket (?:received|created|opened|confirmation|has been)\b|^\[(?:ticket|case|request) ?#? ?[\w-]*\d[\w-]*\]|\[#?[a-z]{0,4}[\d-]*\d-?[\w-]*\] ?:? ?(?:ticket )?(?:received|opened|created)|\[ ?ref:_\w+|\bhas been opened on your behalf|^(?:case|incident|ticket|request) #?[a-z]{0,4}\d+ (?:created|opened|received|registered|has been)/,
  /awaits moderator approval|^request to mailing list\b|^(?:the )?results? of your (?:e-?mail )?commands?|^majordomo results|^ezmlm (?:warning|probe|response)|^confirm (?:un)?subscribe\b|^(?:request for|please confirm|confirm) (?:your )?(?:confirmation|subscription|unsubscription|request to join)|^(?:rejected posting|your message) to \S+@|^not member article|^command confirmation request|mailing list memberships? reminder/,
  /\(conf#|\bverify#|<{2,}challenge>{2,}|\(action required\)$|\(verification\)$|^registration is required\b|confirmation required$|^\[?knowspam|^antispam\b|requires verification/,
  /^(?:spam )?quarantine (?:summary|digest|report|notification)|^end[- ]user digest|\bmessages? (?:on hold|in quarantine)\b|^spam quarantine|^your mailbox is (?:almost )?full/,
  /^message from (?:km_|"?rnp|ricoh|xerox|canon|konica)|^scanned (?:from|document|image) |^(?:scan|fax) (?:from|received)\b|^(?:new )?(?:voice ?mail|voice message|fax) (?:message )?(?:from|received)\b|^new (?:submission|message|entry) from\b/,
  /^(?:accettazione|avvenuta consegna|presa in carico|avviso di (?:mancata consegna|non accettazione)) ?:/,
  /^accus[ée] de r[ée]ception|^eingangsbest[äa]tigung|^empfangsbest[äa]tigung|^acuse de recibo|^conferma di (?:ricezione|lettura|ricevimento)|^confirma[çc][ãa]o de rece|^ontvangstbevestiging|^potwierdzenie (?:otrzymania|odbioru|przyjęcia)|^acknowledge?ment\b|^message received$|^お問い合わせ|^спасибо за (?:обращение|ваше обращение|письмо)|^дякуємо за (?:звернення|лист)|^已收到|^感谢您的来信/,
  /\bholiday auto|\bauto[- ]?(?:response|responder|reply)$/,
  /^(?:sms|mms|text|multimedia|picture)(?: message)? (?:delivery )?(?:failed|not delivered|undelivered)|^frozen message|^policy violation\b|^content violation/,
  /^reading confirmation\b|^disallowed attachment|^antigen notification|^virus in ihrer/,
];

/** No person writes such a subject: a ticket system, a list, a filter or a device does. */
export function isSoftwareSubject(subject: string): boolean {
  return SOFTWARE.some((pattern) => pattern.test(subject));
}

/** A virus warning, a filter's notice, a challenge, a ticket system's receipt. Not proof alone. */
export function isNoticeSubject(subject: string): boolean {
  return FILTER.some((pattern) => pattern.test(subject));
}
