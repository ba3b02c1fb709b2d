import { acceptQueueOverflow } from "./accept-queue.ts";
import { conntrackFull } from "./conntrack.ts";
import { cgroupThrottling, receiveWorkOnOneCpu, targetCpuBound } from "./cpu.ts";
import { targetCrashed } from "./crash.ts";
import { generatorBound } from "./generator.ts";
import { portExhaustion, scanCliff, timeWaitBucketOverflow } from "./ports.ts";
import type { Rule } from "./rule.ts";

/**
 * Every rule, the most telling first: what invalidates a measurement, then named causes, then what is often only
 * their consequence (a scan of the port range also takes the target's CPU). A new rule is a function here and its
 * name in finding.ts.
 */
export const rules: Rule[] = [
  targetCrashed,
  generatorBound,
  timeWaitBucketOverflow,
  portExhaustion,
  scanCliff,
  acceptQueueOverflow,
  conntrackFull,
  cgroupThrottling,
  receiveWorkOnOneCpu,
  targetCpuBound,
];
