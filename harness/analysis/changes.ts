import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { ProfileAnalysis } from "./analysis.ts";

/** The run whose profiles are compared. */
interface Compared {
  run: RunRecord;
}

/** Whether all that one profile changes against the baseline is changed by the other too, and more. */
export function isPartOf(story: Compared, part: ProfileAnalysis, whole: ProfileAnalysis): boolean {
  const [few, many] = [changes(story, part), changes(story, whole)];
  return few.size > 0 && few.size < many.size && [...few].every((change) => many.has(change));
}

/** What a profile sets otherwise than the baseline: "target net.ipv4.tcp_tw_reuse=1". */
export function changes({ run }: Compared, { name }: ProfileAnalysis): Set<string> {
  const find = (wanted: string) => run.profiles.find((profile) => profile.name === wanted);
  const [profile, baseline] = [find(name), find(run.baseline)];
  return profile === undefined || baseline === undefined ? new Set() : profileChanges(profile, baseline);
}

/** A profile as a set of things that it sets otherwise than the baseline. */
export function profileChanges(profile: ProfileRecord, baseline: ProfileRecord): Set<string> {
  const before = settingsOf(baseline);
  return new Set([...settingsOf(profile)].filter((setting) => !before.has(setting)));
}

function settingsOf({
  sysctls,
  env,
  upstreamEnv,
  command,
  rps,
  load,
  image,
  nodeSelector,
}: ProfileRecord): Set<string> {
  const keys = Object.entries(sysctls).flatMap(([role, values]) =>
    Object.entries(values).map(([key, value]) => `${role} ${key}=${value}`),
  );
  const others = [
    ...Object.entries(env).map(([key, value]) => `env ${key}=${value}`),
    ...Object.entries(upstreamEnv).flatMap(([role, values]) =>
      Object.entries(values).map(([key, value]) => `${role} env ${key}=${value}`),
    ),
    ...Object.entries(load).map(([key, value]) => `load ${key}=${value}`),
    ...Object.entries(nodeSelector).map(([key, value]) => `node ${key}=${value}`),
  ];
  const own = [
    ...(command === null ? [] : [`command ${command.join(" ")}`]),
    ...(rps === null ? [] : [`rps ${rps}`]),
    ...(image === null ? [] : [`image ${image}`]),
  ];
  return new Set([...keys, ...others, ...own]);
}
