import { CapabilityError, IncompleteError } from "../../core/errors.ts";
import { rolesOf } from "../../suite/suite.ts";
import { type Environment, type LocalStage, partOf, type StageRequest, type Teardown } from "../testbed.ts";
import { holderOf } from "./holder.ts";
import { interfacesOf } from "./links.ts";
import { type Namespaces, openNamespaces } from "./namespaces.ts";
import { preflight } from "./preflight.ts";
import { findPrivilege } from "./privilege.ts";
import { applySettings, settingsOf } from "./settings.ts";
import { stageOf } from "./stage.ts";
import { steer } from "./steering.ts";

/** Its stages are this machine's own. */
export interface NetnsEnvironment extends Environment {
  open(request: StageRequest, teardown: Teardown): Promise<LocalStage>;
}

/**
 * The embedded environment: every trial in fresh network, IPC and pid namespaces of this machine, as root or not.
 * The machine's own settings are never written.
 * @throws CapabilityError where no namespace can be made here, with the reason and the remedy
 */
export async function createNetnsEnvironment(): Promise<NetnsEnvironment> {
  const nodePath = process.execPath;
  const privilege = await findPrivilege();
  if (!privilege.possible) throw new CapabilityError(privilege.detail, { hint: privilege.remedy });
  const { rootless } = privilege;
  return {
    kind: "netns",
    rootless,
    kubernetes: null,
    route: null,
    k6Image: null,
    preflight: (suite, profiles) => preflight({ suite, profiles, rootless, nodePath }),
    // Nothing is shared by its trials: each has namespaces of its own.
    begin: async () => {},
    open: (request, teardown) => open(request, teardown, { rootless, nodePath }),
  };
}

async function open(
  request: StageRequest,
  teardown: Teardown,
  options: { rootless: boolean; nodePath: string },
): Promise<LocalStage> {
  const namespaces = await openNamespaces(request.suite, options.rootless, teardown);
  const roles = rolesOf(request.suite);
  const applied = await Promise.all(roles.map((role) => applyRole(namespaces, request, role)));
  const refused = applied.flatMap((role) => role.refused);
  if (refused.length > 0) {
    const each = refused.map(({ role, key, asked, words }) => `${key} = ${asked} (${role}): ${words}`);
    throw new IncompleteError(`the kernel refused settings that it took at preflight: ${each.join("; ")}`);
  }
  return stageOf({ request, namespaces, teardown, settings: applied.flatMap((role) => role.readings), ...options });
}

async function applyRole(namespaces: Namespaces, { suite, profile }: StageRequest, role: string) {
  const holder = holderOf(namespaces.holders, role);
  const applied = await applySettings(holder, settingsOf(suite, profile, role));
  const mask = role === "generator" ? null : partOf(suite, profile, role).rps;
  if (mask !== null) steer(holder, interfacesOf(namespaces.links, role), mask);
  return applied;
}
