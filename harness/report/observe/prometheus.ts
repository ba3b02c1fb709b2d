import type { Limit, Observation } from "../../observe/observation.ts";
import { isNear } from "../../observe/outlook.ts";
import { escapedText } from "../exports/openmetrics.ts";

interface Metric {
  name: string;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}

/**
 * Text format 0.0.4, without timestamps, as a textfile collector wants it: what was not seen has no sample. A limit that does not fill has no
 * seconds_to_full.
 */
export function prometheusText(observation: Observation): string {
  const { limits, outlook, seconds, costMs } = observation;
  const own = onceEach(limits);
  const of = (value: (limit: Limit) => number | null): Metric["samples"] =>
    own.flatMap((limit) => {
      const seen = value(limit);
      return seen === null ? [] : [{ labels: labelsOf(limit), value: seen }];
    });
  const one = (value: number): Metric["samples"] => [{ labels: {}, value }];
  const metrics: Metric[] = [
    {
      name: "tunebench_limit_used",
      help: "What is used of a limit, in the unit of its label.",
      samples: of(({ used }) => used),
    },
    { name: "tunebench_limit_max", help: "The limit.", samples: of((limit) => limit.of) },
    { name: "tunebench_limit_ratio", help: "Used over the limit.", samples: of(({ share }) => share) },
    {
      name: "tunebench_limit_growth_per_second",
      help: "How fast the use grows.",
      samples: of(({ perSecond }) => perSecond),
    },
    {
      name: "tunebench_limit_seconds_to_full",
      help: "Seconds until it is full at this rate, what ends meanwhile counted; 0: full.",
      samples: of(({ secondsToFull }) => secondsToFull),
    },
    {
      name: "tunebench_observe_near",
      help: "1 if a limit is reached or will be within the time asked about.",
      samples: outlook.kind === "unseen" ? [] : one(isNear(outlook) ? 1 : 0),
    },
    { name: "tunebench_observe_seconds", help: "How long was looked.", samples: one(seconds) },
    { name: "tunebench_observe_cpu_seconds", help: "CPU that the looks took.", samples: one(costMs / 1000) },
  ];
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`,
        ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`),
      ].join(""),
    )
    .join("");
}

function labelsOf({ limit, subject, place, unit }: Limit): Record<string, string> {
  return { limit, subject, ...(place === null ? {} : { place }), unit };
}

/** Two samples with the same labels would make the collector refuse the file. */
function onceEach(limits: readonly Limit[]): Limit[] {
  const seen = new Set<string>();
  return limits.filter((limit) => {
    const key = JSON.stringify(labelsOf(limit));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Values are escapedText: backslash, quote, line end. Source: prometheus.io/docs/instrumenting/exposition_formats. */
function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedText(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
