import { acceptQueueOverflow } from "./accept-queue.ts";
import { conntrackFull } from "./conntrack.ts";
import { cgroupThrottling, targetCpuBound } from "./cpu.ts";
import { targetCrashed } from "./crash.ts";
import type { RuleId } from "./finding.ts";
import { generatorBound } from "./generator.ts";
import { portExhaustion, scanCliff, timeWaitBucketOverflow } from "./ports.ts";
import { receiveWorkOnOneCpu } from "./receive-work.ts";
import type { Rule } from "./rule.ts";

/** A rule, whichever it is. */
export type AnyRule = { [Id in RuleId]: Rule<Id> }[RuleId];

/**
 * Every rule, the most telling first: what invalidates a measurement, then named causes, then what is often only
 * their consequence (a scan of the port range also takes the target's CPU).
 */
export const rules: readonly AnyRule[] = [
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
