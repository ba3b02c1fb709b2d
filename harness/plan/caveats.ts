import { kernelIsAtLeast } from "../knowledge/kubernetes.ts";
import type { Caveat } from "../results/caveats.ts";
import type { PredictedWalls } from "../results/prediction.ts";
import { blocksNeeded } from "../stats/significance.ts";
import type { Cluster } from "../suite/cluster.ts";
import { keepsConnections, type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { clusterProblems, homeProblems } from "../suite/where-it-runs.ts";
import { goalCaveats } from "./caveats-goals.ts";
import { conditionsCaveats, searchLoadCaveats } from "./caveats-load.ts";
import { measureCaveats } from "./caveats-measures.ts";
import { scriptCaveats } from "./caveats-script.ts";
import { defaultBuckets, portBudget } from "./port-budget.ts";
import { boundMs, fastConnectKernel, hardestLoad, msUntilHeldByEach, targetBudget } from "./predict.ts";

/** What a plan is told with: the suite and what was chosen from it. */
export interface Planned {
  suite: Suite;
  profiles: Profile[];
  blocks: number;
  looks: number[];
  predictions: PredictedWalls[];
  memoryBytes: number;
  /** This machine's release; null where it is not looked at. */
  kernel: string | null;
  /** null = namespaces of this machine. */
  cluster: Pick<Cluster, "runners"> | null;
}

/** What the arithmetic says against this plan before it is run. */
export function planCaveats(planned: Planned): Caveat[] {
  return [
    ...notThere(planned),
    ...privilegedParts(planned),
    ...ordinaryParts(planned),
    ...closedModel(planned),
    ...scriptCaveats(planned.suite),
    ...portsOfTheSuite(planned),
    ...stopBeforeWall(planned),
    ...searchLoadCaveats(planned),
    ...conditionsCaveats(planned),
    ...measureCaveats(planned),
    ...goalCaveats(planned),
    ...generatorPorts(planned),
    ...slowerConnects(planned),
    ...fewBuckets(planned),
    ...defaultBucketsBelowPorts(planned),
    ...tooFewBlocks(planned),
    ...atTheSameTime(planned),
  ];
}

/** What the environment will refuse before anything runs. */
function notThere({ suite, profiles, cluster }: Planned): Caveat[] {
  if (cluster === null) {
    return homeProblems(suite, profiles).map((words) => ({ code: "not-here", words }));
  }
  const problems = clusterProblems(suite, profiles, suite.load.runners ?? cluster.runners);
  return problems.map((words) => ({ code: "not-in-a-cluster", words }));
}

function closedModel({ suite }: Planned): Caveat[] {
  return suite.load.engine === "locust" ? [{ code: "closed-model" }] : [];
}

/** A duet's profiles share the machine, the generator and the upstreams while they are measured. */
function atTheSameTime({ suite }: Planned): Caveat[] {
  return suite.design === "duet" ? [{ code: "arms-at-the-same-time", upstreams: Object.keys(suite.upstreams) }] : [];
}

/** In a cluster a manifest says what its containers may do. */
function privilegedParts({ suite, cluster }: Planned): Caveat[] {
  if (cluster !== null) return [];
  const parts = Object.entries({ target: suite.target, ...suite.upstreams });
  const roles = parts.filter(([, part]) => part.privileged).map(([role]) => role);
  return roles.length === 0 ? [] : [{ code: "privileged-parts", roles }];
}

/** Suites from when parts ran as root ask for it; they go on as they are. */
function ordinaryParts({ suite }: Planned): Caveat[] {
  const parts = Object.entries({ target: suite.target, ...suite.upstreams });
  const roles = parts.filter(([, part]) => part.ordinaryUser === true).map(([role]) => role);
  return roles.length === 0 ? [] : [{ code: "ordinary-user-is-default", roles }];
}

/** A range that the suite itself sets is a condition of the experiment: its walls are not those of the kernel's own range. */
function portsOfTheSuite({ suite }: Planned): Caveat[] {
  const [ports, kernelPorts] = [portBudget(suite.target.sysctls).usable, portBudget({}).usable];
  if (ports === kernelPorts || Object.keys(suite.upstreams).length === 0) return [];
  return [{ code: "ports-of-the-suite", ports, kernelPorts }];
}

/** A search's steps and conditions end when they do: no wall is waited for. */
function stopBeforeWall({ suite, profiles, predictions }: Planned): Caveat[] {
  if (suite.experiment.kind !== "fixed" || suite.design === "duet") return [];
  const walls = profiles.flatMap((profile, i) => {
    const { wallPorts = null, wallSeconds = null } = predictions[i] ?? {};
    const ms = wallPorts === null ? null : msUntilHeldByEach(suiteFor(suite, profile), wallPorts);
    if (wallPorts === null || ms === null || wallSeconds !== null) return [];
    return [{ profile: profile.name, requests: wallPorts, seconds: ms / 1000 }];
  });
  if (walls.length === 0) return [];
  const { requests: stopRequests, afterMs } = suite.stop;
  return [{ code: "stop-before-wall", stopRequests, stopSeconds: afterMs / 1000, walls }];
}

/** Without kept connections k6 closes first, so that its own ports to the one target address run out as the target's do. */
function generatorPorts({ suite, profiles, predictions }: Planned): Caveat[] {
  const first = profiles.filter((profile, i) => {
    const budget = portBudget({ ...suite.generator.sysctls, ...profile.generatorSysctls });
    const load = hardestLoad(suite, profile);
    const spared = budget.reuses || budget.buckets < budget.usable || keepsConnections(load);
    const ms = spared ? null : msUntilHeldByEach(load, budget.usable);
    const targetMs = (predictions[i]?.wallSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    return ms !== null && ms <= boundMs(load) && ms <= targetMs;
  });
  return first.length === 0 ? [] : [{ code: "generator-ports-first", profiles: names(first) }];
}

/** In a cluster the nodes' kernels are not known yet: an assumption (predict.ts). */
function slowerConnects({ predictions, kernel, cluster }: Planned): Caveat[] {
  if (cluster !== null || kernel === null || predictions.every(({ cliffPorts }) => cliffPorts === null)) return [];
  const isOlder = kernelIsAtLeast(kernel, fastConnectKernel) === false;
  return isOlder ? [{ code: "cliff-of-older-kernel", kernel, newer: fastConnectKernel }] : [];
}

function fewBuckets({ suite, profiles, predictions }: Planned): Caveat[] {
  const few = profiles.filter((_, i) => predictions[i]?.bucketsBelowPorts);
  const [one] = few;
  if (one === undefined) return [];
  const { buckets, usable } = targetBudget(suite, one);
  return [{ code: "buckets-below-ports", buckets, ports: usable, profiles: names(few) }];
}

/** A machine of this size, left alone, would overflow silently where the experiment shows a wall. In a cluster nothing larger is set. */
function defaultBucketsBelowPorts({ predictions, memoryBytes, cluster }: Planned): Caveat[] {
  if (cluster !== null) return [];
  const buckets = defaultBuckets(memoryBytes);
  const ports = Math.max(0, ...predictions.map((prediction) => prediction.wallPorts ?? 0));
  return ports <= buckets ? [] : [{ code: "default-buckets-below-ports", buckets, ports }];
}

/** What a verdict on a ratio needs at least, where the level is shared by several looks too. */
function tooFewBlocks({ suite, profiles, blocks, looks }: Planned): Caveat[] {
  const [comparedProfiles, measures] = [profiles.length - 1, suite.judged.length];
  const comparisons = comparedProfiles * measures;
  const neededBlocks = blocksNeeded(comparisons * Math.max(1, looks.length));
  if (comparisons === 0) return [];
  if (blocks < neededBlocks) {
    return [{ code: "too-few-blocks-planned", blocks, neededBlocks, comparedProfiles, measures }];
  }
  if (looks.length > 0 || blocks === suite.blocks.min || suite.blocks.min === suite.blocks.max) return [];
  return [{ code: "no-early-look", blocks, neededBlocks: blocksNeeded(2 * comparisons) + 1 }];
}

function names(profiles: Profile[]): string[] {
  return profiles.map((profile) => profile.name);
}
