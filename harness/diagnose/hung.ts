import { strengths } from "./finding.ts";
import { program } from "./remedy.ts";
import { rule } from "./rule.ts";

/** The service stopped answering: nothing was completed for two seconds and more at the load's end, while every user waited. */
export const hung = rule("hung", ["load"], ({ load, demand }) => {
  if (load.fault?.seenIn !== "silence") return null;
  return {
    side: "target",
    role: "target",
    limit: null,
    strength: strengths.said,
    evidence: [
      {
        kind: "silence",
        sinceSeconds: load.fault.firstSeconds,
        served: load.successes,
        virtualUsers: demand?.virtualUsers ?? load.load.preAllocatedVirtualUsers,
      },
    ],
    remedies: [program("target", "stacks")],
  };
});
