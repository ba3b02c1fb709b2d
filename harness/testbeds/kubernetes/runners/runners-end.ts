import { abortable, endsWithin } from "../../../core/waits.ts";
import type { Exit } from "../../../engines/engine.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { OpenRun } from "../api/own-run.ts";
import type { ExportCounts } from "./export-counts.ts";
import type { RelayFollow } from "./relay-follow.ts";
import type { RunnerPods } from "./runner-pods.ts";
import type { RunnersLog } from "./runners-log.ts";

/** Runners at work. */
export interface RemoteRunners {
  /** Wall clock instant at which all were told to begin, ms since 1970. */
  readonly startUnixMs: number;
  /** Resolves when all are over, asked or not, and all that they exported was handed on or is known to be lost; never rejects. */
  readonly ended: Promise<RunnersEnd>;
  /** Why nothing is heard of the runners, where that is not of their own doing; null while the way to them is open. */
  trouble(): string | null;
  /** Each line of the runners' own output from now on; untrusted text. */
  onLine(listener: (line: string, atMs: number) => void): void;
  /** Tells all runners to end, once, and waits for it. */
  stop(): Promise<RunnersEnd>;
  lastLines(): string[];
}

/** How all of them ended. */
export interface RunnersEnd {
  runners: RunnerEnd[];
  /** When the last one's end was seen (performance.now()). */
  overMs: number;
  /** A sentence for each thing that was lost: a gap in the relay's lines, a runner that never came or vanished. Any makes the trial invalid. */
  losses: string[];
  /** Requests to the relay without the run's secret, since the load before. */
  unauthenticated: number;
}

/** How one of them ended. */
export interface RunnerEnd extends Exit {
  /** 0-based. */
  runner: number;
  node: string | null;
  /** As the relay counted them, and as they came here. */
  exports: { sent: number; received: number };
}

export interface EndRequest {
  api: ClusterApi;
  relay: RelayFollow;
  pods: RunnerPods;
  log: RunnersLog;
  counts: ExportCounts;
  job: string;
  trial: string;
  count: number;
  /** How many losses of the relay's log there were before this trial's runners. */
  lossesBefore: number;
  say: OpenRun["say"];
  /** Aborted once the run can't go on, as where its relay is gone: nobody tells runners to end any more, or counts what they sent. */
  lost: AbortSignal;
}

/**
 * The relay has a generator told within a fraction of a second, and k6 ends as soon; a Locust of several processes on a busy node took over 5 s from
 * its last window to its end. Where they did not end by then the relay may be gone, and the Job is deleted.
 */
const toldMs = 15_000;
/** A deleted pod's grace period, and the cluster's time to tell of its end. */
const goneMs = 15_000;
/** For a beat with the final counts: one a second, and a follow that has to be taken up again. */
const lastBeatMs = 15_000;

/** k6's exit codes when it is told to end, by REST and by a signal. */
const toldToEnd = [103, 105];

/** Waits for the runners' ends, and brings them about where asked to. */
export function endRunners(request: EndRequest): Pick<RemoteRunners, "ended" | "stop"> {
  const { api, pods, job, trial, say, lost } = request;
  const over = Promise.withResolvers<void>();
  void pods.ended.then(over.resolve);
  let stopping: Promise<RunnersEnd> | null = null;
  /** Runners whose generator was told to end, and not from here: its pod was deleted. */
  const unasked = new Set<number>();
  pods.onChange(({ runner, end }) => {
    if (stopping === null && toldToEnd.includes(end?.exitCode ?? 0)) unasked.add(runner);
  });
  const ended = over.promise.then(() => describeEnd(request, unasked));

  const stop = async (): Promise<RunnersEnd> => {
    await say({ "tunebench.dev/stop": trial }).catch(() => {});
    await endsWithin(abortable(pods.ended, lost), toldMs);
    if (await endsWithin(pods.ended, 0)) return await ended;
    await api.remove("Job", job).catch(() => {});
    if (!(await endsWithin(pods.ended, goneMs))) over.resolve();
    return await ended;
  };
  return {
    ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Once all are over: what each did, and what is not known of it. */
async function describeEnd(request: EndRequest, unasked: ReadonlySet<number>): Promise<RunnersEnd> {
  const { pods, counts, relay, log, count, lossesBefore, lost } = request;
  const overMs = performance.now();
  const [told, logLosses] = await Promise.all([counts.toldSince(overMs, lost.aborted ? 0 : lastBeatMs), log.close()]);
  pods.stop();
  counts.stop();
  const runners = Array.from({ length: count }, (_, runner) => endOfRunner(request, runner));
  const silence = told ? [] : [`the relay fell silent: ${relay.trouble() ?? "its log brings nothing more"}`];
  const gone = runners.flatMap(({ runner }) => goneSentence(request, runner, unasked.has(runner)));
  const losses = [...relay.losses().slice(lossesBefore), ...silence, ...gone, ...logLosses];
  return { runners, overMs, losses, unauthenticated: relay.takeUnauthenticated() };
}

function endOfRunner({ pods, counts }: EndRequest, runner: number): RunnerEnd {
  const pod = pods.seen.get(runner);
  return {
    runner,
    node: pod?.node ?? null,
    exitCode: pod?.end?.exitCode ?? null,
    signal: pod?.end?.signal ?? null,
    exports: counts.of(runner),
  };
}

/** A sentence for a runner whose generator did not run until it was over or told to end: its pod was taken away, it failed, or it never came. */
function goneSentence({ pods, count }: EndRequest, runner: number, wasUnasked: boolean): string[] {
  const pod = pods.seen.get(runner);
  const who = `runner ${runner + 1} of ${count}`;
  if (pod === undefined) return [`${who} never came`];
  if (pod.end === null) return [`${who} (pod ${pod.name}) did not end when it was told to`];
  const { reason, words, exitCode } = pod.end;
  const ordinary = reason === "Completed" || reason === "Error";
  if (ordinary && !wasUnasked) return [];
  const where = pod.node === null ? "" : ` on ${pod.node}`;
  const how = ordinary
    ? `it was told to end by another hand (exit code ${exitCode})`
    : `${reason}${words === "" ? "" : `: ${words}`}`;
  return [`${who} (pod ${pod.name}${where}) ended before its time: ${how}`];
}
