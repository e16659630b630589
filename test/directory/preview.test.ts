// What an import would change is shown before it changes anything.
import { expect, test } from "@jest/globals";
import type { Contact } from "../../src/directory/contacts.ts";
import { compareContacts, formatPreview } from "../../src/directory/preview.ts";

const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  name: `Parent ${id}`,
  emails: [`${id}@x.example`],
  numbers: [],
  roles: ["parent"],
  language: "en",
  adjustments: [],
  children: "",
  ...more,
});

const before = [contact("1"), contact("2"), contact("3")];
const after = [
  contact("3"),
  contact("2", { emails: ["new@x.example", "2@x.example"], adjustments: ["no-hold"] }),
  contact("4"),
];

test("contacts are compared by id, field by field", () => {
  const preview = compareContacts(before, after);
  expect(preview.added.map(({ id }) => id)).toEqual(["4"]);
  expect(preview.removed.map(({ id }) => id)).toEqual(["1"]);
  expect(preview.unchanged.map(({ id }) => id)).toEqual(["3"]);
  expect(preview.changed.map(({ fields }) => fields)).toEqual([
    [
      { field: "emails", before: "2@x.example", after: "new@x.example, 2@x.example" },
      { field: "adjustments", before: "", after: "no-hold" },
    ],
  ]);
});

test("the same list changes nothing", () => {
  const { added, changed, removed, unchanged } = compareContacts(before, before);
  expect([added, changed, removed]).toEqual([[], [], []]);
  expect(unchanged).toHaveLength(3);
});

test("the preview reads like a list of what will happen", () => {
  expect(formatPreview(compareContacts(before, after))).toBe(
    [
      "+ Parent 4 (4)",
      "~ Parent 2 (2)",
      "    emails: 2@x.example → new@x.example, 2@x.example",
      "    adjustments: (none) → no-hold",
      "- Parent 1 (1)",
      "1 added, 1 changed, 1 removed, 1 unchanged.",
    ].join("\n"),
  );
});
