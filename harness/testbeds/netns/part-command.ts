import { chown } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import { isTargetRole } from "../../core/roles.ts";
import { interpolate } from "../../suite/interpolate.ts";
import type { Part, Suite } from "../../suite/suite.ts";
import type { LaunchRequest } from "./part.ts";
import { baseEnvironment, findPartProgram, type OrdinaryId, ordinaryId } from "./programs.ts";

/** Where a part runs: what its references stand for and who it may be. */
export interface PartPlace {
  suite: Suite;
  /** Values of `${...}` references. */
  values: Record<string, string>;
  dataFolder: string;
  logFolder: string;
  rootless: boolean;
  nodePath: string;
}

/** A suite's part as a program to launch: references filled in, its program found, its identity decided. */
export async function launchOf(role: string, part: Part, place: PartPlace): Promise<LaunchRequest> {
  const ordinary = part.ordinaryUser ? ordinaryId(place.rootless) : null;
  if (ordinary !== null && !place.rootless) await chown(place.dataFolder, ordinary.uid, ordinary.gid);
  return {
    argv: argvOf(role, part, place),
    env: environmentOf(part, place, ordinary),
    cwd: place.suite.folder,
    logFile: `${place.logFolder}/${logName(role)}`,
    cpus: part.cpus,
    ordinary,
  };
}

/** target.log, target-2.log, upstream-NAME.log. */
function logName(role: string): string {
  return isTargetRole(role) ? `${role}.log` : `upstream-${role}.log`;
}

function argvOf(role: string, part: Part, place: PartPlace): string[] {
  const [command = "", ...args] = part.command.map((word) => interpolate(word, place.values));
  const program = findPartProgram(command, { folder: place.suite.folder, nodePath: place.nodePath });
  if (program === null) throw new InputError(`the command of ${role} was not found: ${command}`);
  return [program, ...args];
}

/** LISTEN_HOST is "any address" of the suite's IP version; an ordinary user's home is the data folder, the only one it owns. */
function environmentOf(part: Part, place: PartPlace, ordinary: OrdinaryId | null): Record<string, string> {
  const own = Object.entries(part.env).map(([name, value]) => [name, interpolate(value, place.values)]);
  return {
    ...baseEnvironment(place.nodePath),
    ...(ordinary === null ? {} : { HOME: place.dataFolder }),
    PORT: String(part.port),
    LISTEN_HOST: place.suite.ipVersion === 6 ? "::" : "0.0.0.0",
    ...Object.fromEntries(own),
  };
}
