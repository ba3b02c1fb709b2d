import { endpointText } from "../core/endpoint.ts";
import { isTargetRole, targetRoles } from "../core/roles.ts";
import type { Scope } from "../core/scope.ts";
import type { Engine, Exit, LoadOrder, LoadWindow, ResponsesTold } from "../engines/engine.ts";
import type { Happening } from "../results/events.ts";
import type { Evidence } from "../results/evidence.ts";
import type { LoadLoss } from "../results/invalid-reason.ts";
import type { EnvironmentProvenance, PlannedTrial } from "../results/run.ts";
import type { Role, Sample, SamplerCost } from "../results/samples.ts";
import type { LoadRecord, TrialPlatform } from "../results/trial.ts";
import type { DeliveryRoute } from "../suite/cluster.ts";
import { cpusOfList } from "../suite/cpu-list.ts";
import { interpolate, referenceValues } from "../suite/interpolate.ts";
import type { Part, Profile, Suite } from "../suite/suite.ts";

/**
 * The port behind which experiments run. A testbed places the parts of one trial, applies a profile and proves it, makes the load, watches
 * all of it, and takes all away again: what it leaves anywhere is in the scope it is given before it is there. What it can't do for a suite
 * its preflight says.
 */
export interface Testbed {
  /** What records say of it; known once preflight is over. */
  describe(): TestbedFacts;
  /**
   * Checks the machine or cluster, what makes the load, and every setting the suite asks for, before any trial. Throws InputError (a key that
   * is unknown, not namespaced, read-only or refused by the kernel, with the reason) or CapabilityError (exit 3, with the remedy). An abort
   * ends what takes long, with the signal's reason, once its traces are gone.
   */
  preflight(suite: Suite, profiles: Profile[], abort: AbortSignal): Promise<void>;
  /**
   * Which of the profiles have settings that this machine or cluster refuses, for a choice among them; asked once preflight has found the
   * suite itself sound. An abort ends it as it ends preflight.
   */
  refused(suite: Suite, profiles: Profile[], abort: AbortSignal): Promise<ProfileRefusal[]>;
  /** Sets up what all trials of a run share, once, before the first. */
  begin(runId: string, scope: Scope): Promise<RunBed>;
}

/** A profile that can't be run here, and why: in the platform's words, where it has some. */
export interface ProfileRefusal {
  profile: string;
  words: string;
}

/** A testbed as records have it. */
export interface TestbedFacts extends Pick<EnvironmentProvenance, "kind" | "rootless" | "kubernetes" | "containers"> {
  /** What makes the load: "k6 v2.2.0", "image grafana/k6:2.2.0". */
  engine: string;
  /** How settings reach the pods where neither profile nor suite says so; null where they are written as they are. */
  route: DeliveryRoute | null;
}

/** A testbed while a run goes on. */
export interface RunBed {
  /** Fresh places for generator, target and each upstream, with the profile's settings. */
  open(trial: TrialSpec, scope: Scope): Promise<TrialBed>;
}

/** What is to be tried. */
export interface TrialSpec {
  suite: Suite;
  profile: Profile;
  /** Of a duet: the profile of the target's second copy, and where its output goes. Refused by the preflight of who can't do it. */
  beside?: { profile: Profile; logFolder: string };
  trial: Pick<PlannedTrial, "sequence" | "block">;
  /** Where this block's earlier trials with the same node selector ran: the trial must run there too. null = it is free. */
  node: string | null;
  /** Folder for the output of parts and generators (target.log, upstream-NAME.log, k6.log or locust.log); exists. */
  logFolder: string;
  /** The run's folder, which no part may see. */
  runFolder: string;
  /** Takes a sentence that people should see meanwhile, such as what is waited for. */
  note: (text: string) => void;
}

/** One trial's places. Role = "generator" | "target" | "target-2" ... | an upstream's name. */
export interface TrialBed {
  /**
   * Starts a suite's part, waits until it is ready; again once it has ended. Rejects with its last lines when it dies or is not
   * ready in time.
   */
  start(role: Role): Promise<RunningPart>;
  /**
   * Starts samplers and generators; the sink's clock begins with it. Rejects with PartFailure of role "generator" where they can't be
   * started, with nothing left under way.
   */
  drive(load: LoadSpec, sink: Telemetry): Promise<RunningLoad>;
  /** Does something to a part on purpose; resolves when it is done. What can't be done preflight has refused. */
  inject(fault: Injection): Promise<void>;
  /** Settings as asked and as found inside just after they were written; complete once the load has started. */
  settings(): SettingReading[];
  /** Reads them again, inside. */
  readBack(): Promise<SettingReading[]>;
  /** What is to be known of the places, as far as it can be seen; read once the parts have started. */
  facts(): Promise<TrialFacts>;
  /**
   * What each reference of the suite's parts and load became, as far as that is known by now: `target.address` -> "198.18.0.2:8080". Of what was
   * taken from the environment nothing is shown. A further copy of the target is the target to itself.
   */
  references(target?: Role): Record<string, string>;
  /** Where the target runs and how its settings got there, as far as is known by now; null on this machine. */
  platform(): TrialPlatform | null;
  /** Resolves with a sentence when a part is out of reach though its program did not end: its pod was taken away, a relay before it ended. */
  readonly failed: Promise<string>;
}

/** What is known of a trial's places. */
export interface TrialFacts {
  /** Address of each role as others reach it. */
  addresses: Record<Role, string>;
  /** CPUs of the machine that the target runs on. */
  cpus: number;
  /** CPUs each role may run on; null = all. */
  cpusAllowed: Record<Role, number[] | null>;
  /**
   * The generator: whether it is a container of its own, whose CPU limit can be told from the others'; its cores, null where not known; and to
   * how many ms it is known when it began.
   */
  generator: { contained: boolean; cores: number | null; startKnownToMs: number };
  /** Effective accept-queue limits of the target's and each upstream's port; null, or left out, where one can't be read. */
  listenLimits: Record<Role, number | null>;
  steering: Evidence["steering"];
}

/** What is done to a part: killed with all that it started, stopped and let go on, or answered for so much later (0 = as it does itself). */
export type Injection = { role: Role } & ({ kind: "kill" | "pause" | "resume" } | { kind: "latency"; addedMs: number });

/** A part that was started. */
export interface RunningPart {
  readonly role: string;
  /** Resolves when it has ended, asked or not; never rejects. */
  readonly ended: Promise<Exit>;
  /** Called for each line of output from now on; untrusted text. `atMs` is performance.now() of this process. */
  onLine(listener: (line: string, atMs: number) => void): void;
  /** Called once, with why, where its log could not be written to the end. */
  onLogLoss(listener: (words: string) => void): void;
  /** Last lines of its output. */
  lastLines(): string[];
}

/** What the load is made from, beside what the trial's suite says of it. */
export interface LoadSpec {
  /** The bundled script. */
  scriptFile: string;
  /** Takes the generators' own output. */
  logFile: string;
  /** Left out: the first failed ones. */
  responses?: ResponsesTold | undefined;
  /** Of a duet: seed of the sequence in which iterations go to one or the other copy of the target. */
  duetSeed?: number | undefined;
}

/** Takes what is seen of a trial, and has its clock: milliseconds since the load was started. */
export interface Telemetry {
  /** Sets the clock's zero: called just before the load is started. */
  start(): void;
  now(): number;
  /** A moment of this process's performance.now() on the trial's clock. */
  at(performanceMs: number): number;
  window(window: LoadWindow): void;
  sample(sample: Sample): void;
  event(happening: Happening): void;
}

/** The generators at work, one or many. */
export interface RunningLoad {
  /** Exports that came in so far. */
  received(): number;
  /** Why nothing is heard of them, where that is not of their own doing; null while the way to them is open. */
  trouble(): string | null;
  /** By then they are over by themselves, ms since their start: their schedule, and what the script may do around it. */
  readonly longestMs: number;
  /** Iterations that the script threw in so far. */
  thrown(): number;
  /** Resolves when all of them are over, asked or not; never rejects. */
  readonly ended: Promise<GeneratorEnd>;
  /** Tells them to end, and waits for it. */
  stop(): Promise<GeneratorEnd>;
  /** Takes in what is left of numbers and samples, and ends what takes them in: once, whatever became of the load. */
  finish(): Promise<LoadTally>;
  lastLines(): string[];
}

/** How the load's generator ended; of several the worst end. */
export interface GeneratorEnd extends Exit {
  /** [] where it is one process of this machine. */
  runners: LoadRecord["runners"];
}

/** What came of the load beside its windows. */
export interface LoadTally {
  exports: LoadRecord["exports"];
  startSkewMs: number | null;
  samplers: SamplerCost[];
  /** What was not seen or got lost; any makes the trial invalid. */
  losses: LoadLoss[];
  /** Iterations that the script threw in. */
  thrown: number;
}

/** A setting as asked and as read inside. */
export interface SettingReading {
  role: string;
  key: string;
  asked: string | null;
  before: string | null;
  effective: string | null;
  origin: "profile" | "pinned" | "recorded";
}

/** Effective parts of a trial once the profile is laid over the suite (command, env, sysctls, rps). */
export function partOf(suite: Suite, profile: Profile, role: string): Part {
  if (!isTargetRole(role)) {
    const upstream = suite.upstreams[role];
    if (upstream === undefined) throw new Error(`no part ${role} in suite ${suite.name}`);
    return {
      ...upstream,
      env: { ...upstream.env, ...profile.upstreamEnv[role] },
      sysctls: { ...upstream.sysctls, ...profile.upstreamSysctls[role] },
    };
  }
  const target = suite.target;
  const { container } = target;
  return {
    ...target,
    container: container === null ? null : { ...container, image: profile.image ?? container.image },
    command: profile.command ?? target.command,
    env: { ...target.env, ...profile.env },
    rps: profile.rps ?? target.rps,
    sysctls: { ...target.sysctls, ...profile.sysctls },
  };
}

/** Whose settings a role has in a trial. */
export function profileIn({ profile, beside }: Pick<TrialSpec, "profile" | "beside">, role: string): Profile {
  return beside !== undefined && isTargetRole(role) && role !== "target" ? beside.profile : profile;
}

/** The part of a role in a trial: in a duet the target's two copies are of two profiles, and share the CPUs that the target may use. */
export function partIn(spec: Pick<TrialSpec, "suite" | "profile" | "beside">, role: string): Part {
  const part = partOf(spec.suite, profileIn(spec, role), role);
  if (spec.beside === undefined || !isTargetRole(role) || part.cpus === null) return part;
  const cpus = cpusOfList(part.cpus) ?? [];
  const half = cpus.length / 2;
  if (half === 0 || !Number.isInteger(half)) return part;
  return { ...part, cpus: (role === "target" ? cpus.slice(0, half) : cpus.slice(half)).join(",") };
}

/** target.log, target-2.log, upstream-NAME.log. */
export function logName(role: string): string {
  return isTargetRole(role) ? `${role}.log` : `upstream-${role}.log`;
}

/**
 * What a trial's generators are told, at the addresses that the parts have. References of the load's variables are filled in: they reach the
 * generator by its environment, since all may read a command line. `dataFolder`: "" where the generator has none.
 */
export function loadOrder(suite: Suite, addresses: Record<string, string>, dataFolder: string): LoadOrder {
  const values = referenceValues(suite, { addresses, dataFolder });
  const env = Object.entries(suite.load.env).map(([name, value]) => [name, interpolate(value, values)]);
  const hosts = targetRoles(suite.target.replicas).map((role) => addresses[role] ?? "");
  return {
    targetUrls: hosts.map((host) => `http://${endpointText(host, suite.target.port)}`),
    load: { ...suite.load, env: Object.fromEntries(env) },
    script: suite.script,
    stop: suite.stop,
    bodySignatures: suite.faults.filter((signature) => signature.in === "body"),
    checkSignatures: suite.faults.filter((signature) => signature.in === "check"),
  };
}

/** k6 gives a script's setup() 60 s unless the script says otherwise (setupTimeout; k6 v2.2.0), and its teardown() as long. */
const usualSetupMs = 60_000;

/** How long generators may take from their start to their end. */
export function longestLoadMs({ stop, script }: Suite, { beyondStopMs }: Pick<Engine, "beyondStopMs">): number {
  return stop.afterMs + beyondStopMs + Math.max(usualSetupMs, script?.setupMs ?? 0);
}
