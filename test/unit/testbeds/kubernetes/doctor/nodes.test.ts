import test from "ava";
import type { Toleration } from "../../../../../harness/suite/cluster.ts";
import { unusableBecause } from "../../../../../harness/testbeds/kubernetes/doctor/nodes.ts";

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

function why(taints: Taint[], tolerations: Toleration[]): string | null {
  return unusableBecause({ spec: { taints } }, { nodeSelector: {}, tolerations });
}

const pool: Taint = { key: "team", value: "db", effect: "NoSchedule" };

test("a node without taints takes the pods; a cordoned one doesn't", (t) => {
  t.is(why([], []), null);
  t.is(unusableBecause({}, { nodeSelector: {}, tolerations: [] }), null);
  t.is(unusableBecause({ spec: { unschedulable: true } }, { nodeSelector: {}, tolerations: [] }), "cordoned");
});

test("a node needs every label of the selector", (t) => {
  const node = { metadata: { labels: { a: "1", b: "2" } } };
  t.is(unusableBecause(node, { nodeSelector: { a: "1", b: "2" }, tolerations: [] }), null);
  t.is(unusableBecause(node, { nodeSelector: { a: "1", b: "3" }, tolerations: [] }), "not of the node selector");
});

test("a taint is tolerated by key and value, by Exists, or by an Exists without a key", (t) => {
  t.is(why([pool], []), "taint team=db:NoSchedule");
  t.is(why([{ key: "gpu", effect: "NoExecute" }], []), "taint gpu:NoExecute");
  for (const toleration of [
    { key: "team", value: "db", effect: "NoSchedule" },
    { key: "team", operator: "Equal", value: "db" },
    { key: "team", operator: "Exists" },
    { operator: "Exists" },
  ] as const) {
    t.is(why([pool], [toleration]), null, JSON.stringify(toleration));
  }
});

test("another value, effect or key tolerates nothing", (t) => {
  for (const toleration of [
    { key: "team", value: "web" },
    { key: "team" },
    { key: "team", operator: "Exists", effect: "NoExecute" },
    { key: "other", operator: "Exists" },
  ] as const) {
    t.is(why([pool], [toleration]), "taint team=db:NoSchedule", JSON.stringify(toleration));
  }
});

test("all taints must be tolerated, but for those that are only a preference", (t) => {
  const preference = { ...pool, effect: "PreferNoSchedule" };
  t.is(why([preference], []), null);
  t.is(why([pool, { key: "x", effect: "NoSchedule" }], [{ key: "team", operator: "Exists" }]), "taint x:NoSchedule");
});
