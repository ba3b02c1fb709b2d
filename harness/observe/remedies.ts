import { roomForConnections } from "../diagnose/conntrack.ts";
import type { PortUse } from "../diagnose/evidence.ts";
import { has, type Observed } from "../diagnose/observed.ts";
import { exhaustionRemedies } from "../diagnose/ports.ts";
import { program, type Remedy } from "../diagnose/remedy.ts";
import { suggestedValue } from "../knowledge/settings.ts";
import type { Limit } from "./observation.ts";

const role = "target";

/**
 * What would help against a limit before it is reached; where a rule found it, that has its remedies. `ports`: the use that the limit is about.
 */
export function remediesOf(limit: Limit, observed: Observed, ports: PortUse | null): Remedy[] {
  switch (limit.limit) {
    case "ports":
      return ports !== null && has(observed, ["ports"]) ? exhaustionRemedies(observed, ports) : [];
    case "source-ports":
      return [program(role, "late-bind"), program(role, "source-addresses")];
    case "accept-queue":
    case "unix-queue":
      return [program(role, "accept-rate")];
    case "syn-queue":
      return [program(role, "backlog"), program(role, "accept-rate")];
    case "udp-queue":
      return [program(role, "read-rate"), program(role, "receive-buffer")];
    case "time-wait-buckets":
      return [setting("net.ipv4.tcp_max_tw_buckets")];
    case "descriptors":
      return [program(role, "nofile")];
    case "memory":
      return limit.of === null ? [] : [program(role, "memory")];
    case "cpu":
      return cpuRemedies(limit);
    case "conntrack":
      return roomForConnections(limit.of ?? 0);
    case "softirq":
      return [{ kind: "node", what: "receive-queues" }];
    case "retransmits":
      return [];
  }
}

function cpuRemedies({ detail }: Limit): Remedy[] {
  const byQuota = detail.kind === "cpu" && detail.by === "quota";
  return [program(role, byQuota ? "cpu-limit" : "cpus"), program(role, "cost-of-a-request")];
}

function setting(key: string): Remedy {
  return { kind: "setting", role, key, value: suggestedValue(key), gain: "cure" };
}
