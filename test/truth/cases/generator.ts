import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { go, nginx } from "./parts.ts";

/** The generator is the limit, and the same target with one that is not. */
export const generatorCases: TruthCase[] = [
  {
    name: "few-users",
    injected: "1 user before a target that answers at once, 9,000 requests a second asked",
    aboutCpu: true,
    core: true,
    suite: { target: go("sleep", { MS: "0" }), load: { rate: "9000/s", virtualUsers: 1 } },
    expected: {
      outcome: "held",
      named: { rule: rules.generatorBound, side: "generator", remedy: { kind: "load", what: "virtual-users" } },
      never: [rules.programLimit, rules.targetCpu],
    },
    controls: { enough: { load: { rate: "100/s", virtualUsers: 60 } } },
  },
  {
    name: "pinned-generator",
    injected: "k6 on one CPU, 20,000 requests a second asked of nginx",
    aboutCpu: true,
    needs: ["nginx"],
    suite: {
      target: { ...nginx(), cpus: "1" },
      generator: { cpus: "0" },
      load: { rate: "20000/s", virtualUsers: 200 },
    },
    expected: {
      outcome: "held",
      named: { rule: rules.generatorBound, side: "generator", remedy: { kind: "load", what: "cpus" } },
      never: [rules.programLimit, rules.targetCpu],
    },
    controls: { calm: { load: { rate: "100/s" } } },
  },
];
