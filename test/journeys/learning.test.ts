// The headteacher says that what was only to be looked at was abuse, in a real browser: what kind, and against whom.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { readJudgements } from "../../src/store/judgements.ts";
import { putCase, putEffect, school, spanOf } from "../web/school.ts";
import { axe, launch, narrow, openSite, overflow, type Site, signIn, visit, wide } from "./browser.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.world.close());

const text =
  "Some of us know what you get up to in that classroom, Mrs Shah. Useless, and soon everybody will know.";
const pictures = process.env["AFTERBELL_TEST_PICTURES"];

describe.each([
  { name: "1280 px", viewport: wide },
  { name: "390 px", viewport: narrow },
])("at $name", ({ viewport }) => {
  test.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])(
    "this was abuse (JavaScript: $javaScriptEnabled)",
    async ({ javaScriptEnabled }) => {
      site.world.learning = "texts";
      const { messageId } = await putCase(site.world.store, {
        kind: "please-look",
        severity: "normal",
        message: { new_text: text },
        wording: { verdict: "unsure", score: 0.6, spans: [spanOf(text, "Useless", "insult")] },
        copies: [
          {
            outcome: "hold",
            state: "held",
            folder: "Afterbell/Held",
            release_at: "2026-11-23T08:00:00.000Z",
          },
          { recipient: "reid", outcome: "deliver", state: "inbox", folder: "INBOX" },
        ],
      });
      const copies = await site.world.store
        .selectFrom("deliveries")
        .selectAll()
        .orderBy("recipient")
        .execute();
      await putEffect(site.world.store, {
        kind: "move",
        payload: '{"kind":"move","to":"inbox"}',
        message_id: messageId,
        delivery_id: copies[1]?.id ?? "",
        due_at: "2026-11-23T08:00:00.000Z",
      });
      const one = await visit(browser, site, { viewport, javaScriptEnabled });
      const { page } = one;
      const seen = async (name: string) => {
        if (!javaScriptEnabled) return;
        if (pictures) {
          const path = join(pictures, `learning-${name}-${viewport.width}.png`);
          await page.screenshot({ path, fullPage: true });
        }
        expect({ name, broken: await axe(page), overflow: await overflow(page) }).toEqual({
          name,
          broken: [],
          overflow: 0,
        });
      };
      await signIn(site, one);
      await page.getByRole("link", { name: "Please look 1" }).click();
      await page.getByRole("link", { name: "Please look: Jordan Marsh" }).click();
      await seen("case");
      await page.getByRole("button", { name: "Close, was abuse" }).click();
      expect(await page.getByLabel("It was abuse").isChecked()).toBe(true);
      await page.getByLabel("It is not abuse").check();
      expect(await page.getByLabel("What kind of abuse?").isVisible()).toBe(false);
      await page.getByLabel("It was abuse").check();
      await page
        .getByText("It is kept from Mrs Shah. It stays with Miss Reid, who may have read it.")
        .waitFor();
      await page.getByRole("button", { name: "Close case" }).click();
      expect(await page.locator(".govuk-error-summary").textContent()).toContain(
        "Choose what kind of abuse it is",
      );
      await seen("error");
      await page.getByLabel("What kind of abuse?").selectOption({ label: "Harassment" });
      await page.getByLabel("Against whom?").selectOption({ label: "Staff" });
      await seen("chosen");
      await page.getByRole("button", { name: "Close case" }).click();
      await page.getByText("Closed as abuse.").waitFor();
      await page.getByText("Case closed: abuse, and kept from Mrs Shah").waitFor();
      expect(await page.locator(".ab-timeline__what").allTextContents()).toEqual([
        "Case closed: abuse, and kept from Mrs Shah",
        "Case first read",
        "Case opened",
        "The email arrived",
      ]);
      await seen("closed");
      expect(await readJudgements(site.world.store, school)).toMatchObject([
        {
          by: "okafor",
          judge: { verdict: "unsure", score: 0.6 },
          head: { abusive: true, category: "harassment", target: "staff" },
          text: "Some of us know what you get up to in that classroom, Mrs NAME. Useless, and soon everybody will know.",
          words: ["Useless"],
        },
      ]);
      expect(one.offences).toEqual([]);
      await one.context.close();
    },
    60_000,
  );
});
