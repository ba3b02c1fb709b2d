import { refusesSettings } from "../platform-words.ts";
import type { Event, Pod } from "./kinds.ts";
import { type ContainerStatus, containerStatuses, disruptionOf } from "./pod-end.ts";
import { type Failing, failing } from "./pod-failure.ts";
import { sandboxFailure, settingRefusal } from "./sandbox-failure.ts";

/**
 * What is wrong with a pod that is awaited, as far as its status and its events say so beyond doubt; null while it may
 * still come right. Pure. That a node is found, and that all of it takes too long, is a matter of time: `await-pod.ts`.
 */
export function failureOf(pod: Pod, events: Event[]): Failing | null {
  return disturbed(pod) ?? rejected(pod) ?? fromContainers(pod, events) ?? fromEvents(events);
}

/** As often does a kubelet try before its trouble counts as lasting: an image, a volume, a sandbox. */
const tries = 3;

function disturbed(pod: Pod): Failing | null {
  const { reason = "", message = "" } = pod.status ?? {};
  const target = disruptionOf(pod);
  if (target?.reason === "DeletionByTaintManager" || target?.reason === "DeletionByPodGC" || reason === "NodeLost") {
    return failing(
      "node-lost",
      target?.message ?? message,
      "its node is lost or is being emptied",
      "kubectl get nodes",
    );
  }
  if (reason === "Evicted" || reason === "Preempting" || reason === "Terminated" || target !== null) {
    return failing(
      "evicted",
      target?.message || message,
      "the cluster evicted it",
      "kubectl get events shows who did; leave more room on the node",
    );
  }
  if (reason === "DeadlineExceeded")
    return failing("deadline", message, "it ran longer than its activeDeadlineSeconds");
  if (pod.metadata?.deletionTimestamp !== undefined) return failing("deleted", "", "it was deleted");
  return null;
}

/** By the kubelet, before anything of it was started. */
function rejected(pod: Pod): Failing | null {
  const { phase, reason = "", message = "" } = pod.status ?? {};
  if (phase !== "Failed" || reason === "") return null;
  const words = message.replace(/^Pod was rejected: /, "");
  if (reason !== "SysctlForbidden")
    return failing("not-admitted", words, `the node's kubelet did not take it (${reason})`);
  return { ...failing("sysctl-forbidden", words, ""), ...settingRefusal(words || reason), words };
}

function fromContainers(pod: Pod, events: Event[]): Failing | null {
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const inits = new Set((pod.status?.initContainerStatuses ?? []).map(({ name }) => name));
  for (const { name } of sidecars) inits.delete(name);
  for (const status of containerStatuses(pod)) {
    const found = waiting(status, events) ?? ended(status, pod, events, inits.has(status.name));
    if (found !== null) return { ...found, container: status.name };
  }
  return null;
}

function waiting(status: ContainerStatus, events: Event[]): Failing | null {
  const { reason = "", message = "" } = status.state?.waiting ?? {};
  switch (reason) {
    case "ErrImageNeverPull":
    case "InvalidImageName":
      return image(message);
    case "ErrImagePull":
    case "ImagePullBackOff":
      return countOf(events, "Pulling") < tries ? null : image(message);
    case "CreateContainerConfigError":
      return failing("configuration", message, `container ${status.name} can't be made`, configurationRemedy(message));
    case "CreateContainerError":
    case "RunContainerError":
      return failing("configuration", message, `container ${status.name} can't be started`);
    default:
      return null;
  }
}

function image(words: string): Failing {
  return failing(
    "image",
    words,
    "its image can't be had",
    "check the image's name, the cluster file's imagePullPolicy, and the nodes' way to the registry",
  );
}

function configurationRemedy(words: string): string | null {
  if (/^(secret|configmap) /.test(words) || words.includes("couldn't find key"))
    return "what the manifest refers to must be in the namespace";
  return words.includes("runAsNonRoot") ? "the image's own user is root: give the manifest a runAsUser" : null;
}

/** A container that ended is a failure with a code other than 0; one that is started again has already ended once. */
function ended(status: ContainerStatus, pod: Pod, events: Event[], isInit: boolean): Failing | null {
  const end = status.state?.terminated ?? status.lastState?.terminated;
  if (end === undefined || end.exitCode === 0) return null;
  const words = end.message ?? "";
  if (end.reason === "OOMKilled") {
    return failing(
      "out-of-memory",
      words,
      `container ${status.name} used more memory than its limit`,
      "give it a larger limit",
    );
  }
  if (wasProbed(status, pod) && [137, 143].includes(end.exitCode)) {
    const probe = latest(events, ({ reason }) => reason === "Unhealthy");
    return failing("probe", probe?.message ?? "", `container ${status.name} did not pass its startup probe`);
  }
  const how = `container ${status.name} ended with exit code ${end.exitCode}`;
  if (!isInit) return failing("crash", words, how);
  const said = words.trim().split("\n").findLast(refusesSettings);
  return { ...failing("init", words, `init ${how}`), ...(said === undefined ? {} : settingRefusal(said)) };
}

/** Whether it was ended before its startup probe passed. */
function wasProbed(status: ContainerStatus, pod: Pod): boolean {
  const container = pod.spec?.containers.find(({ name }) => name === status.name);
  return container?.startupProbe !== undefined && status.started !== true;
}

function fromEvents(events: Event[]): Failing | null {
  const sandbox = latest(events, ({ reason }) => reason === "FailedCreatePodSandBox");
  const found = sandbox === null ? null : sandboxFailure(sandbox.message ?? "");
  if (found?.refusesProfile === true || countOf(events, "FailedCreatePodSandBox") >= tries) return found;
  const mount = latest(events, ({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume");
  if (mount === null || countOf(events, mount.reason ?? "") < tries) return null;
  return failing(
    "mount",
    mount.message ?? "",
    "a volume of it can't be mounted",
    "what the manifest refers to must be in the namespace",
  );
}

/** How often a thing was told: an event that comes again is counted, not repeated. */
function countOf(events: Event[], reason: string): number {
  const of = events.filter((event) => event.reason === reason);
  return of.reduce((sum, event) => sum + (event.count ?? event.series?.count ?? 1), 0);
}

function latest(events: Event[], matches: (event: Event) => boolean): Event | null {
  return events.findLast(matches) ?? null;
}
