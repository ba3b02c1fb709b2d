import { IncompleteError } from "../../core/errors.ts";
import { enterNetworkArgv, runInside } from "./enter.ts";
import { type Holder, holderOf } from "./holder.ts";
import { addressesOf, generatorLinks, type Link, linksBetweenUpstreams } from "./links.ts";

/**
 * Makes the veth pairs, gives addresses and brings every interface up. The generator has no route beyond its own links; an
 * upstream has one to the address of each copy of the target, each further copy one to the upstreams' addresses, and so have upstreams that
 * have a link between them: a part has one address for all that dial it. Links vanish with their namespaces.
 */
export async function wire(holders: Map<string, Holder>, links: Link[]): Promise<void> {
  const asking = [...new Set(links.map(({ target }) => target))];
  const peers = [...new Set(links.map(({ peer }) => peer))];
  await Promise.all(asking.map((target) => ipBatch(holderOf(holders, target), targetLines(holders, links, target))));
  await Promise.all(peers.map((peer) => ipBatch(holderOf(holders, peer), peerLines(links, peer))));
  const copies = generatorLinks(links)
    .map(({ target }) => target)
    .slice(1);
  await Promise.all(copies.map((target) => ipBatch(holderOf(holders, target), copyRoutes(links, target))));
  const between = Map.groupBy(routesBetweenUpstreams(links), ({ role }) => role);
  await Promise.all(
    [...between].map(([role, routes]) =>
      ipBatch(
        holderOf(holders, role),
        routes.map(({ line }) => line),
      ),
    ),
  );
}

function targetLines(holders: Map<string, Holder>, links: Link[], target: string): string[] {
  const own = links.filter((link) => link.target === target);
  return [
    "link set lo up",
    ...own.flatMap((link) => [
      `link add ${link.targetInterface} type veth peer name ${link.peerInterface} netns ${holderOf(holders, link.peer).pid}`,
      `address add ${link.targetAddress}/${link.prefixLength} dev ${link.targetInterface}${withoutDad(link)}`,
      `link set ${link.targetInterface} up`,
    ]),
  ];
}

/** Runs lines of `ip -batch` in a holder's network; the first failing line ends it. */
export async function ipBatch(holder: Holder, lines: string[]): Promise<void> {
  const result = await runInside(holder, enterNetworkArgv(holder), ["ip", "-batch", "-"], `${lines.join("\n")}\n`);
  if (result.exitCode === 0) return;
  throw new IncompleteError(`the network of ${holder.role} could not be set up: ${result.stderr.trim()}`, {
    hint: "tunebench doctor says what this machine lacks",
  });
}

function peerLines(links: Link[], peer: string): string[] {
  const own = links.filter((link) => link.peer === peer);
  return [
    "link set lo up",
    ...own.flatMap((link) => [
      `address add ${link.peerAddress}/${link.prefixLength} dev ${link.peerInterface}${withoutDad(link)}`,
      `link set ${link.peerInterface} up`,
    ]),
    ...own.flatMap((link) => {
      const reached = generatorLinks(links).find(({ target }) => target === link.target)?.targetAddress;
      return reached === undefined || reached === link.targetAddress
        ? []
        : [`route add ${reached} via ${link.targetAddress}`];
    }),
  ];
}

/** A copy of the target reaches an upstream at the one address that it has for all of them. */
function copyRoutes(links: Link[], target: string): string[] {
  const addresses = addressesOf(links);
  const own = links.filter((link) => link.target === target && link.peer !== "generator");
  return own.map((link) => `route add ${addresses[link.peer]} via ${link.peerAddress}`);
}

/** Either may dial the other. */
function routesBetweenUpstreams(links: Link[]): { role: string; line: string }[] {
  const addresses = addressesOf(links);
  return linksBetweenUpstreams(links).flatMap(({ target, targetAddress, peer, peerAddress }) => [
    { role: target, line: `route add ${addresses[peer]} via ${peerAddress}` },
    { role: peer, line: `route add ${addresses[target]} via ${targetAddress}` },
  ]);
}

/** Duplicate address detection would keep an IPv6 address unusable for a second; in a subnet of two nothing can collide. */
function withoutDad(link: Link): string {
  return link.targetAddress.includes(":") ? " nodad" : "";
}
