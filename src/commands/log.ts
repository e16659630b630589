// The service's log: one JSON line an event, never a message's text or an address in clear.
import pino, { type Logger } from "pino";
import { type Io, UsageError } from "./command.ts";

const levels = [...Object.keys(pino.levels.values), "silent"];

/** @throws UsageError when AFTERBELL_LOG names no level */
export function logger(io: Io, level = io.env["AFTERBELL_LOG"] ?? "info"): Logger {
  if (!levels.includes(level)) {
    throw new UsageError(`AFTERBELL_LOG=${level} is no level: set it to one of ${levels.join(", ")}.`);
  }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, io.stdout);
}
