// Templates: nunjucks with autoescape, the components of govuk-frontend, and what every page shows.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import view from "@fastify/view";
import type { FastifyInstance, FastifyReply } from "fastify";
import nunjucks from "nunjucks";
import { countDeadLetters } from "../cases/dead-letters.ts";
import { type Assets, loadAssets, serveAssets } from "./assets.ts";
import { whenInSentence, whenLabel } from "./local-time.ts";
import type { WebServices } from "./services.ts";
import { takeFlash } from "./session.ts";
import { cleanLine, cleanLines } from "./text.ts";

declare module "fastify" {
  interface FastifyReply {
    /** Renders a template of src/web/views with what every page needs. */
    page(template: string, data: Readonly<Record<string, unknown>>): Promise<FastifyReply>;
  }
}

const require = createRequire(import.meta.url);
const folders = [
  fileURLToPath(new URL("views", import.meta.url)),
  join(dirname(require.resolve("govuk-frontend/package.json")), "dist"),
];

function configure(environment: nunjucks.Environment, services: WebServices, assets: Assets): void {
  const zone = () => services.school().school.zone;
  environment.addGlobal("asset", (name: string) => assets[name]?.url ?? "");
  environment.addFilter("when", (at: string) => whenLabel(at, services.clock.now(), zone()));
  environment.addFilter("whenInSentence", (at: string) => whenInSentence(at, services.clock.now(), zone()));
  environment.addFilter("line", (text: string) => cleanLine(text));
}

/** Adds `reply.page` and the assets. */
export async function addViews(app: FastifyInstance, services: WebServices): Promise<void> {
  const assets = loadAssets();
  serveAssets(app, assets);
  await app.register(view, {
    engine: { nunjucks },
    templates: folders,
    options: {
      autoescape: true,
      throwOnUndefined: false,
      trimBlocks: true,
      lstripBlocks: true,
      onConfigure: (environment: nunjucks.Environment) => configure(environment, services, assets),
    },
  });
  app.decorateReply("page", async function (this: FastifyReply, template, data) {
    // Nothing on a page, wherever it came from, turns the direction of what follows it.
    const html = await app.view(template, { ...(await common(services, this)), ...data });
    return this.type("text/html; charset=utf-8").send(cleanLines(html));
  });
}

async function common(services: WebServices, reply: FastifyReply): Promise<Record<string, unknown>> {
  const { request } = reply;
  const { school } = services.school();
  // An error can come before the session was read: such a page has no forms and no person.
  const person = request.person ?? null;
  return {
    school: school.name,
    zone: school.zone,
    person: person?.name ?? null,
    path: request.url.split("?")[0],
    csrf: request.session ? reply.generateCsrf() : "",
    flash: person ? takeFlash(request) : null,
    deadLetters: person ? await countDeadLetters(services.store, school.id) : 0,
  };
}
