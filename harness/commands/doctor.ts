import { oneNodeCapabilities } from "../clusters/one-node/capabilities.ts";
import { type Capability, netnsCapabilities } from "../environments/netns/capabilities.ts";
import { exitCodes } from "../errors.ts";
import { k6Capability } from "../load/k6-capability.ts";
import { checkCluster } from "./cluster.ts";
import { isOwnCluster } from "./own-clusters.ts";
import { screenOf } from "./screen.ts";

/** `tunebench doctor`: a line for each capability, with its remedy where it is missing; exit 3 where a run can't work. */
export async function doctor(options: { cluster: string }): Promise<number> {
  const screen = screenOf(process.stdout);
  const capabilities = [...(await capabilitiesOf(options.cluster)), await k6Capability(process.env)];
  for (const { name, ok, detail, remedy } of capabilities) {
    screen.write(`${ok ? "ok     " : "missing"}  ${indented(`${name}: ${detail}`)}\n`);
    if (remedy !== null && !ok) screen.write(`         ${indented(`remedy: ${remedy}`)}\n`);
  }
  const what = isOwnCluster(options.cluster) ? `the cluster ${options.cluster}` : "experiments";
  const missing = capabilities.filter((capability) => !capability.ok && capability.required);
  screen.write(missing.length === 0 ? `\nThis machine can run ${what}.\n` : `\nThis machine can't run ${what} yet.\n`);
  return missing.length === 0 ? exitCodes.done : exitCodes.cannotRunHere;
}

async function capabilitiesOf(cluster: string): Promise<Capability[]> {
  if (isOwnCluster(cluster)) return await oneNodeCapabilities(process.env);
  checkCluster(cluster);
  return await netnsCapabilities();
}

/** A program's own words may take several lines. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n         ");
}
