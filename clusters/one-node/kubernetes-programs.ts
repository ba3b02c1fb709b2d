import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedPrograms, type GoPrograms } from "../../harness/cache/go-programs.ts";
import { packageFile } from "../../harness/core/package-root.ts";

/** The Go module that pins Kubernetes: its staging modules are replaced by their published ones. */
const pinnedModule = packageFile("clusters/one-node/kubernetes-module");

/** The programs of a node and its control plane, each named as its folder in Kubernetes' cmd/. */
const ownPrograms = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kubelet"];

/** Without these the programs would call themselves v0.0.0-master, and the API server refuses a kubelet of that version. */
const versionVariables = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];

/** The pinned Kubernetes as programs to build; of another Kubernetes where another module pins one. */
export async function kubernetesPrograms(moduleFolder = pinnedModule, programs = ownPrograms): Promise<GoPrograms> {
  const version = await pinnedVersion(moduleFolder);
  const [major = "", minor = ""] = version.slice(1).split(".");
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return {
    name: "Kubernetes",
    version,
    moduleFolder,
    packages: programs.map((program) => `k8s.io/kubernetes/cmd/${program}`),
    programs,
    linkerFlags: versionVariables.flatMap((name) =>
      Object.entries(variables).map(([variable, value]) => `-X ${name}.${variable}=${value}`),
    ),
    cpuSeconds: 600,
    lacking: "Kubernetes is not built yet",
    ways: "install Go 1.25 or newer (https://go.dev/dl/): tunebench then builds Kubernetes itself, once",
  };
}

/** The pinned Kubernetes as the cache has it. Whether it is as it was built its digests tell: 400 MB are read for them, so once is enough. */
export interface CachedKubernetes {
  programs: GoPrograms;
  folder: string;
  built: boolean;
}

export async function cachedKubernetes(env: NodeJS.ProcessEnv): Promise<CachedKubernetes> {
  const programs = await kubernetesPrograms();
  return { programs, ...(await cachedPrograms(env, programs)) };
}

async function pinnedVersion(moduleFolder: string): Promise<string> {
  const text = await readFile(join(moduleFolder, "go.mod"), "utf8");
  const version = /^\s*(?:require )?k8s\.io\/kubernetes (v\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod requires no Kubernetes`);
  return version;
}
