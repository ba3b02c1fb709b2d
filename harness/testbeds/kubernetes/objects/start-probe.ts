import type { V1Container, V1Probe } from "@kubernetes/client-node";
import type { Part } from "../../../suite/suite.ts";

/**
 * The suite's readiness as a startup probe; {} where it is a line of the log, which the node can't see. A part that is not ready in
 * time is ended by the node, and with restartPolicy Never stays so.
 */
export function startProbe({ port, ready }: Pick<Part, "port" | "ready">): Pick<V1Container, "startupProbe"> {
  if (ready.check.kind === "log") return {};
  const asked: V1Probe =
    ready.check.kind === "http" ? { httpGet: { path: ready.check.path, port } } : { tcpSocket: { port } };
  return {
    startupProbe: {
      ...asked,
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: Math.max(1, Math.ceil(ready.withinMs / 1000)),
    },
  };
}
