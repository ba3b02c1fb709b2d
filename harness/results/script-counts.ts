import * as z from "zod";

const checkCountShape = z.object({
  /** As the script names it; `other` gathers what is beyond the most that are told apart. */
  name: z.string(),
  passed: z.number(),
  failed: z.number(),
});

/** How often a check of the script's passed and failed. */
export type CheckCount = z.infer<typeof checkCountShape>;

export const scriptCountsShape = z.object({
  /** [] where it made none. */
  checks: z.array(checkCountShape),
});

/** What the load's script itself counts, by the names that it gives. */
export type ScriptCounts = z.infer<typeof scriptCountsShape>;

export const noScriptCounts: ScriptCounts = { checks: [] };

/** Names of one sort that are told apart: a script may name by ids. */
const mostNames = 50;

/** The name of what is beyond them, and of what has none. */
export const otherName = "other";

/** All counts together, by name. */
export function sumScriptCounts(counts: readonly ScriptCounts[]): ScriptCounts {
  return { checks: sumChecks(counts.flatMap(({ checks }) => checks)) };
}

/** One count for each name, in the order in which they came; of too many names the most frequent ones, the rest together. */
export function sumChecks(counts: readonly CheckCount[]): CheckCount[] {
  const byName = sums(counts);
  if (byName.length <= mostNames) return byName;
  const kept = byName.toSorted((a, b) => countOf(b) - countOf(a)).slice(0, mostNames - 1);
  return sums(byName.map((count) => (kept.includes(count) ? count : { ...count, name: otherName })));
}

function sums(counts: readonly CheckCount[]): CheckCount[] {
  const byName = new Map<string, CheckCount>();
  for (const { name, passed, failed } of counts) {
    const before = byName.get(name) ?? { name, passed: 0, failed: 0 };
    byName.set(name, { name, passed: before.passed + passed, failed: before.failed + failed });
  }
  return [...byName.values()];
}

function countOf({ passed, failed }: CheckCount): number {
  return passed + failed;
}
