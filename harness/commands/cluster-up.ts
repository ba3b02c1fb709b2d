import type { KubeletParameters } from "../clusters/one-node/state.ts";
import { bringUp } from "../clusters/one-node/up.ts";
import { exitCodes, InputError } from "../errors.ts";
import { findK6 } from "../load/find-k6.ts";
import { checkOwnCluster } from "./own-clusters.ts";
import { screenOf } from "./screen.ts";

interface UpOptions {
  allowUnsafeSysctls?: string[];
  protectKernelDefaults?: boolean;
  k6?: string;
}

/** `tunebench cluster up NAME`: stdout gets the kubeconfig's path, progress goes to stderr. */
export async function clusterUp(name: string, options: UpOptions): Promise<number> {
  checkOwnCluster(name);
  const kubelet = parametersOf(options);
  const screen = screenOf(process.stderr);
  const startedMs = performance.now();
  const onProgress = (line: string) => screen.write(`${line}\n`);
  const k6 = await findK6({ explicit: options.k6 ?? null, env: process.env, onProgress });
  const kubeconfig = await bringUp({ kubelet, k6, env: process.env, onProgress });
  screen.write(`the cluster ${name} is up (${((performance.now() - startedMs) / 1000).toFixed(1)} s)\n`);
  process.stdout.write(`${kubeconfig}\n`);
  return exitCodes.done;
}

function parametersOf(options: UpOptions): KubeletParameters {
  const allowedUnsafeSysctls = options.allowUnsafeSysctls ?? [];
  const wrong = allowedUnsafeSysctls.find(
    (key) => !/^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9_-]+)*([./]?\*)?$/.test(key),
  );
  if (wrong !== undefined) throw new InputError(`--allow-unsafe-sysctls: "${wrong}" is no sysctl's name`);
  return { allowedUnsafeSysctls, protectKernelDefaults: options.protectKernelDefaults ?? false };
}
