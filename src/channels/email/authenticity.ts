// Whether the provider vouches for the From address: Authentication-Results (RFC 8601).
import type { MailHeaders } from "../../core/automatic/mail-headers.ts";
import type { Authenticity } from "../../core/types.ts";

/** Microsoft 365 writes the field without an authserv-id; this configured name stands for that. */
const NAMELESS = "protection.outlook.com";

interface Result {
  readonly method: string;
  readonly result: string;
  /** "header.from" → "oakhill.example". */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * `from`: the one From address, lower case, or null with the doubt about it.
 * Only the topmost field of the provider counts: anybody can write the ones below.
 */
export function authenticity(
  headers: MailHeaders,
  from: string | null,
  doubt: string | null,
  authservId: string | null,
): Authenticity {
  if (doubt !== null) return { verdict: "fail", because: doubt };
  if (authservId === null)
    return { verdict: "unchecked", because: "No provider is configured (authserv_id)." };
  if (from === null) return { verdict: "fail", because: "No From address." };
  const own = headers
    .all("authentication-results")
    .map(withoutComments)
    .find((field) => isFrom(field, authservId));
  if (own === undefined) return { verdict: "fail", because: `No Authentication-Results of ${authservId}.` };
  return verdict(readResults(own), from.slice(from.lastIndexOf("@") + 1));
}

function withoutComments(field: string): string {
  let out = "";
  let depth = 0;
  for (const letter of field.slice(0, 8000)) {
    if (letter === "(") depth++;
    else if (letter === ")" && depth > 0) depth--;
    else if (depth === 0) out += letter;
  }
  return out.toLowerCase();
}

function isFrom(field: string, authservId: string): boolean {
  const first = (field.split(";", 1)[0] ?? "").trim();
  const wanted = authservId.toLowerCase();
  if (wanted === NAMELESS && /^(?:spf|dkim|dmarc)\s*=/.test(first)) return true;
  return (first.split(/\s+/, 1)[0] ?? "").replace(/^"|"$/g, "") === wanted;
}

function readResults(field: string): Result[] {
  return field.split(";").flatMap((part) => {
    const tokens = part
      .trim()
      .replace(/\s*=\s*/g, "=")
      .split(/\s+/);
    const [method = "", result = ""] = (tokens[0] ?? "").split("=", 2);
    if (!/^(?:dkim|dmarc)(?:\/\d+)?$/.test(method)) return [];
    const properties = new Map<string, string>();
    for (const token of tokens.slice(1)) {
      const equals = token.indexOf("=");
      if (equals > 0) properties.set(token.slice(0, equals), token.slice(equals + 1).replace(/^"|"$/g, ""));
    }
    return [{ method: method.replace(/\/.*$/, ""), result, properties }];
  });
}

function verdict(results: readonly Result[], domain: string): Authenticity {
  const dmarc = results.find((each) => each.method === "dmarc");
  const checked = dmarc?.properties.get("header.from");
  if (dmarc?.result === "pass" && (checked === undefined || isAligned(checked, domain))) {
    return { verdict: "pass", because: "DMARC passed." };
  }
  // A domain without a DMARC policy: a signature of the same organisation says as much (RFC 7489 s3.1).
  if (dmarc === undefined || /^(?:none|bestguesspass)$/.test(dmarc.result)) {
    const signed = results.find(
      (each) =>
        each.method === "dkim" &&
        each.result === "pass" &&
        signers(each).some((signer) => isAligned(signer, domain)),
    );
    if (signed) return { verdict: "pass", because: "An aligned DKIM signature passed." };
    return { verdict: "fail", because: "Neither DMARC nor an aligned DKIM signature passed." };
  }
  return { verdict: "fail", because: `DMARC says ${dmarc.result.slice(0, 30)}.` };
}

function signers({ properties }: Result): string[] {
  return ["header.d", "header.i"].flatMap((name) => {
    const value = properties.get(name);
    return value === undefined ? [] : [value.slice(value.lastIndexOf("@") + 1)];
  });
}

/** The same domain, or a parent of it that is more than a top-level domain. */
function isAligned(signer: string, domain: string): boolean {
  return signer.includes(".") && (signer === domain || domain.endsWith(`.${signer}`));
}
