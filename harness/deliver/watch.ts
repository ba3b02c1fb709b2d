import { settingOf } from "../knowledge/settings.ts";
import type { Selection } from "./selection.ts";
import { code } from "./text.ts";

/** What to watch while a rollout goes from one node or pool to the others: sentences. */
export function watchWords({ settings }: Selection, onHost: boolean): string[] {
  const keys = new Set(settings.map(({ key }) => key));
  const watched = [...keys].flatMap((key) => settingOf(key)?.watch ?? []);
  const counts = watched.some(({ netstat }) => netstat.length > 0);
  return [
    "The service's own rate, errors and latency (p99) beside those of the nodes without the settings, over a peak of the day.",
    onHost
      ? "That it starts again: restart it once, and look at its log."
      : "That pods start there: none with the reason `SysctlForbidden`, none in CrashLoopBackOff; let one be replaced once.",
    ...new Set(watched.map(({ text }) => text)),
    ...(counts && !onHost
      ? [
          "`nstat` counts the network namespace it runs in: the pod's own counters are in its /proc/net/netstat (`kubectl exec YOUR_POD -- cat /proc/net/netstat`).",
        ]
      : []),
    "Stop and take it back where errors or latency are worse than on the others, whatever these counters say.",
  ];
}

const timestamps = "net.ipv4.tcp_timestamps";

/** tcp_tw_reuse does nothing without timestamps, which both ends must have on: a check of them; null where it is not delivered. */
export function timestampsCheck({ settings }: Selection, onHost: boolean): { text: string; commands: string[] } | null {
  const reuse = settings.find(({ key, value }) => key === "net.ipv4.tcp_tw_reuse" && value.trim() !== "0");
  if (reuse === undefined) return null;
  const path = `/proc/sys/${timestamps.replaceAll(".", "/")}`;
  return {
    text: `${code(`tcp_tw_reuse=${reuse.value}`)} works only where ${code(timestamps)} is \`1\` at both ends, here and at each peer that is dialled (a load balancer or a managed database may have it off); a connection that has them shows \`ts\` in \`ss --info\`.`,
    commands: onHost
      ? [
          `cat ${path}   # here, and the same at the peer`,
          "ss --tcp --info --numeric state established dst PEER_ADDRESS | grep --count ' ts '",
        ]
      : [`kubectl exec YOUR_POD -- cat ${path}`, `kubectl exec PEER_POD -- cat ${path}   # or on the peer's machine`],
  };
}
