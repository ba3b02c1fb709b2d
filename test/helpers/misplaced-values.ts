import fc from "fast-check";
import { stringify } from "yaml";
import { suiteText } from "./suite-files.ts";

const place = fc.constantFrom(
  "name",
  "target",
  "upstreams",
  "generator",
  "load",
  "faults",
  "stop",
  "profiles",
  "factors",
  "design",
  "recheck",
  "retries",
  "goals",
  "objective",
  "conditions",
  "baseline",
  "blocks",
  "compare",
  "seed",
);
const inner = fc.constantFrom(
  "command",
  "port",
  "ready",
  "env",
  "sysctls",
  "rate",
  "fault",
  "latency",
  "a",
  "net.x",
  "kubernetes",
  "script",
  "constructor",
  "measures",
  "latencyMs.p99",
  "sustainable-rate",
  "actions",
  "lasting",
  "replicas",
  "min",
);
const misplaced = fc.jsonValue({ maxDepth: 3 });

/** A valid suite with one of its keys given any value, or a map of keys from elsewhere. */
export const misplacedValue: fc.Arbitrary<string> = fc
  .tuple(place, fc.dictionary(inner, misplaced), misplaced, fc.boolean())
  .map(([key, map, scalar, deep]) => {
    const others = suiteText("ports").replace(new RegExp(`^${key}:`, "m"), "was:");
    return `${others}\n${stringify({ [key]: deep ? map : scalar })}`;
  });
