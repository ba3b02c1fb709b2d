import * as z from "zod";
import { sysctlKeyProblem } from "../knowledge/keys.ts";
import { factorKeyAllowed, factorKeyPattern, factorKeyProblem, levelText, withLevel } from "./factor-key.ts";
import { levelRule } from "./json-schema-rules.ts";
import { shown } from "./problems.ts";
import {
  command,
  env,
  form,
  type Level,
  level,
  map,
  name,
  orElse,
  refuse,
  rivalForm,
  rps,
  sysctls,
  text,
} from "./schema-forms.ts";
import { image, nodeSelector, route } from "./schema-kubernetes.ts";
import { profileLoad } from "./schema-load.ts";

/** Schema of what differs between trials: profiles, or factors in place of them. */

const profileName = text(
  "letters, digits and . _ = , - beginning with a letter or digit, at most 100",
  /^[A-Za-z0-9][A-Za-z0-9._=,-]{0,99}$/,
);

const generatorSettings = form("a map with sysctls", { sysctls: sysctls.default({}) });
const upstreamSettings = form("a map with sysctls or env", { sysctls: sysctls.default({}), env: env.default({}) });

/** What a profile changes against the suite; null = the suite's own. */
export const longProfile = rivalForm(
  "a profile: {} or a map",
  {
    sysctls: sysctls.default({}).describe("Settings of the target's namespace."),
    generator: generatorSettings.prefault({}).describe("Settings of the load generator's namespace."),
    upstreams: map("a map of upstreams", z.string(), upstreamSettings)
      .default({})
      .describe("Settings of upstreams' namespaces, and their environment over the suite's."),
    env: env.default({}).describe("Environment of the target, over the suite's."),
    command: orElse(command, null).describe("Another command of the target: another build, for instance."),
    rps: orElse(rps, null).describe("Receive packet steering of the target's interface: hex mask of CPUs."),
    route: orElse(route, null).describe("How the settings reach the pods, in a cluster. Default: the suite's."),
    image: orElse(image, null).describe("Another container image of the target, in a cluster."),
    nodeSelector: nodeSelector
      .default({})
      .describe("Nodes that the target runs on, over the cluster's selector: another kernel or node image."),
    load: orElse(profileLoad, null).describe("The load under this profile, where it differs from the suite's."),
  },
  dottedKeyHint,
).transform(({ generator, upstreams, ...target }) => ({
  ...target,
  generatorSysctls: generator.sysctls,
  upstreamSysctls: mapValues(upstreams, ({ sysctls }) => sysctls),
  upstreamEnv: mapValues(upstreams, ({ env }) => env),
  /** factor name -> level, where the profile is a combination of factors (factors.ts). */
  levels: {} as Record<string, string>,
}));

function mapValues<In, Out>(record: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** In the long form a sysctl stands in the wrong place, if it can stand anywhere. */
function dottedKeyHint(key: string): string | null {
  if (!/[./]/.test(key)) return null;
  const beside = `${key} can't stand beside the long form's keys; put it under sysctls:, or leave only plain sysctls`;
  return sysctlKeyProblem(key) ?? beside;
}

const shortProfile = sysctls.transform((sysctls) => longProfile.parse({ sysctls }));

const profile = z.union([longProfile, shortProfile], {
  error: "a map of sysctls (net.ipv4.tcp_tw_reuse: 1), the long form (sysctls:, env:, ...), or {} for no change",
});

export const profiles = map("a map of profiles: NAME: {settings}", profileName, profile)
  .meta({ minProperties: 1 })
  .transform((written) => Object.entries(written).map(([name, profile]) => ({ name, ...profile })))
  .describe(
    "What is compared; without it the baseline alone is run. Short form: sysctls of the target's namespace. Long form: sysctls, generator, upstreams, env, command, rps, route, image, nodeSelector, load.",
  );

/** The profiles of a suite that names none: the service as it is, with which nothing is compared. */
export function baselineOnly(): z.output<typeof profiles> {
  return [{ name: "baseline", ...longProfile.parse({}) }];
}

const factorName = text(
  "letters, digits, - and _, beginning with a letter, at most 40",
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
);

const levelsAllowed = 'a list of 2 to 16 levels, such as ["0", "1"]';

/** The one key of a factor with its levels; a level is what a profile may have at that key. */
const factor = z
  .record(
    name(factorKeyProblem),
    z.array(level, { error: levelsAllowed }).min(2, { error: levelsAllowed }).max(16, { error: levelsAllowed }),
    { error: `a map with one key and the list of its levels; the key is ${factorKeyAllowed}` },
  )
  .meta({ minProperties: 1, maxProperties: 1, propertyNames: { pattern: factorKeyPattern.source }, allOf: [levelRule] })
  .superRefine((settings, context) => {
    const keys = Object.keys(settings);
    if (keys.length !== 1)
      context.addIssue(`a factor has one key, this one has ${keys.length}; use ${factorKeyAllowed}`);
    for (const [key, levels] of Object.entries(settings)) refuseLevels(key, levels, context);
  });

function refuseLevels(key: string, levels: Level[], context: z.RefinementCtx): void {
  const texts = levels.map((level) => levelText(key, level));
  for (const [i, level] of levels.entries()) {
    const first = texts.indexOf(texts[i] ?? "");
    if (first !== i) refuse(context, [key, i], `duplicate level ${shown(texts[i])}; name each once`);
    const issue = longProfile.safeParse(withLevel({}, key, level)).error?.issues[0];
    if (issue !== undefined) context.addIssue({ ...issue, path: [key, i] });
  }
}

export const factors = map("a map of factors: NAME: {KEY: [level, level]}", factorName, factor)
  .superRefine((factors, context) => {
    const owners = new Map<string, string>();
    for (const [factor, settings] of Object.entries(factors)) {
      for (const key of Object.keys(settings)) {
        const owner = owners.get(key);
        const sentence = `the factor ${owner} sets this key, too; use it in one factor`;
        if (owner !== undefined) refuse(context, [factor, key], sentence, "key");
        owners.set(key, factor);
      }
    }
  })
  .meta({ minProperties: 1 })
  .describe(
    `In place of profiles: every combination of these levels is one (or what \`design\` says). KEY is ${factorKeyAllowed}.`,
  );
