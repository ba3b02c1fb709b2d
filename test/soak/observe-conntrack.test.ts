/**
 * Connection tracking at a half, nine tenths and all. The maximum is the machine's and is left as it is; each network namespace counts against it for
 * itself, so that as many flows as it says, some 300 bytes each, are made in one that goes with the test.
 */
import { readFileSync } from "node:fs";
import type { Observation } from "../../harness/observe/observation.ts";
import { observe } from "../../harness/observe/observe.ts";
import { openLookAtAll } from "../../harness/subjects/look-at-all.ts";
import { lookAt, nearest } from "../helpers/live-look.ts";
import { openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(["linux", "namespaces", "ss", "go", "conntrack"], "conntrack of a namespace", async (t) => {
  const max = Number(readFileSync("/proc/sys/net/netfilter/nf_conntrack_max", "utf8"));
  const { pid, load, inside, filter } = await openService(t, {
    mode: "sleep",
    sysctls: { "net.netfilter.nf_conntrack_udp_timeout": "600" },
  });
  // What leaves through the loopback device to an address that nobody has is tracked, and comes to nobody.
  await inside(["ip", "route", "add", "198.18.64.0/18", "dev", "lo"]);
  await filter("table ip track { chain out { type filter hook output priority 0; ct state new counter; }; }");
  const flows = (share: number) => load("flows", Math.round(share * max), "udp://198.18.64.1:1/");

  await flows(0.5).ready;
  const half = await lookAt(pid, 500);
  isNamed(half, 0.5);
  t.is(half.outlook.kind, "room");
  await flows(0.4).ready;
  const most = await lookAt(pid, 500);
  isNamed(most, 0.9);
  t.is(most.outlook.kind, "high");
  t.is(most.limits[0]?.limit, "conntrack");

  const look = lookAt(pid, 6000);
  await flows(0.2).ready;
  const full = await look;
  t.is(full.outlook.kind, "reached");
  t.like(full.limits[0], { limit: "conntrack", secondsToFull: 0 });
  const { detail } = full.limits[0] ?? {};
  t.true(detail?.kind === "drops" && (detail.perSecond ?? 0) > 0, JSON.stringify(detail));
  t.deepEqual(
    full.findings.map(({ rule }) => rule),
    ["conntrack-full"],
  );

  const all = await openLookAtAll(300);
  await all.close();
  const told = nearest(observe(all.input(Number.POSITIVE_INFINITY)), "conntrack");
  t.is(told?.secondsToFull, 0);
  t.regex(told?.place ?? "", /\(pid \d+\)$/);

  function isNamed(observation: Observation, share: number): void {
    const limit = nearest(observation, "conntrack");
    t.deepEqual([limit?.of, limit?.subject], [max, "the namespace"]);
    t.true(Math.abs((limit?.share ?? 0) - share) < 0.02, `${limit?.share} of ${share}`);
  }
});
