import type { ProfileRecord } from "../results/run.ts";

/** What a profile changes, a line for each change; the target's sysctls without their role. Empty for a bare baseline. */
export function describeSettings(profile: ProfileRecord): string[] {
  const sysctls = Object.entries(profile.sysctls).flatMap(([role, keys]) =>
    Object.entries(keys).map(([key, value]) => `${role === "target" ? "" : `${role}: `}${key}=${value}`),
  );
  return [
    ...sysctls,
    ...(profile.route === null || sysctls.length === 0 ? [] : [`by ${profile.route}`]),
    ...Object.entries(profile.env).map(([name, value]) => `env ${name}=${value}`),
    ...Object.entries(profile.upstreamEnv).flatMap(([role, variables]) =>
      Object.entries(variables).map(([name, value]) => `${role}: env ${name}=${value}`),
    ),
    ...(profile.command === null ? [] : [`command ${profile.command.join(" ")}`]),
    ...(profile.rps === null ? [] : [`rps_cpus ${profile.rps}`]),
    ...(profile.image === null ? [] : [`image ${profile.image}`]),
    ...Object.entries(profile.nodeSelector).map(([key, value]) => `nodes ${key}=${value}`),
    ...Object.entries(profile.load).map(([key, value]) => `load ${key}: ${value}`),
  ];
}
