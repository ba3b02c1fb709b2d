import type { Server } from "node:net";
import { isTargetRole } from "../core/roles.ts";
import type { KubernetesProvenance, PlannedTrial } from "../results/run.ts";
import type { TrialPlatform } from "../results/trial.ts";
import type { DeliveryRoute } from "../suite/cluster.ts";
import type { Part, Profile, Suite } from "../suite/suite.ts";
import type { RemoteHands } from "./remote.ts";

/**
 * The port behind which experiments run. An environment places the parts of one trial, applies a profile and proves
 * it, and takes all away again. Every step that leaves something behind registers its removal on the trial's
 * Teardown BEFORE it acts.
 */
export interface Environment {
  readonly kind: "netns" | "kubernetes";
  readonly rootless: boolean;
  /** The cluster as its API told it, known once preflight is over; null on this machine. */
  readonly kubernetes: KubernetesProvenance | null;
  /** How settings reach the pods where neither profile nor suite says so; null on this machine, which writes them itself. */
  readonly route: DeliveryRoute | null;
  /** What makes the load: k6 as an image's name; null where the k6 of this machine runs. */
  readonly k6Image: string | null;
  /**
   * Checks the machine or cluster and every setting the suite asks for, before any trial. Throws InputError (a key that is unknown,
   * not namespaced, read-only or refused by the kernel, with the reason) or CapabilityError (exit 3, with the remedy). An abort ends
   * what takes long (a cluster's pods), with the signal's reason, once its traces are gone.
   */
  preflight(suite: Suite, profiles: Profile[], abort: AbortSignal): Promise<void>;
  /** Sets up what all trials of a run share, once, before the first; the teardown is undone at the run's end, whatever becomes of it. */
  begin(runId: string, teardown: Teardown): Promise<void>;
  /**
   * Fresh namespaces, or pods, for generator, target and each upstream, with the profile's settings written and read back.
   * Throws PlatformRefusal where routes are compared and the platform would not take the profile's.
   */
  open(request: StageRequest, teardown: Teardown): Promise<Stage>;
}

export interface StageRequest {
  suite: Suite;
  profile: Profile;
  trial: Pick<PlannedTrial, "sequence" | "block">;
  /** Where this block's earlier trials with the same node selector ran: the trial must run there too. null = it is free. */
  node: string | null;
  /** Folder for the parts' output (target.log, upstream-NAME.log); exists. */
  logFolder: string;
  /** A folder that exists only for this trial, for `${data}`; removed by the teardown. */
  dataFolder: string;
  /** Takes a sentence that people should see meanwhile, such as what is waited for. */
  note: (text: string) => void;
}

/** One trial's places, parts and settings. Role = "generator" | "target" | "target-2" ... | an upstream's name. */
export interface Stage {
  /** Address of each role as others reach it; complete once all parts have started. */
  readonly addresses: Record<string, string>;
  /** Settings as asked and as found inside just after they were written; complete once all parts have started. */
  readonly settings: SettingReading[];
  /** CPUs of the machine that the target runs on. */
  readonly cpus: number;
  /** Where the target runs and how its settings got there, as far as is known by now; null on this machine. */
  platform(): TrialPlatform | null;
  /** How the load is driven and the parts are watched. */
  readonly hands: LocalHands | RemoteHands;
  /**
   * Starts a suite's part, waits until it is ready; again once it has ended. Rejects with its last lines when it dies or is not
   * ready in time, with PlatformRefusal as open() does.
   */
  startPart(role: string): Promise<RunningPart>;
  /** An upstream with a relay (suite/relays.ts) answers so much later from now on; 0 = as it does itself. */
  addLatency(role: string, addedMs: number): Promise<void>;
  /** Resolves with a sentence when a part is out of reach though its program did not end: its pod was taken away, a relay before it ended. */
  readonly lost: Promise<string>;
  /** Reads all settings again, inside. */
  readBack(): Promise<SettingReading[]>;
  /** Effective accept-queue limit of a listening port inside the role's namespace; null where it can't be read. */
  listenLimit(role: string, port: number): Promise<number | null>;
  /** rps_cpus of the role's interface, read back inside; null where there is none, or it can't be read. */
  rpsCpus(role: string): Promise<string | null>;
}

/** How a trial is driven and watched whose parts are processes of this machine. */
export interface LocalHands {
  readonly kind: "local";
  /** Starts a program of the harness's own (k6) in a role's namespace. Output goes to logFile. */
  spawn(role: string, program: ProgramRequest): Promise<RunningPart>;
  /** A server listening on 127.0.0.1:port inside the role's namespace, its handle in this process. */
  listen(role: string, port: number): Promise<Server>;
  /** What the samplers need to watch a role from outside. */
  watch(role: string): WatchPoint;
}

/** A stage of this machine. */
export interface LocalStage extends Stage {
  readonly hands: LocalHands;
}

export interface ProgramRequest {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  cpus: string | null;
}

/** A program inside a namespace, or a container. */
export interface RunningPart {
  readonly role: string;
  /** Pid as this machine sees it (of the program itself, not of nsenter); null where it runs elsewhere. */
  readonly pid: number | null;
  /** Resolves when it has ended, asked or not; never rejects. */
  readonly ended: Promise<PartEnd>;
  /** Called for each line of output from now on; untrusted text. `atMs` is performance.now() of this process. */
  onLine(listener: (line: string, atMs: number) => void): void;
  /** Called once, with why, where its log could not be written to the end. */
  onLogLoss(listener: (words: string) => void): void;
  signal(name: NodeJS.Signals): void;
  /** To the program and all that it started. */
  signalAll(name: NodeJS.Signals): void;
  /** Last lines of its output. */
  lastLines(): string[];
}

export interface PartEnd {
  exitCode: number | null;
  signal: string | null;
}

/** Where /proc shows a role: `namespacePid`'s /proc/PID/net is the role's network; `partPids` are the programs' roots. */
export interface WatchPoint {
  role: string;
  namespacePid: number;
  partPids(): number[];
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

/** Undo steps, run in reverse, each with its own deadline (10 s where none is said). Registered before what they undo is done. */
export interface Teardown {
  add(title: string, undo: () => Promise<void> | void, deadlineMs?: number): void;
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
  return {
    ...target,
    command: profile.command ?? target.command,
    env: { ...target.env, ...profile.env },
    rps: profile.rps ?? target.rps,
    sysctls: { ...target.sysctls, ...profile.sysctls },
  };
}
