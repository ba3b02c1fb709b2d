import { CapabilityError, ExpectedError } from "../../harness/core/errors.ts";
import { writeKubeletConfiguration } from "./configuration.ts";
import { assertRuns, startDaemon, stopDaemon } from "./daemons.ts";
import { type Kubectl, readiness, until } from "./kubectl.ts";
import { resetSettings } from "./mounts.ts";
import { type KubeletParameters, places } from "./places.ts";

/**
 * Starts the kubelet with these parameters, another one ended first, and waits until it says that the node is ready.
 * Throws CapabilityError with its own words where it refuses to run with them on this machine.
 */
export async function restartKubelet(node: number, kubectl: Kubectl, parameters: KubeletParameters): Promise<void> {
  await stopDaemon(node, "kubelet");
  writeKubeletConfiguration(parameters);
  resetSettings();
  // The API tells a heartbeat's time in whole seconds.
  const startedMs = Math.floor(Date.now() / 1000) * 1000;
  try {
    await startDaemon(node, "kubelet");
    const check = () => assertRuns(node, "kubelet");
    await until("the kubelet answers", async () => (await kubeletParameters(kubectl)) !== null, check);
    await until("the node is ready", () => isReadySince(kubectl, startedMs), check);
  } catch (error) {
    throw parameters.protectKernelDefaults && error instanceof ExpectedError ? refused(error) : error;
  }
}

async function isReadySince(kubectl: Kubectl, startedMs: number): Promise<boolean> {
  const now = await readiness(kubectl, places.name);
  return now?.ready === true && now.toldAt.getTime() >= startedMs;
}

function refused(error: ExpectedError): ExpectedError {
  const mismatch = /invalid kernel flag: [^"\]]*/.exec(error.message)?.[0];
  if (mismatch === undefined) return error;
  return new CapabilityError(`the kubelet refuses to run with --protect-kernel-defaults: ${mismatch}`, {
    hint: "these are settings of the whole machine, which tunebench never changes: set them yourself, or leave the option out",
    cause: error,
  });
}

/** What the kubelet runs with, from itself by way of the API; null where it does not answer. */
export async function kubeletParameters(kubectl: Kubectl): Promise<KubeletParameters | null> {
  const text = await kubectl.ask("get", "--raw", `/api/v1/nodes/${places.name}/proxy/configz`);
  if (text === null) return null;
  const { kubeletconfig } = JSON.parse(text) as { kubeletconfig: Partial<KubeletParameters> };
  const { allowedUnsafeSysctls = [], protectKernelDefaults = false } = kubeletconfig;
  return { allowedUnsafeSysctls, protectKernelDefaults };
}
