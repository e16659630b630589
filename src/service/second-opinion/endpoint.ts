// One POST to the school's own endpoint, and nowhere else: no redirect is followed, and no answer is endless.

const largestAnswerBytes = 64 * 1024;

export interface Endpoint {
  /** Up to /v1. */
  readonly url: string;
  readonly apiKey: string | null;
}

/** Why there was no answer, in words that hold neither the message nor a secret. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

async function readAtMost(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new NoAnswer("its answer was too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

/**
 * @param signal ends it, while the body is being read as well
 * @returns the body of a 200
 * @throws NoAnswer
 */
export async function post({ url, apiKey }: Endpoint, body: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(`${url.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        // An idle connection that the endpoint is just closing would look like a failure.
        connection: "close",
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      signal,
    });
    if (response.status !== 200) {
      await discard(response);
      throw new NoAnswer(`it answered ${response.status}`);
    }
    return await readAtMost(response, largestAnswerBytes);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (signal.aborted) throw new NoAnswer("it did not answer in time");
    const { cause } = error as { cause?: { code?: string } };
    throw new NoAnswer(`it could not be reached (${cause?.code ?? "no connection"})`);
  }
}
