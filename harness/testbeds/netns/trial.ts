import type { Server } from "node:net";
import { join } from "node:path";
import { IncompleteError } from "../../core/errors.ts";
import { isTargetRole, targetRoles } from "../../core/roles.ts";
import type { Scope } from "../../core/scope.ts";
import { interpolate, referenceValues } from "../../suite/interpolate.ts";
import type { Container } from "../../suite/schema-container.ts";
import { type Part, rolesOf } from "../../suite/suite.ts";
import { referencesOf } from "../references.ts";
import {
  type Injection,
  logName,
  partIn,
  profileIn,
  type SettingReading,
  type TrialBed,
  type TrialSpec,
} from "../testbed.ts";
import type { ContainerPart, ContainerRuntime, TrialContainers } from "./container-port.ts";
import type { Generator } from "./generator.ts";
import { type HolderProcess, holderOf } from "./holder.ts";
import { type OrdinaryId, ordinaryId } from "./identity.ts";
import { addressesOf, interfacesOf, type Link } from "./links.ts";
import { listenInside } from "./listen.ts";
import { driveHere, type Places } from "./load.ts";
import { type Namespaces, openNamespaces } from "./namespaces.ts";
import { type Launch, type LaunchedPart, launch } from "./part.ts";
import { untilReady } from "./readiness.ts";
import { createRelays, type Relays } from "./relay.ts";
import { applySettings, readKeys, roleSettings } from "./settings.ts";
import { startOrder } from "./start-order.ts";
import { type OwnProgram, type PartContext, partLaunch, programLaunch } from "./start-part.ts";
import { steer } from "./steering.ts";
import { trialFacts } from "./trial-facts.ts";
import { mountView, viewOf } from "./view.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

/** What this machine brings to each trial. */
export interface Machine {
  rootless: boolean;
  nodePath: string;
  /** null until preflight has found it. */
  generator: Generator | null;
  /** null until preflight has found it, and for suites without containers. */
  containers: ContainerRuntime | null;
}

/** A trial in namespaces of this machine: its parts are processes, its places can be entered. */
export interface NetnsTrialBed extends TrialBed, Places {
  start(role: string): Promise<LaunchedPart>;
}

/** The places of a trial. */
interface Opened {
  spec: TrialSpec;
  machine: Machine;
  scope: Scope;
  namespaces: Namespaces;
  workspace: Workspace;
  /** Who its parts and its generator are. */
  user: OrdinaryId;
  containers: TrialContainers | null;
}

/** An opened trial. */
interface Trial extends Opened {
  settings: SettingReading[];
  relays: Relays;
}

/** Fresh, wired namespaces, every setting written and read back. Throws IncompleteError where the kernel refuses one that it took at preflight. */
export async function openTrial(spec: TrialSpec, scope: Scope, machine: Machine): Promise<NetnsTrialBed> {
  const { suite } = spec;
  const { rootless, nodePath } = machine;
  const user = ordinaryId(suite.folder, rootless);
  const copies = targetRoles(suite.target.replicas).filter((role) => role !== "target");
  const { generator } = machine;
  const workspace = makeWorkspace({ copies, nodePath, generator, owner: rootless ? null : user }, scope);
  const containers = machine.containers?.begin(scope) ?? null;
  const other = (role: string, links: Link[]) => otherHolder(spec, containers, role, links);
  const holding = { rootless, userOf: machine.containers?.userOf ?? null, other };
  const namespaces = await openNamespaces(suite, holding, scope);
  const opened = { spec, machine, scope, namespaces, user, workspace, containers };
  const applied = await Promise.all(rolesOf(suite).map((role) => applyRole(opened, role)));
  const refused = applied.flatMap((role) => role.refused);
  if (refused.length > 0) {
    const each = refused.map(({ role, key, asked, words }) => `${key} = ${asked} (${role}): ${words}`);
    throw new IncompleteError(`the kernel refused settings that it took at preflight: ${each.join("; ")}`);
  }
  const settings = applied.flatMap((role) => role.readings);
  const relays = createRelays(namespaces.holders, spec, nodePath);
  return bedOf({ ...opened, settings, relays });
}

/** What runs a role's container may have a way of its own to hold its namespaces. */
function otherHolder(
  spec: TrialSpec,
  containers: TrialContainers | null,
  role: string,
  links: Link[],
): HolderProcess | null {
  const container = containerOf(spec, role);
  return container === null ? null : (containers?.hold({ role, container, hosts: hostsOf(spec, links, role) }) ?? null);
}

function containerOf(spec: TrialSpec, role: string): Container | null {
  return role === "generator" ? null : partIn(spec, role).container;
}

/** Names of all other parts, as this one reaches them. */
function hostsOf(spec: TrialSpec, links: Link[], role: string): Record<string, string> {
  const seen = Object.entries(addressesOf(links)).filter(([other]) => other !== role && other !== "generator");
  const named = seen.flatMap(([other, address]) =>
    [other, ...(containerOf(spec, other)?.aliases ?? [])].map((name) => [name, address] as const),
  );
  return Object.fromEntries(named);
}

async function applyRole({ namespaces, spec, user, workspace }: Opened, role: string) {
  const { suite, runFolder } = spec;
  const holder = holderOf(namespaces.holders, role);
  const applied = await applySettings(holder, roleSettings(suite, profileIn(spec, role), role));
  const part = role === "generator" ? null : partIn(spec, role);
  if (part !== null && part.rps !== null) steer(holder, interfacesOf(namespaces.links, role), part.rps);
  // A container sees what its image has.
  if (part?.container !== null && part !== null) return applied;
  await mountView(holder, { ...viewOf(part, { user, rootless: holder.rootless }), workspace, hidden: runFolder });
  return applied;
}

function bedOf(trial: Trial): NetnsTrialBed {
  const { spec, machine, namespaces, relays, scope } = trial;
  const inTurn = startOrder(spec.suite.upstreams, scope.signal);
  const bed: NetnsTrialBed = {
    addresses: addressesOf(namespaces.links),
    start: (role) => inTurn(role, () => startPart(trial, role)),
    spawn: (role, program) => spawnProgram(trial, role, program),
    listen: (role, port) => listen(trial, role, port),
    watch: (role) => ({
      role,
      namespacePid: holderOf(namespaces.holders, role).pid,
      partPids: () => partsOf(trial, role).map(({ pid }) => pid),
    }),
    drive: async (load, sink) => {
      if (machine.generator === null) throw new Error("preflight comes before a load");
      const { generator } = machine;
      return driveHere({ ...load, places: bed, suite: spec.suite, generator, sink, workspace: trial.workspace });
    },
    inject: (fault) => inject(trial, fault),
    settings: () => trial.settings,
    readBack: () => readBack(trial),
    facts: () => trialFacts(namespaces, spec),
    references: (role = "target") =>
      referencesOf({ ...spec, profile: profileIn(spec, role) }, contextOf(trial, role).values),
    platform: () => null,
    failed: relays.lost,
  };
  return bed;
}

/** Those that run. */
function partsOf({ namespaces }: Trial, role: string): LaunchedPart[] {
  return namespaces.parts.filter((part) => part.role === role && part.running());
}

async function startPart(trial: Trial, role: string): Promise<LaunchedPart> {
  const { namespaces, machine, spec } = trial;
  const part = partIn(spec, role);
  const context = contextOf(trial, role);
  const container = part.container === null ? null : await startContainer(trial, part, part.container, context);
  const running = container ?? (await launchInto(trial, role, partLaunch(part, context)));
  const seenFrom = holderOf(namespaces.holders, isTargetRole(role) ? "generator" : "target");
  const address = addressesOf(namespaces.links)[role] ?? "";
  const { nodePath } = machine;
  const execute = container?.execute ?? null;
  await untilReady({ part, running, holder: context.holder, seenFrom, address, nodePath, execute });
  await trial.relays.open(role, running);
  return running;
}

async function startContainer(
  { containers, namespaces, spec }: Trial,
  part: Part,
  container: Container,
  { holder, values, suite, logFile }: PartContext,
): Promise<ContainerPart> {
  if (containers === null) throw new Error("preflight comes before a container");
  const { role } = holder;
  const env = Object.entries(part.env).map(([name, value]) => [name, interpolate(value, values)]);
  const running = await containers.start({
    role,
    container,
    holder,
    part,
    hosts: hostsOf(spec, namespaces.links, role),
    command: part.command.map((word) => interpolate(word, values)),
    env: Object.fromEntries(env),
    folder: suite.folder,
    logFile,
  });
  namespaces.parts.push(running);
  return running;
}

/** Each copy of the target is `target` to itself, and has a data folder of its own. */
function contextOf(trial: Trial, role: string): PartContext {
  const { namespaces, user, workspace } = trial;
  const { suite, beside } = trial.spec;
  const all = addressesOf(namespaces.links);
  const isCopy = isTargetRole(role) && role !== "target";
  const dataFolder = workspace.dataOf(isCopy ? role : null);
  const addresses = isCopy ? { ...all, target: all[role] ?? "" } : all;
  const values = referenceValues(suite, { addresses, dataFolder });
  const holder = holderOf(namespaces.holders, role);
  const logFile =
    isCopy && beside !== undefined
      ? join(beside.logFolder, logName("target"))
      : join(trial.spec.logFolder, logName(role));
  return { holder, suite, values, dataFolder, logFile, workspace, user };
}

async function spawnProgram(trial: Trial, role: string, program: OwnProgram): Promise<LaunchedPart> {
  return launchInto(trial, role, programLaunch(contextOf(trial, role), program));
}

async function launchInto({ namespaces }: Trial, role: string, request: Launch): Promise<LaunchedPart> {
  const part = await launch(holderOf(namespaces.holders, role), request);
  namespaces.parts.push(part);
  return part;
}

/** The handle must be closed before the namespace can be freed. */
function listen({ namespaces, machine, scope }: Trial, role: string, port: number): Promise<Server> {
  return scope.acquire(
    `close the listener on port ${port} of ${role}`,
    () => listenInside(holderOf(namespaces.holders, role), port, machine.nodePath),
    (server) => void server?.close(),
  );
}

async function inject(trial: Trial, fault: Injection): Promise<void> {
  if (fault.kind === "latency") return trial.relays.of(fault.role).tell({ addedMs: fault.addedMs });
  const signals = { kill: "SIGKILL", pause: "SIGSTOP", resume: "SIGCONT" } as const;
  const parts = partsOf(trial, fault.role);
  for (const part of parts) part.signalAll(signals[fault.kind]);
  if (fault.kind === "kill") await Promise.all(parts.map(({ ended }) => ended));
}

async function readBack({ namespaces, settings }: Trial): Promise<SettingReading[]> {
  const roles = [...new Set(settings.map((setting) => setting.role))];
  const read = await Promise.all(
    roles.map(async (role) => {
      const own = settings.filter((setting) => setting.role === role);
      const keys = own.map((setting) => setting.key);
      const now = await readKeys(holderOf(namespaces.holders, role), keys);
      return own.map((setting) => ({ ...setting, effective: now.get(setting.key) ?? null }));
    }),
  );
  return read.flat();
}
