import type { Find } from "../results/find.ts";
import { goalsOf } from "../results/goals-of.ts";
import { optionOf, optionValue } from "../suite/command-option.ts";
import { longProfile } from "../suite/schema-profiles.ts";
import type { Part, Suite } from "../suite/suite.ts";

/** The suite as a find runs it: its own settings, and what the find lays over them. The profiles that it may have are left out. */
export function findSuite(suite: Suite, find: Find): Suite {
  return {
    ...suite,
    profiles: [{ name: "baseline", ...longProfile.parse({}) }],
    baseline: "baseline",
    design: "profiles",
    recheckBlocks: 0,
    blocks: { min: 1, max: 1 },
    retries: 0,
    disturbedRetries: 0,
    experiment: find,
  };
}

/** Whose settings a find may change: the target, and each upstream that is started with it. */
export function findRoles({ upstreams }: Suite): string[] {
  return ["target", ...Object.keys(upstreams).filter((name) => upstreams[name]?.external === null)];
}

/** What a find has from its suite. */
export function findOfSuite(
  suite: Suite,
): Pick<Find, "objective" | "goals" | "tolerance" | "levers" | "conditions" | "listening"> {
  const { experiment, tolerance } = suite;
  const parts = findRoles(suite).map((role) => [role, partNamed(suite, role)] as const);
  return {
    objective: experiment.kind === "search" ? experiment.objective : null,
    goals: goalsOf(experiment),
    tolerance,
    levers: suite.find.levers.map((lever) => ({ name: lever.what, ...lever, value: ownValue(suite, lever) })),
    conditions: Object.fromEntries(
      parts.filter(([, { sysctls }]) => Object.keys(sysctls).length > 0).map(([role, { sysctls }]) => [role, sysctls]),
    ),
    listening: Object.fromEntries(parts.map(([role, { port }]) => [role, [port]])),
  };
}

/** What it has without a change; null where that is not said. */
function ownValue(suite: Suite, { role, place }: Suite["find"]["levers"][number]): string | null {
  const { command, env } = partNamed(suite, role);
  const option = optionOf(place);
  return option === null ? (env[place.slice(place.lastIndexOf(".") + 1)] ?? null) : optionValue(command, option);
}

function partNamed({ target, upstreams }: Suite, role: string): Part {
  return upstreams[role] ?? (target as Part);
}
