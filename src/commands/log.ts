// The service's log: one JSON line an event, never a message's text or an address in clear.
import pino, { type Logger } from "pino";
import type { Io } from "./command.ts";

export function logger(io: Io, level = io.env["AFTERBELL_LOG"] ?? "info"): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, io.stdout);
}
