import { join } from "node:path";
import test from "ava";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { isGolden } from "../../helpers/golden.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";
import { readOnly, routesReport } from "../../helpers/routes-report.ts";

const golden = (name: string) => join(import.meta.dirname, "../../fixtures/report", name);

test("routes compared in a cluster, for a terminal", (t) => {
  isGolden(t, renderTerminal(routesReport(), { width: 80, color: false }), golden("routes.golden.txt"));
});

test("routes compared in a cluster, in Markdown: the cluster, its nodes and the runners stand at the end", (t) => {
  isGolden(t, renderMarkdown(routesReport()), golden("routes.golden.md"));
});

test("the page shows words, reason and remedy, and the environment names cluster, nodes and runners", (t) => {
  const page = renderHtml(routesReport());
  t.true(page.includes("<q>sysctl: error setting key &#39;net.ipv4.tcp_tw_reuse&#39;: Read-only file system</q>"));
  t.true(page.includes(`<strong>Remedy</strong> ${readOnly.remedy}`));
  t.false(page.includes('class="way"'), "profiles that bear their routes' names");
  for (const fact of [
    "eks-karpenter (context prod), namespace load-tests",
    "v1.34.3",
    "node-a",
    "m7i.large",
    "6.12.40-amd64",
    "4 k6 pods on node-b, node-c, begun within 1.2 ms of one another",
    "image grafana/k6:2.2.0",
  ]) {
    t.true(page.includes(`<dd>${fact}</dd>`), fact);
  }
  t.true(page.includes("<dt>tunebench ran on</dt>"));
  const own = renderHtml(portExhaustionReport());
  t.false(/id="refused"|tunebench ran on|<dt>Cluster/.test(own));
});

test("the page says the route of what was refused where the profile has another name", (t) => {
  const report = routesReport();
  for (const { refusal } of report.analysis.profiles) if (refusal !== null) refusal.route = "tuning-cni";
  t.true(renderHtml(report).includes('<span class="way">by tuning-cni</span></h3>'));
});
