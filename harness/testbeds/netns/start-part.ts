import { chown } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import { interpolate } from "../../suite/interpolate.ts";
import type { Part, Suite } from "../../suite/suite.ts";
import { logName } from "../testbed.ts";
import { enterArgv } from "./enter.ts";
import type { Holder } from "./holder.ts";
import type { Launch } from "./part.ts";
import { baseEnvironment, findPartProgram, type OrdinaryId, ordinaryId, pinnedTo, toolPath } from "./programs.ts";

/** Where a part runs, and what its references stand for. */
export interface PartContext {
  holder: Holder;
  suite: Suite;
  /** Values of `${...}` references. */
  values: Record<string, string>;
  dataFolder: string;
  logFolder: string;
  nodePath: string;
}

/**
 * How a suite's part is started: its program with references filled in, who it is (what looks like root, or an ordinary user), what it sees
 * (its role's namespaces, its data folder its own), and its environment. Nothing else decides any of these.
 */
export async function partLaunch(part: Part, context: PartContext): Promise<Launch> {
  const { holder, suite, dataFolder, logFolder } = context;
  const user = identityOf(part, holder.rootless);
  if (user !== null && !holder.rootless) await chown(dataFolder, user.uid, user.gid);
  return {
    argv: insideArgv(holder, { argv: argvOf(part, context), cwd: suite.folder, cpus: part.cpus, user }),
    env: environmentOf(part, context, user),
    logFile: `${logFolder}/${logName(holder.role)}`,
  };
}

/** Who a part is; null = what looks like root in its role's namespaces. */
export function identityOf({ ordinaryUser }: Pick<Part, "ordinaryUser">, rootless: boolean): OrdinaryId | null {
  return ordinaryUser ? ordinaryId(rootless) : null;
}

/** A program of the harness's own, such as a generator. */
export interface OwnProgram {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  cpus: string | null;
}

/** How a program of the harness's own is started: as what looks like root. */
export function programLaunch(holder: Holder, program: OwnProgram, nodePath: string): Launch {
  const { argv, cwd, cpus, logFile } = program;
  const env = { ...baseEnvironment(nodePath), ...program.env };
  return { argv: insideArgv(holder, { argv, cwd, cpus, user: null }), env, logFile };
}

/**
 * In the holder's namespaces, pinned, in its folder, under its identity. unshare without a namespace only changes the folder: nsenter lost it
 * with the mount namespace.
 */
function insideArgv(
  holder: Holder,
  { argv, cwd, cpus, user }: { argv: string[]; cwd: string; cpus: string | null; user: OrdinaryId | null },
): string[] {
  const entrance = [...goingOn(), ...enterArgv(holder), ...pinnedTo(cpus), toolPath("unshare"), `--wd=${cwd}`];
  return [...entrance, ...identityArgv(holder, user), ...argv];
}

/**
 * nsenter stops along with its part. Were the harness to die meanwhile, nobody would let it go on to reap the part, and the
 * namespace would stay for ever: the kernel sends it SIGCONT then (prctl(2), PR_SET_PDEATHSIG).
 */
function goingOn(): string[] {
  return [toolPath("setpriv"), "--pdeathsig", "CONT", "--"];
}

function identityArgv({ rootless }: Holder, user: OrdinaryId | null): string[] {
  if (user === null) return ["--"];
  const { uid, gid } = user;
  if (rootless) return ["--user", `--map-user=${uid}`, `--map-group=${gid}`, "--"];
  return ["--", toolPath("setpriv"), `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
}

function argvOf(part: Part, { holder, suite, values, nodePath }: PartContext): string[] {
  const [command = "", ...args] = part.command.map((word) => interpolate(word, values));
  const program = findPartProgram(command, { folder: suite.folder, nodePath });
  if (program === null) throw new InputError(`the command of ${holder.role} was not found: ${command}`);
  return [program, ...args];
}

/** LISTEN_HOST is "any address" of the suite's IP version; an ordinary user's home is the data folder, the only one it owns. */
function environmentOf(part: Part, context: PartContext, user: OrdinaryId | null): Record<string, string> {
  const own = Object.entries(part.env).map(([name, value]) => [name, interpolate(value, context.values)]);
  return {
    ...baseEnvironment(context.nodePath),
    ...(user === null ? {} : { HOME: context.dataFolder }),
    PORT: String(part.port),
    LISTEN_HOST: context.suite.ipVersion === 6 ? "::" : "0.0.0.0",
    ...Object.fromEntries(own),
  };
}
