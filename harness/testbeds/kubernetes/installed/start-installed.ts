import { ExpectedError } from "../../../core/errors.ts";
import { targetRoles } from "../../../core/roles.ts";
import type { Exit } from "../../../engines/engine.ts";
import { PartFailure } from "../../failures.ts";
import { longestLoadMs, type RunningPart } from "../../testbed.ts";
import type { Pod } from "../api/kinds.ts";
import type { ClusterTrial } from "../cluster-trial.ts";
import { ownKeys } from "../manifest/own-keys.ts";
import { settle } from "../place-pod.ts";
import { externalPart } from "../pod-part.ts";
import { untilSettings, watchedKeys } from "../settings.ts";
import { findInstalled, type Installed } from "./find-installed.ts";
import { type InstalledTarget, mostWatched } from "./open-installed.ts";
import { watchInstalled } from "./watch-installed.ts";

/** Watches the pods that serve now; the load goes to the Service. Rejects with PartFailure where it doesn't serve, or can't be watched. */
export async function startInstalled(trial: ClusterTrial, installed: InstalledTarget): Promise<RunningPart> {
  try {
    const found = await findInstalled(installed.tools.api, installed.wanted);
    return await watchAll(trial, installed, found);
  } catch (error) {
    throw error instanceof ExpectedError ? new PartFailure("target", `can't be watched: ${error.message}`, []) : error;
  }
}

async function watchAll(trial: ClusterTrial, installed: InstalledTarget, found: Installed): Promise<RunningPart> {
  const { scope, observer, failed } = trial;
  const watched = found.pods.slice(0, mostWatched);
  noteUnwatched(trial, found.pods.length - watched.length);
  trial.loadTargets = found.addresses.length;
  for (const [i, role] of targetRoles(found.pods.length).entries())
    trial.addresses[role] = found.addresses[i] ?? found.pods[i]?.status?.podIP ?? "";
  const ended = Promise.withResolvers<Exit>();
  const roles = targetRoles(watched.length);
  await Promise.all(
    watched.map((pod, i) => watchOne({ trial, installed, podPort: found.podPort }, pod, roles[i] ?? "target")),
  );
  await settle(trial, watched[0]?.spec?.nodeName ?? "");
  await Promise.all(roles.map((role) => untilSettings(observer, role, scope.signal)));
  for (const [i, pod] of watched.entries()) {
    const onTakenAway = (words: string) => failed.resolve(`${roles[i]}'s pod ended under load: ${words}`);
    watchInstalled(installed.tools.api, pod, { onEnd: ended.resolve, onTakenAway }, scope.signal);
  }
  return { ...externalPart("target"), ended: ended.promise };
}

interface Watching {
  trial: ClusterTrial;
  installed: InstalledTarget;
  podPort: number | null;
}

async function watchOne({ trial, installed, podPort }: Watching, pod: Pod, role: string): Promise<void> {
  const { spec, engine, scope, observer, work } = trial;
  const own = [...new Set([...(trial.ownKeys.target ?? []), ...(pod.spec === undefined ? [] : ownKeys(pod.spec))])];
  trial.ownKeys[role] = own;
  const seconds = Math.ceil((longestLoadMs(spec.suite, engine) + 3 * work.cluster.timeouts.startMs) / 1000);
  const wanted = { role, keys: watchedKeys({}, own), listenPort: podPort, seconds };
  const follow = await installed.guests.of(pod, wanted, scope.signal);
  observer.add({ role, pod: pod.metadata?.name ?? "", follow });
}

function noteUnwatched({ spec }: ClusterTrial, count: number): void {
  if (count > 0) spec.note(`${count} more pods of the target serve, and are not watched: ${mostWatched} are the most`);
}
