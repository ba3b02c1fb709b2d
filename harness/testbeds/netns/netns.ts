import { CapabilityError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { abortable } from "../../core/waits.ts";
import type { Engine } from "../../engines/engine.ts";
import { composeWarnings } from "../../suite/load-suite.ts";
import type { RunBed, Testbed, TrialSpec } from "../testbed.ts";
import type { ContainerRuntime } from "./container-port.ts";
import { preflight, refusedProfiles } from "./preflight.ts";
import { proveAccess } from "./preflight-access.ts";
import { type PartsRequest, variantsOf } from "./preflight-parts.ts";
import { findPrivilege } from "./privilege.ts";
import { type Machine, type NetnsTrialBed, openTrial } from "./trial.ts";
import { abandonedWorkspaces, removeWorkspace } from "./workspace.ts";

/** What the machine brings to the testbed. */
export interface NetnsOptions {
  engine: Engine;
  /** The engine's program as the user named it; null where not. */
  program: string | null;
  /** Takes what is worth knowing before a run begins. */
  log: (line: string) => void;
}

/** Its trials are this machine's own. */
export interface NetnsTestbed extends Testbed {
  begin(runId: string, scope: Scope): Promise<NetnsRunBed>;
}

interface NetnsRunBed extends RunBed {
  open(trial: TrialSpec, scope: Scope): Promise<NetnsTrialBed>;
}

/**
 * The embedded testbed: every trial in fresh network, IPC and pid namespaces of this machine, as root or not.
 * The machine's own settings are never written.
 * @throws CapabilityError where no namespace can be made here, with the reason and the remedy
 */
export async function createNetnsTestbed({ engine, program, log }: NetnsOptions): Promise<NetnsTestbed> {
  const privilege = await findPrivilege();
  if (!privilege.possible) throw new CapabilityError(privilege.detail, { hint: privilege.remedy });
  const { rootless } = privilege;
  const machine: Machine = { rootless, nodePath: process.execPath, generator: null, containers: null };
  return {
    describe: () => {
      const version = machine.generator?.found.version ?? "unknown";
      const containers = machine.containers?.facts ?? null;
      return { kind: "netns", rootless, kubernetes: null, containers, route: null, engine: version };
    },
    async preflight(suite, profiles, signal) {
      const request = { suite, profiles, ...machine };
      await preflight(request);
      machine.containers = await containersFor({ ...request, log, signal });
      for (const warning of composeWarnings(suite)) log(warning);
      const finding = engine.find({ explicit: program, env: process.env, onProgress: log, signal });
      const found = await abortable(finding, signal);
      await proveAccess(request, { engine, found });
      machine.generator = { engine, found };
    },
    refused: (suite, profiles) => refusedProfiles({ suite, profiles, ...machine }),
    // Nothing is shared by its trials: each has namespaces of its own. What a killed run left is no trial's.
    begin: async () => {
      for (const folder of abandonedWorkspaces()) removeWorkspace(folder);
      if (machine.containers !== null) await (await import("../containers/leftovers.ts")).removeAbandoned();
      return { open: (trial, scope) => openTrial(trial, scope, machine) };
    },
  };
}

/** What runs the images of a suite; null where it has none. Most suites have none. */
async function containersFor(
  request: PartsRequest & { log: (line: string) => void; signal: AbortSignal },
): Promise<ContainerRuntime | null> {
  if (variantsOf(request).every(({ part }) => part.container === null)) return null;
  return (await import("../containers/runtime.ts")).findRuntime(request);
}
