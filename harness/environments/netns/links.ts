import type { Suite } from "../../suite/suite.ts";

/** One veth pair between the target and a peer, a subnet of its own. */
export interface Link {
  /** generator or an upstream's name. */
  peer: string;
  /** Interface in the target's namespace; the peer's end is always `target`. */
  targetInterface: string;
  targetAddress: string;
  peerAddress: string;
  prefixLength: number;
}

/** Interface name of the peer's end of each link. Names unlike eth0, so that no mistake can reach a machine's own card. */
export const peerInterface = "target";

/**
 * Links of a suite: the generator's first, then one for each upstream. Addresses are from the ranges reserved for
 * benchmarks, 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180), never 127/8, which tcp_tw_reuse=2 treats apart.
 */
export function linksOf(suite: Pick<Suite, "upstreams" | "ipVersion">): Link[] {
  const peers = ["generator", ...Object.keys(suite.upstreams)];
  return peers.map((peer, index) => {
    const [first, second] = pairOf(index, suite.ipVersion);
    // The generator comes first in its subnet; toward upstreams it is the target that asks.
    const [targetAddress, peerAddress] = index === 0 ? [second, first] : [first, second];
    const targetInterface = index === 0 ? "load" : `up${index}`;
    return { peer, targetInterface, targetAddress, peerAddress, prefixLength: suite.ipVersion === 6 ? 64 : 30 };
  });
}

/** Address of each role as its peers reach it; the target's is the one on the generator's link. */
export function addressesOf(links: Link[]): Record<string, string> {
  const target = links[0]?.targetAddress;
  const peers = links.map((link) => [link.peer, link.peerAddress]);
  return { ...Object.fromEntries(peers), ...(target === undefined ? {} : { target }) };
}

/** Names of a role's interfaces other than lo. */
export function interfacesOf(links: Link[], role: string): string[] {
  return role === "target" ? links.map((link) => link.targetInterface) : [peerInterface];
}

function pairOf(index: number, ipVersion: 4 | 6): [string, string] {
  if (ipVersion === 4) return [`198.18.${index}.1`, `198.18.${index}.2`];
  const subnet = index === 0 ? "2001:2::" : `2001:2:0:${index.toString(16)}::`;
  return [`${subnet}1`, `${subnet}2`];
}
