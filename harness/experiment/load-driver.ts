import { endpointText } from "../core/endpoint.ts";
import { targetRoles } from "../core/roles.ts";
import type { LoadLoss } from "../results/invalid-reason.ts";
import type { SamplerCost } from "../results/samples.ts";
import type { LoadRecord } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import type { MachineSteering } from "../sampling/observer.ts";
import type { Suite } from "../suite/suite.ts";
import type { RunningPart, Stage } from "../testbeds/testbed.ts";
import type { Recording } from "./recording.ts";

/** Port of the listener inside the generator's namespace; registered for OTLP over HTTP. */
export const otlpPort = 4318;

/** What a trial's load is made of. */
export interface DriverRequest {
  suite: Suite;
  stage: Stage;
  /** null where the stage brings its own. */
  k6Path: string | null;
  /** The bundled script. */
  scriptFile: string;
  /** Takes k6's own output. */
  logFile: string;
  recording: Recording;
}

/** Makes one trial's load and watches its parts, wherever those are: driverOf() in driver-of.ts. */
export interface LoadDriver {
  /** How receive work is steered on the target's machine; nothing where that can't be seen. */
  steering(): Promise<MachineSteering>;
  /**
   * Starts samplers and k6; the trial's clock begins with it. Samples go to the recording, each window is handed on. Rejects with
   * PartFailure of role "generator" where k6 can't be started, with nothing left under way.
   */
  start(onWindow: (window: Window) => void): Promise<RunningLoad>;
}

/** k6 at work, in one process or many. */
export interface RunningLoad extends Pick<RunningPart, "onLine" | "lastLines"> {
  /** Exports that came in so far. */
  received(): number;
  /** Why nothing is heard of k6, where that is not of its own doing; null while the way to it is open. */
  trouble(): string | null;
  /** Resolves when all of k6 is over, asked or not; never rejects. */
  readonly ended: Promise<GeneratorEnd>;
  /** Tells k6 to end, and waits for it. */
  stop(): Promise<GeneratorEnd>;
  /** Takes in what is left of numbers and samples, and ends what takes them in: once, whatever became of the load. */
  finish(): Promise<LoadTally>;
}

/** How k6 ended; of several runners the worst end. */
export interface GeneratorEnd {
  exitCode: number | null;
  signal: string | null;
  /** [] where k6 is one process of this machine. */
  runners: LoadRecord["runners"];
}

/** What came of the load beside its windows. */
export interface LoadTally {
  exports: LoadRecord["exports"];
  startSkewMs: number | null;
  samplers: SamplerCost[];
  /** What was not seen or got lost; any makes the trial invalid. */
  losses: LoadLoss[];
}

/** Where k6 finds the copies of the target. */
export function targetUrls({ suite, stage }: Pick<DriverRequest, "suite" | "stage">): string[] {
  const hosts = targetRoles(suite.target.replicas).map((role) => stage.addresses[role] ?? "");
  return hosts.map((host) => `http://${endpointText(host, suite.target.port)}`);
}
