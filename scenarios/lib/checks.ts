/**
 * Stands in for k6 in each script that the harness bundles: the same module, whose check() also counts failed checks as failed requests where
 * the suite says so (`faults: checks`, or a fault with `in: check`): k6 itself only counts them.
 */
import standard, * as k6 from "k6";
import { Counter } from "k6/metrics";

export * from "k6";

/** Text in a check's name by which its failure is a fault; "" is in each. */
const signatures: { kind: string; match: string }[] = JSON.parse(__ENV.TUNEBENCH_CHECK_FAULTS ?? "[]");
const faults = signatures.length === 0 ? null : new Counter("tunebench_check_faults");

/** Responses that are counted already: one may be checked several times. */
const counted = new WeakSet<object>();

export const check: typeof k6.check = (value, sets, tags) => {
  if (faults === null) return k6.check(value, sets, tags);
  const failed: string[] = [];
  const passed = k6.check(value, watched(sets, failed), tags);
  const kind = kindOf(failed);
  if (kind !== undefined && isFirstFault(value)) faults.add(1, { kind });
  return passed;
};

function watched<Sets extends object>(sets: Sets, failed: string[]): Sets {
  const entries = Object.entries(sets).map(([name, checker]) => {
    const watch = (value: unknown) => {
      const passed = typeof checker === "function" ? checker(value) : checker;
      if (!passed) failed.push(name);
      return passed;
    };
    return [name, watch];
  });
  return Object.fromEntries(entries);
}

function kindOf(failed: string[]): string | undefined {
  const names = failed.map((name) => name.toLowerCase());
  return signatures.find(({ match }) => names.some((name) => name.includes(match.toLowerCase())))?.kind;
}

/** A response that failed by itself is a failed request already. */
function isFirstFault(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const { status } = value as { status?: unknown };
  if (typeof status === "number" && (status === 0 || status >= 400)) return false;
  if (counted.has(value)) return false;
  counted.add(value);
  return true;
}

export default { ...standard, check };
