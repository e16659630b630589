// What filters, challenges, ticket systems and mailings say in their text. All patterns read lower case.

export const NOTICE: readonly RegExp[] = [
  /(?:virus|worm|trojan|malware|infected|infection|banned|prohibited|forbidden)[^\n]{0,80}(?:found|detected|removed|blocked|quarantin|deleted|attachment|in (?:your|the|an?) (?:e-?mail|message|mail)|cleaned|name)/,
  /(?:your|the|this|a|an) (?:e-?mail|message|mail)[^\n]{0,100}(?:quarantin|was blocked|has been blocked|has been (?:stopped|rejected|intercepted|refused|identified as spam)|contained (?:a virus|spam)|classified as spam)/,
  /(?:spam|content|anti-?virus|virus|mail) (?:filter|scanner|checker|gateway|protection|detector)|unsolicited (?:bulk|commercial)|mailsweeper|mailmarshal|interscan|scanmail|amavis|mailscanner|symantec|mcafee|sophos|barracuda|mimecast|messagelabs|spam ?arrest|boxbe|choicemail|spamblocker/,
  /(?:confirm|verify|prove|authenticate)[^\n]{0,80}(?:you are (?:a |not a? ?)?(?:human|real|person|spam)|your (?:message|e-?mail|address|identity)|delivery|by (?:replying|clicking))|(?:first time|not (?:yet )?(?:recogni[sz]ed|on (?:my|the)|authori[sz]ed|been added))[^\n]{0,80}(?:e-?mail|sent|list|sender|message|white ?list)|(?:click|reply|visit)[^\n]{0,60}(?:link|below|this|here)[^\n]{0,60}(?:deliver|confirm|verif|release|approve|add you|register)|(?:approved|allowed) senders?|white ?list|guest ?list|unsolicited e-?mail/,
  /(?:ticket|case|request|reference|enquiry|inquiry|support) (?:number|id|no\.?|#)|has been (?:received|logged|assigned|opened|created|registered)|acknowledge receipt|we (?:have|'ve) received (?:your|it)|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry))|(?:will|shall) (?:respond|reply|get back|be in touch|contact you)|within \d+ (?:working |business )?(?:hours|days)/,
  /in order to (?:reduce|prevent|control|stop) (?:spam|junk|unsolicited)|to (?:control|reduce|stop|fight) spam|junk e-?mail|receiving (?:junk|spam)|not a (?:spammer|spam source)|(?:real|live) (?:live )?(?:human|person)/,
  /(?:moderator|administrator|owner)[^\n]{0,60}(?:review|approv)|held (?:for|until)|being held|on hold|waiting list|suspect e-?mail/,
];

/** Said once, each of them tells: no person writes so to another. */
export const TELLTALE: readonly RegExp[] = [
  /(?:reply|type your reply) above this line|i(?:'m| am) (?:the|a|your) (?:virtual assistant|chat ?bot|bot)\b/,
  /the recipient's (?:mailbox|inbox|account) is (?:full|over|disabled|unavailable)/,
  /a (?:new )?(?:ticket|request for support|case|trouble ticket|incident)(?: \w+)? (?:has been|was) (?:created|opened|logged|received)|creation of a (?:trouble )?ticket|your (?:support )?(?:request|ticket|case|incident)[^\n]{0,60} has been (?:received|created|opened|logged|registered|assigned)|ticket has been created/,
  /this is the (?:ezmlm|mailman|majordomo|sympa|listserv|mlmmj|smartlist)\b|your mail to '[^'\n]{1,100}' with the subject|held until the list moderator|messages to you from the [^\n]{1,60} mailing list/,
  /subscribed your e-?mail address|(?:added to|removed from|deleted from|subscribe to|join) the [^\n]{1,60} (?:mailing list|group)[^\n]{0,200}(?:confirm|reply|click)|received your request to join/,
  /click (?:on )?(?:the link|the following link|here|this link)[^\n]{0,80}(?:complete the verification|to be approved|request that \S+ add|to register)|complete (?:the|this) verification|not on (?:my|his|her|the) (?:list of )?(?:approved|allowed|guest)|without changing the subject|leave the subject (?:line )?intact|message is being held because|(?:e-?mail|nachricht)[^\n]{0,20} wurde zur[üu]ckgehalten|para que sua mensagem seja (?:encaminhada|entregue)/,
  /this is an e-?mail abuse report|feedback-type ?: ?\w/,
  /this (?:return )?receipt (?:only )?(?:acknowledges|verifies|is for)|(?:this|dies) is(?:t)? (?:a|eine) (?:return receipt|empfangsbest)|was (?:displayed|read|opened) on (?:the recipient|\d)|without being read on/,
  /(?:mails?|messages?|nachrichten) (?:have been |are being |are |were |wurden )?(?:placed |held )?(?:in|for|under) (?:your |the |personal )*(?:quarantine|review)|quarantined messages|you have \d+ (?:new )?(?:quarantined|blocked|held|messages? on hold|new messages? on hold)/,
  /sent to you using an? [\w ]{0,40}(?:printer|multifunction|scanner|copier|device)|attached (?:document|file|image)[^\n]{0,40}(?:scanned|multifunction)|scanned (?:from|by) an? /,
  /you have (?:a|an|\d+) (?:new |unread )*(?:message|notification|document)s?\b[^\n]{0,120}(?:log|sign) ?in/,
];

/** What a mailing says below its text; two of them together tell. */
export const MAILING: readonly RegExp[] = [
  /unsubscribe|opt[- ]out|abmelden|abbestellen|se d[ée]sabonner|d[ée]sinscri|darse de baja|cancella(?:re)? l'iscrizione|disiscri|uitschrijven|avregistrera|wypisz|отписаться|配信停止|退订|取消订阅/,
  /(?:view|read|open|see|trouble)[^\n]{0,40} (?:in|with) (?:your |a |the )?(?:web )?browser|view (?:it |this )?online|web version|im browser (?:ansehen|anzeigen|[öo]ffnen)|dans votre navigateur|en (?:su|tu) navegador/,
  /no longer (?:wish|want) to receive|you (?:are receiving|received|have received) this (?:e-?mail|message|newsletter) because|(?:manage|update|change) (?:your )?(?:e-?mail )?(?:preferences|subscription)/,
];

/** What a read receipt says below "Your message". */
export const RECEIPT: readonly RegExp[] = [
  /\b(?:was|has been|is) (?:read|displayed|opened|received|deleted without)\b|wurde (?:gelesen|ungelesen|am [\d.]+ gelesen)|gelesen am|a [ée]t[ée] (?:lue?|supprim)|(?:ha sido|fue) (?:le[íi]d|elimin)|[èe] stat[ao] (?:lett|elimin)|foi (?:lida|exclu[íi]d)|is gelezen|(?:l[äa]stes|lest|l[æa]st) |został[ao] (?:przeczytan|usunięt)|прочитано|прочтено|已(?:读|讀|阅读)|開封|읽었/,
];
