import type { Observation } from "./observation.ts";
import type { ObservationInput } from "./seen.ts";

/** What a look at a live service comes to. Pure: the same samples give the same answer, here or out of a pod's log. */
export function observe(input: ObservationInput): Observation {
  const times = input.seen.flatMap(({ samples }) => samples.map(({ atMs }) => atMs));
  return {
    outlook: { kind: "room" },
    limits: [],
    findings: [],
    settings: input.seen.flatMap(({ subject, settings }) =>
      settings.map((setting) => ({ ...setting, place: input.seen.length > 1 ? subject : null })),
    ),
    caveats: [...input.caveats, ...input.seen.flatMap(({ caveats }) => caveats)],
    subjects: input.seen.map(({ subject }) => subject),
    seconds: times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000,
    costMs: input.costMs,
  };
}
