import { targetRoles } from "../core/roles.ts";
import type { ConditionResult } from "../results/goals.ts";
import type { RoleCpuSample } from "../results/samples.ts";
import { roleCpuOf, type Span } from "./deltas.ts";
import { nearestInTime } from "./port-use.ts";
import { inputRoles, type TrialInput } from "./trial-input.ts";
import { largest, sum } from "./windows.ts";

/** CPU and memory of roles over a span. */
export type ConditionUse = Pick<ConditionResult, "cpuCores" | "memoryBytes">;

/** All roles are looked at in one go: a role without a sample so near had no program then. */
const sameLookMs = 500;

/**
 * Mean and highest second of each role's cores, mean and highest look of its memory, from the samples within a span. With
 * several copies of the target `target` is all of them together, and target-1, target-2 ... are the copies.
 */
export function conditionUse(input: TrialInput, span: Span): ConditionUse {
  const copies = targetRoles(input.replicas);
  const named = inputRoles(input).flatMap((role): [string, string[]][] => {
    const copy = copies.indexOf(role);
    if (copy < 0 || copies.length === 1) return [[role, [role]]];
    return [...(copy === 0 ? [["target", copies] as [string, string[]]] : []), [`target-${copy + 1}`, [role]]];
  });
  const all = named.map(([name, roles]) => [name, useOf(input, roles, span)] as const);
  return {
    cpuCores: Object.fromEntries(all.map(([name, { cores }]) => [name, cores])),
    memoryBytes: Object.fromEntries(all.map(([name, { memory }]) => [name, memory])),
  };
}

interface Level {
  mean: number;
  peak: number;
}

function useOf({ samples }: TrialInput, roles: string[], span: Span): { cores: Level | null; memory: Level | null } {
  const inside = roles.map((role) =>
    roleCpuOf(samples, role).filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs),
  );
  const steps = inside.map(stepsOf);
  const times = inside.flat().map(({ atMs }) => atMs);
  return { cores: coresOf(inside, steps), memory: memoryOf(inside, times) };
}

/** Cores between two looks. */
interface Step extends Span {
  cores: number;
}

function stepsOf(samples: RoleCpuSample[]): Step[] {
  return samples.slice(1).flatMap((sample, i) => {
    const before = samples[i] ?? sample;
    const ms = sample.atMs - before.atMs;
    return ms <= 0 ? [] : [{ fromMs: before.atMs, toMs: sample.atMs, cores: (sample.cpuMs - before.cpuMs) / ms }];
  });
}

/** The mean is over the time between a role's first and last look; the peak is of the roles' sum at one moment. */
function coresOf(samples: RoleCpuSample[][], steps: Step[][]): Level | null {
  const spans = samples.flatMap((own) => {
    const [first, last] = [own[0], own.at(-1)];
    return first === undefined || last === undefined || last.atMs <= first.atMs ? [] : [{ first, last }];
  });
  if (spans.length === 0) return null;
  const longestMs = largest(spans.map(({ first, last }) => last.atMs - first.atMs));
  const spentMs = sum(spans.map(({ first, last }) => last.cpuMs - first.cpuMs));
  const middles = steps.flat().map(({ fromMs, toMs }) => (fromMs + toMs) / 2);
  const at = (ms: number) =>
    sum(steps.map((own) => own.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)?.cores ?? 0));
  return { mean: spentMs / longestMs, peak: largest(middles.map(at)) };
}

function memoryOf(samples: RoleCpuSample[][], times: number[]): Level | null {
  const held = (own: RoleCpuSample[], ms: number) => {
    const look = nearestInTime(own, ms);
    return look === null || Math.abs(ms - look.atMs) > sameLookMs ? 0 : (look.memoryBytes ?? 0);
  };
  const levels = times.map((ms) => sum(samples.map((own) => held(own, ms)))).filter((bytes) => bytes > 0);
  return levels.length === 0 ? null : { mean: sum(levels) / levels.length, peak: largest(levels) };
}
