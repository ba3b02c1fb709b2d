/** Fields of a pod's spec that a trial's pod does not have, and why. */
export const leftOutFields: Record<string, string> = {
  nodeName: "where a trial's pods run follows from the trial",
  hostPID: "the sampler tells the target's CPU by the pod's own processes, and would take all of the node's for them",
  hostname: "it would be the same in every trial",
  subdomain: "it would be the same in every trial",
  topologySpreadConstraints: "they count pods by labels that a trial's pods do not have",
  priorityClassName: "a trial must not evict other pods",
  priority: "a trial must not evict other pods",
  preemptionPolicy: "a trial must not evict other pods",
  readinessGates: "nobody would ever open them for a trial's pod",
  schedulingGates: "nobody would ever open them for a trial's pod",
};
