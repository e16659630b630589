// Tells open pages that something looks different now (server-sent events).
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Running } from "../running.ts";

/** The store follows the mail server by a moment, so a change is told twice: at once, and when all is written. */
const tellAfterMs = [100, 1_000] as const;
const lookEveryMs = 1_000;

/** GET /events. */
export function liveRoutes(app: FastifyInstance, running: Running): void {
  const open = new Set<ServerResponse>();
  const timers = new Set<NodeJS.Timeout>();
  const tell = () => {
    for (const response of open) response.write("data: changed\n\n");
  };
  const tellSoon = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const ms of tellAfterMs) timers.add(setTimeout(tell, ms).unref());
  };
  const forget = running.onChange(tellSoon);
  const minuteOf = () => Math.floor(running.clock.nowMs() / 60_000);
  let minute = minuteOf();
  const everyMinute = setInterval(() => {
    if (minuteOf() !== minute) tell();
    minute = minuteOf();
  }, lookEveryMs).unref();

  app.get("/events", (request, reply) => {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    // How long a browser waits before it asks again, after the trial was stopped.
    response.write("retry: 2000\n\n");
    open.add(response);
    request.raw.on("close", () => open.delete(response));
  });

  app.addHook("onClose", async () => {
    forget();
    clearInterval(everyMinute);
    for (const timer of timers) clearTimeout(timer);
    for (const response of open) response.end();
  });
}
