import { join } from "node:path";
import test from "ava";
import type { Observation } from "../../../../harness/observe/observation.ts";
import { observe } from "../../../../harness/observe/observe.ts";
import { renderMarkdown } from "../../../../harness/report/markdown.ts";
import { observationRecord } from "../../../../harness/report/observe/observe-json.ts";
import { observeReport } from "../../../../harness/report/observe/observe-report.ts";
import { prometheusText } from "../../../../harness/report/observe/prometheus.ts";
import { renderTerminal } from "../../../../harness/report/terminal.ts";
import type { LiveSteering } from "../../../../harness/results/live-samples.ts";
import { isGolden } from "../../../helpers/golden.ts";
import { counters, dialled, input, seen, table } from "../../../helpers/live-samples.ts";

const fixture = (name: string) => join(import.meta.dirname, "../../../fixtures/report", name);

/** Ports that run out, a queue that overflows, a setting that somebody changed, and something that could not be seen. */
function troubled(): Observation {
  const samples = [0, 10_000].flatMap((atMs) => [
    table(atMs, {
      destinations: [dialled(505, 35 + atMs / 1000), dialled(1, 20, 40)].map((one, place) => ({
        ...one,
        port: 3306 + place,
      })),
      listeners: [{ port: 8080, queued: 512, halfOpen: 0 }],
    }),
    counters(atMs, { ListenOverflows: atMs / 100, RetransSegs: atMs / 1000, OutSegs: atMs }),
  ]);
  const own = seen(samples, {
    names: { "10.0.3.7:3306": "db" },
    caveats: [
      { code: "not-readable", what: "descriptors", why: { kind: "rights" }, place: null },
      { code: "time-waits-of-namespace", processes: 3 },
    ],
  });
  own.settings.push({
    key: "net.ipv4.tcp_fin_timeout",
    value: "15",
    origin: { kind: "changed", by: "runtime", kernelDefault: "60" },
  });
  return observe(input([own], { steering }));
}

const irq = (queue: string, effectiveAffinity: string | null) => ({
  ...{ irq: 38, name: `virtio2-${queue}.0`, affinity: "0-1", effectiveAffinity },
});
const steering: LiveSteering = { rpsCpus: "0", irqs: [irq("input", "1"), irq("output", null)], tuners: ["irqbalance"] };

const healthy = () => observe(input([seen([table(0), counters(0), table(10_000), counters(10_000)])]));
const many = () =>
  observe(
    input([
      seen([table(0), table(2000)], { subject: "pod web-7d9f" }),
      seen([table(0, { destinations: [dialled(600, 40)] }), table(2000, { destinations: [dialled(600, 42)] })], {
        subject: "pod shop-5c6b",
      }),
    ]),
  );

for (const [name, make] of Object.entries({ troubled, healthy, many })) {
  test(`${name}: terminal at 80 and 120 columns, Markdown, prometheus`, (t) => {
    for (const width of [80, 120])
      isGolden(
        t,
        renderTerminal(observeReport(make()), { width, color: false }),
        fixture(`observe-${name}-${width}.golden.txt`),
      );
    isGolden(t, renderMarkdown(observeReport(make())), fixture(`observe-${name}.golden.md`));
    isGolden(t, prometheusText(make()), fixture(`observe-${name}.golden.prom`));
  });

  for (const width of [40, 60, 80, 120]) {
    test(`${name}: no line is wider than ${width} columns`, (t) => {
      const text = renderTerminal(observeReport(make()), { width, color: false });
      t.deepEqual(
        text.split("\n").filter((line) => line.length > width),
        [],
      );
    });
  }
}

test("JSON carries the verdict, codes and numbers", (t) => {
  const record = JSON.parse(JSON.stringify(observationRecord(troubled())));
  for (const key of ["verdict", "limits", "findings", "settings", "caveats"]) t.true(key in record, key);
  for (const limit of record.limits)
    for (const key of ["limit", "subject", "used", "of", "share", "perSecond", "secondsToFull"])
      t.true(key in limit, key);
  t.is(record.outlook.kind, "reached");
});

test("names of unknown origin are shown, and escape nothing", (t) => {
  const evil = 'x"\\\n\u001b[31m{}';
  const observation = observe(input([seen([table(0), table(1000)], { subject: evil }), seen([table(0), table(1000)])]));
  t.false(renderTerminal(observeReport(observation), { width: 80, color: false }).includes("\u001b"));
  const text = prometheusText(observation);
  for (const line of text.trimEnd().split("\n"))
    t.regex(
      line,
      /^# (?:HELP|TYPE) tunebench_\w+ .+$|^tunebench_\w+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+.\de]+$/,
    );
});
