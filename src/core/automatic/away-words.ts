// What autoresponders and out-of-office notices say in their text. All patterns read lower case.

/** Says of itself that no person wrote it. */
export const AUTO_STRONG: readonly RegExp[] = [
  /this (?:is|was|message is|e-?mail is|reply is|message was|e-?mail was) (?:an? |generated )?(?:automat|auto[- ]?(?:repl|resp|gener)|computer[- ]generated|system[- ]generated)/,
  /(?:message|e-?mail|reply|response|notification|report) (?:is|was|has been) (?:generated|sent|created|produced) (?:automatically|by (?:an?|the|our) (?:automat|auto))|(?:has been|was|is) automatically (?:generated|sent|created)/,
  /automatically (?:generated|created|sent) (?:e-?mail|message|reply|response|notification|acknowledg)|auto(?:matic|mated)?[- ]?(?:generated|reply|responder|response|acknowledge?ment)|(?:vacation|auto[- ]?reply) (?:program|message)|generated automatically/,
  /(?:please )?(?:do not|don't) (?:reply|respond) (?:directly )?to this/,
  /replies to this (?:message|e-?mail|address|mailbox)|this (?:mailbox|e-?mail|address|e-?mail address|inbox|account) is (?:not|un|no longer)(?: being)? ?(?:monitored|in use|read|checked)|unmonitored/,
  /\b(?:have|has) (?:now )?left the (?:company|organi[sz]ation|firm)\b|no longer (?:employed|with (?:the|this) (?:company|organi[sz]ation|firm)|works? (?:for|at|here))/,
  /this is the only (?:notification|notice|message|reply) you will receive|(?:sent|you will receive) (?:only )?(?:one|once).{0,40}(?:auto|per sender|notification)/,
  /(?:dies|diese|dieses) (?:ist eine |e-?mail|schreiben).{0,60}automatisch|automatisch (?:generiert|erstellt|erzeugt|versend|versandt|verschickt|gegenereerd|verzonden|verstuurd)|automatisch (?:antwoord|bericht)/,
  /ceci est (?:un message|une r[ée]ponse) automatique|(?:message|r[ée]ponse|courriel) (?:est |a [ée]t[ée] )?(?:automatique|(?:g[ée]n[ée]r[ée]e?|envoy[ée]e?) automatiquement)|(?:merci de|veuillez) ne pas (?:y )?r[ée]pondre/,
  /(?:mensaje|respuesta|correo) (?:(?:ha sido |fue |es )?(?:generad|enviad)[oa] )?autom[áa]tic|(?:messaggio|risposta|e-?mail) (?:(?:[èe] stat[ao] )?(?:generat|inviat)[ao] )?automatic|(?:mensagem|resposta|e-?mail) (?:(?:foi )?(?:gerad|enviad)[ao] )?autom[áa]tic/,
  /automatiskt? (?:svar|genererat|melding|mail|besked|meddelande)|automaattinen (?:vastaus|viesti)|(?:wiadomość|odpowiedź)[^\n]{0,40}automatyczn|(?:zpráva|odpov[ěe]ď|správa)[^\n]{0,40}automatick|automatikus (?:válasz|üzenet)|(?:mesaj|răspuns)[^\n]{0,20}automat|otomatik (?:yanıt|mesaj|olarak)|αυτόματ[ηο] (?:απάντηση|μήνυμα)|ateb awtomatig/,
  /автоматическ|автоматичн|自動(?:返信|応答|的に|送信|配信)|自动(?:回复|答复|发送)|自動(?:回覆|回復|發送)|자동(?:으로| ?(?:회신|응답|답장|발송))|(?:رد|رسالة) (?:تلقائي|آلي)|(?:תשובה|הודעה) אוטומטית/,
];

/**
 * One thing each that such a notice says: I am away, until then, ask somebody else, I shall answer later.
 * A parent says one or two of them; a notice says three or four.
 */
export const AWAY: readonly RegExp[] = [
  /(?:i )?will (?:not be|be unable to|have no|have limited|be without|only have|not have|only be)[^\n]{0,40}(?:reading|access|check|respond|answer|e-?mail)/,
  /(?:i am|i'm|i will be|i'll be|is|am|will be) (?:currently |presently |now |away |on )?(?:out of (?:the |my )?office|out of the country|away (?:from|until|on|till|for)|on (?:annual |maternity |parental |sick |paternity |study )?(?:leave|vacation|holiday|sabbatical)|travell?ing|at a conference|absent)/,
  /(?:i )?(?:will|shall|'ll) (?:be back|return|be returning|get back|respond|reply|answer|read|deal|be in touch|contact you|be back in|be dealt with)[^\n]{0,80}(?:on|when|upon|after|as soon|until|my return|monday|\d)/,
  /(?:on|upon|after|until) (?:my|i) return|when i (?:return|get back|am back|come back|am next)|back in the office|returning (?:on|to the office)|return to the office|in my absence|(?:is|are) covering (?:for me|my)|delay(?:ed|s)? (?:in|to) (?:my )?(?:repl|respon)|delayed response/,
  /(?:limited|no|without|intermittent|occasional|infrequent|little) (?:or no )?(?:access to (?:my )?(?:e-?mails?|mail|internet|phone)|e-?mail access)|check(?:ing)? (?:my )?e-?mails? (?:only )?(?:intermittent|occasion|sporadic|infrequent)|checking (?:my )?e-?mail/,
  /(?:if (?:it is|it's|your|this is|you (?:need|require|have))|for|in case of|should you (?:need|require|have))[^\n]{0,80}(?:urgent|immediate|emergency|assistance|help)[^\n]{0,120}(?:contact|call|e-?mail|phone|speak|write|refer|ring|mail)/,
  /(?:your|the) (?:message|mail|e-?mail)[^\n]{0,80}(?:will be (?:read|answered|dealt|forwarded|processed)|has (?:not )?been (?:received|forwarded|saved|passed)|will not be (?:read|forwarded|answered))|(?:e-?mails?|messages?|mail) (?:sent|received|addressed)[^\n]{0,40} (?:will not|won't|are not|will no longer) be (?:read|answered|forwarded|seen)/,
  /no longer (?:work|employed|with (?:the|this|us)|at (?:this|the)|available|in use|valid)|(?:new|changed my) e-?mail address|e-?mail address has (?:now )?changed|(?:my|our) working (?:days|hours) are|i (?:have )?retired|account will be (?:closed|deleted)|i (?:only )?check (?:my )?e-?mails? |i (?:only )?work (?:part[- ]?time|mon|tue|wed|thu)/,
  /thank(?:s| you) for (?:your (?:e-?mail|mail|message|enquiry|inquiry)|contacting|getting in touch|writing to)/,
  /(?:is|are|will be) (?:now |currently )?closed (?:for|until|from|over|on|today)|re-?opens? (?:on|at|in)/,
  /(?:direct|send|address|forward) (?:all |any )?(?:further|future|your)?[^\n]{0,20}(?:correspondence|enquir|e-?mails?|messages?)[^\n]{0,20} to |update your (?:address book|contacts|records)|from now on/,
  /(?:ich bin|sind wir|wir sind|ich werde|ich befinde mich)[^\n]{0,80}(?:nicht im|abwesend|im urlaub|wieder|nicht erreichbar|au[ßs]er haus|in elternzeit)/,
  /in dringenden f[äa]llen|ab dem[^\n]{0,40}wieder|nicht (?:gelesen|weitergeleitet)|nach meiner r[üu]ckkehr|(?:e-?mail|mail|nachricht)[^\n]{0,40} nicht (?:lesen|bearbeite|weiter)/,
  /je (?:suis|serai)[^\n]{0,60}(?:absent|en cong|en vacances|en d[ée]placement|indisponible)|pendant mon absence|(?:bureau|cabinet|secr[ée]tariat) (?:est|sera) ferm/,
  /en cas d'urgence|pour toute urgence|en cas d'absence/,
  /de retour (?:le|avant|au|à partir)|à mon retour|d[èe]s mon retour|je (?:vous r[ée]pondrai|prendrai connaissance)/,
  /estar[ée] (?:fuera|ausente|de vacaciones)|estoy (?:fuera|ausente|de vacaciones|de baja)|me encuentro (?:fuera|ausente|de vacaciones)/,
  /en caso de urgencia|para (?:cualquier )?(?:urgencia|asuntos? urgente|temas? urgente)/,
  /a mi (?:regreso|vuelta)|(?:responder|contestar)[ée][^\n]{0,40}(?:regreso|vuelta|posible)|no volver[ée]/,
  /(?:sono|sarò) (?:assente|fuori|in ferie|in vacanza)|assente dal[^\n]{0,60}(?:al|fino)/,
  /in caso di urgenz|per (?:le )?urgenze|per comunicazioni urgenti/,
  /al mio (?:rientro|ritorno)|(?:rispond|risponder)[òo][^\n]{0,40}(?:rientro|possibile|ritorno)/,
  /(?:estou|estarei|encontro-me) (?:ausente|de f[ée]rias|fora|em f[ée]rias)/,
  /em caso de urg|para assuntos urgentes/,
  /ao meu (?:regresso|retorno)|(?:responderei|retornarei)[^\n]{0,40}(?:regress|retorn|poss[íi]vel|volta)/,
  /ik ben[^\n]{0,60}(?:afwezig|met vakantie|op vakantie|met verlof|niet aanwezig|niet op kantoor|weer)/,
  /(?:voor|bij|in) (?:dringende|spoed|urgente)|(?:e-?mail|bericht|mail) wordt niet (?:doorgestuurd|gelezen)|bij (?:mijn )?terugkomst/,
  /jeg er[^\n]{0,60}(?:ferie|frav[æa]r|bortreist|borte|ikke)|jag [äa]r[^\n]{0,60}(?:semester|ledig|borta|tj[äa]nsteresa)|olen[^\n]{0,60}(?:lomalla|poissa|matkoilla)/,
  /(?:n[åa]r|då|da) jeg er tilba[gk]e|n[äa]r jag [äa]r tillbaka|svar(?:ar|er)[^\n]{0,40}(?:tillbaka|tilba[gk]e)|palattuani|vastaan[^\n]{0,40}palat/,
  /vid br[åa]dskande|ved (?:hastesager|haster|hastende|presserende)|kiireellis/,
  /(?:jestem|będę|przebywam)[^\n]{0,40}(?:urlop|nieobecn)|jsem[^\n]{0,40}(?:dovolen|nepřítom)|som[^\n]{0,40}(?:dovolen|neprítom)|szabadságon|nem (?:vagyok|leszek)[^\n]{0,30}(?:irodá|elérhető)|sunt[^\n]{0,20}(?:în|in) concediu|(?:izinliyim|izindeyim|ofis dışında)|λείπω|απουσιάζω|εκτός γραφείου|allan o'r swyddfa/,
  /w (?:pilnych|nagłych) (?:sprawach|przypadkach)|v (?:naléhavých|súrnych|neodkladných)|sürgős (?:eset|ügy)|pentru (?:urgențe|urgente|probleme urgente)|acil (?:durum|konu)|επείγοντα|επείγον/,
  /po (?:moim )?powrocie|po (?:mém )?návratu|visszatér|la întoarcere|döndüğümde|επιστρ[οέ]φ|pan ddychwelaf|byddaf yn ymateb/,
  /я[^\n]{0,30}(?:в отпуске|отсутств|в командировке|у відпустці|відсутн)|нахожусь в отпуске|перебуваю у відпустці/,
  /по срочным|в (?:срочных|экстренных) случаях|з (?:термінових|невідкладних)|(?:отвечу|відповім)[^\n]{0,60}(?:после|возвращ|вернусь|після|поверн)/,
  /不在に(?:して|いた)|(?:ただいま|現在|出張|休暇)[^\n]{0,30}(?:不在|休暇|休業)|(?:休假|出差|度假|假期)[^\n]{0,20}(?:中|期间|期間|无法|無法)|正在休假|휴가 ?중|부재 ?중|في إجازة|خارج المكتب|בחופשה|מחוץ למשרד/,
  /急ぎの(?:場合|方|ご用)|緊急の|紧急(?:事|情况|联系)|如有(?:紧急|急事)|緊急事|급한 (?:용무|경우)|للأمور العاجلة|في الحالات العاجلة|במקרה דחוף/,
  /(?:以降に|後に|次第)[^\n]{0,20}(?:ご連絡|返信|返答)|(?:尽快|盡快|稍后|返回后)[^\n]{0,20}(?:回复|回覆|答复|联系)|无法亲自回复|(?:邮件|郵件|来信)已(?:经)?收到/,
];
