// The headteacher's list of messages to look at, in a real browser: apart from the cases, and quickly dealt with.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { putCase, spanOf } from "../web/school.ts";
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

const text = "Well, what a teacher you are. Useless, if you ask me, and I am not the only one who says so.";
const look = {
  kind: "please-look",
  severity: "normal",
  wording: { verdict: "unsure", categories: { insult: 0.4 }, spans: [spanOf(text, "Useless", "insult")] },
  copies: [{ outcome: "deliver", state: "inbox", folder: "INBOX" }],
  reasons: [
    {
      rule: "abuse.unsure",
      clause: "3.1",
      why: "The words may be abusive; nothing is withheld, and the headteacher is asked to look.",
      evidence: "Useless",
    },
    {
      rule: "wording.second-opinion",
      clause: "3.1",
      why: "The second opinion that was asked is unsure as well.",
      evidence: "small-model: It calls the teacher useless, but may be criticism of her work.",
    },
  ],
} as const;

/** Pictures are kept only where somebody wants to see them. */
const pictures = process.env["AFTERBELL_TEST_PICTURES"];

describe.each([
  { name: "1280 px", viewport: wide },
  { name: "390 px", viewport: narrow },
])("at $name", ({ viewport }) => {
  test("look at the list, read why, say that it is not abuse", async () => {
    await putCase(site.world.store);
    await putCase(site.world.store, {
      ...look,
      at: "2026-11-20T20:10:00.000Z",
      message: { from_name: "Robin Ellery", new_text: "You people never listen, do you." },
      wording: { verdict: "unsure" },
    });
    await putCase(site.world.store, { ...look, message: { from_name: "Sam Okoro", new_text: text } });
    const one = await visit(browser, site, { viewport });
    const { page } = one;
    const seen = async (name: string) => {
      if (pictures) {
        const path = join(pictures, `please-look-${name}-${viewport.width}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      expect({ name, broken: await axe(page), overflow: await overflow(page) }).toEqual({
        name,
        broken: [],
        overflow: 0,
      });
    };
    await signIn(site, one);
    expect(await page.locator(".ab-queue__item").count()).toBe(1);
    await page.getByRole("link", { name: "Please look 2" }).click();
    await page.getByText("Nothing is kept back").waitFor();
    expect(await page.locator(".ab-queue__item h2").allInnerTexts()).toEqual([
      "Please look: Sam Okoro",
      "Please look: Robin Ellery",
    ]);
    await seen("list");
    await page.getByRole("link", { name: "Please look: Sam Okoro" }).click();
    await page.getByRole("heading", { name: "Why it is here" }).waitFor();
    expect(await page.locator(".ab-reasons").textContent()).toContain(
      "small-model: It calls the teacher useless",
    );
    expect(await page.getByText("Nothing is being kept back").isVisible()).toBe(true);
    await seen("case");
    await page.getByRole("button", { name: "Close, not abuse" }).click();
    await page.getByRole("button", { name: "Close case" }).click();
    await page.getByText("Closed as not abuse.").waitFor();
    await site.world.store.updateTable("cases").set({ state: "closed" }).where("number", "=", 1).execute();
    await page.goto(site.address);
    await seen("open");
    await page.getByRole("link", { name: "please look at one message" }).click();
    expect(await page.locator(".ab-queue__item").count()).toBe(1);
    await site.world.store.updateTable("cases").set({ state: "closed" }).execute();
    await page.reload();
    await page.getByText("Nothing to look at").waitFor();
    await seen("empty");
    expect(one.offences).toEqual([]);
    await one.context.close();
  }, 60_000);
});
