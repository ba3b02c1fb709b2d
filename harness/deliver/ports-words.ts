import { type PortRange, parsePortRange, portRangeKey, reservedPortsKey } from "../core/ports.ts";
import { code, codes, command } from "./code-spans.ts";
import { isInCluster, type Reaches } from "./platform.ts";
import { podSettings, type Selection } from "./selection.ts";

/** Where others listen, within Kubernetes' and Istio's defaults. */
const nodePorts = { low: 30000, high: 32767 };
const istioPorts = { low: 15000, high: 15090 };

/** What a delivered port range may take from whom: sentences; [] where none is delivered. */
export function portWords(selection: Selection, reaches: Reaches): string[] {
  const settings = reaches === "machine" ? selection.settings : podSettings(selection);
  const range = settings.find(({ key }) => key === portRangeKey);
  const bounds = parsePortRange(range?.value ?? "");
  if (range === undefined || bounds === null) return [];
  const reserved = settings.find(({ key }) => key === reservedPortsKey);
  const touches = (ports: PortRange) => bounds.low <= ports.high && bounds.high >= ports.low;
  return [
    `${code(`${portRangeKey}=${range.value}`)}: an outgoing connection may take any of these ports, and who wants to listen on it then fails with \`EADDRINUSE\` ("address already in use") at its next start.`,
    reserved === undefined
      ? `${selection.purpose === "rollout" ? "The run saw no listener of the target" : "No part of the suite is known to listen"} within it${selection.listeners.length === 0 ? "" : ` (it listens on ${codes(selection.listeners.map(String))})`}; what else listens is not known.`
      : `${code(`${reservedPortsKey}=${reserved.value}`)} keeps the ports that ${selection.purpose === "rollout" ? "the target was seen to listen on" : "the suite's parts listen on"} out of it. What else listens (metrics, health, debugging) is not known: add it there.`,
    ...(reaches !== "container" && touches(nodePorts)
      ? [
          reaches === "machine"
            ? "NodePorts (30000 to 32767) lie within it: on a node of Kubernetes reserve `30000-32767` too."
            : "NodePorts (30000 to 32767) are the node's, not the pod's: only a range of the node's own takes those, where `30000-32767` must be reserved.",
        ]
      : []),
    ...(reaches !== "container" && touches(istioPorts)
      ? ["Istio's sidecar listens on ports of 15000 to 15090 in the pod: with Istio reserve `15000-15090` too."]
      : []),
    !isInCluster(reaches) ? "" : `What listens in a pod.\n${command(podListeners)}`,
  ].filter((sentence) => sentence !== "");
}

/** Local ports in state 0A (LISTEN), which /proc/net/tcp has in hexadecimal. */
const podListeners = `kubectl exec YOUR_POD -- cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == "0A" { split($2, a, ":"); print a[2] }' | sort --unique | while read port; do echo $((16#$port)); done`;
