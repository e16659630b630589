// Hands bodies to the parsing thread, under a deadline.
// Every body goes there, small ones as well: one path to test, and no guess at which mail is harmless.
import { Worker } from "node:worker_threads";
import type { ParsedBody } from "./body.ts";
import type { ParseRequest } from "./parse-thread.ts";

const MAX_HEAP_MB = 512;

interface Job {
  readonly request: ParseRequest;
  readonly deadlineMs: number;
  readonly settle: (parsed: ParsedBody) => void;
}

const waiting: Job[] = [];
let current: { readonly job: Job; readonly timer: NodeJS.Timeout } | null = null;
let thread: Worker | null = null;
let lastId = 0;

/** Never rejects: a body that takes longer than `deadlineMs`, or ends its thread, comes back with an error. */
export function parseApart(mimeHead: string, body: Uint8Array, deadlineMs: number): Promise<ParsedBody> {
  return new Promise((settle) => {
    waiting.push({ request: { id: ++lastId, mimeHead, body }, deadlineMs, settle });
    startNext();
  });
}

/** Opens the parsing thread before the first body is there: it takes a moment to load. */
export function startParsing(): void {
  thread ??= openThread();
  if (current === null) thread.unref();
}

/** Ends the parsing thread, for a process that wants to end now. The next body would open another. */
export async function stopParsing(): Promise<void> {
  const old = thread;
  thread = null;
  await old?.terminate();
}

function startNext(): void {
  if (current !== null) return;
  const job = waiting.shift();
  if (job === undefined) {
    // An idle thread keeps no process alive.
    thread?.unref();
    return;
  }
  thread ??= openThread();
  thread.ref();
  const timer = setTimeout(() => abandon(`parsing took longer than ${job.deadlineMs} ms`), job.deadlineMs);
  current = { job, timer };
  thread.postMessage(job.request);
}

function openThread(): Worker {
  const worker = new Worker(new URL("./parse-thread.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  worker.on("message", ({ id, parsed }: { id: number; parsed: ParsedBody }) => {
    if (worker === thread && current?.job.request.id === id) finish(parsed);
  });
  worker.on("error", (error: Error) => {
    if (worker === thread) abandon(error.message);
  });
  worker.on("exit", () => {
    if (worker === thread) abandon("the parsing thread ended");
  });
  return worker;
}

/** The next body gets a new thread. */
function abandon(because: string): void {
  const old = thread;
  thread = null;
  void old?.terminate();
  finish({
    text: "",
    newText: "",
    partTypes: [],
    attachments: [],
    error: `The mail could not be read whole: ${because}`,
  });
}

function finish(parsed: ParsedBody): void {
  if (current !== null) {
    const { job, timer } = current;
    clearTimeout(timer);
    current = null;
    job.settle(parsed);
  }
  startNext();
}
