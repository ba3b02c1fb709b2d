import type { ConditionSummary, Range, RoleUse } from "./conditions.ts";

/** What is put on top of the highest that was seen, for a limit: a quarter. */
export const limitMargin = 0.25;

/** A number of one copy of the target, and the condition that it comes from. */
export interface SizedFrom {
  /** Cores or bytes, as the field says. */
  value: number;
  /** Where it was found. */
  condition: string;
}

/**
 * What one copy of the target may be given, by what it used: the copy that used most. Requests: the highest median, over the
 * conditions without actions, of its mean use. Limits: the highest second (memory: look) of any condition in any block, and a
 * quarter more.
 */
export interface Sizing {
  /** The profile's name. */
  profile: string;
  /** Copies of the target that ran. */
  copies: number;
  /** Trials behind it: the fewest of its conditions. */
  n: number;
  /** null where nothing was measured, as in all four. */
  cpuRequestCores: SizedFrom | null;
  /** CPU limit. */
  cpuLimitCores: SizedFrom | null;
  /** Memory request. */
  memoryRequestBytes: SizedFrom | null;
  /** Memory limit. */
  memoryLimitBytes: SizedFrom | null;
}

/** One for each profile that has numbers. Where something is done to parts in every condition, requests are taken from those. */
export function sizingOf(conditions: ConditionSummary[]): Sizing[] {
  const profiles = [...new Set(conditions.map(({ profile }) => profile))];
  return profiles.flatMap((profile) => {
    const own = conditions.filter((condition) => condition.profile === profile && condition.n > 0);
    return own.length === 0 ? [] : [profileSizing(profile, own)];
  });
}

function profileSizing(profile: string, conditions: ConditionSummary[]): Sizing {
  const calm = conditions.filter(({ disturbed }) => !disturbed);
  const usual = calm.length === 0 ? conditions : calm;
  const limit = (from: SizedFrom | null) => (from === null ? null : { ...from, value: from.value * (1 + limitMargin) });
  return {
    profile,
    copies: Math.max(...conditions.map((condition) => copiesOf(condition).length)),
    n: Math.min(...conditions.map(({ n }) => n)),
    cpuRequestCores: highest(usual, "meanCores", "median"),
    cpuLimitCores: limit(highest(conditions, "peakCores", "high")),
    memoryRequestBytes: highest(usual, "meanMemoryBytes", "median"),
    memoryLimitBytes: limit(highest(conditions, "peakMemoryBytes", "high")),
  };
}

/** Over conditions and copies. */
function highest(conditions: ConditionSummary[], field: keyof RoleUse, of: keyof Range): SizedFrom | null {
  const all = conditions.flatMap((condition) =>
    copiesOf(condition).flatMap((copy) => {
      const value = condition.use[copy]?.[field]?.[of];
      return value === undefined ? [] : [{ value, condition: condition.condition }];
    }),
  );
  return all.toSorted((one, other) => other.value - one.value)[0] ?? null;
}

/** Names of the target's copies in a condition's use; the target itself where it is the only one. */
function copiesOf({ use }: ConditionSummary): string[] {
  const copies = Object.keys(use).filter((role) => /^target-\d+$/.test(role));
  return copies.length === 0 ? ["target"] : copies;
}
