import { readFileSync } from "node:fs";
import { beyondStopMs, k6Program } from "../engines/k6/k6-program.ts";
import { type RunnersReceiver, receiveRunners } from "../engines/k6/receive-runners.ts";
import type { RemoteHands, RunnerExport, RunnersEnd, RunnersRequest } from "../testbeds/remote.ts";
import { type DriverRequest, type LoadDriver, type LoadTally, type RunningLoad, targetUrls } from "./load-driver.ts";
import { lostExports, sharedEnd, sharedLosses, testbedLosses } from "./runners-end.ts";

/** Beside its schedule k6 compiles the script and runs its setup(), and ends once it has sent its last export. */
const aroundScheduleMs = 60_000;

/** k6 in pods that share the load, their exports through the relay, the samplers beside the parts. */
export function driveRemote(request: DriverRequest, hands: RemoteHands): LoadDriver {
  return {
    // What this process can read of interrupts is another machine's.
    steering: async () => ({ irqs: [], irqbalanceRunning: null }),
    start: (onWindow) => start(request, hands, onWindow),
  };
}

async function start(
  request: DriverRequest,
  hands: RemoteHands,
  onWindow: Parameters<LoadDriver["start"]>[0],
): Promise<RunningLoad> {
  const { recording, suite } = request;
  const count = suite.load.runners ?? hands.runners;
  const receiver = receiveRunners({ count, at: recording.at, onWindow });
  // The trial's clock begins once all runners are about to begin; k6 exports from its start on.
  const early: RunnerExport[] = [];
  let take: RunnersRequest["onExport"] = (message) => void early.push(message);
  const runners = await hands.startRunners(runnersRequest(request, count, (message) => take(message)));
  recording.start();
  recording.event({ kind: "load-started", runners: count });
  take = receiver.take;
  for (const message of early) take(message);
  const observer = hands.observe((sample) => {
    recording.samples.push({ ...sample, atMs: recording.at(sample.atMs) });
  });
  const stop = once(() => {
    receiver.ending();
    return runners.stop();
  });
  return {
    received: () => receiver.received,
    trouble: () => runners.trouble(),
    ended: runners.ended.then(sharedEnd),
    stop: async () => sharedEnd(await stop()),
    onLine: (listener) => runners.onLine(listener),
    lastLines: () => runners.lastLines(),
    finish: async () => {
      const taken = tally(await stop(), receiver, await observer.stop());
      // Each sampler's clock is known better and better: the first samples may be out of order by a little.
      recording.samples.sort((a, b) => a.atMs - b.atMs);
      return taken;
    },
  };
}

function runnersRequest(request: DriverRequest, count: number, onExport: RunnersRequest["onExport"]): RunnersRequest {
  const { suite, logFile, scriptFile } = request;
  return {
    count,
    script: readFileSync(scriptFile, "utf8"),
    program: (place) =>
      k6Program({
        ...place,
        targetUrls: targetUrls(request),
        load: suite.load,
        stop: suite.stop,
        bodySignatures: suite.faults.filter((signature) => signature.in === "body"),
      }),
    deadlineMs: suite.stop.afterMs + beyondStopMs + aroundScheduleMs,
    logFile,
    onExport,
  };
}

/** What is known once the runners are over and the samplers have told all. */
function tally(
  end: RunnersEnd,
  receiver: RunnersReceiver,
  observed: { samplers: LoadTally["samplers"]; losses: string[] },
): LoadTally {
  receiver.close();
  const { received, failed } = receiver;
  return {
    exports: { received, failed: failed + lostExports(end) },
    startSkewMs: receiver.skewMs(),
    samplers: observed.samplers,
    losses: [...sharedLosses(end, receiver.missing()), ...testbedLosses(observed.losses)],
  };
}

/** The same answer to everyone who asks. */
function once<T>(ask: () => T): () => T {
  let answer: { value: T } | null = null;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
