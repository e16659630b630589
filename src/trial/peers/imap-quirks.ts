// hoodiecrow-imap is a server for tests, made in 2014: what has to be mended before one can rely on it.
import type { FetchHandler, FetchQuery, Server } from "hoodiecrow-imap";

/** Answers `BODY[]<0.100>` from the octets themselves, once for each message. */
const partialBody: FetchHandler = (_connection, message, query) => {
  const [start = 0, length] = rangeOf(query);
  // RFC 3501 7.4.2: the answer names the origin octet only.
  query.partial = [start];
  const end = length === undefined ? undefined : start + length;
  return { type: "LITERAL", value: message.raw.slice(start, end) };
};

// The query is shared by all messages of one command, and the answer's name is made of it.
const asked = new WeakMap<FetchQuery, readonly number[]>();
function rangeOf(query: FetchQuery): readonly number[] {
  const range = asked.get(query) ?? query.partial ?? [];
  asked.set(query, range);
  return range;
}

/** A plugin; load it after the package's own. */
export function mendQuirks(usual: Readonly<Record<string, FetchHandler>>): (server: Server) => void {
  return (server) => {
    mendPartialFetch(server, usual);
    mendMoves(server);
    mendIdle(server);
  };
}

/** From the second message on, the package answers a partial fetch with nothing. */
function mendPartialFetch(server: Server, usual: Readonly<Record<string, FetchHandler>>): void {
  for (const name of ["BODY", "BODY.PEEK"]) {
    server.fetchHandlers[name] = (connection, message, query) => {
      const whole = query.partial !== undefined && query.section?.length === 0;
      return whole ? partialBody(connection, message, query) : usual[name]?.(connection, message, query);
    };
  }
}

/** Nothing moved has no COPYUID (RFC 4315 3): the package writes one with two empty lists, which is no IMAP. */
function mendMoves(server: Server): void {
  server.outputHandlers.push((_connection, response, description, _parsed, _data, extra) => {
    if (!/COPY/.test(description) || !isEmptyCopy(extra)) return;
    response.attributes = response.attributes.filter((attribute) => !isSection(attribute));
    if (response.tag === "*") response.skipResponse = true;
  });
}

const isEmptyCopy = (extra: unknown): boolean =>
  typeof extra === "object" &&
  extra !== null &&
  "sourceUids" in extra &&
  Array.isArray(extra.sourceUids) &&
  extra.sourceUids.length === 0;

const isSection = (attribute: unknown): boolean =>
  typeof attribute === "object" && attribute !== null && "type" in attribute && attribute.type === "SECTION";

/** RFC 3501 7.4.1: no EXPUNGE outside a command; the package goes on telling everything after an IDLE. */
function mendIdle(server: Server): void {
  server.outputHandlers.push((connection, response, description) => {
    if (description === "IDLE" && response.tag !== "*") connection.directNotifications = false;
  });
}
