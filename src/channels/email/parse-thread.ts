// The worker thread in which bodies are parsed, one at a time; the main thread ends it when one takes too long.
import { parentPort } from "node:worker_threads";
import { parseBody } from "./body.ts";

export interface ParseRequest {
  readonly id: number;
  readonly mimeHead: string;
  readonly body: Uint8Array;
}

parentPort?.on("message", async ({ id, mimeHead, body }: ParseRequest) => {
  const parsed = await parseBody(mimeHead, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  parentPort?.postMessage({ id, parsed });
});
