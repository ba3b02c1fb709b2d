import { isDeepStrictEqual } from "node:util";
import type { CalibrationDifference } from "../results/caveats-plan.ts";
import type { Provenance } from "../results/run.ts";
import type { Suite } from "../suite/suite.ts";
import { withoutSecrets } from "./suite-secrets.ts";

/** A suite's calibration: its baseline against itself, under another name. Nothing to recheck, no look: its noise is what it is for. */
export function calibrationSuite(suite: Suite): Suite {
  const baseline = suite.profiles.filter(({ name }) => name === suite.baseline).map((one) => ({ ...one, levels: {} }));
  const again = baseline.map((profile) => ({ ...profile, name: `${profile.name}-again` }));
  return {
    ...suite,
    profiles: [...baseline, ...again],
    design: suite.design === "duet" ? "duet" : "profiles",
    recheckBlocks: 0,
    blocks: { min: suite.blocks.max, max: suite.blocks.max },
  };
}

/**
 * Why a calibration's noise is not that of a run: what differs in the machine, the tools, or what the baseline does; [] where
 * nothing does. Profiles, blocks and tolerances may differ, since the noise is the baseline's own.
 */
export function calibrationDifferences(
  before: { suite: Suite; provenance: Provenance },
  today: { suite: Suite; provenance: Provenance },
): CalibrationDifference[] {
  // The suite that was kept with a run has no secrets, and its automatic users are not worked out.
  const [then, now] = [before, today].map((one) => ({ ...one, suite: withoutUsers(withoutSecrets(one.suite)) })) as [
    typeof before,
    typeof today,
  ];
  const machine = machineDifferences(then.provenance, now.provenance);
  const parts = (["target", "upstreams", "generator", "load", "stop", "faults"] as const).filter(
    (key) => !isDeepStrictEqual(then.suite[key], now.suite[key]),
  );
  const others = (["ipVersion", "experiment", "route"] as const).filter(
    (key) => !isDeepStrictEqual(then.suite[key], now.suite[key]),
  );
  const keys: CalibrationDifference[] = [...parts, ...others].map((key) => {
    return { kind: "suite-key", key: key === "experiment" ? experimentKeys[now.suite.experiment.kind] : key };
  });
  const designs = [then, now].map(({ suite: { design } }) => design === "duet");
  if (designs[0] !== designs[1]) keys.push({ kind: "suite-key", key: "design" });
  const isSame = isDeepStrictEqual(baselineOf(then.suite), baselineOf(now.suite));
  return [...machine, ...keys, ...(isSame ? [] : [{ kind: "baseline" } as const])];
}

function withoutUsers(suite: Suite): Suite {
  return suite.automaticUsers ? { ...suite, load: { ...suite.load, virtualUsers: 0 } } : suite;
}

/** Where a suite says what its experiment is. */
const experimentKeys = { fixed: "goals", search: "objective", conditions: "conditions", find: "find" } as const;

/** A fact of the machine or the tools that is another now. */
export type MachineDifference = Extract<CalibrationDifference, { kind: "fact" }>;

/** What a run or its noise belongs to and is not the same now. */
export function machineDifferences(then: Provenance, now: Provenance): MachineDifference[] {
  const today = factsOf(now);
  const names = new Set([...Object.keys(factsOf(then)), ...Object.keys(today)]);
  return [...names].flatMap((name) => {
    const [before = "none", other = "none"] = [factsOf(then)[name], today[name]];
    return before === other ? [] : [{ kind: "fact", name, before, now: other }];
  });
}

/** In a cluster the machine that tunebench runs on bears no part of the experiment: it may be another one. */
function factsOf({ environment, ...of }: Provenance): Record<string, string> {
  const { kubernetes, containers } = environment;
  const machine = { kernel: of.kernel, cpu: of.cpuModel, "number of CPUs": String(of.cpus) };
  return {
    ...(kubernetes === null ? machine : {}),
    ...(containers === null ? {} : { containers: containers.engine, ...containers.images }),
    "load by": of.engine,
    tunebench: of.tunebench,
    cluster: environment.cluster,
    ...(kubernetes === null
      ? { rights: environment.rootless ? "an ordinary user's" : "root's" }
      : { context: kubernetes.context, Kubernetes: kubernetes.version, namespace: kubernetes.namespace }),
  };
}

function baselineOf({ profiles, baseline }: Suite) {
  const { levels: _, ...own } = profiles.find(({ name }) => name === baseline) ?? { levels: {} };
  return own;
}
