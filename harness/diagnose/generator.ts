import { portRangeKey } from "../core/ports.ts";
import { suggestedValue } from "../knowledge/settings.ts";
import type { GeneratorSign } from "../results/generator-signs.ts";
import type { GeneratorHealth } from "../results/trial.ts";
import { type BindingLimit, strengths } from "./finding.ts";
import type { LoadRemedy, Remedy, Site } from "./remedy.ts";
import { rule } from "./rule.ts";

const widerRange: Remedy = {
  kind: "setting",
  role: "generator",
  key: portRangeKey,
  value: suggestedValue(portRangeKey),
  gain: "room",
};

/** The generator was the limit (see GeneratorHealth): the trial says what k6 could do here, not what the target can. */
export const generatorBound = rule("generator-bound", ["generator"], ({ generator, place }) => {
  if (!generator.bound) return null;
  const { signs, droppedIterations, maxVirtualUsers: virtualUsers, cpuCores: usedCores } = generator;
  return {
    side: "generator",
    role: "generator",
    limit: limitOf(generator),
    // What the users waited for is measured from their side only; all else the kernel says.
    strength: signs.every(({ kind }) => ["iterations-dropped", "few-users", "users-held-by-script"].includes(kind))
      ? strengths.implied
      : strengths.said,
    evidence: [{ kind: "generator", signs, droppedIterations, virtualUsers, usedCores }],
    remedies: remediesOf(signs, place),
  };
});

function limitOf({ signs }: GeneratorHealth): BindingLimit | null {
  const cores = signs.find((sign) => sign.kind === "cores-used");
  return cores === undefined ? null : { used: cores.usedCores, of: cores.cores, unit: "cores" };
}

/** Each once: two signs may ask for the same. */
function remediesOf(signs: GeneratorSign[], place: Site): Remedy[] {
  const asked = new Set(signs.flatMap(lacks));
  return [...asked].flatMap((what): Remedy[] => {
    const remedy: Remedy = { kind: "load", what, place };
    return what === "kept-connections" ? [remedy, widerRange] : [remedy];
  });
}

function lacks(sign: GeneratorSign): LoadRemedy["what"][] {
  switch (sign.kind) {
    case "iterations-dropped":
      return ["virtual-users", "cpus"];
    case "few-users":
    case "users-held-by-script":
      return ["virtual-users"];
    case "cores-used":
    case "cpu-limited":
      return ["cpus"];
    case "own-failures":
      return [sign.fault === "EADDRNOTAVAIL" ? "kept-connections" : "log"];
  }
}
