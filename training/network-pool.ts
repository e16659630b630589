// Trains several networks at once, each on a thread of its own.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type NetworkTask, trainNetwork, type Weights } from "./network.ts";

type Message = { readonly loss: number } | { readonly weights: Weights };

/** In the order of the tasks. The result does not depend on how many threads there are. */
export function trainAtOnce(
  tasks: readonly NetworkTask[],
  say: (task: number, pass: number, loss: number) => void,
): Promise<readonly Weights[]> {
  return Promise.all(tasks.map((task, at) => onThread(task, (pass, loss) => say(at, pass, loss))));
}

function onThread(task: NetworkTask, say: (pass: number, loss: number) => void): Promise<Weights> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    let pass = 0;
    worker.on("message", (message: Message) => {
      if ("weights" in message) resolve(message.weights);
      else say(++pass, message.loss);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`A thread ended with status ${code} and no network.`)));
  });
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const weights = trainNetwork(workerData as NetworkTask, (loss) =>
    port.postMessage({ loss } satisfies Message),
  );
  port.postMessage({ weights } satisfies Message);
}
