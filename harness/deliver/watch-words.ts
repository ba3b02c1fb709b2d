import { reuseKey } from "../core/ports.ts";
import { settingOf } from "../knowledge/settings.ts";
import { code } from "./code-spans.ts";
import { isInCluster, type Reaches } from "./platform.ts";
import type { Selection } from "./selection.ts";

/** What to watch while a rollout goes from one node or pool to the others: sentences. */
export function watchWords({ settings }: Selection, reaches: Reaches): string[] {
  const keys = new Set(settings.map(({ key }) => key));
  const watched = [...keys].flatMap((key) => settingOf(key)?.watch ?? []);
  const counts = watched.some(({ netstat }) => netstat.length > 0);
  return [
    "The service's own rate, errors and latency (p99) beside those of the nodes without the settings, over a peak of the day.",
    isInCluster(reaches)
      ? "That pods start there: none with the reason `SysctlForbidden`, none in CrashLoopBackOff; let one be replaced once."
      : "That it starts again: restart it once, and look at its log.",
    ...new Set(watched.map(({ text }) => text)),
    ...(counts ? namespaceOfNstat[reaches] : []),
    "Stop and take it back where errors or latency are worse than on the others, whatever these counters say.",
  ];
}

const podsNstat =
  "`nstat` counts the network namespace it runs in: the pod's own counters are in its /proc/net/netstat (`kubectl exec YOUR_POD -- cat /proc/net/netstat`).";

const namespaceOfNstat: Record<Reaches, string[]> = {
  pods: [podsNstat],
  kubelet: [podsNstat],
  container: [
    "`nstat` counts the network namespace it runs in: the container's own counters are in its /proc/net/netstat.",
  ],
  machine: [],
};

/** somaxconn is half of an AND: the program's backlog is the other, wherever the run's program had it from; null where it is not delivered. */
export function queueCheck(
  { settings, queueLimit }: Selection,
  reaches: Reaches,
): { text: string; commands: string[] } | null {
  if (!settings.some(({ key }) => key === "net.core.somaxconn")) return null;
  const seen = queueLimit === null ? "" : ` In the run it was ${code(String(queueLimit))}.`;
  const ss = "ss --listening --tcp --numeric";
  return {
    text: `The service's accept queue: its limit is \`Send-Q\` of the listener.${seen} The kernel takes the smaller of \`somaxconn\` and what the program gives listen(), when it begins to listen. Where it is less here, the program asks for less, and the setting alone does nothing: give the program its backlog, and start it again.`,
    commands: [
      !isInCluster(reaches)
        ? `${ss}${inContainer(reaches)}`
        : `kubectl debug YOUR_POD --stdin --tty --image AN_IMAGE_WITH_SS -- ${ss}`,
    ],
  };
}

const timestamps = "net.ipv4.tcp_timestamps";

/** tcp_tw_reuse does nothing without timestamps, which both ends must have on: a check of them; null where it is not delivered. */
export function timestampsCheck(
  { settings }: Selection,
  reaches: Reaches,
): { text: string; commands: string[] } | null {
  const reuse = settings.find(({ key, value }) => key === reuseKey && value.trim() !== "0");
  if (reuse === undefined) return null;
  const path = `/proc/sys/${timestamps.replaceAll(".", "/")}`;
  return {
    text: `${code(`tcp_tw_reuse=${reuse.value}`)} works only where ${code(timestamps)} is \`1\` at both ends, here and at each peer that is dialled (a load balancer or a managed database may have it off); a connection that has them shows \`ts\` in \`ss --info\`.`,
    commands: isInCluster(reaches)
      ? [`kubectl exec YOUR_POD -- cat ${path}`, `kubectl exec PEER_POD -- cat ${path}   # or on the peer's machine`]
      : [
          `cat ${path}   # ${reaches === "container" ? "in the container" : "here"}, and the same at the peer`,
          `ss --tcp --info --numeric state established dst PEER_ADDRESS | grep --count ' ts '${inContainer(reaches)}`,
        ],
  };
}

function inContainer(reaches: Reaches): string {
  return reaches === "container" ? "   # in the container's network namespace" : "";
}
