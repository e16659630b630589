// What the sender wrote now, apart from what they quote, their signature and their firm's disclaimer.

/** A line longer than this is prose: no client writes such an attribution, and no pattern needs to look at it. */
const LONGEST_MARK = 300;
/** "On … wrote:" wraps over at most this many lines. */
const ATTRIBUTION_LINES = 4;

const WROTE = [
  "wrote",
  "writes",
  "schrieb(?: am .*)?",
  "a écrit",
  "escribió",
  "ha scritto",
  "schreef",
  "heeft geschreven",
  "napisał(?:\\(a\\)|a|\\/a)?",
  "pisze",
  "a scris",
  "написав(?:\\(-ла\\)|ла|\\(ла\\))?",
  "написала",
  "пише",
  "пишет",
  "написал(?:\\(а\\))?",
  "ysgrifennodd",
  "sgrifennodd",
  "escreveu",
  "skrev",
  "yazdı",
].join("|");
/** How an attribution begins; only then may it run over several lines. */
const ATTRIBUTION_START =
  /^(?:on|am|le|el|il|op|dnia|w dniu|dn|în|in data|pe|ar|em|den|від|mon|tue|wed|thu|fri|sat|sun|pon|wt|śr|czw|pt|sob|niedz|lun|mar|mer|mié|jue|vie|sáb|dom|gio|ven|sab|mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|понеділок|вівторок|середа|четвер|пятниця|п'ятниця|субота|неділя|пн|вт|ср|чт|пт|сб|нд|вс|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? \p{L}+)(?![\p{L}\p{N}])/iu;
const ATTRIBUTION_END = new RegExp(
  `(?:^|[\\s>)\\]"])(?:${WROTE})(?: (?:the following|op .{0,60}|le .{0,60}))?\\s*:\\s*$`,
  "iu",
);
/** Some clients write only "Mrs Shah <shah@oakhill.example> wrote:" or "Am … schrieb Mrs Shah:". */
const LONE_ATTRIBUTION = new RegExp(
  `<?[^\\s<>@]{1,80}@[^\\s<>@]{1,80}>?.{0,60}(?:\\s(?:${WROTE})|写道|寫道)\\s*[:：]\\s*$`,
  "iu",
);
/** Without a verb: "2026年11月13日(金) 20:00 Mrs Shah <shah@oakhill.example>:" and Mail.ru's "… от Mrs Shah <…>:". */
const DATED_ADDRESS =
  /(?:\d{4}年|\d{4}).{0,60}\d{1,2}:\d{2}.{0,100}<[^\s<>@]{1,80}@[^\s<>@]{1,80}>\s*[:：]\s*$/u;
const VERB_FIRST =
  /\b(?:schrieb|schreef|escribió|ysgrifennodd|написав|пише|a écrit|a scris|skrev)\b.{1,200}:\s*$/iu;

const DIVIDER =
  /^[\s>]*[-_*–—]{2,}\s*(?:original (?:message|appointment)|forwarded (?:message|by)|weitergeleitete nachricht|ursprüngliche nachricht|original-nachricht|message (?:d'origine|original|transféré)|mensaje (?:original|reenviado)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|doorgestuurd bericht|wiadomość (?:oryginalna|przekazana)|(?:oryginalna|przekazana) wiadomość|mesaj (?:original|redirecționat)|neges (?:wreiddiol|a anfonwyd ymlaen)|вихідне повідомлення|переслане повідомлення|пересланное сообщение|исходное сообщение|原始邮件|原始郵件|原邮件|转发邮件|轉寄郵件|元のメッセージ|転送メッセージ|원본 메시지|원본 메일|전달된 메시지|reply message|reply above this line|please reply above this line).{0,80}$/iu;
const PLAIN_DIVIDER =
  /^\s*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|inicio del mensaje reenviado|początek przekazywanej wiadomości|begin doorgestuurd bericht|#{2,}.{0,60}reply above this line.{0,60}|.{0,20}reply above this line.{0,20})\s*:?\s*$/iu;
/** GroupWise: ">>> Mrs Shah 13/11/2026 20:00 >>>". */
const GROUPWISE = /^>>> .{1,200}\d.{0,20} >>>\s*$/u;
/** Where a help desk wants its answer: a person's words stand above, its own below. */
const REPLY_ABOVE = /^.{0,30}reply above this line.{0,30}$/iu;
const RULE_LINE = /^\s*_{10,}\s*$|^\s*-{20,}\s*$/u;

/** The field names of a header block, as Outlook and others translate them. */
const FIRST_FIELD =
  /^\s*\*{0,2}(?:from|von|de|da|van|od|oddi wrth|de la|від|от|expéditeur|afzender|nadawca|mittente|发件人|寄件者|差出人|보낸 사람)\s*[:：]\*{0,2}\s*\S/iu;
const FIELD =
  /^\s*\*{0,2}(?:from|sent|to|cc|bcc|subject|date|reply-to|importance|attachments|when|where|required|von|gesendet|an|betreff|datum|de|envoyé|à|objet|date d'envoi|enviado(?: el)?|para|asunto|fecha|da|inviato|data|a|oggetto|van|verzonden|aan|onderwerp|od|wysłano|wysłane|do|temat|dw|oddi wrth|anfonwyd|at|pwnc|dyddiad|de la|trimis|către|subiect|від|надіслано|кому|тема|дата|копія|от|отправлено|发件人|收件人|抄送|主题|发送时间|日期|寄件者|收件者|主旨|差出人|宛先|件名|送信日時|보낸 사람|받는 사람|제목|날짜)\s*[:：]\*{0,2}(?:\s|$)/iu;

const MOBILE =
  /^\s*(?:sent (?:from|via|by|using|with) (?:my |an? |the )?(?:(?:\S+ ){0,4})?(?:iphone|ipad|ipod|mobile|phone|android|samsung|galaxy|huawei|blackberry|nokia|pixel|xperia|oneplus|motorola|xiaomi|redmi|tablet|device|smartphone|yahoo(?: mail)?|outlook|gmail|hotmail|proton ?mail|mail|windows(?: 10| 11)?|bt|ee|vodafone|o2|three|virgin media|aol|icloud|proton|tutanota|apple watch|app)\b.{0,80}|get outlook for .{1,40}|download outlook for .{1,40}|(?:von|envoyé de|envoyé depuis|enviado desde|inviato da|inviato dal|wysłane z|wysłano z|verzonden vanaf|verstuurd vanaf|trimis de pe|anfonwyd o|надіслано з|отправлено с) .{1,60}(?:gesendet|iphone|ipad|android|samsung|galaxy|outlook|telefonu|ffôn|мобільного|mobile|móvil|smartphone|gmail|yahoo|poczty|windows).{0,40}|yahoo mail: search, organi[sz]e, conquer|outlook (?:für|pour|para|per|voor|dla) (?:ios|android) .{0,40}|holen sie sich outlook für .{1,30})\.?\s*$/iu;

const SIGNATURE = /^--\s?$/u;
const DISCLAIMER =
  /^\s*\*{0,3}\s*(?:this (?:e-?mail|message|communication|transmission)(?:,)?(?: and| \(including| including| together with| with| is| may| contains| has been| \(and|, its).{0,120}(?:confidential|privileged|intended|attachments?|addressee|recipient|files|scanned|virus)|(?:confidentiality|legal|privacy|email) (?:notice|disclaimer|statement)\b|disclaimer\s*:?\s*$|the (?:information|contents?) (?:contained |in |of |transmitted ).{0,80}(?:e-?mail|message|communication).{0,160}|if you (?:are not|have received).{0,60}(?:intended recipient|in error)|please consider the environment before|save a tree|diese e-?mail (?:enthält|kann)|ce (?:message|courriel|mail).{0,60}(?:confidentiel|strictement)|ta wiadomość.{0,60}(?:poufn|przeznaczon)|mae(?:'r)? (?:e-?bost|neges) (?:hwn|hon|yma).{0,80}(?:cyfrinachol|bwriadu)|any (?:views|opinions|unauthori[sz]ed)\b.{0,80}|(?:whilst|while|although) .{0,60}(?:virus|reasonable).{0,80}|we (?:accept|cannot accept) .{0,40}(?:liability|responsibility)|registered (?:in england|office|charity)|virus-free\.|scanned by .{1,40}(?:virus|antivirus)|this email has been (?:checked|scanned) )/iu;

const isQuoted = (line: string): boolean => /^\s{0,3}>/u.test(line);
const isBlank = (line: string): boolean => line.trim() === "";

/**
 * The sender's own words in a plain-text message. What is quoted is left out: lines with ">", everything below
 * an attribution or a header block of the earlier message, signatures, mobile and legal footers. Answers
 * written between quoted lines are kept. "" when all of it is quoted.
 * Linear in the length of the text.
 */
export function newText(text: string): string {
  const plain = text.replace(/\r\n?/g, "\n").replaceAll("\u00a0", " ").replaceAll("\ufeff", "");
  const lines = withoutArmour(plain.split("\n"));
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const attribution = attributionLength(lines, at);
    if (isShort(line) && GROUPWISE.test(line)) break;
    if (attribution > 0) {
      at = afterAttribution(lines, at + attribution);
    } else if (isQuoted(line)) {
      at++;
    } else if (SIGNATURE.test(line) && isSignature(lines, at + 1)) {
      at = nextQuotedBlock(lines, at + 1);
    } else if (startsFooter(line)) {
      at = nextBlank(lines, at + 1);
    } else if (kept.length === 0 && isShort(line) && REPLY_ABOVE.test(line)) {
      at++;
    } else if (startsEarlierMessage(lines, at)) {
      break;
    } else {
      if (!isShort(line) || !MOBILE.test(line)) kept.push(line.trimEnd());
      at++;
    }
  }
  return kept
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Nobody may hide words there. */
const isArmour = (line: string): boolean =>
  /^(?:[A-Za-z0-9+/]{0,76}={0,4}|(?:Version|Comment): .{0,80})$/.test(line);

/** Clear-signed by OpenPGP (RFC 9580 s7): the words without their armour. */
function withoutArmour(lines: readonly string[]): readonly string[] {
  const begin = lines.indexOf("-----BEGIN PGP SIGNED MESSAGE-----");
  if (begin < 0) return lines;
  const words = nextBlank(lines, begin);
  const signature = lines.indexOf("-----BEGIN PGP SIGNATURE-----", words);
  const end = lines.indexOf("-----END PGP SIGNATURE-----", signature);
  if (signature < 0 || end < 0 || !lines.slice(signature + 1, end).every(isArmour)) return lines;
  return [...lines.slice(0, begin), ...lines.slice(words + 1, signature), ...lines.slice(end + 1)];
}

const isShort = (line: string): boolean => line.length <= LONGEST_MARK;

function startsFooter(line: string): boolean {
  return DISCLAIMER.test(line.slice(0, LONGEST_MARK));
}

/** How many lines an attribution ("On … wrote:") takes that begins here; 0 when none does. */
function attributionLength(lines: readonly string[], at: number): number {
  const first = unquoted(lines[at] ?? "");
  if (!isShort(first) || first === "") return 0;
  if (LONE_ATTRIBUTION.test(first) || DATED_ADDRESS.test(first)) return 1;
  if (!ATTRIBUTION_START.test(first)) return 0;
  let joined = "";
  for (let size = 1; size <= ATTRIBUTION_LINES; size++) {
    const next = unquoted(lines[at + size - 1] ?? "");
    if (next === "" || !isShort(next)) return 0;
    joined = `${joined} ${next}`.trim();
    if (joined.length > LONGEST_MARK) return 0;
    if ((ATTRIBUTION_END.test(joined) || VERB_FIRST.test(joined)) && isDated(joined)) {
      const isMarked = isQuoted(firstFilled(lines, at + size));
      return isMarked || isCertain(joined) ? size : 0;
    }
  }
  return 0;
}

/** A client writes a year, a time or an address. */
function isDated(line: string): boolean {
  return /\d{4}|\d{1,2}[:.h]\d{2}|@|\d{1,2}[./-]\d{1,2}[./-]\d{2}/u.test(line);
}

/** "On 12 March my son's teacher wrote:" is the parent's own sentence: a client is more exact. */
function isCertain(line: string): boolean {
  return (
    /[^\s<>@]@[^\s<>@]/u.test(line) || (/\d{4}|\d[./-]\d{2}\b/u.test(line) && /\d{1,2}[:.h]\d{2}/u.test(line))
  );
}

const unquoted = (line: string): string => line.replace(/^[\s>]{0,40}/u, "").trimEnd();

/**
 * Where the sender's words go on after an attribution. When the quoted text is marked with ">", only that is
 * skipped, so that answers in between and below are kept; when it is not, all that follows is the earlier message.
 */
function afterAttribution(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && isBlank(lines[at] ?? "")) at++;
  return isQuoted(lines[at] ?? "") ? at : lines.length;
}

const SIGNATURE_LINES = 12;

/** A long text below "-- " is no signature, and nobody may hide one there. */
function isSignature(lines: readonly string[], from: number): boolean {
  let filled = 0;
  for (let at = from; at < from + 4 * SIGNATURE_LINES && at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (isQuoted(line)) return true;
    if (!isBlank(line) && ++filled > SIGNATURE_LINES) return false;
  }
  return true;
}

function nextBlank(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !isBlank(lines[at] ?? "")) at++;
  return at;
}

/** After a signature the sender writes no more, except between quoted blocks. */
function nextQuotedBlock(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !isQuoted(lines[at] ?? "")) at++;
  return at;
}

function startsEarlierMessage(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  if (!isShort(line)) return false;
  if (DIVIDER.test(line) || PLAIN_DIVIDER.test(line)) return true;
  if (FIELD.test(line)) return fieldsFrom(lines, at) >= (FIRST_FIELD.test(line) ? 3 : 4);
  return (
    RULE_LINE.test(line) && FIRST_FIELD.test(firstFilled(lines, at + 1)) && fieldsFrom(lines, at + 1) >= 2
  );
}

function firstFilled(lines: readonly string[], from: number): string {
  return (
    lines
      .slice(from, from + 3)
      .find((line) => !isBlank(line))
      ?.slice(0, LONGEST_MARK) ?? ""
  );
}

/** How many header fields stand together here; a field may wrap over a second line. */
function fieldsFrom(lines: readonly string[], from: number): number {
  const block = lines.slice(from, from + 10);
  const end = block.findIndex((line, index) => index > 0 && isBlank(line) && isBlank(block[index - 1] ?? ""));
  return block
    .slice(0, end < 0 ? block.length : end)
    .filter((line) => FIELD.test(line.slice(0, LONGEST_MARK))).length;
}

/**
 * The text in which everything but the sender's own words is blank: offsets stay what they were. Of a text that
 * is nothing but an earlier message by its head, only lines with ">" are blank: a head is easily forged.
 */
export function ownWordsInPlace(text: string): string {
  const own = newText(text).split("\n");
  const isEmpty = own.every(isBlank);
  let next = 0;
  const lines = text.split("\n").map((line) => {
    if (isEmpty) return isQuoted(line) ? " ".repeat(line.length) : line;
    while (next < own.length && isBlank(own[next] ?? "")) next++;
    if (own[next]?.trim() !== line.trim()) return " ".repeat(line.length);
    next++;
    return line;
  });
  return lines.join("\n");
}
