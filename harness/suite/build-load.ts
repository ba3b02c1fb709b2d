import { burstsRate, constantRate, phasesRate, type Rate, rampRate } from "./rate.ts";
import type { SuiteForm } from "./schema.ts";
import type { ProfileLoadForm, RateForm } from "./schema-load.ts";
import type { Load, LoadChanges, StopCriteria } from "./suite.ts";

/** The load of a suite; the rate of conditions is theirs, one phase each. */
export function buildLoad({ load, conditions }: Pick<SuiteForm, "load" | "conditions">): Load {
  const phases = Object.values(conditions ?? {}).map(({ rate, lasting }) => ({ perSecond: rate, lastingMs: lasting }));
  return {
    script: load.script,
    rate: load.rate === undefined ? phasesRate(phases) : buildRate(load.rate),
    virtualUsers: load.virtualUsers ?? 200,
    keepConnections: load.keepConnections ?? true,
    env: load.env ?? {},
    runners: load.runners ?? null,
  };
}

export function buildLoadChanges({ rate, virtualUsers, keepConnections }: ProfileLoadForm): LoadChanges {
  return {
    ...(rate === undefined ? {} : { rate: buildRate(rate) }),
    ...(virtualUsers === undefined ? {} : { virtualUsers }),
    ...(keepConnections === undefined ? {} : { keepConnections }),
  };
}

function buildRate(form: RateForm): Rate {
  if (typeof form === "number") return constantRate(form);
  if ("ramp" in form) return rampRate(form.from, form.to, form.ramp);
  const { base, burst, lasting, every } = form;
  return burstsRate({ basePerSecond: base, burstPerSecond: burst, burstMs: lasting, everyMs: every });
}

/** @param wholeMs how long the load takes where the suite's conditions or objective say so */
export function buildStop(form: SuiteForm["stop"], wholeMs: number): StopCriteria {
  const { fault, cliff } = form ?? {};
  return {
    fault: fault === undefined ? null : { kind: fault.kind ?? null, ratio: fault.ratio, windows: fault.windows },
    requests: form?.requests ?? null,
    afterMs: form?.after ?? wholeMs,
    latency: buildLatency(form?.latency),
    cliff: cliff === undefined ? null : { windows: cliff.windows },
  };
}

function buildLatency(form: NonNullable<SuiteForm["stop"]>["latency"]): StopCriteria["latency"] {
  for (const quantile of ["p50", "p90", "p99"] as const) {
    const aboveMs = form?.[quantile];
    if (form !== undefined && aboveMs !== undefined) return { quantile, aboveMs, windows: form.windows };
  }
  return null;
}
