import type { Server } from "node:net";
import type { FaultSignature, StopCriteria } from "../results/criteria.ts";
import type { Happening, SeenResponse } from "../results/events.ts";
import type { ScriptOptions, Threshold } from "../results/script.ts";
import type { Window } from "../results/window.ts";
import type { Cluster } from "../suite/cluster.ts";
import type { Load } from "../suite/suite.ts";

/**
 * What makes a load: k6, or Locust. A rate means iterations a second (of k6's default function, of Locust's tasks); what its
 * generators did comes as windows: requests by outcome, faults by kind and side (the generator's own errno among them, such as a port that it
 * had not), latencies as histograms that merge exactly, users in all and busy ones, iterations that it could not begin in time.
 */
export interface Engine {
  /** As a suite's `load.engine` names it. */
  readonly name: Load["engine"];
  /** open: iterations begin by the clock, whatever became of earlier ones. closed: each user begins one when its last is over. */
  readonly model: "open" | "closed";
  /** The program on this machine, built where it has to be. Rejects with CapabilityError or InputError, with the signal's reason. */
  find(request: FindRequest): Promise<FoundProgram>;
  /** One text of a suite's script and all that it imports, or of the script alone where it runs in its folder. Throws InputError where that can't be. */
  bundle(scriptFile: string): Promise<string>;
  /** Name of the bundle's file. */
  readonly bundleName: string;
  /** Absolute path of a folder of our own that its program reads; null where it reads none. */
  readonly beside: string | null;
  /** What it is in a pod. */
  readonly pod: PodForm;
  /** How one generator is started. */
  command(request: GeneratorRequest): GeneratorCommand;
  /** A generator ends by itself so long after the suite's bound, whatever became of the harness: it ends the load, after a whole window. */
  readonly beyondStopMs: number;
  /** Takes in what one generator exports to a server that already listens, in whatever namespace that is. */
  receive(request: ReceiveRequest): Receiver;
  /** Takes in what several generators export that share one load, as another has received it. */
  receiveShared(request: ReceiveSharedRequest): SharedReceiver;
  /** What a line of a generator's own output says against the trial; null for any other. */
  complaintIn(line: string): Complaint | null;
  /** What a line of a generator's own output tells of a response that its script got; null for any other. */
  responseIn(line: string): SeenResponse | null;
  /** What a line of it says to people; null where that is nothing: what it tells the harness, and that it was told to end. */
  saidIn(line: string): string | null;
  /** Whether it came to a proper end: its schedule was over, or it was told to stop. */
  isProperEnd(end: Exit): boolean;
}

/** An engine in a pod of a cluster. */
export interface PodForm {
  /** Its image, by the key of the cluster file's `images`. */
  image: Exclude<keyof Cluster["images"], "node">;
  /** Its program, as the image finds it. */
  program: string;
  /** Id of the image's own user. */
  user: number;
  /** What the image is asked, and what of the answer will do; `wanted` in words. */
  version: { argv: string[]; accepted: RegExp; wanted: string };
  /** Name of the file that is its script there. */
  scriptName(load: Load): string;
  /** Whether it works in its script's folder, which can't be written; else in one for whatever it writes. */
  worksBesideScript: boolean;
  /** The variable that says what goes as headers with every export: name=value,…, escaped as in a URL. */
  headersVariable: string;
}

/** Where an engine's program is looked for. */
export interface FindRequest {
  /** As the user named it; null where not. */
  explicit: string | null;
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  /** Ends a build that is under way. */
  signal?: AbortSignal;
}

/** An engine's program on this machine. */
export interface FoundProgram {
  /** Absolute: it runs in the suite's folder, not in the one where it was named. */
  path: string;
  /** "k6 v2.2.0", "Locust 2.47.0" */
  version: string;
  /** Folder that it has to be reached with, as a whole; left out where the file is all. */
  folder?: string;
}

/** A script that is to be read before it is run. */
export interface ReadRequest {
  /** The engine's program. */
  program: string;
  /** The bundled script's text, and the name that it has for people. */
  bundle: string;
  name: string;
  /** Where it will run. */
  folder: string;
  load: Load;
  /** Any that has the target's form. */
  targetUrl: string;
}

/** What one trial's generators are told. */
export interface LoadOrder {
  /** Base of every copy of the target; the first is the one that scripts without the lib know. */
  targetUrls: string[];
  load: Load;
  /** What its script's own options come to; null where they were not read. */
  script: ScriptOptions | null;
  stop: StopCriteria;
  bodySignatures: FaultSignature[];
  /** Names of checks whose failure is a failed request; left out: of none. */
  checkSignatures?: FaultSignature[];
  /** Which responses the generators tell of; left out: the first failed ones. */
  responses?: ResponsesTold | undefined;
  /** Of a duet: iterations go to the two URLs in a balanced sequence of this seed; left out: as the script has it. */
  duetSeed?: number | undefined;
}

/** A window; of a duet also the same stretch of each arm alone, in the order of the targets' URLs. */
export interface LoadWindow extends Window {
  arms?: [Window, Window];
}

/** The first failed ones of each status, without their bodies; or the first few of each status with how their bodies begin. */
export type ResponsesTold = "first-failed" | "first-few";

/** What one generator is told, where it runs. */
export interface GeneratorRequest extends LoadOrder {
  /** The engine's program. */
  program: string;
  /** The bundled script. */
  scriptFile: string;
  /** Where the engine's folder of our own is found; left out where it has none. */
  beside?: string;
  /** host:port to which it sends its exports. */
  exportTo: string;
  /** host:port of its own at which it is told to end, as k6 is by REST (PATCH /v1/status); left out where a signal does. */
  stopAt?: string;
}

/** How a generator is started. */
export interface GeneratorCommand {
  argv: string[];
  env: Record<string, string>;
}

/**
 * What a generator that shares its load with others is told, as JSON in TUNEBENCH_SHARED. Once it is ready it asks by POST when all begin:
 * the answer, {startUnixMs}, comes when all are.
 */
export interface SharedStart {
  url: string;
  /** The header of that name. */
  authorization: string;
  /** The request's body: the generator's place among `count` (0-based), and what else is to be known of it. */
  registration: { runner: number; count: number };
}

/** How a process ended; both null where its end was not seen. */
export interface Exit {
  exitCode: number | null;
  signal: string | null;
}

/** Numbers that a generator could not deliver, or an error that its script threw. */
export type Complaint = Extract<Happening, { kind: "export-failed" | "script-error" }>;

/** Exports that came in and could be read, and those that could not. */
export interface Receiver {
  readonly received: number;
  readonly failed: number;
  /** Hands on what was left open, and takes in no more. */
  close(): Promise<void>;
}

/** Where one generator exports to. */
export interface ReceiveRequest {
  server: Server;
  /** Milliseconds on the trial's clock. */
  now: () => number;
  /** The script's, of which windows hold what they ask for; none where left out. */
  thresholds?: readonly Threshold[];
  /** Whether the load is a duet's, so that windows have `arms`. */
  duet?: boolean;
  onWindow: (window: LoadWindow) => void;
}

/** Several generators that share one load. */
export interface ReceiveSharedRequest {
  count: number;
  /** A moment of this process's performance.now() on the trial's clock, ms. */
  at: (performanceMs: number) => number;
  thresholds?: readonly Threshold[];
  /** Windows of all generators together: they follow one another without overlap. */
  onWindow: (window: Window) => void;
}

/** Hands on windows as if they were of one generator. */
export interface SharedReceiver extends Receiver {
  /** Exports of one generator come in order. */
  take(message: GeneratorExport): void;
  /** The load is being ended: a generator that falls silent from here on is not missing. */
  ending(): void;
  /** Generators that fell silent while others were heard, or of which no window came; 0-based. Any makes the trial invalid. */
  missing(): number[];
  /** Time between the first generator's begin and the last one's, ms; null where fewer than two are known. */
  skewMs(): number | null;
}

/** One export of a generator, whole and each once. */
export interface GeneratorExport {
  /** 0-based. */
  runner: number;
  body: Uint8Array;
  /** Wall clock of whoever received it, ms since 1970. */
  unixMs: number;
  /** The same moment on this process's performance.now(), by the least delay seen between the two. */
  atMs: number;
}
