/** What findings are called, by cause (docs/diagnosis.md): the one place that knows the product's names for them. */
export const rules = {
  portExhaustion: "port-exhaustion",
  scanCliff: "scan-cliff",
  sourceAddressPorts: "source-address-ports",
  timeWaitBuckets: "time-wait-bucket-overflow",
  acceptQueue: "accept-queue-overflow",
  synQueue: "syn-queue-overflow",
  unixQueue: "unix-socket-queue",
  udpDrops: "udp-drops",
  generatorBound: "generator-bound",
  targetCpu: "target-cpu-bound",
  cgroupThrottling: "cgroup-throttling",
  waitsOnUpstream: "waits-on-upstream",
  programLimit: "program-limit",
  fewWorkers: "slow-accept",
  refusedDials: "refused-dials",
  packetLoss: "packet-loss",
  bandwidth: "bandwidth-cap",
  openFiles: "open-files",
  connectionLimit: "connection-limit",
  rateLimit: "rate-limit",
  outOfMemory: "out-of-memory",
  crashed: "target-crashed",
  hung: "hung",
} as const;

/** Name of a rule as analysis.json has it. */
export type RuleName = (typeof rules)[keyof typeof rules];
