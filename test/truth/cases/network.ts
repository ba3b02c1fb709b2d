import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { go, python } from "./parts.ts";

const large = ["../bin/service", "large"];

/** What happens between the parts. */
export const networkCases: TruthCase[] = [
  {
    name: "packet-loss",
    injected: "3% of the segments to the target are lost, a connection for each request",
    needs: ["root"],
    core: true,
    suite: {
      // A filter at a socket is root's alone on a kernel that mends its CPU's branch predictor (seen on 6.18).
      target: { ...python("threaded.py", { DROP_PERCENT: "3" }), privileged: true },
      generator: { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" } },
      load: { rate: "120/s", virtualUsers: 200, keepConnections: false },
      stop: { after: "6s", latency: { p99: "150ms", windows: 4 } },
    },
    expected: {
      outcome: "degraded",
      named: { rule: rules.packetLoss, side: "node" },
      never: [rules.acceptQueue, rules.synQueue, rules.programLimit],
    },
    controls: { lossless: { env: { DROP_PERCENT: "0" } } },
  },
  {
    name: "bandwidth",
    injected: "a token bucket of 40 Mbit/s on the target's interface, answers of 64 KB",
    needs: ["root", "tbf"],
    suite: {
      target: {
        ...go("large", { KB: "64", RATE: "40mbit" }),
        command: ["sh", "narrow.sh", ...large],
        privileged: true,
      },
      load: { rate: "200/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.bandwidth, side: "node" },
      never: [rules.programLimit, rules.packetLoss],
    },
    controls: { open: { command: large } },
  },
];
