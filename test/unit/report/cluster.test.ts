import { join } from "node:path";
import test from "ava";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { runReport } from "../../../harness/report/run-report.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { clusterReport } from "../../helpers/cluster-report.ts";
import { isGolden } from "../../helpers/golden.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

const golden = (name: string) => join(import.meta.dirname, "../../fixtures/report", name);

test("a run in a cluster, for a terminal", (t) => {
  isGolden(t, renderTerminal(runReport(clusterReport()), { width: 80, color: false }), golden("cluster.golden.txt"));
});

test("a run in a cluster, in Markdown: the cluster, its nodes and the runners stand at the end", (t) => {
  isGolden(t, renderMarkdown(runReport(clusterReport())), golden("cluster.golden.md"));
});

test("on the page the environment names cluster, nodes and runners", (t) => {
  const page = renderHtml(clusterReport());
  for (const fact of [
    "eks-karpenter (context prod), namespace load-tests",
    "v1.34.3",
    "node-a",
    "m7i.large",
    "6.12.40-amd64",
    "4 pods on node-b, node-c, begun within 1.2 ms of one another",
    "image grafana/k6:2.2.0",
  ]) {
    t.true(page.includes(`<dd>${fact}</dd>`), fact);
  }
  t.true(page.includes("<dt>tunebench ran on</dt>"));
  const own = renderHtml(portExhaustionReport());
  t.false(/tunebench ran on|<dt>Cluster/.test(own));
});
