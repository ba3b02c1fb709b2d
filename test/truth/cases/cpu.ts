import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { address, go, upstream } from "./parts.ts";

/** What takes whole CPUs: one case at a time. */
export const cpuCases: TruthCase[] = [
  {
    name: "target-cpu",
    injected: "10 ms of CPU a request, 2 CPUs",
    aboutCpu: true,
    core: true,
    suite: { target: go("burn", { MS: "10" }), load: { rate: "350/s" } },
    expected: {
      outcome: "saturated",
      named: { rule: rules.targetCpu, side: "target", limit: { of: 2 }, remedy: { kind: "program", what: "cpus" } },
      never: [rules.programLimit, rules.waitsOnUpstream],
    },
    controls: { calm: { load: { rate: "30/s" } } },
  },
  {
    name: "one-thread",
    injected: "10 ms of CPU a request on one thread (GOMAXPROCS 1)",
    aboutCpu: true,
    core: true,
    suite: { target: go("burn", { MS: "10", GOMAXPROCS: "1" }), load: { rate: "200/s" } },
    expected: {
      outcome: "saturated",
      named: { rule: rules.targetCpu, side: "target", limit: { of: 1 }, remedy: { kind: "program", what: "workers" } },
      never: [rules.programLimit, rules.waitsOnUpstream],
    },
    controls: { calm: { load: { rate: "30/s" } } },
  },
  {
    name: "upstream-cpu",
    injected: "db takes 10 ms of CPU a request, a proxy before it",
    aboutCpu: true,
    suite: {
      target: go("proxy", { UP: address("db") }),
      upstreams: { db: upstream("burn", { MS: "10" }) },
      load: { rate: "350/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.waitsOnUpstream, side: "upstream", role: "db" },
      never: [rules.programLimit, rules.targetCpu],
    },
    controls: { calm: { load: { rate: "30/s" } } },
  },
  {
    name: "cpu-quota",
    injected: "a control group gives the target a fifth of a CPU, 4 ms a request",
    aboutCpu: true,
    core: true,
    needs: ["cpu-group"],
    beside: { group: "cpu", limit: 0.2 },
    suite: {
      target: {
        ...go("burn", { MS: "4" }),
        command: ["sh", "in-group.sh", "../bin/service", "burn"],
        privileged: true,
      },
      load: { rate: "150/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.cgroupThrottling, side: "target", remedy: { kind: "program", what: "cpu-limit" } },
      never: [rules.programLimit],
    },
    controls: { outside: { command: ["../bin/service", "burn"], load: { rate: "30/s" } } },
  },
  {
    name: "cpu-of-others",
    injected: "somebody else's program takes one of the CPUs",
    beside: { busyLoops: 1 },
    suite: { target: go("sleep", { MS: "5" }), load: { rate: "100/s" } },
    expected: { outcome: "held", named: { caveat: "cpu-taken-by-others" }, never: [rules.targetCpu] },
    controls: {},
  },
  {
    name: "scan-cliff",
    injected: "half of 24,000 ports in TIME_WAIT, tcp_tw_reuse 0, 2,500 dials a second",
    aboutCpu: true,
    suite: {
      target: {
        ...go("dial", { UP: address("db") }),
        sysctls: { "net.ipv4.tcp_tw_reuse": 0, "net.ipv4.ip_local_port_range": "32768 56767" },
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: "2500/s", virtualUsers: 200 },
      stop: { after: "9s", cliff: { windows: 4 } },
    },
    expected: {
      outcome: "degraded",
      named: { rule: rules.scanCliff, side: "target", remedy: { kind: "setting", key: "net.ipv4.tcp_tw_reuse" } },
      never: [rules.programLimit],
    },
    controls: { reuse: { sysctls: { "net.ipv4.tcp_tw_reuse": 1 } } },
  },
];
