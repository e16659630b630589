// The headteacher's way through the pages, in a real browser.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { putCase, putEffect } from "../web/school.ts";
import {
  axe,
  launch,
  narrow,
  openSite,
  overflow,
  type Site,
  signIn,
  type Visit,
  visit,
  wide,
} from "./browser.ts";

let browser: Browser;
let site: Site;
const visits: Visit[] = [];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  site = await openSite();
});
afterEach(async () => {
  const offences = visits.flatMap((one) => one.offences);
  for (const one of visits.splice(0)) await one.context.close();
  await site.world.close();
  expect(offences).toEqual([]);
});

const begin = async (options: Parameters<typeof visit>[2] = {}) => {
  const one = await visit(browser, site, options);
  visits.push(one);
  return one;
};

const sizes = [
  { name: "1280 px", viewport: wide },
  { name: "390 px", viewport: narrow },
];

describe.each(sizes)("at $name", ({ viewport }) => {
  test("sign in, read the queue and a case, release it, find it in the timeline", async () => {
    const { number } = await putCase(site.world.store);
    const one = await begin({ viewport });
    const { page } = one;
    await signIn(site, one);
    await page.getByRole("link", { name: "Threat: Jordan Marsh" }).click();
    await page.getByRole("heading", { name: "Threat: Jordan Marsh" }).waitFor();
    expect(await page.getByText("which car is yours").isVisible()).toBe(false);
    await page.getByText("Show message: contains a threat").click();
    expect(await page.getByText("which car is yours").isVisible()).toBe(true);
    expect(await page.locator("mark").textContent()).toContain("you will be sorry");
    await page.getByRole("button", { name: "Release to Mrs Shah" }).click();
    expect(await page.getByLabel("When they are next at work").isChecked()).toBe(true);
    await page.getByLabel("Note (optional)").fill("Spoke to her.");
    await page.getByRole("button", { name: "Release to Mrs Shah" }).click();
    const banner = page.getByRole("alert");
    expect(await banner.textContent()).toContain("It goes to Mrs Shah on Monday 23 November at 08:00.");
    expect(page.url()).toBe(`${site.address}/cases/${number}`);
    const [newest] = await page.locator(".ab-timeline li").allInnerTexts();
    expect(newest).toMatch(/^Released to Mrs Shah\s+Mrs Okafor, today at 21:30\s+Spoke to her\.$/);
    expect(await overflow(page)).toBe(0);
  });

  test("close a case as not abuse, and find it among the closed", async () => {
    await putCase(site.world.store);
    const one = await begin({ viewport });
    const { page } = one;
    await signIn(site, one);
    await page.getByRole("link", { name: "Threat: Jordan Marsh" }).click();
    await page.getByRole("button", { name: "Close, not abuse" }).click();
    expect(await page.getByLabel("It is not abuse").isChecked()).toBe(true);
    await page.getByRole("button", { name: "Close case" }).click();
    await page.getByText("Closed as not abuse.").waitFor();
    await page.getByRole("link", { name: "Closed cases" }).click();
    expect(await page.locator(".ab-queue").textContent()).toContain("Closed: not abuse");
    await page.getByRole("link", { name: /^Open/ }).click();
    await page.getByText("Nothing needs you").waitFor();
  });

  test("every page keeps the rules of accessibility and the width of the screen", async () => {
    const { messageId } = await putCase(site.world.store, {
      message: {
        from_name: `Maximiliane-Alexandra${"x".repeat(80)}`,
        subject: "A".repeat(200),
        attachments: JSON.stringify([{ name: `${"long".repeat(60)}.pdf`, type: "", bytes: 5, sha256: "" }]),
      },
    });
    const calm = { kind: "please-look", severity: "normal", wording: { verdict: "unsure" } } as const;
    await putCase(site.world.store, calm);
    const failure = `550 ${"unbroken".repeat(30)}`;
    await putEffect(site.world.store, { state: "dead", message_id: messageId, last_error: failure });
    const one = await begin({ viewport });
    const { page, go } = one;
    const check = async (name: string) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      // What changes between the sizes is the layout: the rules are read on every page at one of them.
      const broken = viewport === wide || name === "/cases/1" || name === "/" ? await axe(page) : [];
      expect({ name, broken, overflow: await overflow(page) }).toEqual({ name, broken: [], overflow: 0 });
    };
    await go("/sign-in");
    await check("sign-in");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("There is a problem").waitFor();
    await check("sign-in with errors");
    await signIn(site, one);
    for (const path of [
      "/",
      "/closed",
      "/cases/1",
      "/cases/2",
      "/cases/1/release",
      "/cases/1/close",
      "/outbox",
      "/nope",
    ]) {
      await go(path);
      await check(path);
    }
    await go("/cases/1/close");
    await page.getByRole("button", { name: "Close case" }).click();
    await page.getByText("There is a problem").waitFor();
    await check("close with errors");
    await page.getByLabel("It has been dealt with").check();
    await page.getByRole("button", { name: "Close case" }).click();
    await page.getByRole("alert").waitFor();
    await check("closed case with its banner");
    await go("/closed");
    await check("closed list");
  }, 120_000);
});

test("with the keyboard alone: from sign-in to a closed case", async () => {
  await putCase(site.world.store);
  const one = await begin();
  const { page } = one;
  await signIn(site, one);
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press("Tab");
      const focused: string = await page.evaluate("document.activeElement.innerText ?? ''");
      if (focused.includes(name)) return;
    }
    throw new Error(`the Tab key never came to ${name}`);
  };
  await tabTo("Skip to main content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("main");
  await tabTo("Threat: Jordan Marsh");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/cases/1");
  await tabTo("Show message");
  await page.keyboard.press("Enter");
  expect(await page.getByText("which car is yours").isVisible()).toBe(true);
  await tabTo("Close, not abuse");
  // A link that looks like a button also answers to the space bar.
  await page.keyboard.press("Space");
  await page.waitForURL("**/close?as=not-abuse");
  await tabTo("Close case");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("alert");
});

test("an error summary takes the focus, and leads to its field", async () => {
  const { page, go } = await begin();
  await go("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("There is a problem").waitFor();
  expect(await page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
  await page.getByRole("link", { name: "Enter your password" }).click();
  expect(await page.evaluate("document.activeElement.id")).toBe("password");
  await page.getByRole("button", { name: "Show password" }).click();
  expect(await page.getByLabel("Password", { exact: true }).getAttribute("type")).toBe("text");
});

test("without JavaScript everything works", async () => {
  await putCase(site.world.store);
  const one = await begin({ javaScriptEnabled: false });
  const { page, go } = one;
  await signIn(site, one);
  await go("/cases/1");
  await page.getByText("Show message: contains a threat").click();
  expect(await page.getByText("which car is yours").isVisible()).toBe(true);
  await page
    .getByRole("link", { name: "Release to Mrs Shah" })
    .or(page.getByRole("button", { name: "Release to Mrs Shah" }))
    .click();
  await page.getByLabel("Now").check();
  await page.getByRole("button", { name: "Release to Mrs Shah" }).click();
  await page.getByText("It goes to Mrs Shah’s inbox now.").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
  await go("/cases/1");
  expect(page.url()).toContain("/sign-in");
});

test("a double press of the button acts once", async () => {
  await putCase(site.world.store);
  const one = await begin();
  await signIn(site, one);
  await one.go("/cases/1/release");
  await one.page.getByRole("button", { name: "Release to Mrs Shah" }).dblclick();
  await one.page.getByRole("alert").waitFor();
  const { store } = site.world;
  expect(await store.selectFrom("effects").select("id").execute()).toHaveLength(1);
  const audit = await store.selectFrom("audit").select("seq").where("action", "=", "case.released").execute();
  expect(audit).toHaveLength(1);
});

test("hostile mail is only text", async () => {
  const attack = `<img src="http://192.0.2.1/x.png"><script>document.title="owned"</script><a href="http://192.0.2.1/">here</a>`;
  await putCase(site.world.store, {
    message: { from_name: attack, subject: attack, new_text: attack, text: attack },
  });
  const one = await begin();
  await signIn(site, one);
  await one.go("/cases/1");
  await one.page.getByText("Show message").click();
  expect(await one.page.title()).toContain("Case 1: Threat");
  expect(await one.page.locator(".ab-letter img, .ab-letter a, .ab-letter script").count()).toBe(0);
  expect(await one.page.locator(".ab-letter__text").textContent()).toContain("<script>");
});

test("the original is a download", async () => {
  await putCase(site.world.store);
  const one = await begin();
  await signIn(site, one);
  await one.go("/cases/1");
  const downloading = one.page.waitForEvent("download");
  await one.page.getByRole("link", { name: "Download the original message" }).click();
  expect((await downloading).suggestedFilename()).toBe("case-1.eml");
});

test("“Try again” on what could not be sent", async () => {
  await putEffect(site.world.store, { state: "dead", attempts: 8, last_error: "connection refused" });
  const one = await begin();
  await signIn(site, one);
  await one.page.getByRole("link", { name: "Could not be sent 1" }).click();
  await one.page.getByRole("button", { name: "Try again" }).click();
  await one.page.getByText("Everything has been sent").waitFor();
});
