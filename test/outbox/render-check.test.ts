// A school's own templates: they replace the product's, and their slips are found before a parent sees them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { checkTemplates } from "../../src/outbox/render/check.ts";
import { createRenderer } from "../../src/outbox/render.ts";
import { schoolFile } from "../../src/policy/schema.ts";

let own = "";
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), "templates-"));
});
afterEach(() => rmSync(own, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = join(own, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const oakhill = schoolFile.shape.school.parse({
  id: "oakhill",
  name: "Oakhill Primary School",
  office: { email: "office@oakhill.example", telephone: "01632 960123" },
});
const received = () =>
  createRenderer({ overrideDir: own }).renderReply(
    { template: "received", language: "en", seen: [] },
    oakhill,
    "Europe/London",
  );

describe("a school's own template", () => {
  test("replaces one file; the others stay", () => {
    write("replies/en/received.txt.njk", "Got it. {{ officePhone }}");
    expect(received().text).toBe("Got it. 01632 960123\n");
    expect(received().html).toContain("It has arrived safely");
    expect(checkTemplates(own)).toEqual([]);
  });

  test("can replace the sentences that all replies share", () => {
    write(
      "replies/en/layout.txt.njk",
      '{% import "replies/en/words.njk" as words %}{% block answer %}{% endblock %}Best wishes, {{ schoolName }}',
    );
    expect(received().text).toContain("Best wishes, Oakhill Primary School");
  });

  test("a new language is used when it is complete, and English until then", () => {
    const inWelsh = () =>
      createRenderer({ overrideDir: own }).renderReply(
        { template: "received", language: "cy", seen: [] },
        oakhill,
        "Europe/London",
      );
    for (const form of ["subject", "txt", "html"]) write(`replies/cy/received.${form}.njk`, "Diolch.");
    expect(inWelsh().language).toBe("en");
    expect(checkTemplates(own)).toContainEqual(
      expect.objectContaining({ severity: "warning", message: expect.stringContaining("received.sms.njk") }),
    );
    write("replies/cy/received.sms.njk", "Diolch.");
    expect(inWelsh()).toMatchObject({ language: "cy", text: "Diolch.\n", sms: "Diolch." });
  });
});

describe("checkTemplates", () => {
  test("the product's own templates have no errors", () => {
    expect(checkTemplates()).toEqual([]);
    expect(checkTemplates(join(own, "not-there"))).toEqual([]);
  });

  test("a misspelt value: file, line and what to do", () => {
    write("replies/en/received.txt.njk", "Hello\n\nRing {{ oficePhone }}\n");
    expect(checkTemplates(own)).toEqual([
      expect.objectContaining({
        file: expect.stringMatching(/replies\/en\/received\.txt\.njk$/),
        line: 3,
        severity: "error",
        message: expect.stringContaining("A value is used that there is not"),
      }),
    ]);
  });

  test("a slip that only shows for some messages is found too", () => {
    write("replies/en/out-of-hours.sms.njk", "{% if not together %}\n{{ seen[0].tme }}{% endif %}");
    expect(checkTemplates(own)).toEqual([expect.objectContaining({ line: 2, severity: "error" })]);
  });

  test("broken syntax: file and line", () => {
    write("replies/pl/frequent.html.njk", "ok\n{% if seen %}\nnever closed\n");
    expect(checkTemplates(own)).toEqual([
      expect.objectContaining({
        file: expect.stringMatching(/replies\/pl\/frequent\.html\.njk$/),
        severity: "error",
      }),
    ]);
  });

  test("a sentence that a school's words.njk no longer has", () => {
    write("replies/en/words.njk", "{% macro received() %}Thanks{% endmacro %}");
    const problems = checkTemplates(own).filter((problem) => problem.file.endsWith("must-not-wait.txt.njk"));
    expect(problems).toEqual([
      expect.objectContaining({ line: 3, message: expect.stringContaining("mustNotWait") }),
    ]);
  });

  test("notices to staff are checked as replies are", () => {
    write("notices/en/digest.html.njk", "{{ sender }}\n{{ shool }}");
    expect(checkTemplates(own)).toEqual([
      expect.objectContaining({ file: expect.stringContaining("notices/en/digest.html.njk"), line: 2 }),
    ]);
  });

  test("an include that is not there", () => {
    write("replies/en/received.txt.njk", 'one\n{% include "replies/en/sigature.njk" %}');
    expect(checkTemplates(own)).toEqual([
      expect.objectContaining({ severity: "error", message: expect.stringContaining("sigature.njk") }),
    ]);
  });

  test("a file that nothing uses is most likely misspelt", () => {
    write("replies/en/recieved.txt.njk", "Thanks");
    expect(checkTemplates(own)).toEqual([
      expect.objectContaining({ file: expect.stringContaining("recieved.txt.njk"), severity: "warning" }),
    ]);
  });
});
