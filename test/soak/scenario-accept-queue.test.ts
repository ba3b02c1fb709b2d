/** The four levels of scenarios/accept-queue, shortened. */
import type { Document } from "yaml";
import type { ProfileAnalysis } from "../../harness/analysis/analysis.ts";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import { testNeeding } from "../helpers/parts.ts";
import { show } from "../helpers/show-scenario.ts";

testNeeding(["namespaces", "ss", "k6"], "accept-queue: min(backlog, somaxconn) binds, and it takes both", async (t) => {
  const shorter = (suite: Document) => {
    suite.setIn(["load", "rate", "every"], "2s");
    suite.setIn(["stop", "after"], "5s");
  };
  const { trials, profiles, analysis } = await show(t, "accept-queue", shorter);
  const expected = { "511,128": 128, "511,65535": 511, "65535,128": 128, "65535,65535": 65_535 };
  for (const [levels, limit] of Object.entries(expected)) {
    const [backlog, somaxconn] = levels.split(",");
    const name = `appBacklog=${backlog},somaxconn=${somaxconn}`;
    const queue = trials[name]?.evidence.acceptQueues[0];
    t.is(queue?.effectiveLimit, limit, name);
    t.is((queue?.overflows ?? -1) > 0, limit < 65_535, `${name}: ${queue?.overflows} overflows`);
    const { outcome } = trials[name] ?? {};
    if (limit < 65_535) t.is(outcome, "degraded", name);
    t.true(outcome === "degraded" || outcome === "held", `${name}: ${outcome}`);
    t.is(rulesOf(profiles[name]).includes("accept-queue-overflow"), limit < 65_535, name);
  }
  const { findings = [] } = profiles["appBacklog=511,somaxconn=65535"] ?? {};
  // On a slow machine it follows from the CPU that the target lacks, and comes after that.
  t.like(findings.find(({ rule }) => rule === "accept-queue-overflow")?.evidence[0], { binding: "backlog" });
  const said = analysis.effects.map(({ profile, effect, how }) => `${profile} [${effect}]: ${how}`).join("\n");
  // Beside another load, or on a slow machine, latency crosses its ceiling without any overflow too.
  if (trials["appBacklog=65535,somaxconn=65535"]?.outcome !== "held") t.notRegex(said, /\[removed\]/);
  else if (Object.values(trials).some(isDisturbed)) t.regex(said, /\[unclear\]: others used the CPUs/);
  else t.regex(said, /appBacklog=65535,somaxconn=65535 \[removed\]: .*it takes all of it/);
});

function rulesOf(profile: ProfileAnalysis | undefined): string[] {
  return profile?.findings.map(({ rule }) => rule) ?? [];
}
