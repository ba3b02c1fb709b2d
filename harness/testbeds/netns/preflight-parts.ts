import { readFileSync } from "node:fs";
import { execa } from "execa";
import { cpusInMask, cpusOfList } from "../../suite/cpu-list.ts";
import { interpolate, referenceValues } from "../../suite/interpolate.ts";
import { distinctRolesOf, type Part, type Profile, type Suite } from "../../suite/suite.ts";
import { partOf } from "../testbed.ts";
import { addressesOf, linksOf, mostLinks } from "./links.ts";
import { findPartProgram, searchPath, toolPath } from "./programs.ts";
import { identityOf } from "./start-part.ts";
import { cpusOfMask } from "./steering.ts";

/** What preflight looks at. */
export interface PreflightRequest {
  suite: Suite;
  profiles: Profile[];
  rootless: boolean;
  nodePath: string;
}

/** A part as one profile has it. */
interface Variant {
  role: string;
  profile: string;
  part: Part;
}

/** Target and upstreams under every profile. */
export function variantsOf({ suite, profiles }: Pick<PreflightRequest, "suite" | "profiles">): Variant[] {
  const roles = distinctRolesOf(suite).filter((role) => role !== "generator");
  return profiles.flatMap((profile) =>
    roles.map((role) => ({ role, profile: profile.name, part: partOf(suite, profile, role) })),
  );
}

/** Programs that are not there, and folders that an ordinary user could not enter; sentences. */
export async function programProblems(request: PreflightRequest): Promise<string[]> {
  const problems = variantsOf(request).flatMap(({ role, profile, part }) => {
    const command = commandOf(request, part);
    const found = command === null || findPartProgram(command, { ...request, folder: request.suite.folder }) !== null;
    return found ? [] : [`${role}: no program ${command} on PATH or in ${request.suite.folder} (profile ${profile})`];
  });
  return [...new Set(problems), ...(await unreachable(request))];
}

/** CPUs to pin to or to steer to that this machine has not; sentences. */
export function cpuProblems(request: PreflightRequest): string[] {
  const online = cpusOfList(readFileSync("/sys/devices/system/cpu/online", "utf8")) ?? [];
  const variants = variantsOf(request);
  const pins = [{ role: "generator", cpus: request.suite.generator.cpus }].concat(
    variants.map(({ role, part }) => ({ role, cpus: part.cpus })),
  );
  const problems = [
    ...pins.map(({ role, cpus }) => missingCpus(`${role}: cpus`, cpus, cpusOfList, online)),
    ...variants.map(({ role, part }) => missingCpus(`${role}: rps`, part.rps, cpusOfRps, online)),
  ];
  return [...new Set(problems.filter((problem) => problem !== null))];
}

/** More links between copies of the target and its peers than there are addresses for; a sentence. */
export function addressProblems({ suite }: PreflightRequest): string[] {
  const links = linksOf(suite).length;
  if (suite.ipVersion === 6 || links <= mostLinks) return [];
  return [
    `${suite.target.replicas} copies of the target make ${links} links to its peers; ${mostLinks} are possible with IPv4`,
  ];
}

function missingCpus(
  what: string,
  text: string | null,
  parse: (text: string) => number[] | null,
  online: number[],
): string | null {
  if (text === null) return null;
  const cpus = parse(text);
  if (cpus === null) return `${what}: ${JSON.stringify(text)} names no CPUs`;
  const missing = cpus.filter((cpu) => !online.includes(cpu));
  if (missing.length === 0) return null;
  return `${what}: ${JSON.stringify(text)} names CPU ${missing[0]}; this machine has ${online.join(", ")}`;
}

function cpusOfRps(mask: string): number[] | null {
  const bits = cpusOfMask(mask);
  return bits === null ? null : cpusInMask(bits);
}

/** The program's name with references filled in; null where it lies in the data folder, which only a trial has. */
function commandOf({ suite }: PreflightRequest, part: Part): string | null {
  const command = part.command[0] ?? "";
  if (command.includes(dataReference)) return null;
  const addresses = addressesOf(linksOf(suite));
  return interpolate(command, referenceValues(suite, { addresses, dataFolder: dataReference }));
}

const dataReference = `\${data}`;

/** Dropping from root to an ordinary user can make the suite's own folder unreadable (/root is 0700). */
async function unreachable(request: PreflightRequest): Promise<string[]> {
  if (request.rootless) return [];
  const dropped = variantsOf(request).flatMap(({ role, part }) => {
    const identity = identityOf(part, false);
    return identity === null ? [] : [{ role, ...identity }];
  });
  const [first] = dropped;
  if (first === undefined) return [];
  const { uid, gid } = first;
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
  const test = await execa(
    toolPath("setpriv"),
    [...identity, "test", "-r", request.suite.folder, "-a", "-x", request.suite.folder],
    {
      reject: false,
      env: { PATH: searchPath(request.nodePath) },
      extendEnv: false,
    },
  );
  if (test.exitCode === 0) return [];
  const who = [...new Set(dropped.map(({ role }) => role))].join(", ");
  return [
    `${who}: runs as user ${uid}, who can't read ${request.suite.folder}; put the suite where others may read it`,
  ];
}
