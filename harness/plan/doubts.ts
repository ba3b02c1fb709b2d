import { formatCount } from "../core/numbers.ts";
import { formatSeconds } from "../core/units.ts";
import { counted } from "../core/words.ts";
import type { PredictedWalls } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import { blocksNeeded } from "../stats/blocks-needed.ts";
import type { Cluster } from "../suite/cluster.ts";
import { clusterProblems } from "../suite/cluster-problems.ts";
import { homeProblems } from "../suite/home-problems.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { suiteFor } from "../suite/suite-for.ts";
import { goalDoubts } from "./doubts-goals.ts";
import { conditionsDoubts, searchDoubts } from "./doubts-load.ts";
import { measureDoubts } from "./doubts-measures.ts";
import { defaultBuckets, portBudget } from "./ports.ts";
import { boundMs, hardestLoad, msUntilHeldByEach, targetBudget } from "./predict.ts";

/** What a plan is told with: the suite and what was chosen from it. */
export interface Planned {
  suite: Suite;
  profiles: Profile[];
  blocks: number;
  looks: number[];
  predictions: PredictedWalls[];
  memoryBytes: number;
  /** null = namespaces of this machine. */
  cluster: Pick<Cluster, "runners"> | null;
}

/** What the arithmetic says against this plan before it is run. */
export function planDoubts(planned: Planned): Doubt[] {
  return [
    ...notThere(planned),
    ...portsOfTheSuite(planned),
    ...stopBeforeWall(planned),
    ...searchDoubts(planned),
    ...conditionsDoubts(planned),
    ...measureDoubts(planned),
    ...goalDoubts(planned),
    ...generatorPorts(planned),
    ...fewBuckets(planned),
    ...defaultBucketsBelowPorts(planned),
    ...tooFewBlocks(planned),
  ];
}

/** What the environment will refuse before anything runs. */
function notThere({ suite, profiles, cluster }: Planned): Doubt[] {
  if (cluster === null) {
    return homeProblems(suite, profiles).map((problem) => ({
      code: "not-here",
      message: `it can't run here: ${problem}`,
    }));
  }
  return clusterProblems(suite, profiles, suite.load.runners ?? cluster.runners).map((problem) => {
    return { code: "not-in-a-cluster", message: `it can't run in a cluster: ${problem}` };
  });
}

/** A range that the suite itself sets is a condition of the experiment: its walls are not those of the kernel's own range. */
function portsOfTheSuite({ suite }: Planned): Doubt[] {
  const [own, usual] = [portBudget(suite.target.sysctls).usable, portBudget({}).usable];
  if (own === usual || Object.keys(suite.upstreams).length === 0) return [];
  const [ports, of] = [formatCount(own), formatCount(usual)];
  const [changes, when] = own < usual ? ["narrows", "later"] : ["widens", "sooner"];
  const message = `measured with ${ports} ports: the suite ${changes} the target's range, the kernel's own has ${of}, where walls come ${when}`;
  return [{ code: "ports-of-the-suite", message }];
}

/** A search's steps and conditions end when they do: no wall is waited for. */
function stopBeforeWall({ suite, profiles, predictions }: Planned): Doubt[] {
  if (suite.objective !== null || suite.conditions.length > 0) return [];
  const walls = profiles.flatMap((profile, i) => {
    const { wallPorts = null, wallSeconds = null } = predictions[i] ?? {};
    const ms = wallPorts === null ? null : msUntilHeldByEach(suiteFor(suite, profile), wallPorts);
    return ms === null || wallSeconds !== null ? [] : [`${profile.name} (${wallPorts} requests, ${seconds(ms)})`];
  });
  if (walls.length === 0) return [];
  const bounds = suite.stop.requests === null ? "" : `after ${suite.stop.requests} requests or `;
  const message = `the load ends ${bounds}after ${seconds(suite.stop.afterMs)}, before the wall that is expected, if every request opens a connection, for ${walls.join(", ")}: such a trial is censored, not measured`;
  return [{ code: "stop-before-wall", message }];
}

/** Without kept connections k6 closes first, so that its own ports to the one target address run out as the target's do. */
function generatorPorts({ suite, profiles, predictions }: Planned): Doubt[] {
  const first = profiles.filter((profile, i) => {
    const budget = portBudget({ ...suite.generator.sysctls, ...profile.generatorSysctls });
    const load = hardestLoad(suite, profile);
    const spared = budget.reuses || budget.buckets < budget.usable || load.load.keepConnections;
    const ms = spared ? null : msUntilHeldByEach(load, budget.usable);
    const targetMs = (predictions[i]?.wallSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    return ms !== null && ms <= boundMs(load) && ms <= targetMs;
  });
  if (first.length === 0) return [];
  const message = `keepConnections is false and the generator's own ports to the target run out no later than the target's for ${names(first)}: give the generator net.ipv4.tcp_tw_reuse or a wider port range, or keep connections`;
  return [{ code: "generator-ports-first", message }];
}

function fewBuckets({ suite, profiles, predictions }: Planned): Doubt[] {
  const few = profiles.filter((_, i) => predictions[i]?.bucketsBelowPorts);
  const [one] = few;
  if (one === undefined) return [];
  const { buckets, usable } = targetBudget(suite, one);
  const message = `tcp_max_tw_buckets (${buckets}) is below the usable ports (${usable}) for ${names(few)}: TIME_WAITs are dropped instead of filling the ports, which looks like a win and is none`;
  return [{ code: "buckets-below-ports", message }];
}

/** A machine of this size, left alone, would overflow silently where the experiment shows a wall. In a cluster nothing larger is set. */
function defaultBucketsBelowPorts({ predictions, memoryBytes, cluster }: Planned): Doubt[] {
  if (cluster !== null) return [];
  const byDefault = defaultBuckets(memoryBytes);
  const usable = Math.max(0, ...predictions.map((prediction) => prediction.wallPorts ?? 0));
  if (usable <= byDefault) return [];
  const message = `left to itself a machine with this memory keeps ${byDefault} TIME_WAITs (tcp_max_tw_buckets), fewer than the ${usable} ports: the walls here come from a larger value set for the experiment`;
  return [{ code: "default-buckets-below-ports", message }];
}

/** What a verdict on a ratio needs at least, where the level is shared by several looks too. */
function tooFewBlocks({ suite, profiles, blocks, looks }: Planned): Doubt[] {
  const comparisons = (profiles.length - 1) * suite.judged.length;
  const needed = blocksNeeded(comparisons * Math.max(1, looks.length));
  if (comparisons === 0) return [];
  if (blocks < needed) {
    const given = blocks === 1 ? "1 block gives" : `${blocks} blocks give`;
    const family = `comparing ${counted(profiles.length - 1, "profile")} with the baseline on ${counted(suite.judged.length, "measure")}`;
    const message = `${given} effect sizes, but no verdict on a ratio: ${family} needs up to ${needed} blocks for any p below 0.05`;
    return [{ code: "too-few-blocks", message }];
  }
  if (looks.length > 0 || blocks === suite.blocks.min || suite.blocks.min === suite.blocks.max) return [];
  const room = blocksNeeded(2 * comparisons) + 1;
  const message = `there is no room for a look before the last of ${blocks} blocks, so all of them run: ${room} would allow one`;
  return [{ code: "no-early-look", message }];
}

function names(profiles: Profile[]): string {
  return profiles.map((profile) => profile.name).join(", ");
}

function seconds(ms: number): string {
  return formatSeconds(ms / 1000);
}
