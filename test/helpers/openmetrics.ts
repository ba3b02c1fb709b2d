/** A number of an OpenMetrics text, with the type and unit of its family. */
export interface OpenMetricsSample {
  name: string;
  unit: string | null;
  labels: Record<string, string>;
  value: number;
  atSeconds: number;
}

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const text = String.raw`(?:[^\\"\n]|\\[\\"n])*`;
const label = `[a-zA-Z_][a-zA-Z0-9_]*="${text}"`;
const number = String.raw`[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const head = new RegExp(String.raw`^# (TYPE|UNIT|HELP) (${name}) ((?:[^\\"\n]|\\[\\"n])*)$`);
const sample = new RegExp(String.raw`^(${name})\{((?:${label}(?:,(?!\}))?)*)\} (${number}) (${number})$`);

/**
 * Reads OpenMetrics text of gauges by the ABNF of its specification, and strictly: an error for whatever is not of it. Families are not
 * interleaved, a unit ends its family's name, no series comes twice, and the last line is # EOF.
 */
export function readOpenMetrics(exposition: string): OpenMetricsSample[] {
  const lines = exposition.split("\n");
  if (lines.pop() !== "" || lines.pop() !== "# EOF") throw new Error("it does not end with # EOF and a line end");
  const samples: OpenMetricsSample[] = [];
  const families = new Map<string, { unit: string | null }>();
  let current = "";
  for (const line of lines) {
    const described = head.exec(line);
    if (described !== null) {
      const [, kind, family = "", words = ""] = described;
      if (kind === "TYPE" && (families.has(family) || words !== "gauge")) throw new Error(`type: ${line}`);
      if (kind === "TYPE") families.set(family, { unit: null });
      if (kind === "UNIT" && !family.endsWith(`_${words}`)) throw new Error(`unit: ${line}`);
      if (kind === "UNIT") families.set(family, { unit: words });
      if (kind !== "TYPE" && family !== current) throw new Error(`of another family: ${line}`);
      current = family;
    } else samples.push(sampleOf(line, current, families.get(current)?.unit ?? null));
  }
  const series = samples.map((one) => JSON.stringify([one.name, Object.entries(one.labels).toSorted()]));
  if (new Set(series).size !== series.length) throw new Error("a series comes twice");
  return samples;
}

function sampleOf(line: string, family: string, unit: string | null): OpenMetricsSample {
  const [, of, labels = "", value, at] = sample.exec(line) ?? [];
  if (of === undefined || of !== family) throw new Error(`no sample of ${family}: ${line}`);
  const pairs = [...labels.matchAll(new RegExp(`([a-zA-Z0-9_]+)="(${text})"`, "g"))];
  const read = Object.fromEntries(pairs.map(([, key = "", written = ""]) => [key, unescaped(written)]));
  if (Object.keys(read).length !== pairs.length) throw new Error(`a label comes twice: ${line}`);
  return { name: of, unit, labels: read, value: Number(value), atSeconds: Number(at) };
}

function unescaped(written: string): string {
  return written.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
}
