import { existsSync } from "node:fs";
import { CapabilityError, InputError } from "../../core/errors.ts";
import { distinctRolesOf, type Profile, type Suite } from "../../suite/suite.ts";
import { homeProblems } from "../../suite/where-it-runs.ts";
import type { ProfileRefusal } from "../testbed.ts";
import { cpuProblems } from "./cpu-pins.ts";
import { type Holder, spawnHolder } from "./holder.ts";
import { proveAccess } from "./preflight-access.ts";
import {
  addressProblems,
  type PartsRequest,
  programProblems,
  variantsOf,
  writableProblems,
} from "./preflight-parts.ts";
import { toolProblem } from "./privilege.ts";
import { probeSettings, type SettingProblem } from "./probe-settings.ts";
import { type AskedSetting, roleSettings } from "./settings.ts";
import { mountSysfs, steer } from "./steering.ts";
import { ipBatch } from "./wire.ts";

/**
 * Checks programs, CPUs and every setting of every profile on this machine, in throw-away namespaces. All that is wrong
 * with the suite comes in one InputError; a machine that can't do it gives a CapabilityError.
 */
export async function preflight(request: PartsRequest): Promise<void> {
  refuse(homeProblems(request.suite, request.profiles), "run it in a cluster: --cluster NAME");
  checkTools(request);
  const found = await probeAll(request);
  const wrong = found.filter(({ problem }) => !problem.permission);
  const lines = [
    ...programProblems(request),
    ...writableProblems(request),
    ...cpuProblems(request),
    ...addressProblems(request),
    ...wrong.map((one) => sentence(one, request.suite)),
  ];
  refuse(lines);
  if (found.length > 0) {
    const words = found.map((one) => sentence(one, request.suite));
    throw new CapabilityError(`without root these settings can't be written:\n  ${words.join("\n  ")}`, {
      hint: "run tunebench as root",
    });
  }
  await checkWiring(request);
  await proveAccess(request, null);
}

/** Which of the profiles ask for settings that can't be written here, and why. What the suite asks for itself is preflight's to tell. */
export async function refusedProfiles(request: PartsRequest): Promise<ProfileRefusal[]> {
  const found = await probeAll(request);
  return request.profiles.flatMap(({ name }) => {
    const own = found.filter(({ places }) => places.some(({ profile }) => profile === name));
    return own.length === 0
      ? []
      : [{ profile: name, words: own.map(({ problem }) => problemWords(problem)).join("; ") }];
  });
}

function refuse(lines: string[], hint?: string): void {
  if (lines.length === 0) return;
  throw new InputError(`the suite can't run here:\n${lines.map((line) => `  ${line}`).join("\n")}`, { hint });
}

function checkTools(request: PartsRequest): void {
  const variants = variantsOf(request);
  const pinned = request.suite.generator.cpus !== null || variants.some(({ part }) => part.cpus !== null);
  const lacking = toolProblem(pinned ? ["taskset"] : []);
  if (lacking !== null) throw new CapabilityError(lacking.detail, { hint: lacking.remedy });
}

/** A setting that can't be used, and every place that asks for it. */
interface Found {
  problem: SettingProblem;
  places: Place[];
}

/** `profile` null where the suite itself asks. */
interface Place {
  role: string;
  profile: string | null;
}

function sentence({ problem, places }: Found, { name }: Pick<Suite, "name">): string {
  const where = places.map(({ role, profile }) =>
    profile === null ? `${role} of suite ${name}` : `${role}, profile ${profile}`,
  );
  return `${problemWords(problem)} (asked by ${[...new Set(where)].join(", ")})`;
}

function problemWords({ key, asked, reason }: SettingProblem): string {
  return `${key} = ${JSON.stringify(asked)} ${reason}`;
}

/** Each distinct set of settings once, in a namespace of its own: keys may depend on the ones written before them. */
async function probeAll(request: PartsRequest): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const { settings, places } of distinctSets(request)) {
    for (const problem of await inProbe(request, (probe) => probeSettings(probe, settings))) {
      const id = JSON.stringify([problem.key, problem.asked, problem.reason]);
      const known = found.get(id) ?? { problem, places: [] };
      found.set(id, { problem, places: [...known.places, ...places] });
    }
  }
  return [...found.values()];
}

function distinctSets({ suite, profiles }: PartsRequest): { settings: AskedSetting[]; places: Place[] }[] {
  const sets = new Map<string, { settings: AskedSetting[]; places: Place[] }>();
  for (const profile of profiles) {
    for (const role of distinctRolesOf(suite)) addSet(sets, roleSettings(suite, profile, role), place(profile, role));
  }
  return [...sets.values()];
}

function addSet(
  sets: Map<string, { settings: AskedSetting[]; places: Place[] }>,
  all: AskedSetting[],
  where: Place,
): void {
  const settings = all.filter((setting) => setting.asked !== null);
  const id = JSON.stringify(settings.map(({ key, asked }) => [key, asked]));
  const known = sets.get(id);
  if (known === undefined) sets.set(id, { settings, places: [where] });
  else known.places.push(where);
}

/** A profile by its name where it has settings for that role; else the suite itself asks. */
function place(profile: Profile, role: string): Place {
  const own =
    { target: profile.sysctls, generator: profile.generatorSysctls }[role] ?? profile.upstreamSysctls[role] ?? {};
  return { role, profile: Object.keys(own).length > 0 ? profile.name : null };
}

/** Links of the asked IP version, and steering where it is asked for. */
async function checkWiring(request: PartsRequest): Promise<void> {
  const masks = new Set(variantsOf(request).flatMap(({ part }) => (part.rps === null ? [] : [part.rps])));
  await inProbe(request, async (probe) => {
    await ipBatch(probe, ["link add load type veth peer name other", "link set load up"]).catch((error: Error) => {
      throw new CapabilityError(error.message, { hint: "modprobe veth, as root" });
    });
    if (request.suite.ipVersion === 6 && !existsSync(`/proc/${probe.pid}/net/if_inet6`)) {
      throw new CapabilityError("this kernel runs without IPv6", {
        hint: "ipVersion: 4, or boot without ipv6.disable=1",
      });
    }
    if (masks.size > 0) await checkSteering(probe, [...masks]);
  });
}

async function checkSteering(probe: Holder, masks: string[]): Promise<void> {
  if (probe.rootless) {
    throw new CapabilityError("rps: the kernel lets only the machine's root steer packets between CPUs", {
      hint: "run tunebench as root, or leave rps out",
    });
  }
  if (!(await mountSysfs(probe))) {
    throw new CapabilityError("rps: the namespace's own sysfs can't be mounted here", {
      hint: "run on the machine itself, or in a container started with --privileged",
    });
  }
  for (const mask of masks) steer(probe, ["load"], mask);
}

/** Does something in a namespace of its own and ends it, whatever comes of it. */
async function inProbe<Result>(request: PartsRequest, act: (probe: Holder) => Promise<Result>): Promise<Result> {
  const holder = spawnHolder("preflight", { rootless: request.rootless, userOf: null });
  try {
    return await act(await holder.ready);
  } finally {
    await holder.close();
  }
}
