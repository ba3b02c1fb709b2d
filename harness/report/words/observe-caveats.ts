import { formatCount, formatSpan } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { LiveCaveat, SettingOrigin, Unseen, Why } from "../../observe/observation.ts";

/** A caveat as a sentence. Names in it are of unknown origin. */
export function liveCaveatWords(caveat: LiveCaveat): string {
  switch (caveat.code) {
    case "not-readable":
      return `${unseenWords[caveat.what]}${caveat.place === null ? "" : ` of ${caveat.place}`} could not be seen: ${whyWords(caveat.why)}.`;
    case "looks-apart":
      return `Tables were looked at up to ${formatSeconds(caveat.longestMs / 1000)} apart: a queue that filled and emptied in between shows in its counters alone.`;
    case "time-waits-of-namespace":
      return `TIME_WAIT sockets have no owner: ports and TIME_WAITs are those of the whole network namespace${othersWords(caveat.processes)}.`;
    case "ended":
      return `${caveat.who} ended ${formatSeconds(caveat.afterSeconds)} after the look began: this is what was seen until then.`;
    case "cut-short":
      return `The look was ended by a signal after ${formatSeconds(caveat.seconds)} of ${formatSpan(caveat.ofSeconds)}.`;
    case "also-in":
      return `${formatCount(caveat.namespaces)} other network namespace${caveat.namespaces === 1 ? " has" : "s have"} a listener on the same port: --pid PID looks there.`;
    case "tuner-runs":
      return `${caveat.program} runs on this machine: ${tunerWords[caveat.program]}.`;
    case "tables-skipped":
      return `The tables of ${formatCount(caveat.namespaces)} of ${formatCount(caveat.of)} network namespaces were not read: sockstat says that they hold next to nothing.`;
    case "processes-not-looked-at":
      return "Descriptors, memory, CPU, UDP and Unix queues are not looked at with --node: --pid PID, --container NAME and --listen PORT do.";
    case "host-network":
      return `Pod ${caveat.pod} has the network of its node ${caveat.node}: ports, queues, TIME_WAITs and counters are those of the whole node.`;
    case "container-stays":
      return `The container that looked (${caveat.container} in ${caveat.pod}) ends by itself; Kubernetes keeps its record in the pod's spec until the pod goes.`;
    case "pods-left-out":
      return `Not looked at: ${leftOutWords(caveat)}.`;
    case "no-look-inside":
      return `It was looked at from its node alone: ${caveat.words}.`;
    case "look-cut":
      return `Not all that was seen came: ${caveat.words}.`;
    case "memory-resident":
      return "Memory is what its processes hold (resident), against the limit of the pod's spec: what the kernel keeps for the container besides is not seen from within a pod.";
  }
}

function leftOutWords({ running, notRunning }: { running: number; notRunning: number }): string {
  const more = running === 0 ? [] : [`${formatCount(running)} more pods that run`];
  const others =
    notRunning === 0 ? [] : [`${counted(notRunning, "pod")} that ${notRunning === 1 ? "does" : "do"} not run`];
  return [...more, ...others].join(", and ");
}

function othersWords(processes: number): string {
  if (processes === 0) return "";
  return processes === 1
    ? ", in which another process is as well"
    : `, in which ${formatCount(processes)} other processes are as well`;
}

const unseenWords: Record<Unseen, string> = {
  settings: "Effective settings, and with them the range of ports,",
  ports: "Ports in use",
  "listen-limits": "Limits of the listeners' queues, and of UDP sockets' buffers,",
  descriptors: "Open file descriptors",
  memory: "Memory against a control group",
  cpu: "CPU",
  conntrack: "Connection tracking of the node",
  steering: "Steering of packets",
  namespaces: "Some network namespaces",
  processes: "Whose the socket is",
  counters: "Counters of the kernel",
};

function whyWords(why: Why): string {
  switch (why.kind) {
    case "rights":
      return "this user may not; run tunebench as root";
    case "no-ss":
      return "ss is not on PATH; apt-get install iproute2";
    case "not-the-node":
      return "not readable from here, since this is a container itself and its own table says nothing of the node's";
    case "not-there":
      return "no control group of its processes can be read";
    case "from-a-pod":
      return "not readable from within a pod";
    case "from-the-node":
      return "from the node one has to enter the pod's network namespace, which needs CAP_SYS_ADMIN there";
    case "no-process":
      return "no process of it is here";
  }
}

const tunerWords = {
  irqbalance: "it moves interrupts between CPUs",
  bpftune: "it changes sysctls by itself, so that a value set by hand may not stay",
  tuned: "its profile may set sysctls again",
} as const;

/** Where a setting's value is from. */
export function originWords(origin: SettingOrigin): string {
  switch (origin.kind) {
    case "kernel-default":
      return "kernel default";
    case "spec":
      return origin.of === "pod" ? "pod spec" : "container's --sysctl";
    case "runtime":
      return "container runtime";
    case "file":
      return origin.path;
    case "changed":
      return `${origin.by === "machine" ? "changed on this machine" : "node, runtime or CNI"} (kernel default: ${origin.kernelDefault || "empty"})`;
    case "unknown":
      return "by the machine's memory, or changed";
  }
}
