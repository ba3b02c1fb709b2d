import { availableParallelism } from "node:os";
import { isTargetRole } from "../../core/roles.ts";
import { readSteering } from "../../sampling/steering.ts";
import { cpusOfList } from "../../suite/cpu-list.ts";
import { rolesOf } from "../../suite/suite.ts";
import { partIn, type TrialFacts, type TrialSpec } from "../testbed.ts";
import { enterArgv, runInside } from "./enter.ts";
import { type Holder, holderOf } from "./holder.ts";
import { addressesOf, interfacesOf } from "./links.ts";
import type { Namespaces } from "./namespaces.ts";
import { readRpsCpus } from "./steering.ts";

/** What is so as the load begins: addresses, CPUs, accept queues' limits, and who does the receive work. */
export async function trialFacts({ holders, links }: Namespaces, spec: TrialSpec): Promise<TrialFacts> {
  const { suite } = spec;
  const roles = rolesOf(suite);
  // Copies of one profile are all alike; in a duet each is another's.
  const listens = roles.filter((role) => !isTargetRole(role) || role === "target" || spec.beside !== undefined);
  const listening = listens
    .filter((role) => role !== "generator")
    .map((role) => [role, (isTargetRole(role) ? suite.target : suite.upstreams[role])?.port ?? 0] as const);
  const [limits, steering] = await Promise.all([
    Promise.all(
      listening.map(async ([role, port]) => [role, await listenLimitOf(holderOf(holders, role), port)] as const),
    ),
    readSteering(),
  ]);
  const masks = roles.map((role) => [role, readRpsCpus(holderOf(holders, role), interfacesOf(links, role))] as const);
  const pins = roles.map((role) => {
    const { cpus } = role === "generator" ? suite.generator : partIn(spec, role);
    return [role, cpus === null ? null : cpusOfList(cpus)] as const;
  });
  const cpus = availableParallelism();
  const cpusAllowed = Object.fromEntries(pins);
  return {
    addresses: addressesOf(links),
    cpus,
    cpusAllowed,
    generator: { contained: false, cores: cpusAllowed.generator?.length ?? cpus, startKnownToMs: 250 },
    listenLimits: Object.fromEntries(limits),
    steering: { ...steering, rpsCpus: Object.fromEntries(masks) },
  };
}

/** Send-Q of a listening row is the accept queue's limit (ss(8)); with several sockets on the port, the smallest. */
async function listenLimitOf(holder: Holder, port: number): Promise<number | null> {
  const result = await runInside(holder, enterArgv(holder), ["ss", "-Hltn", `sport = :${port}`]);
  const limits = result.stdout
    .split("\n")
    .map((row) => Number(row.trim().split(/\s+/)[2] ?? Number.NaN))
    .filter(Number.isInteger);
  return result.exitCode === 0 && limits.length > 0 ? Math.min(...limits) : null;
}
