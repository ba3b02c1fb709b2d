/** docs/examples/grafana-dashboard.json: of Grafana's schema, and of metrics and labels that a pushed run has. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { metricFamilies, prometheusName } from "../../../../harness/report/exports/metric-families.ts";
import { treeFile } from "../../../helpers/cli.ts";
import { portExhaustionReport } from "../../../helpers/report-fixture.ts";

const text = readFileSync(treeFile("docs/examples/grafana-dashboard.json"), "utf8");

test("every key is one that Grafana's own types have, with a value of its type", (t) => {
  const folder = mkdtempSync(treeFile("node_modules", ".dashboard-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const check = (json: string) => {
    const file = join(folder, "dashboard.ts");
    writeFileSync(
      file,
      `import type { Dashboard } from "@grafana/schema";\nexport const dashboard: Dashboard = ${json};\n`,
    );
    execFileSync(treeFile("node_modules/.bin/tsc"), [...plain, file], { stdio: "pipe" });
  };
  t.notThrows(() => check(text));
  t.throws(() => check(text.replace('"schemaVersion": 39', '"schemaVersion": "39"')));
  t.throws(() => check(text.replace('"gridPos"', '"gridPosition"')));
});

const plain = "--ignoreConfig --noEmit --skipLibCheck --strict --module nodenext --target es2022".split(" ");

test("its queries ask for metrics and labels that a run has", (t) => {
  const families = new Map(
    metricFamilies(portExhaustionReport()).map((family) => [
      prometheusName(family),
      new Set(family.points.flatMap(({ labels }) => Object.keys(labels))),
    ]),
  );
  const queries = [...text.matchAll(/tunebench_[a-z0-9_]+(\{(?:[^}"]|\\"[^"]*\\")*\})?/g)];
  t.true(queries.length >= 8);
  for (const [query] of queries) {
    const [name = "", selectors = ""] = query.split("{");
    const labels = families.get(name);
    t.true(labels !== undefined, name);
    for (const [, label = ""] of selectors.matchAll(/([a-z_]+)=~?\\"/g))
      t.true(labels?.has(label), `${name}: ${label}`);
  }
});
