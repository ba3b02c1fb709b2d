import type { LiveSample, LiveSteering } from "../results/live-samples.ts";
import type { LiveCaveat, SettingOrigin } from "./observation.ts";

/**
 * What was seen of one network namespace and of the processes in it that are meant, wherever it was looked from. In `samples` their role is
 * "target": rules know it by that name.
 */
export interface Seen {
  /** A name for people: "pid 4711 (nginx)", "pod shop/web-7d9f". Of unknown origin. */
  subject: string;
  samples: LiveSample[];
  settings: { key: string; value: string; origin: SettingOrigin }[];
  /** Limits of listening sockets, as the kernel has them (sock_diag); null: not readable. */
  listenLimits: ListenLimit[] | null;
  /** Receive buffers of UDP sockets, bytes, by port; null: not readable. */
  receiveBuffers: { port: number; bytes: number }[] | null;
  /** CPUs that its processes may run on; null: not known. */
  cpusAllowed: number | null;
  /** Names of destinations, for people: "db" for 10.0.3.7:3306. */
  names: Record<string, string>;
  caveats: LiveCaveat[];
}

/** min(what was passed to listen(), somaxconn) of a listening socket. */
export type ListenLimit = { port: number; limit: number } | { path: string; limit: number };

/** All that one observation is made of. */
export interface ObservationInput {
  /** One, or many with --node and for a workload's pods. */
  seen: Seen[];
  /** Samples of kind `node`; [] where the machine is not seen from there. */
  node: LiveSample[];
  /** null: not seen. */
  steering: LiveSteering | null;
  withinSeconds: number;
  costMs: number;
  caveats: LiveCaveat[];
}
