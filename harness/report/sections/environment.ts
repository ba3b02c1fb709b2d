import { formatBytes } from "../../core/numbers.ts";
import { formatChosen, formatPercent, formatRate } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { TrialRecord } from "../../results/trial.ts";
import type { Section, Text } from "../blocks.ts";
import { clusterFacts } from "../cluster-facts.ts";
import type { ReportInput } from "../report-input.ts";

type Fact = [name: string, value: Text];

/** The machine, the tools, the load and what watching cost: what another run must share to be compared with this one. */
export function environmentSection(input: ReportInput): Section {
  const facts = [
    ...machineFacts(input),
    ...loadFacts(input),
    ...(input.trials[0] === undefined ? [] : steeringFacts(input.trials[0])),
    ...watchingFacts(input),
  ];
  return {
    id: "environment",
    title: "Environment",
    reach: "documents",
    blocks: [{ kind: "facts", facts: facts.map(([name, value]) => ({ name, values: [value] })) }],
  };
}

function machineFacts(input: ReportInput): Fact[] {
  const { run } = input;
  const { provenance } = run;
  const { kind, cluster, rootless, kubernetes } = provenance.environment;
  const machine: [string, string][] = [
    ["Kernel", provenance.kernel],
    ["CPUs", `${provenance.cpus} (${provenance.cpuModel})`],
    ["Memory", formatBytes(provenance.memoryBytes)],
  ];
  const own: Fact[] = [...machine, ["Environment", `${kind} on ${cluster}, ${rootless ? "rootless" : "as root"}`]];
  const elsewhere: Fact[] = [
    ...clusterFacts(input),
    ["tunebench ran on", machine.map(([, value]) => value).join(", ")],
  ];
  return [
    ...(run.description === null ? [] : [["Suite", run.description] as Fact]),
    ["Run", { kind: "code", text: run.id }],
    ["Started", run.startedAt],
    ["Seed", String(run.seed)],
    ...(kubernetes === null ? own : elsewhere),
    ["Load by", provenance.engine],
    ["Node", provenance.node],
    ["tunebench", provenance.tunebench],
  ];
}

function loadFacts({ run }: ReportInput): Fact[] {
  const { load, stop } = run;
  const connections = load.keepConnections ? "kept between requests" : "one for each request";
  const stops = [
    ...(stop.fault === null
      ? []
      : [
          `${stop.fault.kind ?? "any fault"} in ${formatChosen(stop.fault.ratio, "fraction")} of requests for ${counted(stop.fault.windows, "window")}`,
        ]),
    ...(stop.requests === null ? [] : [counted(stop.requests, "request")]),
    ...(stop.latency === null
      ? []
      : [
          `${stop.latency.quantile} above ${formatChosen(stop.latency.aboveMs, "ms")} for ${counted(stop.latency.windows, "window")}`,
        ]),
    ...(stop.cliff === null ? [] : [`scan cliff for ${counted(stop.cliff.windows, "window")}`]),
    formatChosen(stop.afterMs / 1000, "s"),
  ];
  return [
    [
      "Load",
      `${load.engine === "locust" ? "closed model" : "open model"}, up to ${formatRate(load.peakPerSecond)} after a ramp of ${formatChosen(load.rampSeconds, "s")}; ${counted(load.virtualUsers, "virtual user")}`,
    ],
    ["Client connections", connections],
    ["Stopped at the first of", stops.join("; ")],
  ];
}

function steeringFacts({ evidence }: TrialRecord): Fact[] {
  const { rpsCpus, irqbalanceRunning } = evidence.steering;
  const masks = Object.entries(rpsCpus).flatMap(([role, mask]) => (mask === null ? [] : [`${role} ${mask}`]));
  const balance = irqbalanceRunning === null ? "not known" : irqbalanceRunning ? "running" : "not running";
  return [...(masks.length === 0 ? [] : [["rps_cpus", masks.join(", ")] as Fact]), ["irqbalance", balance]];
}

/** The dearest trial's cost of each sampler. */
function watchingFacts({ trials }: ReportInput): Fact[] {
  const most = new Map<string, number>();
  for (const { sampler, shareOfCore } of trials.flatMap(({ samplers }) => samplers))
    most.set(sampler, Math.max(shareOfCore, most.get(sampler) ?? 0));
  if (most.size === 0) return [];
  const costs = [...most].map(([sampler, share]) => `${sampler} ${formatPercent(share)}`);
  return [["Watching cost, of a core", `at most ${costs.join(", ")}`]];
}
