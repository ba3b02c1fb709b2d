import type { GroupLimit } from "../helpers/control-group.ts";
import type { MachinePart } from "../helpers/machine-parts.ts";
import type { RuleName } from "./rules.ts";

/** How a trial ended; see Outcome in harness/results/trial.ts. */
export type Outcome = "broke" | "degraded" | "saturated" | "held" | "failed";

/** What the first finding of a profile must say; a field that is left out may be anything. */
export interface Named {
  rule?: RuleName;
  side: "target" | "upstream" | "generator" | "node";
  role?: string;
  /** Of the limit that binds. */
  limit?: { of: number };
  /** One of its remedies has these fields. */
  remedy?: { kind: "setting" | "program" | "node" | "upstream" | "load"; key?: string; what?: string };
}

/** What has to be said of one profile. `named: null` is a profile of which nothing may be found. */
export interface Expected {
  outcome: Outcome;
  named: Named | { caveat: string } | null;
  /** Rules that would be false here, beside those that are always: the generator's where the limit is another's. */
  never?: RuleName[];
}

/** A part of a suite, or what a profile changes of it: as in docs/suite.md. */
type Yaml = Record<string, unknown>;

/** One bottleneck that is put into a real service on purpose, and the same service without it. */
export interface TruthCase {
  name: string;
  /** What was injected, for people. */
  injected: string;
  /** In `.ci/run`; the others run with --all. */
  core?: true;
  /** Beyond namespaces, k6 and Go. */
  needs?: MachinePart[];
  /** It is about CPU: where others had some, what was not said is not judged. What is false always is. */
  aboutCpu?: true;
  /** Laid over suite/suite.yaml, key by key. */
  suite: { target: Yaml; upstreams?: Record<string, Yaml>; generator?: Yaml; load: Yaml; stop?: Yaml; faults?: Yaml[] };
  /** Of the profile `injected`. */
  expected: Expected;
  /** Profiles without the bottleneck: each holds, and nothing is found. */
  controls: Record<string, Yaml>;
  /** What is there beside the run: a program of somebody else's that takes one CPU, or a control group that the part `sh in-group.sh …` enters. */
  beside?: { busyLoops: number } | GroupLimit;
}
