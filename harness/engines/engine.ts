import type { Server } from "node:net";
import type { Window } from "../results/window.ts";
import type { FaultSignature, Load, StopCriteria } from "../suite/suite.ts";

/** What one trial's k6 is told. */
export interface K6Request {
  k6Path: string;
  /** The bundled script. */
  scriptFile: string;
  /** Base of every copy of the target; the first is the one that scripts without the lib know. */
  targetUrls: string[];
  load: Load;
  stop: StopCriteria;
  bodySignatures: FaultSignature[];
  /** host:port to which k6 sends its exports. */
  otlpEndpoint: string;
}

/** argv and env by which the environment starts k6 in the generator's namespace. */
export interface K6Program {
  argv: string[];
  env: Record<string, string>;
}

/** Receives k6's OTLP exports on a server handle and turns them into windows. */
export interface WindowReceiver {
  readonly received: number;
  readonly failed: number;
  close(): Promise<void>;
}

export interface ReceiveRequest {
  server: Server;
  /** Milliseconds on the trial's clock. */
  now: () => number;
  onWindow: (window: Window) => void;
}
