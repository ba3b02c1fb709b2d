import { z } from "zod";
import type { Expected, Named, Outcome } from "./case.ts";
import { type RuleName, rules } from "./rules.ts";

/** What analysis.json says of a profile, as far as it is judged here: codes and numbers, no sentence. */
export const toldProfile = z.looseObject({
  name: z.string(),
  broke: z.number(),
  degraded: z.number(),
  saturated: z.number(),
  held: z.number(),
  findings: z.array(
    z.looseObject({
      rule: z.string(),
      side: z.string(),
      role: z.string().nullish(),
      limit: z.looseObject({ of: z.number() }).nullish(),
      remedies: z.array(z.looseObject({ kind: z.string() })).default([]),
    }),
  ),
  caveats: z.array(z.looseObject({ code: z.string() })),
});

export type ToldProfile = z.infer<typeof toldProfile>;
type ToldFinding = ToldProfile["findings"][number];

/** analysis.json, as far as it is judged; a caveat that all profiles share stands at its end alone. */
export const toldAnalysis = z.object({
  profiles: z.array(toldProfile),
  caveats: z.array(z.looseObject({ code: z.string() })),
});

/**
 * right: the outcome, and the cause first. silent: nothing was found where something is. false: what is not so was said: a rule that can't be
 * the cause, a finding in a healthy service. wrong: anything else.
 */
export type Judgement = "right" | "wrong" | "silent" | "false";

/** Judges what was said of a profile by what had to be. */
export function judge(told: ToldProfile, expected: Expected): Judgement {
  const { findings } = told;
  const { named } = expected;
  if (findings.some(({ rule }) => neverRules(expected).some((never) => never === rule))) return "false";
  const isOutcome = outcomeOf(told) === expected.outcome;
  if (named === null && findings.length > 0) return "false";
  if (named === null) return isOutcome ? "right" : "wrong";
  if ("caveat" in named)
    return isOutcome && told.caveats.some(({ code }) => code === named.caveat) ? "right" : "silent";
  const [first] = findings;
  if (first === undefined) return "silent";
  return isOutcome && lackingIn(first, named).length === 0 ? "right" : "wrong";
}

/** The outcome of a profile's one trial. */
export function outcomeOf({ broke, degraded, saturated, held }: ToldProfile): Outcome {
  if (broke > 0) return "broke";
  if (degraded > 0) return "degraded";
  if (saturated > 0) return "saturated";
  return held > 0 ? "held" : "failed";
}

/** What a finding does not say of what it has to: names of fields. */
export function lackingIn(finding: ToldFinding, { rule, side, role, limit, remedy }: Named): string[] {
  const checks: Record<string, boolean> = {
    rule: rule === undefined || finding.rule === rule,
    side: finding.side === side,
    role: role === undefined || finding.role === role,
    limit: limit === undefined || finding.limit?.of === limit.of,
    remedy: remedy === undefined || finding.remedies.some((one) => has(one, remedy)),
  };
  return Object.keys(checks).filter((name) => checks[name] === false);
}

function neverRules({ named, never = [] }: Expected): RuleName[] {
  const isGenerators = named !== null && "side" in named && named.side === "generator";
  return isGenerators ? never : [...never, rules.generatorBound];
}

function has(one: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([key, value]) => one[key] === value);
}
