// A real browser for the journeys, which notices what a page must not do.
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { createSignIn } from "../../src/web/sign-in.ts";
import { openWorld, school, type World } from "../web/school.ts";

export const wide = { width: 1280, height: 900 };
export const narrow = { width: 390, height: 844 };

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export interface Site {
  readonly world: World;
  readonly address: string;
}

/** The pages on a free port of this machine. */
export async function openSite(): Promise<Site> {
  const world = await openWorld();
  return { world, address: await world.app.listen({ host: "127.0.0.1", port: 0 }) };
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests to anywhere else, console errors (broken rules of the content security policy are such), crashes. */
  readonly offences: string[];
  go(path: string): Promise<void>;
}

export async function visit(
  browser: Browser,
  site: Site,
  options: { readonly viewport?: typeof wide; readonly javaScriptEnabled?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: wide, ...options });
  const page = await context.newPage();
  const offences: string[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(site.address)) offences.push(`request to ${request.url()}`);
  });
  page.on("console", (message) => {
    // A form that is refused answers 400, and the browser says so.
    const expected = /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !expected) offences.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => offences.push(`script: ${error.message}`));
  const go = async (path: string) => {
    await page.goto(site.address + path);
  };
  return { context, page, offences, go };
}

/** Types the address and a new password. */
export async function signIn({ world }: Site, { page, go }: Visit, staffId = "okafor"): Promise<void> {
  const password = await createSignIn(world.store, school, staffId, world.clock);
  await go("/sign-in");
  await page
    .getByLabel("Email address")
    .fill(staffId === "okafor" ? "head@oakhill.example" : "bell@oakhill.example");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Cases" }).waitFor();
}

/** Rules of accessibility that the page breaks, in words. */
export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** How many pixels stick out to the right. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
