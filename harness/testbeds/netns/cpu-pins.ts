import { readFileSync } from "node:fs";
import { cpusInMask, cpusOfList } from "../../suite/cpu-list.ts";
import type { Part } from "../../suite/suite.ts";
import { toolPath } from "./find-program.ts";
import { type PartsRequest, variantsOf } from "./preflight-parts.ts";
import { cpusOfMask } from "./steering.ts";

/** argv in front of a part's program that pins it to CPUs. */
export function pinnedTo(cpus: Part["cpus"]): string[] {
  return cpus === null ? [] : [toolPath("taskset"), "-c", cpus];
}

/** CPUs to pin to or to steer to that this machine has not; sentences. */
export function cpuProblems(request: PartsRequest): string[] {
  const online = cpusOfList(readFileSync("/sys/devices/system/cpu/online", "utf8")) ?? [];
  const variants = variantsOf(request);
  const pins = [{ role: "generator", cpus: request.suite.generator.cpus }].concat(
    variants.map(({ role, part }) => ({ role, cpus: part.cpus })),
  );
  const problems = [
    ...pins.map(({ role, cpus }) => missingCpus(`${role}: cpus`, cpus, cpusOfList, online)),
    ...variants.map(({ role, part }) => missingCpus(`${role}: rps`, part.rps, cpusOfRps, online)),
  ];
  return [...new Set(problems.filter((problem) => problem !== null))];
}

function missingCpus(
  what: string,
  text: string | null,
  parse: (text: string) => number[] | null,
  online: number[],
): string | null {
  if (text === null) return null;
  const cpus = parse(text);
  if (cpus === null) return `${what}: ${JSON.stringify(text)} names no CPUs`;
  const missing = cpus.filter((cpu) => !online.includes(cpu));
  if (missing.length === 0) return null;
  return `${what}: ${JSON.stringify(text)} names CPU ${missing[0]}; this machine has ${online.join(", ")}`;
}

function cpusOfRps(mask: string): number[] | null {
  const bits = cpusOfMask(mask);
  return bits === null ? null : cpusInMask(bits);
}
