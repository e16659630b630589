// A real redis-server on a free port of 127.0.0.1, with a temporary folder, ended by its process id.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = "/usr/bin/redis-server";
const startMs = 10_000;

/** Ends the server when its standard input closes, which it does also when the test run is killed. */
const keeper = `"$@" &
read -r _
kill -9 $!
wait $!`;

export interface Redis {
  readonly url: string;
  /** Sends one command as a person at a terminal would, such as "FLUSHALL"; answers the raw reply. */
  readonly say: (command: string) => Promise<string>;
  /** Ends it as a crash does: nothing is saved. */
  readonly kill: () => Promise<void>;
  /** Starts it again, empty, on the same port. */
  readonly startAgain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Tests that need Redis say so when it is not installed. */
export const redisInstalled: boolean = existsSync(binary);

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function ask(port: number, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${command}\r\n`));
    socket.once("data", (octets) => {
      resolve(octets.toString());
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("Redis closed the connection.")));
  });
}

async function untilAnswers(port: number): Promise<void> {
  const untilMs = performance.now() + startMs;
  while ((await ask(port, "PING").catch(() => "")) !== "+PONG\r\n") {
    if (performance.now() > untilMs) throw new Error("redis-server did not start.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}

/** Starts a server that keeps nothing on disk. */
export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "ab-redis-"));
  const port = await freePort();
  const settings = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const run = async (): Promise<ChildProcess> => {
    const child = spawn("sh", ["-c", keeper, "sh", binary, ...settings], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await untilAnswers(port);
    return child;
  };
  let child = await run();
  return {
    url: `redis://127.0.0.1:${port}`,
    say: (command) => ask(port, command),
    kill: () => ended(child),
    async startAgain() {
      child = await run();
    },
    async stop() {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
