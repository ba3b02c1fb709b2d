import { durationText } from "../../core/units.ts";
import type { Service } from "./schema.ts";

/** A service as a suite's part, in the suite's own words. */
export interface ComposedPart {
  [key: string]: unknown;
}

/** What a service is in its suite, beside what its own lines say. */
export interface ServiceRole {
  port: number;
  pull: boolean;
  /** Services that it dials, as the suite names them. */
  dependsOn: string[];
  /** Names by which others reach it. */
  aliases: string[];
  /** Of its files of variables: below its environment. */
  variables: Record<string, string>;
}

/** The part that a service is. */
export function partOfService(
  service: Service,
  { port, pull, dependsOn, aliases, variables }: ServiceRole,
): ComposedPart {
  const { image, command, entrypoint, environment, sysctls, ulimits, user, volumes } = service;
  const mounts = volumes.flatMap(({ file, place }) => (file === null ? [] : [`${file.replace(/^\.\//, "")}:${place}`]));
  const writable = volumes.flatMap(({ file, place }) => (file === null ? [place] : []));
  return {
    image,
    ...(pull ? { pull } : {}),
    ...listed("command", command ?? []),
    ...listed("entrypoint", entrypoint ?? []),
    port,
    ...readiness(service),
    env: { ...variables, ...environment },
    sysctls,
    ulimits,
    ...(user === undefined ? {} : { user }),
    ...listed("mounts", mounts),
    ...listed("writable", writable),
    ...listed("aliases", [...new Set(aliases)]),
    ...listed("dependsOn", dependsOn),
  };
}

/** A list may not be empty in a suite. */
function listed(key: string, items: unknown[]): ComposedPart {
  return items.length === 0 ? {} : { [key]: items };
}

/** At least so long: what starts quickly is not waited for longer. */
const leastMs = 10_000;

/** A health check's command, for as long as docker would take it for starting; without one the port is looked at. */
function readiness({ healthcheck }: Service): ComposedPart {
  const within = { within: "30s" };
  if (healthcheck === undefined || healthcheck.disable) return { ready: within };
  const { test = ["NONE"], interval, retries, start_period } = healthcheck;
  const [kind = "NONE", ...words] = test;
  if (kind === "NONE") return { ready: within };
  const exec = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  return { ready: { exec, within: durationText(Math.max(leastMs, start_period + retries * interval)) } };
}
