import { IncompleteError } from "../../errors.ts";
import { enterNetworkArgv, runInside } from "./enter.ts";
import { type Holder, holderOf } from "./holder.ts";
import { type Link, peerInterface } from "./links.ts";

/**
 * Makes the veth pairs, gives addresses and brings every interface up. The generator has no route beyond its own link;
 * an upstream has one to the target's address. Links vanish with their namespaces.
 */
export async function wire(holders: Map<string, Holder>, links: Link[]): Promise<void> {
  const target = holderOf(holders, "target");
  await ipBatch(target, [
    "link set lo up",
    ...links.flatMap((link) => [
      `link add ${link.targetInterface} type veth peer name ${peerInterface} netns ${holderOf(holders, link.peer).pid}`,
      `address add ${link.targetAddress}/${link.prefixLength} dev ${link.targetInterface}${withoutDad(link)}`,
      `link set ${link.targetInterface} up`,
    ]),
  ]);
  const reachable = links[0]?.targetAddress;
  await Promise.all(links.map((link) => ipBatch(holderOf(holders, link.peer), peerLines(link, reachable))));
}

/** Runs lines of `ip -batch` in a holder's network; the first failing line ends it. */
export async function ipBatch(holder: Holder, lines: string[]): Promise<void> {
  const result = await runInside(holder, enterNetworkArgv(holder), ["ip", "-batch", "-"], `${lines.join("\n")}\n`);
  if (result.exitCode === 0) return;
  throw new IncompleteError(`the network of ${holder.role} could not be set up: ${result.stderr.trim()}`, {
    hint: "tunebench doctor says what this machine lacks",
  });
}

function peerLines(link: Link, targetAddress: string | undefined): string[] {
  const lines = [
    "link set lo up",
    `address add ${link.peerAddress}/${link.prefixLength} dev ${peerInterface}${withoutDad(link)}`,
    `link set ${peerInterface} up`,
  ];
  if (targetAddress === undefined || targetAddress === link.targetAddress) return lines;
  return [...lines, `route add ${targetAddress} via ${link.targetAddress}`];
}

/** Duplicate address detection would keep an IPv6 address unusable for a second; in a subnet of two nothing can collide. */
function withoutDad(link: Link): string {
  return link.targetAddress.includes(":") ? " nodad" : "";
}
