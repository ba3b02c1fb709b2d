import type { PredictedWalls } from "../results/run.ts";
import type { RateShape, Suite } from "../suite/suite.ts";
import type { Plan } from "./make-plan.ts";
import { columns, wrap } from "./text.ts";

/** The text of `tunebench plan`: what would run, how long, where the walls are expected, and what speaks against it. */
export function describePlan(suite: Suite, plan: Plan, { width }: { width: number }): string {
  const lines = [
    ...wrap(headline(suite, plan), width, ""),
    "",
    ...wrap(`Load: ${loadText(suite.load.rate)}; a trial ends at ${stopText(suite)}.`, width, ""),
    "",
    "Order (seeded, each block has every profile once):",
    ...orderLines(plan, width),
    "",
    ...wallLines(suite, plan.predictions, width),
    ...(plan.warnings.length === 0 ? [] : ["", "Doubts:"]),
    ...plan.warnings.flatMap((doubt) => wrap(`  ! ${doubt.message}`, width, "    ")),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(suite: Suite, plan: Plan): string {
  const profiles = count(plan.profiles.length, "profile");
  const trials = count(plan.order.length, "trial");
  return `${suite.name}: ${profiles} x ${count(plan.blocks, "block")} = ${trials}, at most about ${duration(plan.expectedSeconds)} (baseline ${suite.baseline}, seed ${plan.seed})`;
}

function loadText(rate: RateShape): string {
  if (rate.kind === "constant") return `${number(rate.perSecond)}/s`;
  if (rate.kind === "ramp") {
    return `${number(rate.fromPerSecond)}/s to ${number(rate.toPerSecond)}/s within ${secondsText(rate.rampMs / 1000)}`;
  }
  if (rate.kind === "phases")
    return rate.phases
      .map((phase) => `${number(phase.perSecond)}/s for ${secondsText(phase.lastingMs / 1000)}`)
      .join(", then ");
  const burst = `bursts of ${number(rate.burstPerSecond)}/s for ${secondsText(rate.burstMs / 1000)}`;
  return `${number(rate.basePerSecond)}/s with ${burst} every ${secondsText(rate.everyMs / 1000)}`;
}

function stopText({ stop }: Suite): string {
  const ends = [`${secondsText(stop.afterMs / 1000)}`];
  if (stop.requests !== null) ends.unshift(`${number(stop.requests)} requests`);
  if (stop.cliff !== null) ends.unshift(`a scan cliff of ${count(stop.cliff.windows, "window")}`);
  if (stop.latency !== null) {
    const { quantile, aboveMs, windows } = stop.latency;
    ends.unshift(`${quantile} above ${number(aboveMs)} ms in ${count(windows, "window")}`);
  }
  if (stop.fault !== null) {
    const { kind, ratio, windows } = stop.fault;
    ends.unshift(`${kind ?? "any fault"} in ${number(ratio * 100)}% of requests in ${count(windows, "window")}`);
  }
  return ends.length === 1 ? `${ends[0]}` : `${ends.slice(0, -1).join(", ")} or ${ends.at(-1)}, whichever is first`;
}

function orderLines(plan: Plan, width: number): string[] {
  const digits = String(plan.blocks).length;
  return Array.from({ length: plan.blocks }, (_, i) => i + 1).flatMap((block) => {
    const names = plan.order.filter((trial) => trial.block === block).map((trial) => trial.profile);
    const label = `  ${String(block).padStart(digits)}: `;
    return wrap(`${label}${names.join(" ")}`, width, " ".repeat(label.length));
  });
}

/** Without an upstream there is nothing to dial, so no table of walls. */
function wallLines(suite: Suite, predictions: PredictedWalls[], width: number): string[] {
  const assumptions = assumptionLines(predictions, width);
  if (Object.keys(suite.upstreams).length === 0) return ["Expected walls: none", ...assumptions];
  const head = ["profile", "ports", "cliff", "wall", "sustains"];
  const title = "Expected walls (ports held towards one upstream, and when):";
  return [title, ...columns(head, predictions.map(wallRow), width), ...assumptions];
}

function wallRow(walls: PredictedWalls): string[] {
  return [
    walls.profile,
    number(walls.usablePorts),
    wallText(walls.cliffPorts, walls.cliffSeconds),
    wallText(walls.wallPorts, walls.wallSeconds),
    `${number(Math.floor(walls.sustainablePerSecond))}/s`,
  ];
}

function wallText(ports: number | null, seconds: number | null): string {
  if (ports === null) return "none";
  return seconds === null ? `${number(ports)}, not reached` : `${number(ports)} at ${secondsText(seconds)}`;
}

/** Each assumption once, with the profiles that it is made for unless all share it. */
function assumptionLines(predictions: PredictedWalls[], width: number): string[] {
  const all = new Set(predictions.flatMap((prediction) => prediction.assumptions));
  return [...all].flatMap((assumption) => {
    const profiles = predictions.filter((prediction) => prediction.assumptions.includes(assumption));
    const whose =
      profiles.length === predictions.length ? "" : ` [${profiles.map((walls) => walls.profile).join(" ")}]`;
    return wrap(`  - ${assumption}${whose}`, width, "    ");
  });
}

function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

function secondsText(seconds: number): string {
  return `${seconds.toLocaleString("en-US", { maximumFractionDigits: 1 })} s`;
}

/** Rounded up: it is a bound. */
function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
