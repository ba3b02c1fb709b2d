import { ExpectedError, exitCodes, IncompleteError, InputError } from "../core/errors.ts";
import { inScope, openScope } from "../core/scope.ts";
import type { Screen } from "../core/screen.ts";
import { normalValue, sysctlKeyProblem } from "../knowledge/keys.ts";
import { settingOf } from "../knowledge/settings.ts";
import { clusterFolders, loadCluster } from "../suite/cluster-file/load-cluster.ts";
import type { Sysctls } from "../suite/suite.ts";
import { type ClusterWork, openCluster } from "../testbeds/kubernetes/cluster-work.ts";
import { probeRoutes, type RouteAnswer } from "../testbeds/kubernetes/doctor/probe-routes.ts";
import { type DoctorOptions, type RoutesReport, routesText } from "./doctor-text.ts";
import { interruptible } from "./interrupt.ts";

/**
 * `tunebench doctor --cluster NAME --routes`: by which ways settings get into pods of this cluster, tried with one bare pod each. Exit 0
 * whatever they came to; throws CapabilityError where none can be tried.
 */
export async function doctorRoutes(screen: Screen, options: DoctorOptions): Promise<number> {
  const settings = Object.fromEntries((options.keys ?? [usual]).map(keyAndValue));
  const cluster = await loadCluster(options.cluster, { from: clusterFolders() });
  const work = await openCluster(cluster);
  const routes = await answers(work, settings, options.allowNodeChanges ?? false);
  const report: RoutesReport = { cluster: cluster.name, namespace: cluster.namespace, settings, routes };
  screen.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : routesText(report, screen.width));
  return exitCodes.done;
}

/** It stands for any key that is not on Kubernetes' list of safe ones. */
const usual = "net.core.somaxconn";

/** `KEY=VALUE`, or a key of which it is known what is worth trying. Throws InputError for any other. */
function keyAndValue(asked: string): [string, string] {
  const [key = "", ...words] = asked.split("=");
  const problem = sysctlKeyProblem(key);
  if (problem !== null) throw new InputError(`--keys: ${problem}`);
  const value = words.length > 0 ? words.join("=") : settingOf(key)?.worthTrying[0]?.value;
  if (value !== undefined && value.trim() !== "") return [key, normalValue(value)];
  throw new InputError(`--keys: no value is known that is worth trying with ${key}`, {
    hint: `say one: --keys ${key}=VALUE`,
  });
}

/** Ctrl-C takes the pods away first. Throws IncompleteError where that did not work out. */
async function answers(work: ClusterWork, settings: Sysctls, allowNodeChanges: boolean): Promise<RouteAnswer[]> {
  const interrupt = interruptible((text) => void process.stderr.write(`${text}\n`), "removing the pods");
  const left: string[] = [];
  try {
    const found = await inScope(
      openScope(interrupt.signal),
      (scope) => probeRoutes(work, { settings, allowNodeChanges }, scope),
      (sentence) => left.push(sentence),
    );
    if (left.length > 0) throw new IncompleteError(`the pods could not be cleaned up: ${left.join("; ")}`);
    return found;
  } catch (error) {
    const code = interrupt.exitCode();
    throw code === null ? error : new ExpectedError(code, ["interrupted before all was tried", ...left].join("; "));
  } finally {
    interrupt.release();
  }
}
