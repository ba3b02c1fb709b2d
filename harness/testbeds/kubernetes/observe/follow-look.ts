import { newestFrom } from "../../../observe/series.ts";
import type { LookMessage } from "../../../pods/messages.ts";
import type { LiveSample, LiveSteering } from "../../../results/live-samples.ts";
import type { SamplerCost } from "../../../results/samples.ts";
import { followLines, type OpenLog } from "../runners/follow-lines.ts";

/** What a container that looks has told up to now. */
export interface Heard {
  /** On this process's performance.now(), from the moment on from which the look was asked for. */
  samples: LiveSample[];
  /** As they were read last; null before the first. */
  settings: Record<string, string | null> | null;
  /** The first processes of the container that is looked at, as it sees them; null before it said so. */
  processes: { pids: number[]; cpusAllowed: number | null } | null;
  /** Of its node; null where it looks from elsewhere. */
  steering: LiveSteering | null;
  /** The kernel's release; null before it said so. */
  kernel: string | null;
  /** CPU ms that the looks have taken since then. */
  costMs: number;
  /** When the first sample came, on performance.now(); null before. */
  firstMs: number | null;
}

export interface LookFollow {
  heard: Heard;
  /** Resolves with the first sample. */
  begun: Promise<void>;
  /** Resolves when the program said its last word. */
  ended: Promise<void>;
  /** Lets go of what was seen before a moment, but for the newest of each kind. */
  forget(beforeMs: number): void;
  /** Sentences on what of the log never came, and why it can't be had. */
  losses(): string[];
  stop(): void;
}

/** Follows the log of a container that looks. What it saw before now is left out: one that runs already saw others' minutes, too. */
export function followLook(openLog: OpenLog, place: { pod: string; container: string }): LookFollow {
  const fromMs = performance.now();
  const heard: Heard = {
    ...{ samples: [], settings: null, processes: null, steering: null, kernel: null, costMs: 0, firstMs: null },
  };
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const takeSample = (sample: LiveSample, at: (writerMs: number) => number) => {
    const atMs = at(sample.atMs);
    if (atMs < fromMs) return;
    heard.firstMs ??= atMs;
    heard.samples.push({ ...sample, atMs });
    begun.resolve();
  };
  let costBeforeMs = 0;
  const takeCosts = (samplers: SamplerCost[], atMs: number) => {
    const costMs = samplers.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    if (atMs < fromMs) costBeforeMs = costMs;
    else heard.costMs = costMs - costBeforeMs;
  };
  const follow = followLines<LookMessage>({
    openLog,
    ...place,
    whose: `what looks at pod ${place.pod}`,
    onMessage(message, at) {
      if (message.kind === "sample") takeSample(message.sample, at);
      if (message.kind === "settings") heard.settings = message.values;
      if (message.kind === "processes") {
        heard.processes = { pids: message.pids, cpusAllowed: message.cpusAllowed };
        heard.kernel = message.kernel;
      }
      if (message.kind === "steering") heard.steering = message.steering;
      if (message.kind === "costs") takeCosts(message.samplers, at(message.ms));
      if (message.kind === "costs" && message.last) ended.resolve();
    },
  });
  return {
    heard,
    begun: begun.promise,
    ended: ended.promise,
    forget(beforeMs) {
      heard.samples = newestFrom(heard.samples, beforeMs);
    },
    losses: () => {
      const trouble = heard.firstMs === null ? follow.trouble() : null;
      return [...follow.losses(), ...(trouble === null ? [] : [trouble])];
    },
    stop: follow.stop,
  };
}
