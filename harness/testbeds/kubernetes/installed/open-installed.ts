import type { Scope } from "../../../core/scope.ts";
import { podProgramText } from "../../../pods/bundle.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { Part } from "../../../suite/suite.ts";
import { connect } from "../api/connect.ts";
import { findInstalled, type InstalledWanted } from "./find-installed.ts";
import { checkGuest, type Guests, type GuestTools, openGuests } from "./guests.ts";

/** A target that is installed already: which, and by what its pods are watched in this run. Nothing of it is changed or deleted. */
export interface InstalledTarget {
  wanted: InstalledWanted;
  tools: GuestTools;
  guests: Guests;
}

/** Checks that the target is there, serves, and lets itself be watched; makes nothing. null where the run starts its target. */
export async function checkInstalled(
  cluster: Cluster,
  { external }: Part,
): Promise<Omit<InstalledTarget, "guests"> | null> {
  if (external === null || external.service === null) return null;
  const wanted = { service: external.service, port: external.port };
  const api = await connect({ ...cluster, namespace: wanted.service.namespace });
  const tools = { api, cluster, text: await podProgramText("sampler.mjs") };
  const { pods } = await findInstalled(api, wanted);
  await Promise.all(pods.slice(0, mostWatched).map((pod) => checkGuest(tools, pod)));
  return { wanted, tools };
}

/** For a run, whose scope ends what follows their logs. */
export function openInstalled(checked: Omit<InstalledTarget, "guests"> | null, scope: Scope): InstalledTarget | null {
  return checked === null ? null : { ...checked, guests: openGuests(checked.tools, scope) };
}

/** So many of its pods are watched, as many as a suite may have copies of its target. */
export const mostWatched = 16;
