import { acceptQueueOverflow } from "./accept-queue.ts";
import { conntrackFull, masqueradePorts } from "./conntrack.ts";
import { cgroupThrottling, targetCpuBound } from "./cpu.ts";
import { targetCrashed } from "./crash.ts";
import type { RuleId } from "./finding.ts";
import { generatorBound } from "./generator.ts";
import { hung } from "./hung.ts";
import { outOfMemory } from "./memory.ts";
import { bandwidthCap, neighbourTableFull, packetLoss, receiveDrops, udpDrops } from "./network.ts";
import { portExhaustion, scanCliff, timeWaitBucketOverflow } from "./ports.ts";
import { programLimit } from "./program-limit.ts";
import { receiveWorkOnOneCpu } from "./receive-work.ts";
import type { Rule } from "./rule.ts";
import { connectionLimit, openFiles, poolExhausted, rateLimit } from "./said-limits.ts";
import { slowAccept } from "./slow-accept.ts";
import { sourceAddressPorts } from "./source-ports.ts";
import { synQueueOverflow, unixSocketQueue } from "./syn-queue.ts";
import { refusedDials, waitsOnUpstream } from "./upstream.ts";

/** A rule, whichever it is. */
export type AnyRule = { [Id in Exclude<RuleId, "unexplained">]: Rule<Id> }[Exclude<RuleId, "unexplained">];

/**
 * Every rule, the most telling first: what ended a part or invalidates a measurement, then what the kernel or a program names, then what is
 * often only a consequence (a scan of the port range also takes the target's CPU), then the last resorts; see consequences.ts.
 */
export const rules: readonly AnyRule[] = [
  outOfMemory,
  targetCrashed,
  generatorBound,
  timeWaitBucketOverflow,
  portExhaustion,
  scanCliff,
  sourceAddressPorts,
  openFiles,
  connectionLimit,
  rateLimit,
  poolExhausted,
  refusedDials,
  hung,
  unixSocketQueue,
  acceptQueueOverflow,
  synQueueOverflow,
  udpDrops,
  masqueradePorts,
  packetLoss,
  conntrackFull,
  neighbourTableFull,
  receiveDrops,
  cgroupThrottling,
  receiveWorkOnOneCpu,
  targetCpuBound,
  slowAccept,
  bandwidthCap,
  waitsOnUpstream,
  programLimit,
];
