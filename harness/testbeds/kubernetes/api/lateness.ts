import type { Event, Pod } from "./kinds.ts";
import { containerStatuses } from "./pod-end.ts";
import { type Failing, failing } from "./pod-failure.ts";

/** What a pod that is awaited is waiting for. */
export type Stretch = "schedule" | "start" | "own";

export function stretchOf(pod: Pod | null): Stretch {
  if (pod === null || (pod.spec?.nodeName ?? "") === "") return "schedule";
  return isStarted(pod) ? "own" : "start";
}

/** Whether each container that is to stay is started, its startup probe passed. */
export function isStarted(pod: Pod): boolean {
  const statuses = pod.status?.containerStatuses ?? [];
  const all = statuses.length === pod.spec?.containers.length;
  return all && statuses.every(({ started, state }) => started === true || state?.terminated?.exitCode === 0);
}

/** What is told where a stretch took longer than it may. */
export function lateness(stretch: Stretch, afterMs: number, pod: Pod | null, events: Event[]): Failing {
  const after = `within ${Math.round(afterMs / 1000)} s`;
  if (stretch === "schedule") {
    const why = pod?.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
    const remedy =
      "kubectl describe nodes shows what is free; the cluster file's timeouts.schedule grants a new one time";
    return failing(
      "unschedulable",
      why?.message ?? "no scheduler has looked at it",
      `no node took it ${after}`,
      remedy,
    );
  }
  if (stretch === "own") {
    const probe = events.findLast(({ reason }) => reason === "Unhealthy");
    return failing("not-ready", probe?.message ?? "", `it was not ready ${after}`);
  }
  const trouble = events.findLast(({ type }) => type === "Warning")?.message ?? (pod === null ? "" : waitingFor(pod));
  const remedy = "timeouts.start in the cluster file is how long images may take";
  return failing("not-started", trouble, `its containers did not run ${after}`, remedy);
}

function waitingFor(pod: Pod): string {
  const waiting = containerStatuses(pod).flatMap(({ name, state, started }) => {
    if (state?.waiting !== undefined) return [`${name}: ${state.waiting.reason}`];
    return state?.running !== undefined && started !== true ? [`${name}: its startup probe has not passed`] : [];
  });
  return waiting.join(", ");
}
