import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { treeFile } from "./cli.ts";
import type { TestCluster } from "./test-cluster.ts";

/** An object of clusters/rbac.yaml, as far as it is changed here. */
export interface RbacObject {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  roleRef?: { name: string };
  subjects?: { namespace: string }[];
}

/**
 * clusters/rbac.yaml, or another file, for another namespace. What belongs to the whole cluster gets the namespace's name, so that nothing that is there
 * is changed.
 */
export function rbacFor(namespace: string, file = "clusters/rbac.yaml"): RbacObject[] {
  const text = readFileSync(treeFile(file), "utf8");
  const objects = parseAllDocuments(text).map((document) => document.toJS() as RbacObject);
  return objects.map((object) => {
    const { metadata, roleRef, subjects } = object;
    const ofCluster = metadata.namespace === undefined;
    return {
      ...object,
      metadata: ofCluster ? { name: namespace } : { ...metadata, namespace },
      ...(roleRef !== undefined && ofCluster ? { roleRef: { ...roleRef, name: namespace } } : {}),
      ...(subjects === undefined ? {} : { subjects: subjects.map((subject) => ({ ...subject, namespace })) }),
    };
  });
}

/** Applies them, as an administrator. */
export async function applyObjects(cluster: TestCluster, objects: RbacObject[]): Promise<void> {
  await cluster.kubectl(
    ["apply", "--filename", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
  );
}

/** Removes what rbacFor's objects left: the namespace with all in it, and what belongs to the whole cluster. */
export async function removeAccount(cluster: TestCluster, namespace: string): Promise<void> {
  const gone = ["--ignore-not-found", "--wait=false"];
  await cluster.kubectl(["delete", "clusterrolebinding,clusterrole", namespace, ...gone]);
  await cluster.kubectl(["delete", "namespace", namespace, ...gone]);
}

/** Writes a kubeconfig whose user is a service account, by a token of an hour; its path. */
export async function kubeconfigOf(cluster: TestCluster, namespace: string, account: string, file: string) {
  const token = await cluster.kubectl(["create", "token", account, "--namespace", namespace, "--duration=1h"]);
  const raw = await cluster.kubectl(["config", "view", "--raw", "--minify", "--flatten", "--output=json"]);
  const { clusters } = JSON.parse(raw) as { clusters: { name: string }[] };
  const name = cluster.context;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: clusters[0]?.name, user: account } }],
    clusters,
    users: [{ name: account, user: { token } }],
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return join(file);
}
