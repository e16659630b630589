// A wire between a client and a server on loopback that a test can cut, at once or at a word of the client.
import { connect, createServer, type Socket } from "node:net";

export interface Wire {
  readonly port: number;
  /** Breaks every connection. New ones work. */
  readonly cut: () => void;
  /** Breaks the connection once, when the server has obeyed a command with this word and before it is heard. */
  readonly cutAnswerTo: (word: string) => void;
  /** From now on nothing passes on the connections that are open, and nobody is told: a dead link. */
  readonly silence: () => void;
  /** Refuses connections until told otherwise. */
  readonly refuse: (refuse: boolean) => void;
  /** How many connections there have been, and are. */
  readonly counts: () => { total: number; open: number; most: number };
  readonly stop: () => Promise<void>;
}

export async function layWire(to: { readonly port: number }): Promise<Wire> {
  const open = new Set<Socket>();
  let word: string | null = null;
  let refusing = false;
  let silenced = 0;
  let total = 0;
  let most = 0;
  const server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    total += 1;
    open.add(near);
    most = Math.max(most, open.size);
    const far = connect(to.port, "127.0.0.1");
    let deaf = false;
    const number = total;
    near.on("data", (octets) => {
      if (number <= silenced) return;
      if (word !== null && octets.includes(word)) {
        word = null;
        deaf = true;
      }
      far.write(octets);
    });
    far.on("data", (octets) => {
      // The answer is there, so the command has been obeyed.
      if (number <= silenced) return;
      if (deaf) near.destroy();
      else near.write(octets);
    });
    const end = () => {
      open.delete(near);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("close", end).on("error", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut,
    cutAnswerTo: (next) => {
      word = next;
    },
    silence: () => {
      silenced = total;
    },
    refuse: (next) => {
      refusing = next;
    },
    counts: () => ({ total, open: open.size, most }),
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
