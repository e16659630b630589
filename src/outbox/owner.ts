// Who has claimed an effect: a process of a machine, and which of its claims.
import { hostname } from "node:os";

/** The beginning of every claim's name in this process. `random`: 0..1, since process ids come again. */
export function processOwner(random: number): string {
  return `${hostname()}:${process.pid}:${Math.floor(random * 1e9)}`;
}

/**
 * false only for a claim whose process has certainly ended: it was on this machine, and its id is gone.
 * A container that starts again has the same id as before: its leases run out by themselves.
 */
export function mayBeAlive(owner: string): boolean {
  const [host, pid] = owner.split(":");
  if (host !== hostname() || !/^\d+$/.test(pid ?? "")) return true;
  try {
    // Signal 0 only asks.
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
