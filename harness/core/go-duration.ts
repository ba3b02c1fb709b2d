const unitsMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
  d: 86_400_000,
};

/** A duration as Go and k6 write it ("1m30s", "500ms", "1d") or as a number of ms, in ms; null where it is none. Source: k6 v2.2.0, lib/types. */
export function parseGoDurationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|us|µs|ns|[smhd]))+$/.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|[smhd])/g);
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (unitsMs[unit ?? ""] ?? 0), 0);
}
