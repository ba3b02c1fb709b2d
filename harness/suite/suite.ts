/**
 * A suite as the rest of the house sees it: checked, with every quantity in a plain unit (ms, per second, fractions).
 * parse.ts makes it from YAML; nothing here touches a file.
 */

import { isTargetRole, targetRoles } from "../core/roles.ts";
import type { FaultSignature, StopCriteria } from "../results/criteria.ts";
import type { Experiment } from "../results/experiment.ts";
import type { Condition, ConditionAction, Goal, SearchObjective } from "../results/goals.ts";
import type { JudgedMeasure } from "../results/run.ts";
import type { DeliveryRoute } from "./cluster.ts";
import type { Rate } from "./rate.ts";

export type { Condition, ConditionAction, FaultSignature, Goal, JudgedMeasure, SearchObjective, StopCriteria };

/** Sysctl key in dotted form (net.ipv4.tcp_tw_reuse) -> value as text, white space normalised. */
export type Sysctls = Record<string, string>;

/** How a part proves that it can be used. */
export interface Readiness {
  check: { kind: "http"; path: string } | { kind: "tcp" } | { kind: "log"; text: string };
  withinMs: number;
}

/** The same part in a cluster: the user's manifest, or a container. */
export interface KubernetesPart {
  /** File in the suite's folder with a Deployment, StatefulSet, DaemonSet or Pod, and what it needs; null = made from the rest. */
  manifest: string | null;
  /** Which container of the manifest's pod is meant; null = the first. */
  container: string | null;
  /** null = the manifest's, else the cluster's Node image. */
  image: string | null;
  /** null = the manifest's, else the part's command at home. */
  command: string[] | null;
  /** Files of the suite's folder that are mounted as the container's working folder. */
  files: string[];
}

/** A program of the experiment: the target or an upstream. Values may hold ${upstreams.NAME.host|port|address} and ${target.*}, ${folder}, ${data} (interpolate.ts). */
export interface Part {
  command: string[];
  port: number;
  ready: Readiness;
  env: Record<string, string>;
  sysctls: Sysctls;
  /** CPUs the part is pinned to, as taskset -c takes them ("0", "0-1"); null = any. */
  cpus: string | null;
  /** True where the program refuses to run as root (mariadbd): it gets an ordinary user id. */
  ordinaryUser: boolean;
  /** rps_cpus mask (hex) of the role's interface; null = left at 0. */
  rps: string | null;
  /** Copies of it, each in a namespace of its own (the target only; upstreams have 1). */
  replicas: number;
  /** null = nothing is said: command, in the cluster's Node image, without files. */
  kubernetes: KubernetesPart | null;
  /** An upstream that is there already and never started (clusters only); command is [] then. */
  external: { host: string; port: number } | null;
}

export interface Load {
  /** Path of the k6 script relative to the suite's folder. */
  script: string;
  rate: Rate;
  /** preAllocatedVUs = maxVUs of the open model. */
  virtualUsers: number;
  /** Whether each virtual user keeps its connection to the target open between requests. */
  keepConnections: boolean;
  /** Reaches the script's __ENV. */
  env: Record<string, string>;
  /** k6 pods that share the load in a cluster; null = as the cluster file says. */
  runners: number | null;
}

/** What a profile may have otherwise than the suite's load; what is left out is the suite's. */
export type LoadChanges = Partial<Pick<Load, "rate" | "virtualUsers" | "keepConnections">>;

/** What a profile changes against the suite: settings of each role, environment, command, steering, load. */
export interface Profile {
  name: string;
  /** Of the target's namespace. */
  sysctls: Sysctls;
  generatorSysctls: Sysctls;
  upstreamSysctls: Record<string, Sysctls>;
  /** Of the target. */
  env: Record<string, string>;
  upstreamEnv: Record<string, Record<string, string>>;
  command: string[] | null;
  /** rps_cpus mask (hex) of the target's interface; null = the target's own. */
  rps: string | null;
  /** How it reaches the pod; null = the suite's or the cluster's. Where profiles differ in it, routes are compared. */
  route: DeliveryRoute | null;
  /** Another container image of the target; null = the suite's. */
  image: string | null;
  /** Nodes that the target runs on, over the cluster's selector: another kernel or node image. */
  nodeSelector: Record<string, string>;
  /** Laid over the suite's load by suiteFor (suite-for.ts). */
  load: LoadChanges | null;
  /** factor name -> level, where the profile is a combination of factors; {} otherwise. */
  levels: Record<string, string>;
}

/** What roles a suite has follows from its parts. */
export type Cast = Pick<Suite, "upstreams"> & { target: Pick<Part, "replicas"> };

/** Roles of a suite: generator, target and its other copies (target-2 ...), then each upstream. */
export function rolesOf(suite: Cast): string[] {
  return ["generator", ...targetRoles(suite.target.replicas), ...Object.keys(suite.upstreams)];
}

/** As rolesOf, the target's copies left out: they are all alike. */
export function distinctRolesOf(suite: Cast): string[] {
  return rolesOf(suite).filter((role) => role === "target" || !isTargetRole(role));
}

export interface Suite {
  name: string;
  description: string | null;
  /** Absolute paths of the suite's folder and file. */
  folder: string;
  file: string;
  /** Name of the cluster it runs in where --cluster does not say otherwise; null = local. */
  cluster: string | null;
  /** How profiles reach the pods; null = as the cluster file says. */
  route: DeliveryRoute | null;
  target: Part;
  upstreams: Record<string, Part>;
  generator: { sysctls: Sysctls; cpus: string | null };
  load: Load;
  /** The suite's own and the built-in ones. */
  faults: FaultSignature[];
  stop: StopCriteria;
  profiles: Profile[];
  baseline: string;
  /** Where they differ, the run may end between them, as soon as all is decided or hopeless. */
  blocks: { min: number; max: number };
  /** Where the profiles come from: named, all combinations of factors, or each factor alone and all but each. */
  design: "profiles" | "factorial" | "one-at-a-time";
  /** Fresh blocks of the best profile and the baseline after the comparison. */
  recheckBlocks: number;
  /** Invalid or disturbed trials that may be repeated, over the whole run. */
  retries: number;
  /** Disturbed trials that may be repeated beside those: 1, or 0 where the suite says `retries: 0`. */
  disturbedRetries: 0 | 1;
  seed: number | null;
  ipVersion: 4 | 6;
  /** Fraction below which a difference counts as "same": 0.05 = 5%; the default of the judged measures. */
  tolerance: number;
  /** What profiles are compared on. */
  judged: JudgedMeasure[];
  /** Of conditions the load's rate is one stage for each. */
  experiment: Experiment;
}
