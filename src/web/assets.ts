// The few files that a browser loads beside the page: read once, compressed once, named by their content.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** By the name that a template uses. */
export type Assets = Readonly<Record<string, Asset>>;

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

const require = createRequire(import.meta.url);
const vendored = (path: string) => readFileSync(require.resolve(`govuk-frontend/dist/govuk/${path}`), "utf8");
const own = (name: string) => readFileSync(new URL(`assets/${name}`, import.meta.url), "utf8");

/**
 * govuk-frontend's styles without what only GOV.UK may use: its typeface and its crest.
 * @see https://github.com/alphagov/govuk-frontend#licence
 */
export const unbranded = (css: string): string =>
  css
    .replaceAll(/@font-face\s*\{[^}]*\}/g, "")
    .replaceAll(/(["']?)GDS Transport\1\s*,\s*arial/gi, "Arial,Helvetica")
    .replaceAll(/[^{},]*\{[^{}]*url\([^)]*crest[^)]*\)[^{}]*\}/g, "");

function asset(name: string, content: string): Asset {
  const plain = Buffer.from(content);
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 10);
  const [stem, extension] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  const types: Readonly<Record<string, string>> = {
    css: "text/css; charset=utf-8",
    js: "text/javascript; charset=utf-8",
    svg: "image/svg+xml",
  };
  return {
    url: `/assets/${stem}.${hash}.${extension}`,
    type: types[extension] ?? "application/octet-stream",
    plain,
    gzipped: gzipSync(plain, { level: 9 }),
  };
}

/** Reads and compresses everything; about 30 ms, once at the start. */
export function loadAssets(): Assets {
  const components = asset(
    "components.js",
    vendored("govuk-frontend.min.js").replace(/\/\/# source.*$/m, ""),
  );
  return {
    "components.js": components,
    "afterbell.js": asset(
      "afterbell.js",
      own("afterbell.js").replace("/assets/components.js", components.url),
    ),
    "supported.js": asset("supported.js", own("supported.js")),
    "afterbell.css": asset(
      "afterbell.css",
      unbranded(vendored("govuk-frontend.min.css")).replace(/\/\*# source[^*]*\*\//, "") +
        own("afterbell.css"),
    ),
    "favicon.svg": asset("favicon.svg", own("favicon.svg")),
  };
}

/** Serves each asset under its content's name, for ever; anything else under /assets is not found. */
export function serveAssets(app: FastifyInstance, assets: Assets): void {
  for (const one of Object.values(assets)) {
    app.get(one.url, (request, reply) => sendAsset(one, request, reply));
  }
}

function sendAsset(one: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply
    .header("cache-control", "public, max-age=31536000, immutable")
    .header("vary", "accept-encoding")
    .type(one.type);
  const gzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  return gzip ? reply.header("content-encoding", "gzip").send(one.gzipped) : reply.send(one.plain);
}
