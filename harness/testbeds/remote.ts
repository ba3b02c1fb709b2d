import type { Sample, SamplerCost } from "../results/samples.ts";

/**
 * How a trial is driven and watched whose parts are reached only through an API: nothing there has a pid or a socket on this
 * machine. Moments called `atMs` are performance.now() of this process.
 */
export interface RemoteHands {
  readonly kind: "remote";
  /** How many runners share a load where the suite does not say so. */
  readonly runners: number;
  /** Starts the load's runners; resolves once all have registered and the instant of their common start is fixed. Rejects with PartFailure of role "generator" where that does not come about in time. */
  startRunners(request: RunnersRequest): Promise<RemoteRunners>;
  /** What the samplers beside the parts see, from now on. */
  observe(onSample: (sample: Sample) => void): RemoteObserver;
}

export interface RunnersRequest {
  /** How many share the load; each runs its execution segment. */
  count: number;
  /** The bundled script's text. */
  script: string;
  /** k6's arguments and environment for the place where a runner finds its script and sends its exports to. */
  program: (place: RunnerPlace) => { argv: string[]; env: Record<string, string> };
  /** After so long the load ends by itself, whatever became of the harness. */
  deadlineMs: number;
  /** Gets the runners' own output, each line with its runner's number before it. */
  logFile: string;
  onExport: (message: RunnerExport) => void;
}

/** What a runner's program is told of its surroundings. */
export interface RunnerPlace {
  k6Path: string;
  scriptFile: string;
  /** host:port of the relay. */
  otlpEndpoint: string;
}

/** One OTLP export of a runner, whole (its checksum was right) and each once. */
export interface RunnerExport {
  /** 0-based. */
  runner: number;
  body: Uint8Array;
  /** Wall clock of the relay when it came in, ms since 1970. */
  unixMs: number;
  /** The same moment on this process's performance.now(), by the least delay seen between the two. */
  atMs: number;
}

export interface RemoteRunners {
  /** Wall clock instant at which all were told to begin, ms since 1970. */
  readonly startUnixMs: number;
  /** Resolves when all are over, asked or not, and all that they exported was handed on or is known to be lost; never rejects. */
  readonly ended: Promise<RunnersEnd>;
  /** Why nothing is heard of the runners, where that is not of their own doing; null while the way to them is open. */
  trouble(): string | null;
  /** Each line of the runners' own output from now on; untrusted text. */
  onLine(listener: (line: string, atMs: number) => void): void;
  /** Tells all runners to end (within 2 s), and waits for it. */
  stop(): Promise<RunnersEnd>;
  lastLines(): string[];
}

export interface RunnersEnd {
  runners: RunnerEnd[];
  /** A sentence for each thing that was lost: a gap in the relay's lines, a runner that never came or vanished. Any makes the trial invalid. */
  losses: string[];
}

export interface RunnerEnd {
  /** 0-based. */
  runner: number;
  node: string | null;
  exitCode: number | null;
  signal: string | null;
  /** As the relay counted them, and as they came here. */
  exports: { sent: number; received: number };
}

export interface RemoteObserver {
  /** Waits until each sampler has told what it saw up to now, and ends. `losses` as in RunnersEnd. */
  stop(): Promise<{ samplers: SamplerCost[]; losses: string[] }>;
}
