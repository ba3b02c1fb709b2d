import { netnsCapabilities } from "../environments/netns/capabilities.ts";
import { exitCodes } from "../errors.ts";
import { k6Capability } from "../load/k6-capability.ts";
import { checkCluster } from "./cluster.ts";
import { screenOf } from "./screen.ts";

/** `tunebench doctor`: a line for each capability, with its remedy where it is missing; exit 3 where a run can't work. */
export async function doctor(options: { cluster: string }): Promise<number> {
  checkCluster(options.cluster);
  const screen = screenOf(process.stdout);
  const capabilities = [...(await netnsCapabilities()), await k6Capability(process.env)];
  for (const { name, ok, detail, remedy } of capabilities) {
    screen.write(`${ok ? "ok     " : "missing"}  ${indented(`${name}: ${detail}`)}\n`);
    if (remedy !== null && !ok) screen.write(`         ${indented(`remedy: ${remedy}`)}\n`);
  }
  const missing = capabilities.filter((capability) => !capability.ok && capability.required);
  screen.write(
    missing.length === 0 ? "\nThis machine can run experiments.\n" : "\nThis machine can't run experiments yet.\n",
  );
  return missing.length === 0 ? exitCodes.done : exitCodes.cannotRunHere;
}

/** A program's own words may take several lines. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n         ");
}
