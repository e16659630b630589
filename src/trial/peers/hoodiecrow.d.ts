// The parts of hoodiecrow-imap 2.1.0 that the trial's mail server uses; the package brings no types.
declare module "hoodiecrow-imap" {
  namespace hoodiecrow {
    interface StoredMessage {
      uid: number;
      flags: string[];
      /** As IMAP writes it: "27-Nov-2026 21:00:00 +0000". */
      internaldate: string;
      /** One character an octet. */
      raw: string;
    }

    interface Mailbox {
      path: string;
      uidvalidity: number;
      uidnext: number;
      subscribed: boolean;
      flags: string[];
      messages: StoredMessage[];
    }

    interface Parsed {
      readonly tag: string;
      readonly command: string;
      readonly attributes?: readonly { readonly type: string; readonly value: string }[];
    }

    interface Response {
      tag: string;
      command?: string;
      attributes: unknown[];
      notification?: boolean;
      skipResponse?: boolean;
    }

    interface Connection {
      server: Server;
      state: string;
      directNotifications: boolean;
      readonly socket: import("node:net").Socket | null;
      inputHandler: ((line: string) => void) | false;
      readonly _notificationCallback: (notification: unknown) => void;
      send(response: Response, description: string, parsed?: Parsed, data?: string, extra?: unknown): void;
    }

    type CommandHandler = (
      connection: Connection,
      parsed: Parsed,
      data: string,
      callback: () => void,
    ) => void;

    type OutputHandler = (
      connection: Connection,
      response: Response,
      description: string,
      parsed?: Parsed,
      data?: string,
      extra?: unknown,
    ) => void;

    interface FetchQuery {
      readonly section?: readonly { readonly type: string; readonly value: string }[];
      /** [start] or [start, length]. */
      partial?: number[];
    }

    type FetchHandler = (connection: Connection, message: StoredMessage, query: FetchQuery) => unknown;

    interface Server {
      setMaxListeners(count: number): void;
      on(event: "notify", listener: (notification: unknown) => void): void;
      removeListener(event: "notify", listener: (notification: unknown) => void): void;
      readonly server: import("node:net").Server;
      readonly connectionHandlers: ((connection: Connection) => void)[];
      readonly outputHandlers: OutputHandler[];
      readonly fetchHandlers: Record<string, FetchHandler>;
      readonly folderCache: Record<string, Mailbox>;
      setCommandHandler(command: string, handler: CommandHandler): void;
      getMailbox(path: string): Mailbox | undefined;
      createMailbox(path: string, mailbox?: Partial<Mailbox>): void;
      processMailbox(path: string, mailbox: Partial<Mailbox>, namespace: string): void;
      appendMessage(
        mailbox: Mailbox,
        flags: readonly string[],
        internaldate: string,
        raw: string,
      ): { readonly message: StoredMessage };
    }

    interface Options {
      readonly plugins: readonly (string | ((server: Server) => void))[];
      readonly storage?: Record<string, unknown>;
    }
  }

  function hoodiecrow(options: hoodiecrow.Options): hoodiecrow.Server;
  export = hoodiecrow;
}
