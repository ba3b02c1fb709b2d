import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";
import { didYouMean } from "../../../core/nearest.ts";
import type { Cluster } from "../../../suite/cluster.ts";

/** Mounted into a pod by its kubelet. */
const inPodToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * The kubeconfig that a cluster file names, else the one that kubectl would find (KUBECONFIG, ~/.kube/config, the pod's
 * own account), with the cluster file's context chosen. Throws InputError where none is there, it can't be read, or has
 * no such context; its contents are in no message.
 */
export function loadKubeconfig(
  cluster: Pick<Cluster, "kubeconfig" | "context" | "file">,
  env: NodeJS.ProcessEnv,
): KubeConfig {
  const files = filesOf(cluster, env);
  const kubeconfig = files.length > 0 ? loadFiles(files) : loadInPod();
  if (cluster.context !== null) kubeconfig.setCurrentContext(cluster.context);
  checkContext(kubeconfig, files.join(", "), cluster);
  return kubeconfig;
}

/** Files of KUBECONFIG that are not there are passed over, as kubectl does, unless none is. */
function filesOf(cluster: Pick<Cluster, "kubeconfig">, env: NodeJS.ProcessEnv): string[] {
  if (cluster.kubeconfig !== null) return present([cluster.kubeconfig], "that the cluster file names");
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  if (named.length > 0) return present(named, "that KUBECONFIG names");
  const own = join(env.HOME ?? "", ".kube", "config");
  return existsSync(own) ? [own] : [];
}

function present(files: string[], whose: string): string[] {
  const there = files.filter(existsSync);
  if (there.length > 0) return there;
  throw new InputError(`the kubeconfig ${whose} is not there: ${files.join(", ")}`, {
    hint: "name another with `kubeconfig:` in the cluster file or with KUBECONFIG",
  });
}

function loadFiles(files: string[]): KubeConfig {
  const merged = new KubeConfig();
  for (const file of files) {
    try {
      const one = new KubeConfig();
      one.loadFromFile(file);
      merged.mergeConfig(one, merged.getCurrentContext() !== undefined);
    } catch (error) {
      throw new InputError(`the kubeconfig ${file} can't be used: ${faultOf(error)}`, {
        hint: `kubectl --kubeconfig ${file} config view shows whether kubectl can read it`,
      });
    }
  }
  return merged;
}

/** What is wrong with the file, without a word of it: YAML's and JSON's own messages quote the text around a fault. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown fault";
  if ("mark" in error) return "it holds no readable YAML";
  if (/^(clusters|users|contexts)\[\d+\]\S* is missing$/.test(error.message)) return error.message;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.message.startsWith("Duplicate ")) return "a name is there more than once";
  return "it is not a kubeconfig";
}

function loadInPod(): KubeConfig {
  if (!existsSync(inPodToken)) {
    throw new InputError("no kubeconfig was found: KUBECONFIG is not set and ~/.kube/config is not there", {
      hint: "name one with `kubeconfig:` in the cluster file or with KUBECONFIG",
    });
  }
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromCluster();
  return kubeconfig;
}

function checkContext(kubeconfig: KubeConfig, files: string, cluster: Pick<Cluster, "file">): void {
  const name = kubeconfig.getCurrentContext();
  const names = kubeconfig.getContexts().map((context) => context.name);
  const hint = `kubectl config get-contexts shows those that are there; \`context:\` in ${cluster.file} picks one`;
  if (name === undefined || name === "") throw new InputError(`no context is chosen in ${files}`, { hint });
  if (!names.includes(name)) {
    throw new InputError(`no context "${name}" in ${files}${didYouMean(name, names)}`, { hint });
  }
  for (const [what, there] of [
    ["cluster", kubeconfig.getCurrentCluster()],
    ["user", kubeconfig.getCurrentUser()],
  ] as const) {
    if (there === null) throw new InputError(`the context "${name}" in ${files} names a ${what} that is not there`);
  }
}
