// Listening on loopback, on the port of last time where it is still free.
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:net";

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Listens on `wanted`, or on any free port when that is taken. @returns the port */
export async function listenOn(server: Server, wanted: number): Promise<number> {
  try {
    return await listen(server, wanted);
  } catch {
    return await listen(server, 0);
  }
}

/** `wanted` when nobody listens there, else a free port. For servers that do their own listening. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  const port = await listenOn(probe, wanted);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
