import { endsWithin } from "../../../core/waits.ts";
import type { SamplerMessage } from "../../../pods/messages.ts";
import type { Sample, SamplerCost } from "../../../results/samples.ts";
import { sumCosts } from "../../../results/sum-costs.ts";
import { followLines, type LineFollow, type OpenLog } from "./follow-lines.ts";

/** A sampler beside a part, or on a node. */
export interface SamplerPlace {
  /** Of whom it tells, for sentences. */
  role: string;
  pod: string;
  /** How its messages come; left out: by its container's log. */
  follow?: FollowSampler;
}

/** Hands on what a sampler says from now on, as followLines does. */
export type FollowSampler = (
  onMessage: (message: SamplerMessage, at: (writerMs: number) => number) => void,
) => LineFollow;

/** The samplers of pods, as a load has them. */
export interface RemoteObserver {
  /** Waits until each sampler has told what it saw up to a moment (performance.now()), and ends. `losses` as in RunnersEnd. */
  stop(upToMs: number): Promise<{ samplers: SamplerCost[]; losses: string[] }>;
}

/** The samplers of a trial's pods, followed from the moment when each is known. */
export interface PodObserver extends RemoteObserver {
  /** Follows one more. */
  add(place: SamplerPlace): void;
  /** The pod was taken away on purpose: that its sampler falls silent is no loss. */
  forget(pod: string): void;
  /** The settings that a role's sampler read last, on its own pod; null before its first line. */
  settingsOf(role: string): Record<string, string | null> | null;
  /** Those that it read first, before the load. */
  firstSettingsOf(role: string): Record<string, string | null> | null;
  /** Samples go here from now on; before, they are dropped. */
  listen(onSample: (sample: Sample) => void): void;
  /** Ends every follow at once, whatever was heard: a trial that ended before its load has no other end of them. */
  close(): void;
}

/** A sampler tells all that it saw within a second; the log takes a moment, a follow that has to be taken up again some more. */
const lastWordMs = 10_000;

interface Followed {
  place: SamplerPlace;
  follow: LineFollow;
  heardMs: number;
  first: Record<string, string | null> | null;
  settings: Record<string, string | null> | null;
  costs: SamplerCost[];
  awaited: boolean;
}

/** Follows the samplers' logs. `atMs` of samples is on this process's performance.now(). */
export function observePods(openLog: OpenLog, container = "sampler"): PodObserver {
  const followed: Followed[] = [];
  const heard = new Set<() => void>();
  let onSample: (sample: Sample) => void = () => {};

  const take = (one: Followed, message: SamplerMessage, at: (writerMs: number) => number) => {
    one.heardMs = at(message.ms);
    if (message.kind === "sample") onSample({ ...message.sample, atMs: at(message.sample.atMs) });
    if (message.kind === "settings") {
      one.first ??= message.values;
      one.settings = message.values;
    }
    if (message.kind === "costs") one.costs = message.samplers;
    // A pod that is being taken away ends its sampler before anybody asks.
    if (message.kind === "costs" && message.last) one.awaited = false;
    for (const tell of heard) tell();
  };

  const of = (role: string) => followed.findLast(({ place }) => place.role === role);

  /** Resolves once all have told what they saw up to a moment; with those that have not, after a while. */
  const untilHeard = async (moment: number): Promise<Followed[]> => {
    const late = () => followed.filter(({ heardMs, awaited }) => awaited && !(heardMs >= moment));
    const all = Promise.withResolvers<void>();
    const look = () => void (late().length === 0 && all.resolve());
    heard.add(look);
    look();
    await endsWithin(all.promise, lastWordMs);
    heard.delete(look);
    return late();
  };

  return {
    add(place) {
      const unheard = { heardMs: Number.NaN, first: null, settings: null, costs: [], awaited: true };
      const one: Followed = { place, follow: nothing, ...unheard };
      followed.push(one);
      const byLog: FollowSampler = (onMessage) =>
        followLines({ openLog, pod: place.pod, container, whose: `the log of ${place.role}'s sampler`, onMessage });
      one.follow = (place.follow ?? byLog)((message, at) => take(one, message, at));
    },
    forget(pod) {
      for (const one of followed.filter(({ place }) => place.pod === pod)) {
        one.awaited = false;
        one.follow.stop();
      }
    },
    settingsOf: (role) => of(role)?.settings ?? null,
    firstSettingsOf: (role) => of(role)?.first ?? null,
    listen(listener) {
      onSample = listener;
    },
    close() {
      for (const { follow } of followed) follow.stop();
    },
    async stop(upToMs) {
      const late = await untilHeard(upToMs);
      for (const { follow } of followed) follow.stop();
      const unheard = late.map(({ place, follow }) => unheardSentence(place, follow));
      return {
        samplers: sumCosts(followed.flatMap(({ costs }) => costs)),
        losses: [...followed.flatMap(({ follow }) => follow.losses()), ...unheard],
      };
    },
  };
}

const nothing: LineFollow = { losses: () => [], trouble: () => null, stop: () => {} };

function unheardSentence({ role, pod }: SamplerPlace, follow: LineFollow): string {
  const why = follow.trouble();
  return `the sampler of ${role} (pod ${pod}) fell silent${why === null ? "" : `: ${why}`}`;
}
