// Machines whose telling fields were lost on the way, known by what is left; and people who write much the same.
import { describe, expect, test } from "@jest/globals";
import { mailHeaders } from "../../src/core/automatic/mail-headers.ts";
import { textEvidence } from "../../src/core/automatic/wording.ts";
import { isAutomatic, suppressReply } from "../../src/core/automatic.ts";

const FIELD_NAMES = ["from", "subject"];
/** "automatic": a machine's. "unanswered": held like a person's, and no machine answers. "answered": a person's. */
function judge(from: string, subject: string, text: string, more: Readonly<Record<string, string>> = {}) {
  const values = [from, subject];
  const list = [
    ...FIELD_NAMES.map((name, at) => ({ name, value: values[at] ?? "" })),
    ...Object.entries(more).map(([name, value]) => ({ name, value })),
  ].filter(({ value }) => value !== "");
  const headers = mailHeaders(list);
  const context = { text, partTypes: [], ownLoopMark: false };
  if (isAutomatic(headers, context)) return "automatic";
  return suppressReply(headers, context) === null ? "answered" : "unanswered";
}
const PERSON = "Priya Nair <priya.nair@example.net>";

describe("delivery reports of a mail system's address, in its language", () => {
  test.each([
    [
      "Niet bestelbaar: Uitje",
      "Uw bericht heeft sommige geadresseerden niet bereikt.\n\n p.nair@corp.example",
    ],
    [
      "Det går inte att leverera: Utflykt",
      "Meddelandet nådde inte några eller alla mottagare.\n\n p.nair@corp.example",
    ],
    [
      "Imposibil de livrat: Excursie",
      "Mesajul dvs. nu a ajuns la unii sau la toți destinatarii.\n\n p.nair@corp.example",
    ],
    [
      "Не вдається доставити: Екскурсія",
      "Ваше повідомлення не надійшло деяким одержувачам.\n\n p.nair@corp.example",
    ],
    ["غير قابل للتسليم: رحلة", "لم تصل رسالتك إلى بعض المستلمين أو كلهم."],
    ["ZUSTELLFEHLER: Benutzer unbekannt", "Ihr Dokument:\n  Ausflug\nkonnte nicht zugestellt werden an:"],
    ["Fehlerhafte Mailzustellung", "Leider konnte Ihre Nachricht nicht ausgeliefert werden."],
    ["Echec de livraison de votre message", "Votre message n'a pas pu être remis au destinataire suivant :"],
    ["메일 발송 실패 안내", "보내신 메일이 다음 수신자에게 발송되지 못했습니다."],
    ["来自mail.example的退信", "抱歉，您的邮件被退回来了……"],
    ["送信エラー通知", "お客さまが送信されたメールは、次の宛先に届きませんでした。"],
    ["[Postmaster] Email Delivery Failure", "The following message could not be delivered"],
    ["Fwd: Re: Trip [BOUNCE]", "Error message below:\n550 - no such user here"],
    ["Quarantine Summary: 4 message(s)", "You have 4 new quarantined messages."],
    ["Your mailbox is almost full", "Please reduce your mailbox size."],
  ])("%s", (subject, text) => {
    expect(judge("Mail <postmaster@corp.example>", subject, text)).toBe("automatic");
  });

  test("a report without any From is a report", () => {
    const text =
      "This is the mail system at host mx.example.net.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<p.nair@example.net>: 550 5.1.1 User unknown";
    expect(judge("", "", text)).toBe("automatic");
  });

  test.each([
    "mailer-daemon+x12@host.example",
    "MAILER-DAEMON-20261112@host.example",
    "MicrosoftExchange329e71ec88ae@corp.example",
    "confirm-s2-abc-d.hall=oakhill.example@groups.example",
    "order-confirmation@shop.example",
  ])("nobody but a machine writes from %s", (from) => {
    expect(judge(from, "Hello", "x")).toBe("automatic");
  });
});

describe("autoresponders' subjects", () => {
  test.each([
    "[OFFICIAL] Automatic reply: Trip",
    "CAUTION: Automatic reply: Trip",
    "(EXT) Automatic reply: Trip",
    "[rt.example #1234] AutoReply: Trip",
    "Re: Trip (Out of the office)",
    "Yahoo! Auto Response",
    "This is a recording... [Re: Trip]",
    "Jo Marsch ist außer Haus.",
    "Jo Marche est absent(e).",
    "Jo Marchi non è in ufficio.",
    "Jo Marco está fuera de la oficina.",
    "Ateb awtomatig: Taith",
    "Resposta automàtica: Excursió",
    "Аутоматски одговор: Излет",
    "Sjálfvirkt svar: Ferð",
    "پاسخ خودکار: سفر",
    "[자동응답] 소풍",
  ])("%s", (subject) => {
    expect(judge(PERSON, subject, "…")).toBe("automatic");
  });

  test.each([
    "x-apple-action",
    "x-icewarp-responder",
    "x-jira-fingerprint",
    "x-redmine-host",
    "x-bugzilla-reason",
    "x-ricevuta",
  ])("the field %s", (field) => {
    expect(judge(PERSON, "Re: Trip", "x", { [field]: "accettazione" })).toBe("automatic");
  });
});

describe("what has lost every field is not answered", () => {
  test.each([
    ["Vacaciones", "Estoy de vacaciones hasta el lunes. En caso de urgencia, escriba a la oficina."],
    ["Férias", "Estou de férias até 23. Em caso de urgência contacte a secretaria."],
    ["Urlop", "Jestem na urlopie do 23. W pilnych sprawach proszę o kontakt z sekretariatem."],
    ["Отпуск", "Я нахожусь в отпуске до 23 ноября. По срочным вопросам обращайтесь в секретариат."],
    ["İzin", "23 Kasım tarihine kadar izinliyim. Acil durumlarda santrali arayınız."],
    ["إجازة", "أنا في إجازة حتى 23 نوفمبر. للأمور العاجلة يرجى الاتصال بالمكتب."],
    ["Allan o'r swyddfa", "Rwyf allan o'r swyddfa tan 23 Tachwedd. Byddaf yn ymateb pan ddychwelaf."],
    ["休假", "您好，我正在休假。紧急事务请联系办公室。"],
    ["不在: 遠足", "23日まで不在にしております。急ぎの場合は代表までお電話ください。"],
    ["Out of Office - Jo Marsh", "I have limited access to email"],
    ["OOO Re: Trip", "On leave, back 20th. For anything urgent, ring Sam."],
    [
      "Re: Trip",
      "Thank you for your email. I work Monday to Wednesday. I will respond to\nyour email when I am next in.",
    ],
    ["Re: Trip", "This mailbox is no longer monitored. Emails sent here will not be read."],
    [
      "[Request received] Trip",
      "##- Please type your reply above this line -##\n\nYour request has been received.",
    ],
    ["Support Ticket Opened [#123456]", "A request for support has been created and assigned #123456."],
    ["Your message to parents awaits moderator approval", "Your mail to 'parents' with the subject"],
    ["confirm subscribe to parents@lists.example", "Hi! This is the ezmlm program. I'm managing the list."],
    [
      "Re: Trip (verification)",
      "Please click the link below to complete the verification process. You do this only once.",
    ],
    [
      "Re: Trip",
      "Your message is being held because I do not recognise your address. To prove that you are a real person please click here.",
    ],
    ["Eingangsbestätigung", "Ihre E-Mail ist bei uns eingegangen und wird bearbeitet."],
    ["Mail to p.nair bounced", "Your mail to <p.nair@isp.example> bounced: user unknown"],
    ["Su correo ha sido devuelto", "La dirección p.nair@correo.example no existe"],
    ["Spam complaint", "This is an email abuse report for a message received from IP 192.0.2.10."],
    ["Half price books", "Click here to unsubscribe. View this email in your browser."],
    ["Gelesen: Ausflug", "Ihre Nachricht\n\nAn: Jo\nBetreff: Ausflug\n\nwurde gelesen am 12.11.2026 10:01."],
  ])("%s", (subject, text) => {
    expect(judge(PERSON, subject, text)).not.toBe("answered");
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["a ticket system", { "x-fd-ticket-id": "12" }],
    ["a mailing", { "x-mailer": "Roving Constant Contact" }],
    ["a web form", { "x-php-originating-script": "1000:mail.php" }],
    ["a calendar's answer", { "content-type": "text/calendar; method=REPLY; charset=utf-8" }],
    ["an app for its author", { sender: "Calendar <calendar-notification@example.org>" }],
  ])("%s", (_name, fields) => {
    expect(judge(PERSON, "Trip", "Yes.", fields)).toBe("unanswered");
  });

  test.each([
    "noreplyfamily@example.net",
    "Tom Reed <postmaster@reed-family.example>",
    "auto@nair-cars.example",
    "scanner@example.org",
  ])("%s may be a person: held, not answered", (from) => {
    expect(judge(from, "PE kit", "Can I bring it at lunch?")).toBe("unanswered");
  });
});

describe("people's own words are a person's, and may be answered", () => {
  test.each([
    ["Out of school on Monday", "Tom has a hospital visit."],
    ["Delivery failure of the coat", "The coat that we ordered never came."],
    ["failed delivery of dinner money", "I sent the envelope with Sam but he brought it home."],
    ["Undelivered parcel", "The parcel with the costumes was not delivered."],
    ["Undeliverable promises", "You keep making promises that you do not keep."],
    ["Bounced cheque", "I am so sorry that my cheque bounced."],
    ["Returned book", "The library book is in his bag."],
    ["Read: every night", "Sam has read every night this week."],
    ["Delivered: cakes for the fair", "They are in the staff room."],
    ["Automatic door broken", "It trapped my daughter's hand."],
    ["Worms detected", "Ben has threadworms, found this morning."],
    ["Blocked", "My account on the parent app is blocked. It says account disabled."],
    ["Error on the website", 'I get error 550 when I pay for lunches. "User not found".'],
    ["Mr Reed has left us", "Mr Reed has left us. Please remove him as a contact."],
    ["Job change", "I have left the company so please don't use my work email."],
    ["No phone", "This email address is not monitored during my shift, please call."],
    ["Consegna", "Il libro non è stato consegnato a Marco."],
    ["Доставка", "Посылка для класса не доставлена. Вы не знаете, где она?"],
    ["退回", "上次的表格被退回了，请问怎么办？"],
    ["Congés", "Nous serons en vacances jusqu'au 5. Léa sera de retour le 6."],
    ["Urlaub", "Darf Ben früher gehen? Wir fahren in den Urlaub und sind am Montag wieder da."],
    ["İzin", "Ali bugün hasta, okula gelemeyecek."],
    ["unsubscribe", "Please take me off the list."],
    ["[Year 3] ill", "Sam is ill"],
    ["", "Tom is ill today"],
  ])("%s", (subject, text) => {
    expect(judge(PERSON, subject, text)).toBe("answered");
  });

  test.each([
    [
      "RE: Automatic reply: Trip",
      "Thanks for that.\n\nFrom: Oakhill\nSent: 12 November 2026 21:01\nTo: Jo\nSubject: Automatic reply: Trip\n\nThis is an automatic reply. Please do not reply to this message.",
    ],
    [
      "FW: Undeliverable: Absence",
      "I did try to tell you.\n\nFrom: postmaster@oakhill.example\nSent: 12 November 2026\nTo: Jo\nSubject: Undeliverable: Absence\n\nDelivery has failed to these recipients or distribution lists:\nMr Okoro",
    ],
  ])("what a reply quotes is not its own: %s", (subject, text) => {
    expect(judge(PERSON, subject, text)).toBe("answered");
  });

  test.each([
    ["Unable to deliver cakes", "We were unable to deliver the cakes today. Will bring them tomorrow."],
    [
      "Your email was not delivered",
      "Hi, it was not delivered to my husband, his address is jay@nair.example.",
    ],
    [
      "Your automatic reply",
      "This is an automated response is all I ever get. Please do not reply to this with another!",
    ],
  ])("when in doubt it is held, and not answered: %s", (subject, text) => {
    expect(judge(PERSON, subject, text)).toBe("unanswered");
  });

  test.each([
    "Damian Daemon <damian.daemon@example.net>",
    "Norman Mailer <n.mailer@example.net>",
    "Mailer <mailerfamily@example.net>",
    "Ann Lister <ann.lister@example.net>",
    "R Quest <r.quest@example.net>",
    "Nora Reply <nora.reply@example.net>",
    "Dr Nair <dr@nair-clinic.example>",
    "Ret Urns <returnsfamily@example.net>",
  ])("%s", (from) => {
    expect(judge(from, "PE kit", "Tom has forgotten his PE kit.")).toBe("answered");
  });
});

describe("no text keeps the patterns busy", () => {
  test.each([
    "\\w",
    "will be ",
    "your message ",
    "i am away ",
    "click ",
    "a@b.example ",
    "550 5.1.1 ",
    "=",
    "\n",
  ])("16,000 characters of %j", (piece) => {
    const startMs = performance.now();
    textEvidence(piece.replace("\\w", "a").repeat(16_000), false);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
