import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Cluster, Toleration } from "../cluster.ts";
import type { ClusterForm } from "./schema.ts";

/** The checked form with its defaults. @param file absolute path of the cluster file; its folder's name is the cluster's */
export function buildCluster(form: ClusterForm, file: string): Cluster {
  return {
    name: basename(dirname(file)),
    file,
    kubeconfig: form.kubeconfig === undefined ? null : pathFrom(dirname(file), form.kubeconfig),
    context: form.context ?? null,
    namespace: form.namespace ?? "tunebench",
    create: form.create ?? false,
    route: form.route ?? "pod-sysctls",
    nodeSelector: form.nodeSelector ?? {},
    tolerations: (form.tolerations ?? []).map(buildToleration),
    images: { node: form.images?.node ?? "node:24-slim", k6: form.images?.k6 ?? "grafana/k6:2.2.0" },
    imagePullPolicy: form.imagePullPolicy ?? "IfNotPresent",
    runners: form.runners ?? 1,
    observeNode: form.observeNode ?? false,
    shareProcessNamespace: form.shareProcessNamespace ?? true,
    timeouts: {
      scheduleMs: form.timeouts?.schedule ?? 60_000,
      startMs: form.timeouts?.start ?? 120_000,
      requestMs: form.timeouts?.request ?? 10_000,
    },
  };
}

/** `~` and `~/x` are below the user's home, as a shell would have it. */
function pathFrom(folder: string, path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return resolve(folder, path);
}

/** What is left out is not there: a pod's spec has no nulls. */
function buildToleration({ key, operator, value, effect, tolerationSeconds }: TolerationForm): Toleration {
  return {
    ...(key === undefined ? {} : { key }),
    ...(operator === undefined ? {} : { operator }),
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
    ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  };
}

type TolerationForm = NonNullable<ClusterForm["tolerations"]>[number];
