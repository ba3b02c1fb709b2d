import { type MeasureName, measureOf } from "../../core/measures.ts";
import type { Unit } from "../../core/units.ts";

/** How a unit is written where others' tools read it. */
interface ExportedUnit {
  /** In UCUM, as OTLP has it. https://ucum.org, https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units */
  ucum: string;
  /** At the end of a Prometheus metric's name: its base units. https://prometheus.io/docs/practices/naming/ */
  suffix: string | null;
  /** What a number of ours is divided by to be in it. */
  perUnit: number;
}

/** Prometheus makes the same suffix of the UCUM unit where OTLP reaches it. */
export const exportedUnits: Record<Unit, ExportedUnit> = {
  ms: { ucum: "s", suffix: "seconds", perUnit: 1000 },
  s: { ucum: "s", suffix: "seconds", perUnit: 1 },
  "1/s": { ucum: "1/s", suffix: "per_second", perUnit: 1 },
  fraction: { ucum: "1", suffix: "ratio", perUnit: 1 },
  count: { ucum: "{count}", suffix: null, perUnit: 1 },
};

/** "latencyMs.p99" -> ["latency", "p99"]: the words of a measure's name, without those that say its unit. */
export function measureWords(name: MeasureName): string[] {
  const words = allWords(name);
  const own = words.filter((word) => word !== "ms");
  const end = unitWords[measureOf(name).unit].find((unit) => own.slice(-unit.length).join(" ") === unit.join(" "));
  return end === undefined ? own : own.slice(0, -end.length);
}

/** "latencyMs.p99" -> "latency-ms-p99": a name with its unit, for formats that have no place for one. */
export function measureSlug(name: MeasureName): string {
  return allWords(name).join("-");
}

function allWords(name: MeasureName): string[] {
  return name.split(/\.|(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** Words of the registry's names that a unit's suffix says again. */
const unitWords: Record<Unit, string[][]> = {
  ms: [],
  s: [["seconds"]],
  "1/s": [["per", "second"]],
  fraction: [["ratio"], ["share"]],
  count: [],
};
