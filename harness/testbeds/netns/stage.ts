import { mkdirSync } from "node:fs";
import type { Server } from "node:net";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { isTargetRole } from "../../core/roles.ts";
import { writing } from "../../results/write.ts";
import { referenceValues } from "../../suite/interpolate.ts";
import type { LocalHands, LocalStage, SettingReading, Teardown } from "../testbed.ts";
import { type ProgramRequest, partOf, type RunningPart, type StageRequest } from "../testbed.ts";
import { enterArgv, runInside } from "./enter.ts";
import { type Holder, holderOf } from "./holder.ts";
import { addressesOf, interfacesOf } from "./links.ts";
import { listenInside } from "./listen.ts";
import type { Namespaces } from "./namespaces.ts";
import { type LaunchRequest, launch } from "./part.ts";
import { launchOf, type PartPlace } from "./part-command.ts";
import { baseEnvironment } from "./programs.ts";
import { untilReady } from "./readiness.ts";
import { createRelays, type Relays } from "./relays.ts";
import { readKeys } from "./settings.ts";
import { readSteering } from "./steering.ts";

/** What a stage is made of. */
export interface StageParts {
  request: StageRequest;
  namespaces: Namespaces;
  settings: SettingReading[];
  teardown: Teardown;
  rootless: boolean;
  nodePath: string;
}

/** The port's Stage over opened and prepared namespaces. */
export function stageOf(made: StageParts): LocalStage {
  const { namespaces, settings } = made;
  const holder = (role: string) => holderOf(namespaces.holders, role);
  const relays = createRelays(made);
  return {
    addresses: addressesOf(namespaces.links),
    settings,
    cpus: availableParallelism(),
    platform: () => null,
    hands: handsOf(made),
    startPart: (role) => startPart(made, relays, role),
    addLatency: (role, addedMs) => relays.of(role).tell({ addedMs }),
    lost: relays.lost,
    readBack: () => readBack(namespaces, settings),
    listenLimit: (role, port) => listenLimit(holder(role), port),
    rpsCpus: async (role) => readSteering(holder(role), interfacesOf(namespaces.links, role)),
  };
}

function handsOf(made: StageParts): LocalHands {
  const { holders, parts } = made.namespaces;
  return {
    kind: "local",
    spawn: (role, program) => spawnProgram(made, role, program),
    listen: (role, port) => listen(made, role, port),
    watch: (role) => ({
      role,
      namespacePid: holderOf(holders, role).pid,
      partPids: () => parts.filter((part) => part.role === role && part.running()).map((part) => part.pid),
    }),
  };
}

async function startPart(made: StageParts, relays: Relays, role: string): Promise<RunningPart> {
  const { suite, profile } = made.request;
  const part = partOf(suite, profile, role);
  const address = addressesOf(made.namespaces.links)[role] ?? "";
  const running = await launchInto(made, role, await launchOf(role, part, placeOf(made, role)));
  const holder = holderOf(made.namespaces.holders, role);
  const seenFrom = holderOf(made.namespaces.holders, isTargetRole(role) ? "generator" : "target");
  await untilReady({ part, running, holder, seenFrom, address, nodePath: made.nodePath });
  await relays.open(role, running);
  return running;
}

/** Each copy of the target is `target` to itself, and has a data folder of its own. */
function placeOf(made: StageParts, role: string): PartPlace {
  const { suite, logFolder } = made.request;
  const all = addressesOf(made.namespaces.links);
  const isCopy = isTargetRole(role) && role !== "target";
  const dataFolder = isCopy ? join(made.request.dataFolder, role) : made.request.dataFolder;
  if (isCopy) makeIn(made, dataFolder);
  const addresses = isCopy ? { ...all, target: all[role] ?? "" } : all;
  const values = referenceValues(suite, { addresses, dataFolder });
  return { suite, values, dataFolder, logFolder, rootless: made.rootless, nodePath: made.nodePath };
}

async function spawnProgram(made: StageParts, role: string, program: ProgramRequest): Promise<RunningPart> {
  makeIn(made, dirname(program.logFile));
  const env = { ...baseEnvironment(made.nodePath), ...program.env };
  return launchInto(made, role, { ...program, env, ordinary: null });
}

/** A folder among the trial's own. Throws IncompleteError where the disk refuses it. */
function makeIn(made: StageParts, folder: string): void {
  writing(made.request.logFolder, () => mkdirSync(folder, { recursive: true }));
}

async function launchInto(made: StageParts, role: string, request: LaunchRequest): Promise<RunningPart> {
  const part = await launch(holderOf(made.namespaces.holders, role), request);
  made.namespaces.parts.push(part);
  return part;
}

/** The handle must be closed before the namespace can be freed, so its removal is registered on top of the namespaces'. */
async function listen(made: StageParts, role: string, port: number): Promise<Server> {
  const opening = listenInside(holderOf(made.namespaces.holders, role), port, made.nodePath);
  made.teardown.add(`close the listener on port ${port} of ${role}`, async () => {
    const server = await opening.catch(() => null);
    server?.close();
  });
  return opening;
}

async function readBack(namespaces: Namespaces, settings: SettingReading[]): Promise<SettingReading[]> {
  const roles = [...new Set(settings.map((setting) => setting.role))];
  const read = await Promise.all(
    roles.map(async (role) => {
      const own = settings.filter((setting) => setting.role === role);
      const now = await readKeys(
        holderOf(namespaces.holders, role),
        own.map((setting) => setting.key),
      );
      return own.map((setting) => ({ ...setting, effective: now.get(setting.key) ?? null }));
    }),
  );
  return read.flat();
}

/** Send-Q of a listening row is the accept queue's limit (ss(8)); with several sockets on the port, the smallest. */
async function listenLimit(holder: Holder, port: number): Promise<number | null> {
  const result = await runInside(holder, enterArgv(holder), ["ss", "-Hltn", `sport = :${port}`]);
  const limits = result.stdout
    .split("\n")
    .map((row) => Number(row.trim().split(/\s+/)[2] ?? Number.NaN))
    .filter(Number.isInteger);
  return result.exitCode === 0 && limits.length > 0 ? Math.min(...limits) : null;
}
