import { existsSync } from "node:fs";
import { execa } from "execa";
import { IncompleteError } from "../../harness/core/errors.ts";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { runInNode } from "./node-namespaces.ts";
import { places } from "./places.ts";

/**
 * One virtual cable between the machine and the node. The node has no route to anywhere else, and the machine none to the
 * pods: kubectl and the harness talk to the API, which talks to the pods.
 */
export async function wireNode(node: number): Promise<void> {
  const { machineInterface, machineAddress, nodeAddress, linkPrefixLength, apiServiceAddress } = places;
  await ipBatch([
    `link add ${machineInterface} type veth peer name eth0 netns ${node}`,
    `address add ${machineAddress}/${linkPrefixLength} dev ${machineInterface}`,
    `link set ${machineInterface} up`,
  ]);
  const inside = [
    "link set lo up",
    `address add ${apiServiceAddress}/32 dev lo`,
    `address add ${nodeAddress}/${linkPrefixLength} dev eth0`,
    "link set eth0 up",
  ];
  await runInNode(node, [toolPath("ip"), "-batch", "-"], { input: `${inside.join("\n")}\n` });
}

/** Removes the cable, both ends; the kernel may do so at the same time, as the node's network goes. */
export async function unwireNode(): Promise<void> {
  if (!hasCable()) return;
  await ipBatch([`link delete ${places.machineInterface}`]).catch((error: unknown) => {
    if (hasCable()) throw error;
  });
}

/** Whether the machine's end of the cable is there. */
export function hasCable(): boolean {
  return existsSync(`/sys/class/net/${places.machineInterface}`);
}

async function ipBatch(lines: string[]): Promise<void> {
  const options = { input: `${lines.join("\n")}\n`, reject: false, timeout: 10_000 } as const;
  const { failed, stderr } = await execa(toolPath("ip"), ["-batch", "-"], options);
  if (failed) throw new IncompleteError(`the link to the node could not be set: ${stderr}`);
}
