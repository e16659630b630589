// Who is this address, this number? Staff, contacts, and strangers by what they write from.
import { describe, expect, test } from "@jest/globals";
import type { Contact } from "../../src/directory/contacts.ts";
import { buildDirectory, type Directory } from "../../src/directory/senders.ts";
import { schoolFile, staffFile } from "../../src/policy/schema.ts";

const school = schoolFile.parse({
  school: {
    id: "oakhill",
    name: "Oakhill",
    office: { email: "office@oakhill.example", telephone: "01632 960001" },
  },
  desks: { headteacher: "okafor", dsl: "okafor", complaints: "c@oakhill.example", chair: "chair@gmail.com" },
  calendar: {},
  hours: { weeks: [{ mon: "08:00-17:00" }] },
  sms: {
    account_sid: "AC1",
    auth_token: "t",
    public_url: "https://a.example/sms",
    numbers: [
      { number: "+447700900100", belongs_to: "school" },
      { number: "07700 900101", belongs_to: ["okafor", "shah"] },
    ],
  },
});

const { staff } = staffFile.parse({
  staff: [
    { id: "okafor", name: "Mrs Okafor", email: ["head@oakhill.example"], mobile: "+447700900110" },
    { id: "shah", name: "Mrs Shah", email: ["a.shah@trust.example", "shah.oakhill@gmail.com"] },
  ],
});

const contact = (id: string, name: string, more: Partial<Contact> = {}): Contact => ({
  id,
  name,
  emails: [],
  numbers: [],
  roles: ["parent"],
  language: "en",
  adjustments: [],
  children: "",
  ...more,
});

const contacts = [
  contact("1", "Dana Kowalczyk", { emails: ["dana.kowalczyk@gmail.com"], numbers: ["+447700900201"] }),
  contact("2", "Mr Tom Whitfield", { emails: ["tom@joinery.example"], roles: ["parent", "governor", "hsa"] }),
  contact("3", "Łucja Żak", { emails: ["head@oakhill.example"] }),
  contact("4", "Prince", { emails: ["prince@x.example"] }),
];

const directory: Directory = buildDirectory(staff, contacts, school);
const who = (address: string, channel: "email" | "sms" = "email") =>
  directory.whoIs({ name: "", address }, channel);

describe("by e-mail", () => {
  test.each([
    ["dana.kowalczyk@gmail.com", "parent"],
    ["DanaKowalczyk+school@GoogleMail.com", "parent"],
    ["tom+oakhill@joinery.example", "parent"],
    ["head@oakhill.example", "staff"],
    ["supply.teacher@oakhill.example", "staff"],
    ["somebody@trust.example", "staff"],
    ["shahoakhill@gmail.com", "staff"],
    ["somebody.else@gmail.com", "probably-parent"],
    ["x@hotmail.co.uk", "probably-parent"],
    ["x@BTinternet.com", "probably-parent"],
    ["x@wp.pl", "probably-parent"],
    ["x@ukr.net", "probably-parent"],
    ["x@proton.me", "probably-parent"],
    ["senco@county.gov.uk", "organisation"],
    ["sales@mail.gmail.com.evil.example", "organisation"],
    ["sales@notgmail.com", "organisation"],
    ["no-at-sign", "unknown"],
    ["trailing@", "unknown"],
    ["", "unknown"],
  ])("%s is %s", (address, role) => {
    expect(who(address).role).toBe(role);
  });

  test("a personal domain that staff use is nobody's own domain", () => {
    expect(who("stranger@gmail.com").role).toBe("probably-parent");
  });

  test("a contact is named, with what they are beside a parent", () => {
    expect(who("tom@joinery.example")).toMatchObject({
      contact: { id: "2" },
      staffId: null,
      marks: ["governor", "hsa"],
    });
    expect(who("dana.kowalczyk@gmail.com").marks).toEqual([]);
  });

  test("a colleague's own mailbox is staff's, though a contact claims it", () => {
    expect(who("head@oakhill.example")).toEqual({
      role: "staff",
      contact: null,
      staffId: "okafor",
      marks: [],
    });
  });

  test("someone else of the school's domain is staff without an id", () => {
    expect(who("supply@oakhill.example")).toMatchObject({ role: "staff", staffId: null });
  });

  test("no sender is unknown", () => {
    expect(directory.whoIs(null, "email").role).toBe("unknown");
  });
});

describe("by text", () => {
  test.each([
    ["+447700900201", "parent"],
    ["07700 900201", "parent"],
    ["whatsapp:+447700900201", "parent"],
    ["+447700900110", "staff"],
    ["+447700900999", "probably-parent"],
    ["+447911123456", "probably-parent"],
    ["+48512345678", "probably-parent"],
    ["+12025550123", "probably-parent"],
    ["+441632960999", "organisation"],
    ["+448088005000", "organisation"],
    ["+447600900123", "organisation"],
    ["60777", "unknown"],
    ["NHSNoReply", "unknown"],
    ["+266696687", "unknown"],
    ["anonymous", "unknown"],
  ])("%s is %s", (number, role) => {
    expect(who(number, "sms").role).toBe(role);
  });
});

describe("looking up", () => {
  test("staff by any spelling of their address or number", () => {
    expect(directory.staffByAddress("A.Shah+books@Trust.example")?.id).toBe("shah");
    expect(directory.staffByAddress("nobody@trust.example")).toBeNull();
    expect(directory.staffByNumber("07700 900110")?.id).toBe("okafor");
    expect(directory.staffByNumber("")).toBeNull();
  });

  test("contacts by address or number", () => {
    expect(directory.contactByAddress("DANAKOWALCZYK@gmail.com")?.id).toBe("1");
    expect(directory.contactByAddress("0044 7700 900201")?.id).toBe("1");
    expect(directory.contactByAddress("x@y.example")).toBeNull();
  });

  test("whose number parents write to", () => {
    expect(directory.recipientsOf("07700 900100")).toEqual(["school"]);
    expect(directory.recipientsOf("+447700900101")).toEqual(["okafor", "shah"]);
    expect(directory.recipientsOf("+447700900999")).toEqual([]);
  });
});

describe("a contact named in a text", () => {
  test.each([
    ["Dana Kowalczyk wants to follow you", "Dana Kowalczyk"],
    ["New request from DANA KOWALCZYK.", "Dana Kowalczyk"],
    ["dana-kowalczyk sent you a message", "Dana Kowalczyk"],
    ["Tom Whitfield invited you", "Mr Tom Whitfield"],
    ["Lucja Zak lubi Twoje zdjęcie", "Łucja Żak"],
    ["Dana wants to follow you", null],
    ["Kowalczyk Dana", null],
    ["Jordana Kowalczyk wants to follow you", null],
    ["Prince wants to follow you", null],
    ["", null],
  ])("%j names %j", (text, name) => {
    expect(directory.namedContact(text)).toBe(name);
  });
});
