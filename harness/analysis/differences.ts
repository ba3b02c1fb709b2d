import { formatBytes } from "../core/numbers.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { type Platforms, platformsOf } from "./trial-platforms.ts";

/**
 * What two runs may differ in; also what `--allow` takes. CPU, kernel, node image and kubelet are those of the nodes that the target
 * ran on, for a run on this machine its own; `node` is Node.js.
 */
export const differenceKinds = [
  "cpu",
  "memory",
  "kernel",
  "node-image",
  "kubelet",
  "engine",
  "node",
  "tunebench",
  "environment",
  "suite",
  "load",
  "stop",
  "measures",
  "sysctls",
  "profile",
] as const;

export type DifferenceKind = (typeof differenceKinds)[number];

/** Something that is not the same in two runs, beside what is to be compared. Values are untrusted text. */
export interface Difference {
  /** What differs; the name that `--allow` takes. */
  kind: DifferenceKind;
  /** What it is in the baseline. */
  baseline: string;
  /** What it is in the candidate. */
  candidate: string;
  /** True where the user said that it may differ. */
  allowed: boolean;
}

/** A run and the profile that is compared. */
export interface RunArm {
  run: RunRecord;
  profile: string;
  /** Its trials that can be read as a measurement. */
  trials: TrialRecord[];
}

/** Memory that differs by less is the same machine's: kernels keep a little more or less of it at each boot. */
const sameMemory = 0.01;

/** Everything that differs between two arms of different runs, in the order of differenceKinds. */
export function differencesOf(baseline: RunArm, candidate: RunArm, allowed: readonly DifferenceKind[]): Difference[] {
  return differenceKinds.flatMap((kind) => {
    const [under, over] = valuesOf[kind](baseline, candidate);
    return under === over ? [] : [{ kind, baseline: under, candidate: over, allowed: allowed.includes(kind) }];
  });
}

/** What each kind is in both arms, as texts that are equal where it is the same. */
const valuesOf: Record<DifferenceKind, (baseline: RunArm, candidate: RunArm) => [string, string]> = {
  cpu: each(({ run: { provenance }, trials }) =>
    inCluster(provenance)
      ? `instance type ${onNodes(trials, ({ instanceTypes }) => instanceTypes)}`
      : `${provenance.cpus} x ${provenance.cpuModel}`,
  ),
  memory: (baseline, candidate) => {
    // A node's follows from its instance type.
    if ([baseline, candidate].some(({ run }) => inCluster(run.provenance))) return ["", ""];
    const [under, over] = [baseline, candidate].map(({ run }) => run.provenance.memoryBytes) as [number, number];
    if (Math.abs(under - over) <= sameMemory * Math.max(under, over)) return ["", ""];
    return [formatBytes(under), formatBytes(over)];
  },
  kernel: each(({ run: { provenance }, trials }) =>
    inCluster(provenance) ? onNodes(trials, ({ kernels }) => kernels) : provenance.kernel,
  ),
  "node-image": each(({ trials }) =>
    onNodes(trials, ({ osImages, containerRuntimes }) => [...osImages, ...containerRuntimes]),
  ),
  kubelet: each(({ run: { provenance }, trials }) => {
    const { kubernetes } = provenance.environment;
    const kubelets = onNodes(trials, (seen) => seen.kubelets);
    return kubernetes === null ? kubelets : `${kubelets}, API server ${kubernetes.version}`;
  }),
  engine: each(({ run }) => run.provenance.engine),
  node: each(({ run }) => run.provenance.node),
  tunebench: each(({ run }) => run.provenance.tunebench),
  // Namespace, context and the file's place are the runner's own affair.
  environment: fields(({ run: { provenance } }) => {
    const { kind, cluster, rootless, containers } = provenance.environment;
    return { kind, cluster, rootless, ...(containers === null ? {} : { containers: containers.engine }) };
  }),
  suite: fields(({ run }) => ({ name: run.suite, ...shortened(run.digests), ...shortened(imagesOf(run)) })),
  // A duet's profiles have half of the load each, and one another's company.
  load: fields(({ run }) => ({ ...run.load, experiment: run.experiment, duet: run.design === "duet" ? "yes" : "no" })),
  stop: fields(({ run }) => ({ ...run.stop })),
  measures: fields(({ run }) => Object.fromEntries(run.judged.map(({ name, ...how }) => [name, how]))),
  sysctls: (baseline, candidate) => {
    const [under, over] = [foundSettings(baseline), foundSettings(candidate)];
    // What only one arm has found, the other's profile has set: that is the profile's difference.
    const common = (own: Fields, other: Fields) => new Map([...own].filter(([key]) => other.has(key)));
    return differing(common(under, over), common(over, under));
  },
  profile: (baseline, candidate) =>
    // Of two names it is the very thing that is compared.
    baseline.profile === candidate.profile ? profileFields(baseline, candidate) : ["", ""],
};

function inCluster({ environment }: RunRecord["provenance"]): boolean {
  return environment.kubernetes !== null;
}

/** What the trials' nodes had, "none" where none of them got onto a node. */
function onNodes(trials: TrialRecord[], values: (platforms: Platforms) => string[]): string {
  const platforms = platformsOf(trials);
  const found = platforms === null ? [] : values(platforms);
  return found.length === 0 ? "none" : found.join(", ");
}

const profileFields = fields(({ run, profile }) => askedSettings(run.profiles.find(({ name }) => name === profile)));

function each(text: (arm: RunArm) => string): (baseline: RunArm, candidate: RunArm) => [string, string] {
  return (baseline, candidate) => [text(baseline), text(candidate)];
}

/** Only the fields that differ: "afterMs 3000, requests none". */
function fields(record: (arm: RunArm) => object): (baseline: RunArm, candidate: RunArm) => [string, string] {
  return (baseline, candidate) => {
    const [under, over] = [baseline, candidate].map((arm) => new Map(Object.entries(record(arm)))) as [Fields, Fields];
    return differing(under, over);
  };
}

type Fields = Map<string, unknown>;

function differing(under: Fields, over: Fields): [string, string] {
  const keys = [...new Set([...under.keys(), ...over.keys()])];
  const changed = keys.filter((key) => textOf(under.get(key)) !== textOf(over.get(key)));
  const said = (all: Fields) => changed.map((key) => `${key} ${textOf(all.get(key))}`).join(", ");
  return [said(under), said(over)];
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Of the containers: two images of one name may be two builds. */
function imagesOf({ provenance }: RunRecord): Record<string, string> {
  const images = Object.entries(provenance.environment.containers?.images ?? {});
  return Object.fromEntries(images.map(([name, id]) => [`image ${name}`, id.replace(/^sha256:/, "")]));
}

function shortened(digests: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(digests).map(([path, digest]) => [path, digest.slice(0, 12)]));
}

/** What was in effect and not the profile's doing: the machine's own defaults, and what tunebench pins. */
function foundSettings({ trials: [trial] }: RunArm): Fields {
  const readings = (trial?.sysctls ?? []).filter(({ origin }) => origin !== "profile");
  return new Map(readings.map(({ role, key, effective }) => [`${role}: ${key}`, effective ?? "unreadable"]));
}

function askedSettings(profile: ProfileRecord | undefined): Record<string, unknown> {
  const { sysctls = {}, env = {}, upstreamEnv = {}, command = null, rps = null, load = {} } = profile ?? {};
  const { route = null, image = null, nodeSelector = {} } = profile ?? {};
  const keys = Object.entries(sysctls).flatMap(([role, values]) =>
    Object.entries(values).map(([key, value]) => [`${role}: ${key}`, value] as const),
  );
  const variables = Object.entries(env).map(([name, value]) => [`env ${name}`, value] as const);
  const upstream = Object.entries(upstreamEnv).flatMap(([name, values]) =>
    Object.entries(values).map(([key, value]) => [`${name}: env ${key}`, value] as const),
  );
  const loads = Object.entries(load).map(([key, value]) => [`load ${key}`, value] as const);
  return {
    ...Object.fromEntries([...keys, ...variables, ...upstream, ...loads]),
    command: command?.join(" ") ?? null,
    rps,
    route,
    image,
    ...Object.fromEntries(Object.entries(nodeSelector).map(([key, value]) => [`nodes ${key}`, value])),
  };
}
