import { isTargetRole, targetRoles } from "../../core/roles.ts";
import type { Cast, Suite } from "../../suite/suite.ts";
import { dependenciesOf } from "./dependencies.ts";

/** One veth pair between a copy of the target and a peer, a subnet of its own. */
export interface Link {
  /** Who asks: target, target-2 ..., or an upstream that dials another. */
  target: string;
  /** generator or an upstream's name. */
  peer: string;
  /** Interfaces in the target's and in the peer's namespace: unlike eth0, so that no mistake can reach a machine's own card. */
  targetInterface: string;
  peerInterface: string;
  targetAddress: string;
  peerAddress: string;
  prefixLength: number;
}

/**
 * Links of a suite: for each copy of the target the generator's first, then one for each upstream; at the end those between upstreams. Addresses are from the
 * ranges reserved for benchmarks, 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180), never 127/8, which tcp_tw_reuse=2
 * treats apart.
 */
export function linksOf(suite: Cast & Pick<Suite, "ipVersion">): Link[] {
  const peers = ["generator", ...Object.keys(suite.upstreams)];
  const ofTargets = targetRoles(suite.target.replicas).flatMap((target, copy) =>
    peers.map((peer, index) => {
      const [first, second] = pairOf(copy * peers.length + index, suite.ipVersion);
      // The generator comes first in its subnet; toward upstreams it is the target that asks.
      const [targetAddress, peerAddress] = index === 0 ? [second, first] : [first, second];
      const targetInterface = index === 0 ? "load" : `up${index}`;
      const prefixLength = suite.ipVersion === 6 ? 64 : 30;
      return { target, peer, targetInterface, peerInterface: target, targetAddress, peerAddress, prefixLength };
    }),
  );
  const between = dependenciesOf(suite.upstreams).map(({ upstream, on }, index): Link => {
    const [targetAddress, peerAddress] = pairOf(ofTargets.length + index, suite.ipVersion);
    const ends = { targetInterface: `up${index}`, peerInterface: `from${index}`, targetAddress, peerAddress };
    return { target: upstream, peer: on, ...ends, prefixLength: suite.ipVersion === 6 ? 64 : 30 };
  });
  return [...ofTargets, ...between];
}

/**
 * Address of each role as its peers reach it: a target's is the one on its link to the generator; an upstream's the one on its
 * link to the first copy of the target, to which all others that dial it have a route.
 */
export function addressesOf(links: Link[]): Record<string, string> {
  const first = links.filter((link) => link.target === links[0]?.target);
  return {
    ...Object.fromEntries(first.map((link) => [link.peer, link.peerAddress])),
    ...Object.fromEntries(generatorLinks(links).map((link) => [link.target, link.targetAddress])),
  };
}

/** Links between upstreams. */
export function linksBetweenUpstreams(links: Link[]): Link[] {
  return links.filter(({ target }) => !isTargetRole(target));
}

/** The link by which the generator reaches each copy of the target. */
export function generatorLinks(links: Link[]): Link[] {
  return links.filter((link) => link.peer === "generator");
}

/** Names of a role's interfaces other than lo. */
export function interfacesOf(links: Link[], role: string): string[] {
  return [
    ...links.filter(({ target }) => target === role).map((link) => link.targetInterface),
    ...links.filter(({ peer }) => peer === role).map((link) => link.peerInterface),
  ];
}

/** Links that 198.18.0.0/15 has room for, a /24 each. */
export const mostLinks = 512;

/** The two ends of the n-th subnet. */
function pairOf(index: number, ipVersion: 4 | 6): [string, string] {
  if (ipVersion === 4) {
    const subnet = `198.${18 + (index >> 8)}.${index & 255}`;
    return [`${subnet}.1`, `${subnet}.2`];
  }
  const subnet = index === 0 ? "2001:2::" : `2001:2:0:${index.toString(16)}::`;
  return [`${subnet}1`, `${subnet}2`];
}
