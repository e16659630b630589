// Where a parent's words may go to be judged a second time: in the clear no farther than the school's own network.
import { BlockList, isIP } from "node:net";
import type { Problem } from "./problem.ts";
import type { SchoolFile } from "./schema.ts";
import { problemAt, type YamlFile } from "./yaml-file.ts";

const ours = new BlockList();
for (const [net, bits] of [
  // RFC 1122 3.2.1.3, RFC 1918, RFC 3927
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const)
  ours.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  // RFC 4291 2.5.3 and 2.5.6, RFC 4193
  ["::1", 128],
  ["fe80::", 10],
  ["fc00::", 7],
] as const)
  ours.addSubnet(net, bits, "ipv6");

/** Names that no public name server answers for: RFC 6761, 6762, 8375, and a bare name such as a container's. */
const localName = /^[^.]+$|\.(localhost|local|internal|lan|home\.arpa)$/;

/** On this machine or on the school's own network, as far as the address itself tells. */
export const isOwnNetwork = (hostname: string): boolean => {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const family = isIP(host);
  return family === 0 ? localName.test(host) : ours.check(host, family === 4 ? "ipv4" : "ipv6");
};

const problemWith = (address: string): string | null => {
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return "must begin with https://, or http:// on the school's own network";
  if (url.username !== "" || url.password !== "") return "may hold no user and password: use api_key";
  if (url.search !== "" || url.hash !== "") return "may hold no ? and no #: write it up to /v1";
  if (/\/chat\/completions\/*$/.test(url.pathname))
    return "ends in /chat/completions, which is added to it: write it up to /v1";
  if (url.protocol === "http:" && !isOwnNetwork(url.hostname))
    return "would send parents' words unencrypted outside the school's own network: write https://";
  return null;
};

export const checkWording = (
  yaml: YamlFile,
  wording: SchoolFile["wording"] | undefined,
): readonly Problem[] => {
  const message = wording?.second_opinion ? problemWith(wording.second_opinion.url) : null;
  return message === null ? [] : [problemAt(yaml, ["wording", "second_opinion", "url"], message)];
};
