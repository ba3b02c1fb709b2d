import type { KubeletParameters } from "../../clusters/one-node/places.ts";
import { bringUp, prepareUp } from "../../clusters/one-node/up.ts";
import { exitCodes, InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { formatSeconds } from "../core/units.ts";
import { findK6 } from "../engines/k6/find-k6.ts";
import { installLocust } from "../engines/locust/install-locust.ts";
import { interruptible } from "./interrupt.ts";
import { checkOwnCluster } from "./own-clusters.ts";
import { tuningSysctlsOf } from "./tuning-sysctls.ts";

interface UpOptions {
  allowUnsafeSysctls?: string[];
  protectKernelDefaults?: boolean;
  tuningSysctls?: string;
  k6?: string;
  locust?: boolean;
}

/**
 * `tunebench cluster up NAME`: stdout gets the kubeconfig's path, progress goes to stderr. Ended by a signal, it takes down
 * what it made.
 */
export async function clusterUp(name: string, options: UpOptions): Promise<number> {
  checkOwnCluster(name);
  const kubelet = parametersOf(options);
  const tuning = tuningSysctlsOf(options.tuningSysctls ?? "");
  const screen = screenOf(process.stderr);
  const onProgress = (line: string) => screen.write(`${line}\n`);
  const programs = await prepareUp({ env: process.env, onProgress });
  const request = { env: process.env, onProgress };
  const k6 = await findK6({ ...request, explicit: options.k6 ?? null });
  const locust = options.locust === true ? await installLocust(request) : null;
  const startedMs = performance.now();
  const interrupt = interruptible(onProgress, "ending; a cluster that is not up yet is taken down");
  try {
    const kubeconfig = await bringUp({
      ...{ programs, kubelet, tuning, images: { k6, locust }, onProgress },
      abort: interrupt.signal,
    });
    screen.write(`the cluster ${name} is up (${formatSeconds((performance.now() - startedMs) / 1000)})\n`);
    process.stdout.write(`${kubeconfig}\n`);
  } catch (error) {
    // Ctrl-C reaches what works for us too, so any step may be the one that fails.
    if (interrupt.exitCode() === null) throw error;
  } finally {
    interrupt.release();
  }
  return interrupt.exitCode() ?? exitCodes.done;
}

/** Throws InputError for what can't be the name of a sysctl, or the beginning of one with a * at its end. */
function parametersOf(options: UpOptions): KubeletParameters {
  const allowedUnsafeSysctls = options.allowUnsafeSysctls ?? [];
  const wrong = allowedUnsafeSysctls.find((key) => !/^[a-z0-9]([-_./a-z0-9]*[a-z0-9])?([./]?\*)?$/.test(key));
  if (wrong !== undefined) throw new InputError(`--allow-unsafe-sysctls: "${wrong}" is not a sysctl's name`);
  return { allowedUnsafeSysctls, protectKernelDefaults: options.protectKernelDefaults ?? false };
}
