// Templates of the trial's pages, and what every page shows: the clock and its buttons.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import view from "@fastify/view";
import type { FastifyInstance, FastifyReply } from "fastify";
import nunjucks from "nunjucks";
import { whenWorking } from "../../core/hours.ts";
import { sayInstants } from "../../core/instants.ts";
import { localDate, localDay } from "../../core/local-time.ts";
import type { Instant } from "../../core/types.ts";
import { type Assets, serveAssets } from "../../web/assets.ts";
import { whenInSentence, whenLabel } from "../../web/local-time.ts";
import { cleanLine, cleanLines } from "../../web/text.ts";
import { type Moment, momentsAfter } from "../moments.ts";
import { type Running, schoolTime } from "../running.ts";
import { longDay, shortMoment, wallClock } from "../wall-clock.ts";
import { loadTrialAssets } from "./assets.ts";
import { takeNotice } from "./notice.ts";

declare module "fastify" {
  interface FastifyReply {
    /** Renders a template of the page that this app belongs to. */
    page(template: string, data: Readonly<Record<string, unknown>>): Promise<FastifyReply>;
  }
}

const require = createRequire(import.meta.url);
const folders = [
  fileURLToPath(new URL("views", import.meta.url)),
  join(dirname(require.resolve("govuk-frontend/package.json")), "dist"),
];

/** Adds `reply.page` and the assets. */
export async function addViews(app: FastifyInstance, running: Running): Promise<void> {
  const assets = loadTrialAssets();
  serveAssets(app, assets);
  await app.register(view, {
    engine: { nunjucks },
    templates: folders,
    options: {
      autoescape: true,
      trimBlocks: true,
      lstripBlocks: true,
      onConfigure: (environment: nunjucks.Environment) => configure(environment, running, assets),
    },
  });
  app.decorateReply("page", async function (this: FastifyReply, template, data) {
    const html = await app.view(template, { ...common(running, this), ...data });
    return this.type("text/html; charset=utf-8").header("cache-control", "no-store").send(html);
  });
}

function configure(environment: nunjucks.Environment, running: Running, assets: Assets): void {
  const { clock } = running;
  const zone = () => running.loaded().school.school.zone;
  environment.addGlobal("asset", (name: string) => assets[name]?.url ?? "");
  environment.addFilter("when", (at: Instant) => whenLabel(at, clock.now(), zone()));
  environment.addFilter("whenInSentence", (at: Instant) => whenInSentence(at, clock.now(), zone()));
  // For narrow columns, where whenLabel is too long.
  environment.addFilter("short", (at: Instant) => {
    const sameDay = longDay(at, zone()) === longDay(clock.now(), zone());
    return sameDay ? `Today ${wallClock(at, zone()).time}` : shortMoment(at, zone());
  });
  // Evidence names instants: "works next at 2026-11-30T08:00:00.000Z".
  environment.addFilter("localTimes", (text: string) => sayInstants(text, (at) => shortMoment(at, zone())));
  environment.addFilter("line", (text: string, longest?: number) => cleanLine(text, longest));
  environment.addFilter("lines", (text: string) => cleanLines(text));
}

/** What stands under a button of the clock: what its label leaves open. */
function underLabel({ id, at }: Moment, zone: string): string {
  if (id === "hour") return wallClock(at, zone).time;
  if (id === "morning") return shortMoment(at, zone);
  const { day, month } = wallClock(at, zone);
  return `${day} ${month}`;
}

function common(running: Running, reply: FastifyReply): Record<string, unknown> {
  const loaded = running.loaded();
  const { school } = loaded.school;
  const now = running.clock.now();
  const path = reply.request.url.split("?")[0] ?? "/";
  return {
    school: school.name,
    zone: school.zone,
    webUrl: running.webUrl,
    signIn: running.signIn,
    path,
    notice: reply.request.headers["x-refresh"] === undefined ? takeNotice(running) : null,
    clock: {
      now,
      day: longDay(now, school.zone),
      time: wallClock(now, school.zone).time,
      field: `${localDate(localDay(Date.parse(now), school.zone))}T${wallClock(now, school.zone).time}`,
      ...atWork(running, now),
      moments: momentsAfter(now, schoolTime(loaded)).map((moment) => ({
        ...moment,
        when: underLabel(moment, school.zone),
      })),
    },
  };
}

/** Who is at work now, in one sentence. */
function atWork(running: Running, now: Instant): Record<string, unknown> {
  const { policy, staff } = running.loaded();
  const working = staff.filter(({ id }) => {
    const hours = policy.hours[id];
    return hours !== undefined && whenWorking(now, policy.calendar, hours).working === true;
  });
  const away = staff.length - working.length;
  return { away, staff: staff.length, atWork: working.map(({ name }) => name) };
}
