// Which language a message is written in, by its script and its small words: what is not read is not judged.
import type { Assessment, Reason } from "../types.ts";
import { normalise, type Token } from "./normalise.ts";

/** The reason that says so, for the page of a case and for the record. */
export const NOT_READ = {
  rule: "wording.not-read",
  because:
    "This message seems to be in a language that is not read, so nothing was concluded from its words.",
} as const;

/** The reason for the record, when the language is not read. */
export function notReadReason({ language }: Assessment): readonly Reason[] {
  if (language !== null) return [];
  return [{ rule: NOT_READ.rule, clause: "3.3", why: NOT_READ.because, evidence: "" }];
}

/** Languages in Latin letters; those after `ar` are known only so that they are not taken for another. */
const LATIN_WORDS: Readonly<Record<string, string>> = {
  en: `the and to of a in is it you that he was for on are with as i his they be at one have this from or had by
    not but what all were we when your can said there use an each which she do how their if will up about out
    many then them these so some her would make like him into has more no way could my than been who its now
    did get may after me our just know think please thanks thank hi hello dear miss mr mrs school home today
    tomorrow class son daughter child kids mum dad sorry why because want going still again never am off day
    week morning pm sick ill late tell being should really here only too very even any let back down us where
    fuck fucking shit idiot stupid bitch bastard cunt twat wanker kill die hate hell useless pathetic scum cow
    liar fat ugly moron dick prick face head hope u ur r im dont cant wont lol pls plz thx teacher cos
    another other over kick slap punch stab hit hurt kid boy girl`,
  cy: `yr yn y i o ar am at gan mae maen mein ddim dim ond hefyd fy dy ei eich ein eu dwi dw rydw rwy rydym ydych
    ydy yw oedd roedd bydd fydd byddaf wedi gyda efo eto heddiw yfory fory ddoe neithiwr ysgol plant mab merch
    diolch annwyl bore da os ac nid oes hi fe fo ni chi ti nhw mi fi sydd sy pam beth pryd ble lle rwyt wyt
    eisiau isio achos felly gartref adref sal dost athrawes athro gallu gallwch gwelwch plis mynd wneud cael
    ladd wna hun`,
  pl: `i w na nie to jest z do ze sie co jak ale za od po tak czy ja mnie mi moja moj moje mojego mojej pan pani
    panie dzien dobry prosze dziekuje dzieki syn syna corka corke corki szkola szkole szkoly dzis dzisiaj jutro
    bedzie byl byla sa juz tylko gdy kiedy bo jego jej ich nas was cie ci ty jestes on ona oni ma mam mu ta
    tego ten tym dla przez przy bardzo zeby aby lub oraz moze musi jesli jezeli dlaczego czemu dziecko dzieci
    nauczycielka pozdrawiam wczoraj domu mieszkasz zabije przyjdzie`,
  ro: `si de la in nu este sunt pe cu sa ca o un mai din care ce va fi am ai are au pentru dar sau dupa prin lui
    ei meu mea mei mele noi voi el ea eu tu imi iti ii il le va rog multumesc buna ziua copilul fiul fiica
    fetita baiatul scoala azi astazi maine cand daca doar foarte acum unde cum asa te ma ne vreau poate doamna
    domnul stimata esti sunteti toti nici deja cum astea asta acasa fost`,
  "ur-Latn": `hai hain ho hun hoon tha thi ka ki ke ko se mein mera meri mere aap ap tum tu nahi nahin kya kyun kyu
    ye yeh wo woh aur bhi ne par pe magar lekin agar jab kab kahan kaun kuch bohot bahut bachay bacha beta beti
    bete bache aaj kal mujhe hume humein usko usay tumhe tujhe raha rahi rahe gaya gayi kar karna kiya karo
    salam assalam alaikum walaikum shukriya meherbani ghar hum apna apni apne sab dunga doonga wala wali teri
    tera tere rehte iske uske bhai`,
  "pa-Latn": `hai ne da di de nu nahi ni mera meri mere tu tusi tuhada tuhadi asi sada sadi oh eh te vich wich
    ton naal nal kol layi lai kithe kive kiven kyu ki menu mainu tenu tainu sanu saanu ohnu ohna usnu tuhanu aa
    si san hoya hoi gaya gayi kar karda kardi karde rehnda rehndi putt dhee munda kudi ghar ajj aaj sat sri akal
    ji bahut bohot bacche aavega aavegi jaan marda kutda kutteya dyanga nai bilkul asin`,
  "bn-Latn": `ami amar amake tumi tomar tomake apni apnar apnake tui tor toke se tar take ke oke amra amader tora
    tader er ta ti na ar kintu jodi keno kothay kobe ki kichu khub aj aaj kal korbo kore korche korte hobe
    hoyeche ache achhe nei nai ekta akta ei oi eta ota jonno sathe shathe theke diye niye bole je jabe ashbe
    asbe chele cheleke meye meyeke bacha baccha bhalo valo dhonnobad salam bari basay bashay ghore school skule
    mere felbo mare dekhe jani amio eto onek`,
  ar: `ana enta inta enti inti howa hiya ehna ya wala walla bas bass ma mish mosh mesh ra7 rah 3al 3ala fi el al
    men min mn 3an ma3 3and 3andi ibni binti bint ibn lyom elyom bukra bokra shou shu eh leh lesh keef ezayak
    kaif marhaba mar7aba salam shukran inshallah insha allah wallah law eza iza kaman ktir awi khalas yalla
    baddi 3ayez 3ayza beddi baba mama lazem el madrase el madrasa hada hayda da di dah kalb mout`,
  tr: `bir ve bu icin ile degil cok ben sen biz siz onu ama gibi daha var yok mi mu ne nasil neden benim senin
    oglum kizim okul okula bugun yarin hocam merhaba tesekkurler ederim lutfen evet hayir kadar sonra olarak
    olan seni bana sana gelmeyecek hasta ona`,
  so: `waa waxaan waxay waxa iyo in ku ka la uu ay ayaa ma u oo si wax aan inay inuu maanta berri iskuulka dugsiga
    wiilkayga gabadhayda caruurta mahadsanid fadlan aad ugu kale tahay yahay jiran imaan doono macallin ilmaha
    waan baan mid haddii`,
  lt: `ir yra kad i su ne as jis ji mes jus jie jo jos mano tavo kas kaip bet del apie ar nuo iki prie tai sia
    siandien rytoj mokykla mokykloje mokyklos sunus dukra vaikas vaikai aciu prasau laba diena labas negales
    serga bus buvo`,
  lv: `un ir ka ar uz no par es tu vins vina mes jus vini mans mana skola skola sodien rit dels meita berns
    paldies ludzu labdien nav bus kas lai bet ari vai slims`,
  pt: `o a os as um uma de do da dos das em no na nos que e nao para com por meu minha seu sua ele ela voce vou
    esta hoje amanha escola filho filha obrigado obrigada bom dia ola mas mais muito tambem ja foi ser tem
    porque quando isso aula professora`,
  es: `el la los las un una de del en que y no para con por mi su el ella usted es esta hoy manana escuela hijo
    hija gracias buenos dias hola pero mas muy tambien ya fue ser tiene porque cuando eso te voy yo lo se
    profesora colegio ninos`,
  fr: `le la les un une de des du en et est pas pour avec par mon ma mes son sa il elle vous nous je tu ne que
    qui ce cette aujourd demain ecole fils fille merci bonjour mais plus tres aussi etre ete sur dans au aux
    votre notre sera enfant madame`,
  it: `il lo la gli le un una di del della in che e non per con mio mia suo sua lui lei voi sono oggi domani
    scuola figlio figlia grazie buongiorno ma piu molto anche gia stato essere ha perche quando questo`,
  de: `der die das ein eine und ist nicht fur mit von zu im den dem mein meine sein ihre er sie wir ihr ich du
    dass heute morgen schule sohn tochter danke bitte guten aber auch sehr noch schon war hat kind kann wird
    weil wenn`,
  nl: `de het een en is niet voor met van te in mijn zijn haar hij zij wij jullie ik je dat vandaag morgen
    school zoon dochter dank bedankt maar ook zeer nog al was heeft kind kan wordt omdat als`,
  sq: `dhe eshte nuk ne nje per me te i e se qe nga djali vajza shkolle shkollen sot neser faleminderit pershendetje
    une ti ai ajo ju jemi kam ka por shume mund do jam femija im ime`,
  hu: `es a az egy nem hogy van meg is de ha ez csak mar mint fiam lanyom iskola iskolaba ma holnap koszonom
    kerem jo napot volt lesz nagyon mert beteg tanarno`,
  cs: `a je se na v ze to s z do pro ale jako jsem jsme jste byl byla bude syn dcera skola skoly dnes zitra
    dekuji prosim dobry den dakujem som nie je sa vo od po uz ne ktery protoze nemocny ho mu`,
  sw: `na ya wa kwa ni katika la za hii hiyo lakini kama mtoto wangu shule leo kesho asante tafadhali habari
    hata yake yangu mimi wewe yeye sisi hawezi mgonjwa sana mwalimu`,
  yo: `ati ni ti si mo o won awon fun pelu omo mi ile iwe loni ola ese jowo bawo ko wa lo gbogbo`,
  tl: `ang ng mga sa na ay ko mo ako ikaw siya kami kayo hindi po salamat anak ngayon bukas paaralan kasi lang
    pero may wala din rin para`,
  vi: `va cua la co khong cho toi ban con truong hom nay mai cam on xin chao nhung duoc nguoi em co thay bi om`,
  ku: `u ku ji li di de ez tu ew em hun min te wi we kure keca dibistan iro sibe spas nexwes nikare jibo bi ne
    heye nine me`,
  id: `dan yang di ke dari untuk dengan ini itu tidak saya anda dia kami anak sekolah hari besok terima kasih
    akan sudah belum juga karena sakit bisa ibu guru`,
  hr: `i je u na da se ne za od sa to su sam smo ste bio bila ce sin kci skola skoli skolu danas sutra hvala
    molim dobar dan ali kao moj moja nece bolestan jer`,
};
const READ_LATIN = ["en", "cy", "pl", "ro", "ur-Latn", "pa-Latn", "bn-Latn", "ar"];

const ARABIC_WORDS: Readonly<Record<string, string>> = {
  ar: `في من على إلى الى عن أن ان هذا هذه التي الذي لا ما لم لن كان كانت مع هو هي أنا انا أنت انت نحن ابني ابنتي
    المدرسة اليوم غدا شكرا مرحبا يا لقد قد كل بعد قبل أو او ثم إذا اذا لكن السلام عليكم رح راح مش بدي ليس يضربني
    أبي والده سوف مريض حضرة أين ولا وهو`,
  ur: `ہے ہیں کا کی کے کو سے میں نے پر اور یہ وہ نہیں کہ بھی تو ہوں تھا تھی گا گی گے ہو کر آپ تم میرا میری میرے مجھے
    ہمیں کیا کیوں اگر لیکن جب آج کل بہت بچے بیٹا بیٹی سکول اسکول شکریہ گیا گئی رہا رہی رہے دوں اس ان تمہیں`,
  pa: `اے نوں دا دی دے توں تے نال وچ نئیں مینوں تینوں سانوں اوہ ایہہ اوہنوں تسی تسیں اسی میرا میری ساڈا تہاڈا کتھے کیہ
    سی ہویا گیا گئی جاندا کردا کردی ماردا ماردے اج منڈا کڑی پتر گھر`,
  fa: `است که را از این به با برای آن در نمی می های من شما او ما پسرم دخترم مدرسه امروز فردا ممنون سلام لطفا هم یک
    ولی اما خیلی نیست بود شد خواهد`,
  ps: `دی چې په نه د له کې سره زه ته هغه زما ستا مو ښوونځي نن سبا مننه ده وو کړي شي زوی لور`,
  ckb: `لە بە و کە بۆ ئەم من تۆ ئێمە نا کوڕەکەم کچەکەم قوتابخانە ئەمڕۆ سبەی سوپاس هەیە نییە`,
};
const READ_ARABIC = ["ar", "ur", "pa"];

const CYRILLIC_WORDS: Readonly<Record<string, string>> = {
  uk: `і в у на не що це з до та як але за від по ви ти він вона вони ми я мій моя моє мене мені його її їх нас вас
    є був була буде для чи якщо коли тільки ще вже дуже сьогодні завтра школа школі школи син сина донька дочка
    дитина дякую будь ласка добрий день доброго тебе тобі бо чому де цю б'є їй`,
  ru: `и в на не что это с к до как но за от по вы ты он она они мы я мой моя моё меня мне его её их нас вас есть был
    была будет для ли если когда только ещё уже очень сегодня завтра школа школе школы сын сына дочь дочка ребенок
    спасибо пожалуйста добрый день здравствуйте тебя тебе потому почему где эту бьёт ей`,
  bg: `и в на не че това с към до като но за от по вие ти той тя те ние аз моят моята му си се е са беше ще ли ако
    когато само още вече много днес утре училище сина дъщеря дете благодаря моля добър ден съм няма да`,
  sr: `и у на не да је се за од са то су сам смо сте био била ће али као мој моја данас сутра школа син хвала молим`,
  mn: `байна юм энэ нь би та миний хүү охин сургууль өнөөдөр маргааш баярлалаа болно гэж`,
};
const READ_CYRILLIC = ["uk", "ru"];

type Family = "Latin" | "Arabic" | "Cyrillic" | "Bengali" | "Gurmukhi" | "other";

interface Table {
  readonly languages: readonly string[];
  readonly read: ReadonlySet<string>;
  /** For each word the indexes of its languages. */
  readonly words: ReadonlyMap<string, readonly number[]>;
}

function table(lists: Readonly<Record<string, string>>, read: readonly string[]): Table {
  const languages = Object.keys(lists);
  const words = new Map<string, number[]>();
  for (const [index, name] of languages.entries()) {
    const list = new Set(normalise(lists[name] ?? "").map((token) => token.forms[0] ?? ""));
    for (const word of list) words.set(word, [...(words.get(word) ?? []), index]);
  }
  return { languages, read: new Set(read), words };
}

const LATIN = table(LATIN_WORDS, READ_LATIN);
const ARABIC = table(ARABIC_WORDS, READ_ARABIC);
const CYRILLIC = table(CYRILLIC_WORDS, READ_CYRILLIC);

/** No more words than these are looked at, spread over the text. */
const MOST_WORDS = 120;
/** English is what most messages are: others must show themselves by more than a word or two in common. */
const ENGLISH_HEAD_START = 1.2;
/** One small word is not enough to say that a language is not read. */
const UNREAD_HANDICAP = -1;
/** From this many longer words on, a text without any known word is in no language that is read. */
const ENOUGH_WORDS = 7;

/** Of a word's first letter; null for what has no script: digits, emoji. */
function familyOf(word: string): Family | null {
  const code = word.codePointAt(0) ?? 0;
  if (code < 0x61) return null;
  if (code < 0x250) return code === 0xd7 || code === 0xf7 ? null : "Latin";
  if (code >= 0x400 && code < 0x530) return "Cyrillic";
  if ((code >= 0x620 && code < 0x700) || (code >= 0x750 && code < 0x780)) return "Arabic";
  if (code >= 0x980 && code < 0xa00) return "Bengali";
  if (code >= 0xa00 && code < 0xa80) return "Gurmukhi";
  return /\p{L}/u.test(word) ? "other" : null;
}

/** The language whose small words are most and rarest; the first language of a table when none is known. */
function byWords(words: readonly string[], { languages, read, words: known }: Table, headStart: number) {
  const points = new Float64Array(languages.length);
  for (let at = 0; at < points.length; at++) points[at] = read.has(languages[at] ?? "") ? 0 : UNREAD_HANDICAP;
  points[0] = headStart;
  let hits = 0;
  for (const word of words) {
    const owners = known.get(word);
    if (!owners) continue;
    hits++;
    for (const owner of owners) points[owner] = (points[owner] ?? 0) + 1 / owners.length + 0.5;
  }
  let best = 0;
  for (let at = 1; at < points.length; at++) if ((points[at] ?? 0) > (points[best] ?? 0)) best = at;
  const name = languages[best] ?? "";
  return { hits, language: read.has(name) ? name : null };
}

/** Letters that Ukrainian has and Russian has not, or the other way. */
const UKRAINIAN = /[єґі]/;
const RUSSIAN = /[ыэъ]/;

function cyrillic(words: readonly string[]): string | null {
  const { hits, language } = byWords(words, CYRILLIC, 0);
  const all = words.join(" ");
  if (/[ўјљњћђџқңөүұһәғ]/.test(all)) return null;
  if (hits > 0 && language === null) return null;
  const isRussian = RUSSIAN.test(all);
  if (isRussian !== UKRAINIAN.test(all)) return isRussian ? "ru" : "uk";
  return language;
}

function latin(words: readonly string[]): string | null {
  const { hits, language } = byWords(words, LATIN, ENGLISH_HEAD_START);
  // Letters set apart, initials and names of classes tell nothing.
  const telling = words.filter((word) => word.length > 2).length;
  return hits === 0 && telling >= ENOUGH_WORDS ? null : language;
}

function arabic(words: readonly string[]): string | null {
  const { hits, language } = byWords(words, ARABIC, 0);
  if (hits > 0) return language;
  return words.some((word) => /[ٹڈڑںے]/.test(word)) ? "ur" : language;
}

/**
 * The BCP 47 tag of the language that a text is mostly written in: en, cy, pl, ro, ur, ur-Latn, pa, pa-Latn, bn,
 * bn-Latn, ar (in either script), uk or ru; null for one that is not read. Short texts in Latin letters, and
 * texts without letters, count as English unless they are clearly something else. Looks at no more than 120
 * words, so the cost has a bound; cutting a string into words is what costs: give tokens where there are some.
 */
export function languageOf(text: string | readonly Token[]): string | null {
  const tokens = typeof text === "string" ? normalise(text) : text;
  const step = Math.max(1, tokens.length / MOST_WORDS);
  const found: Record<Family, string[]> = {
    Latin: [],
    Arabic: [],
    Cyrillic: [],
    Bengali: [],
    Gurmukhi: [],
    other: [],
  };
  for (let at = 0; at < tokens.length; at += step) {
    const word = tokens[Math.floor(at)]?.forms[0] ?? "";
    const family = familyOf(word);
    if (family) found[family].push(word);
  }
  let main: Family = "Latin";
  let most = 0;
  for (const family of ["Latin", "Arabic", "Cyrillic", "Bengali", "Gurmukhi", "other"] as const) {
    const letters = found[family].reduce((sum, word) => sum + word.length, 0);
    if (letters > most) {
      main = family;
      most = letters;
    }
  }
  if (main === "Latin") return latin(found.Latin);
  if (main === "Arabic") return arabic(found.Arabic);
  if (main === "Cyrillic") return cyrillic(found.Cyrillic);
  if (main === "Bengali") return "bn";
  return main === "Gurmukhi" ? "pa" : null;
}
