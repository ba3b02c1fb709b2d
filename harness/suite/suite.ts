/**
 * A suite as the rest of the house sees it: checked, with every quantity in a plain unit (ms, per second, fractions). Its types are what
 * the schema gives, where each key has its description; nothing here touches a file.
 */

import type * as z from "zod";
import { isTargetRole, targetRoles } from "../core/roles.ts";
import type { suite } from "./schema.ts";

export interface Suite extends z.output<typeof suite> {
  /** Absolute paths of the suite's folder and file. */
  folder: string;
  file: string;
}

/** A program of the experiment: the target or an upstream. Of an external upstream all but its address asks for nothing. */
export type Part = Suite["upstreams"][string];

/** Sysctl key in dotted form (net.ipv4.tcp_tw_reuse) -> value as text, white space normalised. */
export type Sysctls = Part["sysctls"];

export type Load = Suite["load"];

/** What a profile changes against the suite: settings of each role, environment, command, steering, load. */
export type Profile = Suite["profiles"][number];

/** What a profile may have otherwise than the suite's load; what is left out is the suite's. */
export type LoadChanges = NonNullable<Profile["load"]>;

/** The suite as one profile's trials run it: the profile's load laid over the suite's. */
export function suiteFor(suite: Suite, profile: Pick<Profile, "load">): Suite {
  return profile.load === null ? suite : { ...suite, load: { ...suite.load, ...profile.load } };
}

/** Whether each virtual user keeps its connection: as the suite says or, where it does not, as the script does. */
export function keepsConnections({ load, script }: Pick<Suite, "load" | "script">): boolean {
  return load.keepConnections ?? script?.noConnectionReuse !== true;
}

/** What roles a suite has follows from its parts. */
export type Cast = Pick<Suite, "upstreams"> & { target: Pick<Part, "replicas"> };

/** Roles of a suite: generator, target and its other copies (target-2 ...), then each upstream. */
export function rolesOf(suite: Cast): string[] {
  return ["generator", ...targetRoles(suite.target.replicas), ...Object.keys(suite.upstreams)];
}

/** As rolesOf, the target's copies left out: they are all alike. */
export function distinctRolesOf(suite: Cast): string[] {
  return rolesOf(suite).filter((role) => role === "target" || !isTargetRole(role));
}
