import type { NodeSample, Sample } from "../../results/samples.ts";
import type { HeatStrip } from "./page-data.ts";
import { everyNth, significant } from "./thin.ts";

const counters = { interrupts: "networkInterrupts", softirqs: "netRxSoftirqs", busy: "cpuBusyMs" } as const;

/** Network interrupts and NET_RX softirqs a second on each CPU, and how busy it was; a kind that never happened has no strip. */
export function heatStrips(samples: Sample[], firstRequestMs: number, points: number): HeatStrip[] {
  const looks = everyNth(
    samples.filter((sample): sample is NodeSample => sample.kind === "node"),
    points,
  );
  return (["interrupts", "softirqs", "busy"] as const)
    .map((work) => heatStrip(work, looks, firstRequestMs))
    .filter((strip) => strip.peakPerSecond > 0);
}

function heatStrip(work: HeatStrip["work"], looks: NodeSample[], firstRequestMs: number): HeatStrip {
  const counter = counters[work];
  const cpus = Math.max(0, ...looks.map((look) => look[counter].length));
  const steps = looks.slice(1).map((look, index) => ({ from: looks[index] ?? look, to: look }));
  const perSecond = Array.from({ length: cpus }, (_, cpu) =>
    steps.map(({ from, to }) => {
      const seconds = (to.atMs - from.atMs) / 1000;
      const count = (to[counter][cpu] ?? 0) - (from[counter][cpu] ?? 0);
      return seconds > 0 ? significant(Math.max(0, count) / seconds, 3) : 0;
    }),
  );
  return {
    work,
    edges: looks.map((look) => significant((look.atMs - firstRequestMs) / 1000, 5)),
    perSecond,
    peakPerSecond: perSecond.flat().reduce((most, value) => Math.max(most, value), 0),
  };
}
