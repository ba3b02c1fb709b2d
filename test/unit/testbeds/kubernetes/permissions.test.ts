import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { parseAllDocuments } from "yaml";
import { relayObjects } from "../../../../harness/testbeds/kubernetes/objects/relay.ts";
import {
  attachmentPermissions,
  clusterPermissions,
  externalPermissions,
  observeClusterPermissions,
  observeNodePermissions,
  observePermissions,
  optionalPermissions,
  type Permission,
  relayPermissions,
  resourceName,
  runPermissions,
} from "../../../../harness/testbeds/kubernetes/permissions.ts";

interface Grant {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }[];
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace: string }[];
}

const root = join(import.meta.dirname, "../../../..");
const text = readFileSync(join(root, "clusters/rbac.yaml"), "utf8");

function documentsOf(yaml: string): Grant[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as Grant);
}

function rulesOf(kind: string, name: string, yaml = text) {
  return documentsOf(yaml).find((each) => each.kind === kind && each.metadata.name === name)?.rules;
}

function asRules(permissions: readonly Permission[]) {
  return permissions.map(({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [...verbs],
  }));
}

test("clusters/rbac.yaml grants exactly what a run needs", (t) => {
  t.deepEqual(rulesOf("Role", "tunebench"), asRules([...runPermissions, ...attachmentPermissions]));
  t.deepEqual(rulesOf("ClusterRole", "tunebench"), asRules(clusterPermissions));
});

test("what is optional stands there as a comment, ready to be used", (t) => {
  const uncommented = text.replaceAll(/^ {2}# (?=- apiGroups|\s+(?:resources|verbs):)/gm, "  ");
  t.deepEqual(
    rulesOf("ClusterRole", "tunebench", uncommented),
    asRules([...clusterPermissions, ...optionalPermissions]),
  );
});

test("clusters/rbac-observe.yaml grants exactly what observing needs, to one account", (t) => {
  const observe = readFileSync(join(root, "clusters/rbac-observe.yaml"), "utf8");
  t.deepEqual(rulesOf("Role", "tunebench-observe", observe), asRules(observePermissions));
  t.deepEqual(rulesOf("ClusterRole", "tunebench-observe", observe), asRules(observeClusterPermissions));
  t.deepEqual(rulesOf("Role", "tunebench-observe-node", observe), asRules(observeNodePermissions));
  const bindings = documentsOf(observe).filter(({ kind }) => kind.endsWith("Binding"));
  t.is(bindings.length, 3);
  for (const { metadata, roleRef, subjects } of bindings) {
    t.is(roleRef?.name, metadata.name);
    t.deepEqual(subjects, [{ kind: "ServiceAccount", name: "tunebench-observe", namespace: "shop" }]);
  }
});

test("clusters/rbac-external.yaml grants exactly what an installed target needs, to the account of runs", (t) => {
  const external = readFileSync(join(root, "clusters/rbac-external.yaml"), "utf8");
  t.deepEqual(rulesOf("Role", "tunebench-external", external), asRules(externalPermissions));
  const [binding, ...more] = documentsOf(external).filter(({ kind }) => kind.endsWith("Binding"));
  t.deepEqual(more, []);
  t.is(binding?.roleRef?.name, "tunebench-external");
  t.deepEqual(binding?.subjects, [{ kind: "ServiceAccount", name: "tunebench", namespace: "tunebench" }]);
});

test("docs/kubernetes.md has the same table", (t) => {
  const page = readFileSync(join(root, "docs/kubernetes.md"), "utf8");
  const rows = (permissions: readonly Permission[], where: string) =>
    permissions.map((one) => `| \`${resourceName(one)}\` | ${one.verbs.join(", ")} | ${where} | ${one.why} |`);
  const wanted = [
    ...rows([...runPermissions, ...attachmentPermissions], "namespace"),
    ...rows(clusterPermissions, "cluster"),
    ...rows(optionalPermissions, "cluster, optional"),
    ...rows(relayPermissions, "namespace, of each run's relay: its own"),
  ];
  t.deepEqual(/^\| resource \| verbs .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(page)?.[1]?.trimEnd().split("\n"), wanted);
});

test("each role is bound to the account of its name, all in one namespace", (t) => {
  const documents = documentsOf(text);
  const bindings = documents.filter(({ kind }) => kind.endsWith("Binding"));
  t.is(bindings.length, 2);
  for (const { metadata, roleRef, subjects } of bindings) {
    t.is(roleRef?.name, metadata.name);
    t.deepEqual(subjects, [{ kind: "ServiceAccount", name: metadata.name, namespace: "tunebench" }]);
  }
  t.deepEqual(
    documents.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name),
    ["tunebench"],
  );
});

test("a relay's account may read the Lease and delete the owner of its run alone, which the harness's may as well", (t) => {
  const run = {
    runName: "tb-20261121t080225z-3f9a",
    namespace: "tunebench",
    ownerUid: "u",
    cluster: {
      images: { node: "node", k6: "k6", locust: "locust" },
      imagePullPolicy: "Never" as const,
      nodeSelector: {},
      tolerations: [],
      shareProcessNamespace: true,
      runnerCpu: "250m",
    },
  };
  const settings = { namespace: run.namespace, run: run.runName, silenceMs: 30_000 };
  const { others } = relayObjects({ run, deadlineSeconds: 60, settings, secret: "s" });
  const role = others.find(({ kind }) => kind === "Role");
  const rules = role !== undefined && "rules" in role ? (role.rules ?? []) : [];
  t.deepEqual(
    rules.map(({ resourceNames, ...rule }) => rule),
    asRules(relayPermissions),
  );
  for (const { resourceNames } of rules) t.deepEqual(resourceNames, [run.runName]);
  // The API server lets nobody grant what they have not.
  for (const { group, resource, verbs } of relayPermissions) {
    const own = runPermissions.find((one) => one.group === group && one.resource === resource)?.verbs ?? [];
    t.deepEqual(
      verbs.filter((verb) => !own.includes(verb)),
      [],
    );
  }
});

test("nothing of it opens a shell or a node, reads a secret, or binds or raises rights", (t) => {
  const all = [...runPermissions, ...clusterPermissions, ...relayPermissions];
  for (const resource of ["pods/exec", "pods/attach", "pods/portforward", "nodes/proxy", "*"]) {
    t.false(all.map(resourceName).includes(resource), resource);
  }
  const verbsOn = (plural: string) => all.filter(({ resource }) => resource === plural).flatMap(({ verbs }) => verbs);
  for (const resource of ["secrets", "serviceaccounts", "roles", "rolebindings", "networkpolicies"]) {
    t.deepEqual(verbsOn(resource), ["create"], resource);
  }
  const nodes = clusterPermissions.find(({ resource }) => resource === "nodes");
  t.deepEqual(nodes?.verbs, ["get", "list"]);
});

test("resources are named as kubectl names them", (t) => {
  t.is(resourceName({ group: "", resource: "pods/log" }), "pods/log");
  t.is(resourceName({ group: "batch", resource: "jobs" }), "jobs.batch");
  t.is(resourceName({ group: "apps", resource: "deployments/scale" }), "deployments.apps/scale");
});
