import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { interpolate, referenceValues } from "../../suite/interpolate.ts";
import { distinctRolesOf, type Part, type Profile, type Suite } from "../../suite/suite.ts";
import { partOf } from "../testbed.ts";
import { findPartProgram } from "./find-program.ts";
import { addressesOf, linksOf, mostLinks } from "./links.ts";

/** What preflight looks at. */
export interface PartsRequest {
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
export function variantsOf({ suite, profiles }: Pick<PartsRequest, "suite" | "profiles">): Variant[] {
  const roles = distinctRolesOf(suite).filter((role) => role !== "generator");
  return profiles.flatMap((profile) =>
    roles.map((role) => ({ role, profile: profile.name, part: partOf(suite, profile, role) })),
  );
}

/** Parts that are programs of this machine: what a container has inside is its image's affair. */
export function programVariantsOf(request: Pick<PartsRequest, "suite" | "profiles">): Variant[] {
  return variantsOf(request).filter(({ part }) => part.container === null);
}

/** Programs that are not there; sentences. */
export function programProblems(request: PartsRequest): string[] {
  const problems = programVariantsOf(request).flatMap(({ role, profile, part }) => {
    const [command] = filledCommand(request, part) ?? [];
    const { folder } = request.suite;
    const found = command === undefined || findPartProgram(command, { ...request, folder }) !== null;
    return found ? [] : [`${role}: no program ${command} on PATH or in ${folder} (profile ${profile})`];
  });
  return [...new Set(problems)];
}

/** Folders to be made writable that are not there, or in which a part would look for what it needs; sentences. */
export function writableProblems(request: PartsRequest): string[] {
  const needed = [request.suite.folder, tmpdir()];
  const problems = programVariantsOf(request).flatMap(({ role, part }) =>
    part.writable.flatMap((folder) => {
      const hidden = needed.find((place) => `${place}/`.startsWith(`${folder}/`));
      if (hidden !== undefined) return [`${role}: writable: ${folder} would hide ${hidden}, which parts need`];
      return statSync(folder, { throwIfNoEntry: false })?.isDirectory()
        ? []
        : [`${role}: writable: there is no folder ${folder}`];
    }),
  );
  return [...new Set(problems)];
}

/** More links between copies of the target and its peers than there are addresses for; a sentence. */
export function addressProblems({ suite }: PartsRequest): string[] {
  const links = linksOf(suite).length;
  if (suite.ipVersion === 6 || links <= mostLinks) return [];
  return [
    `${suite.target.replicas} copies of the target make ${links} links to its peers; ${mostLinks} are possible with IPv4`,
  ];
}

/** A part's command with references filled in; null where the program lies in the data folder, which only a trial has. */
export function filledCommand({ suite }: PartsRequest, part: Part): string[] | null {
  if (part.command[0]?.includes(dataReference)) return null;
  const values = referenceValues(suite, { addresses: addressesOf(linksOf(suite)), dataFolder: dataReference });
  return part.command.map((word) => interpolate(word, values));
}

const dataReference = `\${data}`;
