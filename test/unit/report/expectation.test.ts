/** What is told of a delivery that was looked for: golden files, at 80 columns and as Markdown. */
import { join } from "node:path";
import test from "ava";
import { type Expectation, holdAgainst, type SettingsFound } from "../../../harness/deliver/expectation.ts";
import { renderMarkdown } from "../../../harness/report/markdown.ts";
import { expectationReport } from "../../../harness/report/sections/expectation.ts";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { isGolden } from "../../helpers/golden.ts";

const run: Expectation = {
  origin: { kind: "run", id: "20261121T080225Z-port-exhaustion-3f9a", profile: "all", baseline: "baseline" },
  settings: [
    { key: "net.ipv4.ip_local_port_range", values: ["1024 65535"], scope: "pod" },
    { key: "net.core.somaxconn", values: ["65535"], scope: "pod" },
    { key: "net.core.netdev_max_backlog", values: ["5000"], scope: "node" },
  ],
};

function pod(name: string, range: string | null, queue: string | null, limit: number | null = null): SettingsFound {
  return {
    subject: `shop/${name}`,
    kind: "pod",
    values: { "net.ipv4.ip_local_port_range": range, "net.core.somaxconn": queue },
    listeners: [{ port: 8080, limit }],
  };
}

const has = pod("web-7d9f4c-1", "1024\t65535", "65535", 65_535);

const cases: Record<string, SettingsFound[]> = {
  "all-there": [has, pod("web-7d9f4c-2", "1024 65535", "65535", 511)],
  missing: [has, pod("web-7d9f4c-2", "32768 60999", "65535"), pod("web-7d9f4c-3", "32768 60999", "4096")],
  "older-listener": [has, pod("web-7d9f4c-2", "1024 65535", "65535", 4096)],
  unreadable: [has, pod("web-7d9f4c-2", null, null)],
  elsewhere: [
    { subject: "node worker-1", kind: "node", values: { "net.core.netdev_max_backlog": "1000" }, listeners: [] },
  ],
};

for (const [title, places] of Object.entries(cases)) {
  test(`what is told: ${title}`, (t) => {
    const report = expectationReport(run, holdAgainst(run, places));
    const terminal = renderTerminal(report, { width: 80, color: false });
    t.true(terminal.split("\n").every((line) => line.length <= 80));
    const file = (ending: string) => join(import.meta.dirname, `../../fixtures/report/expectation-${title}.${ending}`);
    isGolden(t, terminal, file("txt"));
    isGolden(t, renderMarkdown(report), file("md"));
  });
}

test("nothing that could be found here: said, and where to look", (t) => {
  const node: Expectation = { ...run, settings: run.settings.filter(({ scope }) => scope === "node") };
  const report = expectationReport(node, holdAgainst(node, [has]));
  t.regex(report.headline, /^None of what was delivered/);
  t.regex(renderTerminal(report, { width: 80, color: false }), /look at it there \(--node\)/);
});
