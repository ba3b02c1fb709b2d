import { join } from "node:path";
import test from "ava";
import {
  capabilityLines,
  keyTable,
  protectedTable,
  readTable,
  routesText,
} from "../../../harness/commands/doctor-text.ts";
import { capability, lacking } from "../../../harness/core/capability.ts";
import { usualKeys } from "../../../harness/knowledge/settings.ts";
import { clusterCapabilities } from "../../../harness/testbeds/kubernetes/doctor/capabilities.ts";
import { keyRows } from "../../../harness/testbeds/kubernetes/doctor/key-rows.ts";
import type { RouteAnswer } from "../../../harness/testbeds/kubernetes/doctor/probe-routes.ts";
import { keyProbeRows, protectedRows } from "../../../harness/testbeds/kubernetes/doctor/probe-rows.ts";
import { routeRefusal, untakenRefusal } from "../../../harness/testbeds/kubernetes/routes/refusals.ts";
import { cluster, facts, node } from "../../helpers/cluster-facts.ts";
import { isGolden } from "../../helpers/golden.ts";

const readings = {
  "vm.overcommit_memory": { value: "0", writable: true },
  "net.core.somaxconn": { value: "4096", writable: true },
};

function whole(width: number): string {
  const nodes = [node, { ...node, instanceType: null, unusable: "taint team=db:NoSchedule" }];
  const poor = { ...facts, nodes, groups: ["karpenter.sh"] };
  return [
    capabilityLines(clusterCapabilities(poor, cluster), width),
    keyTable(keyRows(facts, usualKeys), width),
    protectedTable(protectedRows(readings), width),
    readTable(keyProbeRows(readings, ["net.core.somaxconn", "net.ipv4.tcp_mem"], 34), width),
  ].join("\n");
}

test("doctor of a cluster, at 80 columns", (t) => {
  const text = whole(80);
  for (const line of text.split("\n")) t.true(line.length <= 80, line);
  isGolden(t, text, join(import.meta.dirname, "../../fixtures/kubernetes/doctor-cluster.golden.txt"));
});

const settings = { "net.core.somaxconn": "65535" };

/** What a one-node Kubernetes says, and a node that may not be changed. */
const answers: RouteAnswer[] = [
  { answer: "refused", ...routeRefusal("pod-sysctls", 'forbidden sysctl: "net.core.somaxconn" not allowlisted') },
  { route: "privileged-init", answer: "works" },
  { route: "node", answer: "not-tried", reason: "it changes settings of a node itself", remedy: "allow it" },
  {
    answer: "refused",
    ...untakenRefusal("none", [{ key: "net.core.somaxconn", asked: "65535", found: "4096" }]),
  },
];

test("the routes of a cluster, at 80 columns: a remedy is said once", (t) => {
  const report = { cluster: "kind", namespace: "load-tests", settings, routes: answers };
  const text = routesText(report, 80);
  for (const line of text.split("\n")) t.true(line.length <= 80, line);
  isGolden(t, text, join(import.meta.dirname, "../../fixtures/kubernetes/doctor-routes.golden.txt"));
  t.notRegex(text, /shows nothing/);
  const routes = [...answers.slice(0, -1), { route: "none", answer: "works" } as const];
  t.regex(routesText({ ...report, routes }, 80), /A pod has that value whatever the route: this shows nothing\./);
});

test("no line is wider than a narrow screen", (t) => {
  for (const line of whole(50).split("\n")) t.true(line.length <= 50, line);
});

test("what experiments do without is told from what is missing", (t) => {
  const text = capabilityLines(
    [
      lacking("a", { detail: "gone", remedy: "find it" }),
      lacking("b", { detail: "gone", remedy: "do" }, false),
      capability("c", { detail: "there" }),
    ],
    80,
  );
  t.is(text, "missing  a: gone\n         remedy: find it\nwithout  b: gone\n         remedy: do\nok       c: there\n");
});

test("a cluster's words reach no terminal's controls, in no table", (t) => {
  const hostile = "a\u001b[31m\n::error::b";
  const text = [
    capabilityLines([capability("x", { detail: hostile })], 80),
    keyTable([{ key: hostile, safeSince: "", kernel: "", here: hostile }], 80),
    readTable([{ key: "k", expected: "", found: hostile, words: "" }], 80),
    routesText(
      {
        cluster: "c",
        namespace: "n",
        settings: { [hostile]: hostile },
        routes: [
          { answer: "refused", route: "none", code: "unknown", words: hostile, reason: hostile, remedy: hostile },
        ],
      },
      80,
    ),
  ].join("");
  t.false(text.includes("\u001b"));
  t.false(/^::/m.test(text), text);
});
