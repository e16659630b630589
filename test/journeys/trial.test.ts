// The way of somebody who tries Afterbell out, in a real browser.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { type Temporary, temporaryTrial, write } from "../trial/temporary.ts";
import { axe, launch, narrow, overflow, wide } from "./browser.ts";

let browser: Browser;
let school: Temporary;
const offences: string[] = [];
const pages: Page[] = [];

beforeAll(async () => {
  [browser, school] = await Promise.all([launch(), temporaryTrial()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await school.remove();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
  expect(offences.splice(0)).toEqual([]);
});

async function begin(options: { readonly viewport?: typeof wide; readonly javaScriptEnabled?: boolean }) {
  const context = await browser.newContext({ viewport: wide, ...options });
  const page = await context.newPage();
  pages.push(page);
  const { trialUrl, webUrl } = school.trial;
  context.on("request", (request) => {
    const ours = [trialUrl, webUrl].some((url) => request.url().startsWith(url));
    if (!ours) offences.push(`request to ${request.url()}`);
  });
  page.on("console", (message) => {
    // A form that is refused answers 400, and the browser says so.
    const expected = /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !expected) offences.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => offences.push(`script: ${error.message}`));
  await page.goto(trialUrl);
  return page;
}

const navigate = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
const looksRight = async (page: Page) => {
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
};

const sizes = [
  { name: "1280 px", viewport: wide },
  { name: "390 px", viewport: narrow },
];

describe.each(sizes)("at $name", ({ viewport }) => {
  test("write in the evening, see it wait, move the clock to Monday, see it back", async () => {
    const page = await begin({ viewport });
    await heading(page, "Messages to the school");
    await looksRight(page);
    const isFriday = (await page.getByText("Out of hours for all 9 staff").count()) > 0;
    if (!isFriday) await page.getByRole("button", { name: "Friday 21:00" }).click();

    await navigate(page, "Write as a parent");
    await heading(page, "Write as a parent");
    await looksRight(page);
    await follow(page, "An ordinary question");
    const subject = `Reading book ${viewport.width}`;
    await page.getByLabel("Subject").fill(subject);
    await page.getByRole("button", { name: "Send" }).click();
    await heading(page, subject);
    await page.getByText("Waits until Mon").waitFor();
    await page.getByText("Rule out-of-hours.hold, clause 3.3").waitFor();
    expect(await page.getByText("This is an automatic reply.").count()).toBe(1);
    await looksRight(page);

    await navigate(page, "Staff inboxes");
    await heading(page, "Staff inboxes");
    await looksRight(page);
    await follow(page, "Mrs Shah");
    await page.getByRole("region", { name: "Afterbell/Held" }).getByRole("link", { name: subject }).waitFor();
    await looksRight(page);

    await page.getByRole("button", { name: "Monday 08:00" }).click();
    await page.getByText("came back to the staff").waitFor();
    await page.getByRole("region", { name: "INBOX" }).getByRole("link", { name: subject }).click();
    await heading(page, subject);
    await looksRight(page);
  });

  test("read what a parent got, as mail and as text", async () => {
    const page = await begin({ viewport });
    await navigate(page, "Parents’ replies");
    await heading(page, "Parents’ replies");
    await looksRight(page);
    await follow(page, "Marek Zielonka");
    await heading(page, "Marek Zielonka");
    await looksRight(page);
    await page.getByRole("link", { name: "Odpowiedź automatyczna" }).click();
    const mail = page.frameLocator("iframe");
    await mail.getByText("Dzień dobry").waitFor();
    expect(await overflow(page)).toBe(0);
    await page.goto(`${school.trial.trialUrl}/parents/1010`);
    await page.getByText("Mrs Shah will see this").waitFor();
    await looksRight(page);
  });

  test("a form with nothing in it says what is missing", async () => {
    const page = await begin({ viewport });
    await navigate(page, "Write as a parent");
    const answered = page.waitForResponse((response) => response.status() === 400);
    await page.getByRole("button", { name: "Send" }).click();
    await answered;
    await page.getByRole("alert").getByText("Choose who writes").waitFor();
    await looksRight(page);
  });
});

test("the headteacher's queue opens with the sign-in that the page shows", async () => {
  const page = await begin({});
  const [address = "", password = ""] = await page.locator(".tr-signin dd").allTextContents();
  await follow(page, "Open the queue");
  await page.getByLabel("Email address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Cases" }).waitFor();
  await page.getByText("Huw Pritchard").first().waitFor();
});

test("an open page follows what happens", async () => {
  const page = await begin({});
  const open = page.waitForResponse((response) => response.url().endsWith("/events"));
  await page.goto(`${school.trial.trialUrl}/staff/quaye`);
  await open;
  await write(school.trial.running, {
    sender: "1004",
    to: ["quaye"],
    subject: "The gate",
    text: "It squeaks.",
  });
  await page.getByRole("link", { name: "The gate" }).waitFor();
});

test("everything works without JavaScript", async () => {
  const page = await begin({ javaScriptEnabled: false });
  await navigate(page, "Write as a parent");
  await follow(page, "By text message");
  await page.getByLabel("Who writes").selectOption({ label: "Tom Whitfield (Elsie (5B))" });
  await page.getByLabel("To the number").selectOption({ label: "07700 900101 (Mrs Shah)" });
  await page.getByLabel("Message", { exact: true }).fill("Is the hall free?");
  await page.getByRole("button", { name: "Send" }).click();
  await heading(page, "Text message");
  await page.getByText("Is the hall free?").first().waitFor();
  await page.getByText("Another date and time").click();
  await page.getByLabel("Date and time at the school").fill("2020-01-01T08:00");
  await page.getByRole("button", { name: "Move the clock", exact: true }).click();
  await page.getByText("It only moves forward").waitFor();
});
