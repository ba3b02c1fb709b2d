import { once } from "node:events";
import type { Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { LineWriter } from "../lines/line-writer.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import type { RelaySettings } from "./messages.ts";
import { createRelayServer } from "./relay-server.ts";
import { createTrials, type Trials } from "./trials.ts";
import { followLease } from "./watch-lease.ts";

const beatMs = 1000;
const againMs = 2000;

/**
 * The relay of one run: takes the runners' exports and writes them to its log, tells them to end when the harness's Lease says so, and
 * deletes the run's objects when the harness gives no sign of life. Runs until the signal; a last beat then tells the totals.
 */
export async function runRelay(relay: {
  settings: RelaySettings;
  /** Of the run: who has it is one of its pods. */
  secret: string;
  lines: LineWriter;
  api: ClusterAccess;
  port: number;
  signal: AbortSignal;
  onListening?: (server: Server) => void;
}): Promise<void> {
  const { lines, signal } = relay;
  const trials = createTrials(lines);
  const { server, takeUnauthenticated } = createRelayServer({ ...relay, trials });
  server.listen(relay.port);
  await once(server, "listening");
  relay.onListening?.(server);
  const beat = () => {
    const told = { trials: trials.counts(), unauthenticated: takeUnauthenticated() };
    return lines.write({ kind: "beat", ms: performance.now(), unixMs: Date.now(), ...told });
  };
  await beat();
  const beats = setInterval(() => void beat(), beatMs);
  await followLease(relay.api, relay.settings, leaseListener(relay, trials), signal);
  clearInterval(beats);
  server.close();
  server.closeAllConnections();
  await beat();
}

function leaseListener({ settings, lines, api, signal }: Parameters<typeof runRelay>[0], trials: Trials) {
  const stop = async (trial: string) => {
    void lines.write({ kind: "stopping", ms: performance.now(), trial });
    const answers = await trials.stop(trial);
    void lines.write({ kind: "stopped", ms: performance.now(), trial, answers });
  };
  const trouble = (detail: string) => void lines.write({ kind: "trouble", ms: performance.now(), detail });
  return {
    onStop: (trial: string) => void stop(trial),
    onTrouble: trouble,
    onSilence(silentMs: number) {
      void lines.write({ kind: "abandoned", ms: performance.now(), silentMs });
      for (const trial of trials.names()) void stop(trial);
      void deleteRun(api, settings, trouble, signal);
    },
  };
}

/** All that the run owns goes with its owner, this pod too. Tried until it is gone. */
async function deleteRun(
  api: ClusterAccess,
  { namespace, run }: RelaySettings,
  onTrouble: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(run)}`;
  while (!signal.aborted) {
    try {
      const { status, body } = await api.call("DELETE", path, { propagationPolicy: "Background" });
      if (status === 200 || status === 202 || status === 404) return;
      onTrouble(`the run can't be deleted: ${status} ${JSON.stringify(body)}`);
    } catch (error) {
      onTrouble(`the run can't be deleted: ${(error as Error).message}`);
    }
    await pause(againMs, undefined, { signal }).catch(() => {});
  }
}
