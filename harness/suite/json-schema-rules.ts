import { ratePattern } from "../core/units.ts";
import { startedOnlyKeys } from "./external-address.ts";
import { containerOnlyKeys } from "./schema-container.ts";
import { rpsPattern } from "./schema-forms.ts";
import { deliveryRoutes, imagePattern } from "./schema-kubernetes.ts";

/**
 * What the checks of two sections say (checks-*.ts), as JSON Schema: an editor then says it while the suite is written. What it can't say is
 * that a name stands for something elsewhere in the file (a baseline, an upstream, a reference).
 */

const has = (...required: string[]) => ({ required });
const hasNone = (...keys: string[]) => ({ not: { anyOf: keys.map((key) => has(key)) } });
const at = (key: string, form: object) => ({ properties: { [key]: form } });
const where = (condition: object, form: object) => ({ anyOf: [{ not: condition }, form] });

const noRecheck = at("recheck", { const: 0 });
const noRateOfProfiles = at("profiles", { additionalProperties: at("load", hasNone("rate")) });
const ownEnd = { anyOf: [has("conditions"), has("objective")] };

/** Of the whole file. */
export const suiteRules = [
  {
    anyOf: [
      { ...has("target"), ...hasNone("compose") },
      { ...has("compose"), ...hasNone("target") },
    ],
  },
  { not: has("profiles", "factors") },
  where(has("design"), has("factors")),
  where(hasNone("profiles", "factors"), at("baseline", { const: "baseline" })),
  where({ ...has("profiles"), ...hasNone("baseline") }, at("profiles", has("baseline"))),
  where({ ...hasNone("factors"), ...at("profiles", { maxProperties: 1 }) }, noRecheck),
  where(has("conditions"), { allOf: [hasNone("objective", "goals"), at("load", hasNone("rate"))] }),
  where(hasNone("conditions"), at("load", has("rate"))),
  where(has("objective"), {
    allOf: [has("goals"), noRecheck, at("stop", hasNone("requests")), at("load", at("rate", { type: "string" }))],
  }),
  where(ownEnd, noRateOfProfiles),
  where({ not: ownEnd }, { ...has("stop"), ...at("stop", has("after")) }),
];

const inCluster = at("kubernetes", { anyOf: [has("manifest"), has("image"), has("command")] });
const runs = { anyOf: [has("command"), has("image"), { ...has("kubernetes"), ...inCluster }] };
const inContainer = where(hasNone("image"), { ...hasNone(...containerOnlyKeys), ...at("ready", hasNone("exec")) });

/** Of the target: what runs and where it listens, or what is installed already and how it is watched. */
export const targetRule = {
  anyOf: [
    { allOf: [has("external", "observe"), hasNone(...startedOnlyKeys, "replicas")] },
    { allOf: [runs, inContainer, has("port"), hasNone("external", "observe", "dependsOn")] },
  ],
};

/** Of an upstream: what runs and where it listens, or that it is there already. */
export const upstreamRule = {
  anyOf: [
    { allOf: [has("external"), hasNone(...startedOnlyKeys)] },
    { allOf: [runs, inContainer, has("port"), hasNone("external")] },
  ],
};

const levels = (form: object) => ({ uniqueItems: true, items: form });

/** Levels by a factor's key: what a profile may have there. */
export const levelRule = {
  patternProperties: {
    "^load\\.rate$": levels({ type: "string", pattern: ratePattern.source }),
    "^load\\.virtualUsers$": levels({ type: "integer", minimum: 1, maximum: 100_000 }),
    "^load\\.keepConnections$": levels({ type: "boolean" }),
    "^rps$": levels({ type: ["string", "integer"], minimum: 0, maximum: 99_999_999, pattern: rpsPattern.source }),
    "^route$": levels({ enum: deliveryRoutes }),
    "^image$": levels({ type: ["string", "integer"], minimum: 0, pattern: imagePattern.source, maxLength: 512 }),
    "^(?!load\\.|rps$|route$|image$|(upstreams\\.[^.]+\\.)?env\\.)": levels({
      type: ["string", "integer", "array"],
      pattern: "^(?=.*\\S)[\\P{Cc}\\t]*$",
    }),
    "^(upstreams\\.[^.]+\\.)?env\\.": levels({ type: ["string", "integer", "boolean"] }),
  },
};
