import test from "ava";
import { demandOf } from "../../../harness/detect/demand.ts";
import type { Phases } from "../../../harness/detect/phases.ts";
import { half, well } from "./story.ts";

test("of a load that broke before requests could wait for one another the time up to the stop is looked at", (t) => {
  const faults = [{ kind: "HTTP 503", side: "target", count: 60 } as const];
  const after = [half(0.1, 110, 90, { faults }), half(0.6, 110, 90, { faults })];
  const told = (firstLastsMs: number) => {
    const first = { ...half(0, 10, 20), startMs: 100 - firstLastsMs, endMs: 100 };
    const phases = { firstMs: 0, rampEndMs: 100 - firstLastsMs, stopMs: 1100, cliff: null, disturbed: [] };
    const fault = { atMs: 100 } as Phases["fault"];
    return demandOf({ ...well, windows: [first, ...after] }, { ...phases, fault })?.medianLatencyMs ?? 0;
  };
  t.true(told(90) > 80);
  t.true(told(400) < 30);
});
