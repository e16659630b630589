// What the sender wrote now, in the shapes in which real mail clients write it.
import { describe, expect, test } from "@jest/globals";
import { newText, ownWordsInPlace } from "../../src/core/quoting.ts";

const NEW = "Please ring me about Ella.";
const OLD = "You are late again, and I have told you twice.";

const shapes: Readonly<Record<string, string>> = {
  "nothing quoted": NEW,
  "Windows line ends": `${NEW}\r\n\r\n> ${OLD}\r\n`,
  "Gmail, English": `${NEW}\n\nOn Mon, 23 Nov 2026 at 08:00, Mrs Shah <shah@oakhill.example> wrote:\n\n> ${OLD}\n>\n> Mrs Shah\n`,
  "Gmail, wrapped": `${NEW}\n\nOn Mon, 23 Nov 2026 at 08:00, Mrs Shah of Oakhill Primary School\n<shah@oakhill.example> wrote:\n\n> ${OLD}\n`,
  "Gmail, wrapped over three lines": `${NEW}\n\nOn Mon, 23 Nov 2026 at 08:00,\nMrs Shah\n<shah@oakhill.example>\nwrote:\n> ${OLD}\n`,
  "Gmail from HTML, without marks": `${NEW}\n\nOn Mon, Nov 23, 2026 at 8:00 AM Mrs Shah <shah@oakhill.example> wrote:\n${OLD}\nMrs Shah`,
  "Apple Mail": `${NEW}\n\nSent from my iPhone\n\n> On 23 Nov 2026, at 08:00, Mrs Shah <shah@oakhill.example> wrote:\n>\n> ${OLD}\n`,
  "Apple Mail, Mac": `${NEW}\n\nOn 23 Nov 2026, at 08:00, Mrs Shah <shah@oakhill.example> wrote:\n\n${OLD}\n`,
  Yahoo: `${NEW}\n\n    On Monday, 23 November 2026 at 08:00:00 GMT, Mrs Shah <shah@oakhill.example> wrote:  \n \n ${OLD}\n`,
  "Yahoo on Android": `${NEW}\n\nSent from Yahoo Mail on Android\n\n  On Mon, 23 Nov 2026 at 8:00, Mrs Shah<shah@oakhill.example> wrote:   ${""}\n${OLD}`,
  Thunderbird: `${NEW}\n\nOn 23/11/2026 08:00, Mrs Shah wrote:\n> ${OLD}\n`,
  "Gmail, German": `${NEW}\n\nAm Mo., 23. Nov. 2026 um 08:00 Uhr schrieb Mrs Shah <shah@oakhill.example>:\n\n> ${OLD}\n`,
  "Gmail, French": `${NEW}\n\nLe lun. 23 nov. 2026 à 08:00, Mrs Shah <shah@oakhill.example> a écrit :\n\n> ${OLD}\n`,
  "Gmail, Spanish": `${NEW}\n\nEl lun, 23 nov 2026 a las 8:00, Mrs Shah (<shah@oakhill.example>) escribió:\n\n> ${OLD}\n`,
  "Gmail, Polish": `${NEW}\n\npon., 23 lis 2026 o 08:00 Mrs Shah <shah@oakhill.example> napisał(a):\n\n> ${OLD}\n`,
  "Polish, W dniu": `${NEW}\n\nW dniu 23.11.2026 o 08:00, Mrs Shah pisze:\n${OLD}\n`,
  "Apple Mail, Polish":
    `${NEW}\n\nWiadomość napisana przez Mrs Shah <shah@oakhill.example>:\n> ${OLD}\n`.replace(
      "Wiadomość napisana przez Mrs Shah <shah@oakhill.example>:",
      "23 lis 2026, o godz. 08:00, Mrs Shah <shah@oakhill.example> napisał(a):",
    ),
  "Gmail, Welsh": `${NEW}\n\nAr Llun, 23 Tach 2026 am 08:00 Mrs Shah <shah@oakhill.example> ysgrifennodd:\n\n> ${OLD}\n`,
  "Gmail, Italian": `${NEW}\n\nIl giorno lun 23 nov 2026 alle ore 08:00 Mrs Shah <shah@oakhill.example> ha\nscritto:\n\n> ${OLD}\n`,
  "Gmail, Dutch": `${NEW}\n\nOp ma 23 nov 2026 om 08:00 schreef Mrs Shah <shah@oakhill.example>:\n\n> ${OLD}\n`,
  "Gmail, Romanian": `${NEW}\n\nÎn lun., 23 nov. 2026 la 08:00, Mrs Shah <shah@oakhill.example> a scris:\n\n> ${OLD}\n`,
  "Gmail, Ukrainian": `${NEW}\n\nпн, 23 лист. 2026 р. о 08:00 Mrs Shah <shah@oakhill.example> пише:\n\n> ${OLD}\n`,
  Outlook: `${NEW}\n\nFrom: Mrs Shah <shah@oakhill.example>\nSent: 23 November 2026 08:00\nTo: Dana Kowalczyk <dana@parent.example>\nSubject: Ella\n\n${OLD}\n`,
  "Outlook with a rule": `${NEW}\n\n________________________________\nFrom: Mrs Shah <shah@oakhill.example>\nSent: 23 November 2026 08:00\nTo: Dana\nSubject: Ella\n\n${OLD}\n`,
  "Outlook in bold": `${NEW}\n\n*From:* Mrs Shah <shah@oakhill.example>\n*Sent:* 23 November 2026 08:00\n*To:* Dana\n*Subject:* Ella\n\n${OLD}\n`,
  "Outlook for iOS": `${NEW}\n\nGet Outlook for iOS<https://aka.example/x>\n________________________________\nFrom: Mrs Shah <shah@oakhill.example>\nSent: Monday, November 23, 2026 8:00:00 AM\nTo: Dana\nSubject: Ella\n\n${OLD}`,
  "Outlook, German": `${NEW}\n\nVon: Mrs Shah <shah@oakhill.example>\nGesendet: Montag, 23. November 2026 08:00\nAn: Dana\nBetreff: Ella\n\n${OLD}\n`,
  "Outlook, French": `${NEW}\n\nDe : Mrs Shah <shah@oakhill.example>\nEnvoyé : lundi 23 novembre 2026 08:00\nÀ : Dana\nObjet : Ella\n\n${OLD}\n`,
  "Outlook, Polish": `${NEW}\n\nOd: Mrs Shah <shah@oakhill.example>\nWysłano: poniedziałek, 23 listopada 2026 08:00\nDo: Dana\nTemat: Ella\n\n${OLD}\n`,
  "Outlook, Welsh": `${NEW}\n\nOddi wrth: Mrs Shah <shah@oakhill.example>\nAnfonwyd: 23 Tachwedd 2026 08:00\nAt: Dana\nPwnc: Ella\n\n${OLD}\n`,
  "Outlook, Ukrainian": `${NEW}\n\nВід: Mrs Shah <shah@oakhill.example>\nНадіслано: 23 листопада 2026 р. 08:00\nКому: Dana\nТема: Ella\n\n${OLD}\n`,
  "Outlook Express": `${NEW}\n\n-----Original Message-----\nFrom: Mrs Shah\nSent: 23 November 2026 08:00\nTo: Dana\nSubject: Ella\n\n${OLD}\n`,
  "Hotmail of old": `${NEW}\n\nDate: Mon, 23 Nov 2026 08:00:00 +0000\nSubject: Ella\nFrom: shah@oakhill.example\nTo: dana@parent.example\n\n${OLD}\n`,
  Samsung: `${NEW}\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Mrs Shah <shah@oakhill.example>\nDate: 23/11/2026 08:00 (GMT+00:00)\nTo: dana@parent.example\nSubject: Ella\n\n${OLD}\n`,
  "a forwarded message, Gmail": `${NEW}\n\n---------- Forwarded message ---------\nFrom: Another Parent <other@parent.example>\nDate: Mon, 23 Nov 2026 at 08:00\nSubject: Fwd: Ella\nTo: <dana@parent.example>\n\n\n${OLD}\n`,
  "a forwarded message, Apple": `${NEW}\n\nBegin forwarded message:\n\n> From: Another Parent <other@parent.example>\n> Subject: Ella\n> Date: 23 November 2026 at 08:00:00 GMT\n> To: dana@parent.example\n>\n> ${OLD}\n`,
  "a signature": `${NEW}\n\n-- \nDana Kowalczyk\nSales, Example Ltd\n01632 960123`,
  "a signature and a quotation": `${NEW}\n-- \nDana Kowalczyk\n\nOn Mon, 23 Nov 2026 at 08:00, Mrs Shah <shah@oakhill.example> wrote:\n> ${OLD}`,
  "a disclaimer": `${NEW}\n\nThis email and any attachments are confidential and intended solely for the addressee.\nIf you have received it in error, please delete it.\n\nAny views expressed are those of the sender alone.`,
  "a virus scanner's line": `${NEW}\n\nVirus-free. www.example.com`,
  "iPhone, German": `${NEW}\n\nVon meinem iPhone gesendet`,
  "iPhone, French": `${NEW}\n\nEnvoyé de mon iPhone`,
  "a ticket's line": `##- Please type your reply above this line -##\n\n${OLD}`.replace(/^/, `${NEW}\n\n`),
};

describe("the sender's own words", () => {
  test.each(Object.entries(shapes))("%s", (_, text) => {
    expect(newText(text)).toBe(NEW);
  });

  test("answers between quoted lines are kept", () => {
    const text = `On Mon, 23 Nov 2026 at 08:00, Mrs Shah <shah@oakhill.example> wrote:\n> Can you come on Monday?\nYes.\n> At four?\nNo, at five.\n-- \nDana\n`;
    expect(newText(text)).toBe("Yes.\nNo, at five.");
  });

  test("an answer below the quotation is kept", () => {
    expect(newText(`On 23/11/2026 08:00, Mrs Shah wrote:\n> ${OLD}\n\n${NEW}`)).toBe(NEW);
  });

  test("a message that only quotes has no words of its own", () => {
    expect(newText(`> ${OLD}\n> ${OLD}`)).toBe("");
    expect(
      newText(`---------- Forwarded message ---------\nFrom: A <a@b.example>\nTo: c\nSubject: d\n\n${OLD}`),
    ).toBe("");
  });

  test.each([
    "On Monday my son wrote:\nI hate school.\nWhat should I do?",
    "On 12 March his teacher wrote:\nNo homework today.\nThat was not true.",
    "From: 9 o'clock\nTo: 3 o'clock\nwe are at work, please ring after.",
    "I went to the office on Monday.\n- nobody was there\n- nobody rang back",
    "He sent from his iPhone a photo of the bruise to my sister, and I have it here.",
    "Subject: maths. He does not follow it.",
    "She said that\n\n5 > 3 is wrong?",
  ])("the parent's own words stay: %j", (text) => {
    expect(newText(text)).toBe(text);
  });

  test("a long text below two dashes is no signature", () => {
    const long = Array.from({ length: 30 }, (_, line) => `Line ${line} of what happened.`).join("\n");
    expect(newText(`Hello,\n-- \n${long}`)).toContain("Line 29");
  });
});

describe("hostile text of 1 MB is read in linear time", () => {
  const mebibyte = 1_048_576;
  const fill = (piece: string) => piece.repeat(Math.ceil(mebibyte / piece.length)).slice(0, mebibyte);
  test.each([
    "On ",
    "On 2026 08:00\n",
    "> ",
    ">\n",
    "From: a\n",
    "From: a\nTo: b\n",
    "-- \n",
    "--\n\n",
    "_",
    "____________\n",
    "wrote: ",
    "a@b wrote:\n",
    "\n",
    " ",
    "this email is confidential ",
    "this email and \n",
    "sent from my ",
    "am 12:00 schrieb ",
    "\r",
  ])("%j", (piece) => {
    const begun = performance.now();
    newText(fill(piece));
    // Anything but linear takes minutes; linear takes a second even on a busy machine.
    expect(performance.now() - begun).toBeLessThan(30_000);
  });
});

describe("the sender's own words in their place", () => {
  test.each([
    [
      "an answer above",
      "That is fine.\n\nOn Mon, 9 Nov 2026 at 10:00, A Parent <a@parent.example> wrote:\n> You idiot",
    ],
    ["answers between", "> First?\nYes.\n> Second?\nNo."],
    ["carriage returns", "Yes.\r\n> You idiot\r\nNo."],
    ["nothing quoted", "  Good morning.\n\n\n\nThank you  "],
  ])("%s: as long as it was, and each word where it was", (_, text) => {
    const own = ownWordsInPlace(text);
    expect(own).toHaveLength(text.length);
    expect(own.split(/\s+/).filter(Boolean)).toEqual(newText(text).split(/\s+/).filter(Boolean));
    for (const { 0: word, index } of own.matchAll(/\S+/g)) expect(text.startsWith(word, index)).toBe(true);
  });

  test("a head alone hides nothing: anybody can write one", () => {
    const text = "From: A\nSent: Monday\nTo: B\nSubject: C\n\nI know where you live.";
    expect(ownWordsInPlace(text)).toBe(text);
  });

  test("lines with > alone are all quoted", () => {
    expect(ownWordsInPlace("> one\n> two").trim()).toBe("");
  });
});
