import * as z from "zod";
import { sysctlKeyProblem } from "../knowledge/keys.ts";
import { factorKeyAllowed, factorKeyProblem } from "./factor-key.ts";
import { command, env, form, level, map, rps, sysctls, text } from "./schema-forms.ts";
import { image, nodeSelector, route } from "./schema-kubernetes.ts";
import { profileLoad } from "./schema-load.ts";

/** Schema of what differs between trials: profiles, or factors in place of them. */

const profileName = text(
  "letters, digits and . _ = , - beginning with a letter or digit, at most 100",
  /^[A-Za-z0-9][A-Za-z0-9._=,-]{0,99}$/,
);

const roleSettings = form("a map with sysctls", { sysctls: sysctls.optional() });
const upstreamSettings = form("a map with sysctls or env", { sysctls: sysctls.optional(), env: env.optional() });

const longProfile = form(
  "a profile: {} or a map",
  {
    sysctls: sysctls.optional().meta({ description: "Settings of the target's namespace." }),
    generator: roleSettings.optional().meta({ description: "Settings of the load generator's namespace." }),
    upstreams: map("a map of upstreams", z.string(), upstreamSettings)
      .optional()
      .meta({ description: "Settings of upstreams' namespaces, and their environment over the suite's." }),
    env: env.optional().meta({ description: "Environment of the target, over the suite's." }),
    command: command.optional().meta({ description: "Another command of the target: another build, for instance." }),
    rps: rps.optional().meta({ description: "Receive packet steering of the target's interface: hex mask of CPUs." }),
    route: route
      .optional()
      .meta({ description: "How the settings reach the pods, in a cluster. Default: the suite's." }),
    image: image.optional().meta({ description: "Another container image of the target, in a cluster." }),
    nodeSelector: nodeSelector.optional().meta({
      description: "Nodes that the target runs on, over the cluster's selector: another kernel or node image.",
    }),
    load: profileLoad
      .optional()
      .meta({ description: "The load under this profile, where it differs from the suite's." }),
  },
  dottedKeyHint,
);

const profile = z.union([longProfile, sysctls], {
  error: "a map of sysctls (net.ipv4.tcp_tw_reuse: 1), the long form (sysctls:, env:, ...), or {} for no change",
});

export const profiles = map("a map of profiles: NAME: {settings}", profileName, profile).meta({
  description:
    "What is compared. Short form: sysctls of the target's namespace. Long form: sysctls, generator, upstreams, env, command, rps, route, image, nodeSelector, load.",
});

const factorName = text(
  "letters, digits, - and _, beginning with a letter, at most 40",
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
);

const factorAllowed = `a map with one key and the list of its levels; the key is ${factorKeyAllowed}`;
const levelsAllowed = 'a list of 2 to 16 levels, such as ["0", "1"]';

const factor = z.record(
  z.string().check((context) => {
    const message = factorKeyProblem(context.value);
    if (message !== null) context.issues.push({ code: "custom", message, input: context.value });
  }),
  z.array(level, { error: levelsAllowed }).min(2, { error: levelsAllowed }).max(16, { error: levelsAllowed }),
  { error: factorAllowed },
);

export const factors = map("a map of factors: NAME: {KEY: [level, level]}", factorName, factor).meta({
  description: `In place of profiles: every combination of these levels is one (or what \`design\` says). KEY is ${factorKeyAllowed}.`,
});

export type ProfileForm = z.output<typeof profile>;
export type LongProfileForm = z.output<typeof longProfile>;
export type FactorsForm = z.output<typeof factors>;

/** Whether a profile is written in the long form; `{}` is both, and reads as the long one without anything in it. */
export function isLongProfile(form: ProfileForm): form is LongProfileForm {
  return Object.keys(form).every((key) => !key.includes("."));
}

/** In the long form a sysctl stands in the wrong place, if it can stand anywhere. */
function dottedKeyHint(key: string): string | null {
  if (!/[./]/.test(key)) return null;
  const beside = `${key} can't stand beside the long form's keys; put it under sysctls:, or leave only plain sysctls`;
  return sysctlKeyProblem(key) ?? beside;
}
