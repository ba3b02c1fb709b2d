import { InputError } from "../../core/errors.ts";
import { interpolate } from "../../suite/interpolate.ts";
import type { Part, Suite } from "../../suite/suite.ts";
import { pinnedTo } from "./cpu-pins.ts";
import { enterArgv } from "./enter.ts";
import { baseEnvironment, findPartProgram, toolPath } from "./find-program.ts";
import type { Holder } from "./holder.ts";
import { becomeArgv, type OrdinaryId } from "./identity.ts";
import type { Launch } from "./part.ts";
import type { Workspace } from "./workspace.ts";

/** Where a part runs, and what its references stand for. */
export interface PartContext {
  holder: Holder;
  suite: Suite;
  /** Values of `${...}` references. */
  values: Record<string, string>;
  dataFolder: string;
  /** Takes its output. */
  logFile: string;
  workspace: Workspace;
  user: OrdinaryId;
}

/**
 * How a suite's part is started: its program with references filled in, who it is (an ordinary user, or with `privileged` what looks like
 * root), and its environment. Nothing else decides any of these.
 */
export function partLaunch(part: Part, context: PartContext): Launch {
  const { holder, suite, logFile, workspace, user } = context;
  return {
    argv: insideArgv(holder, { cpus: part.cpus, user: part.privileged ? null : user, workspace }),
    becoming: { argv: argvOf(part, context), env: environmentOf(part, context), folder: suite.folder },
    logFile,
  };
}

/** A program of the harness's own, such as a generator. */
export interface OwnProgram {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  cpus: string | null;
  /** What it reads as its standard input: it need not reach the file. */
  inputFile?: string;
}

/** How a program of the harness's own is started: as the same ordinary user, since what it runs is a suite's too. */
export function programLaunch(
  { holder, workspace, user, dataFolder }: Pick<PartContext, "holder" | "workspace" | "user" | "dataFolder">,
  { argv, env, cwd, cpus, logFile, inputFile }: OwnProgram,
): Launch {
  return {
    argv: insideArgv(holder, { cpus, user, workspace }),
    becoming: { argv, env: { ...baseEnvironment(workspace.node), HOME: dataFolder, ...env }, folder: cwd },
    logFile,
    ...(inputFile === undefined ? {} : { inputFile }),
  };
}

/** In the holder's namespaces, pinned, under its identity; become-child.ts does the rest. */
function insideArgv(
  holder: Holder,
  { cpus, user, workspace }: { cpus: string | null; user: OrdinaryId | null; workspace: Workspace },
): string[] {
  const entrance = [...goingOn(), ...enterArgv(holder), ...pinnedTo(cpus)];
  const identity = user === null ? [] : becomeArgv(user, holder.rootless);
  return [...entrance, ...identity, workspace.node, "--no-warnings", workspace.become];
}

/**
 * nsenter stops along with its part. Were the harness to die meanwhile, nobody would let it go on to reap the part, and the
 * namespace would stay for ever: the kernel sends it SIGCONT then (prctl(2), PR_SET_PDEATHSIG).
 */
function goingOn(): string[] {
  return [toolPath("setpriv"), "--pdeathsig", "CONT", "--"];
}

function argvOf(part: Part, { holder, suite, values, workspace }: PartContext): string[] {
  const [command = "", ...args] = part.command.map((word) => interpolate(word, values));
  const program = findPartProgram(command, { folder: suite.folder, nodePath: workspace.node });
  if (program === null) throw new InputError(`the command of ${holder.role} was not found: ${command}`);
  return [program, ...args];
}

/** LISTEN_HOST is "any address" of the suite's IP version; an ordinary user's home is the data folder, the only one it owns. */
function environmentOf(part: Part, context: PartContext): Record<string, string> {
  const own = Object.entries(part.env).map(([name, value]) => [name, interpolate(value, context.values)]);
  return {
    ...baseEnvironment(context.workspace.node),
    ...(part.privileged ? {} : { HOME: context.dataFolder }),
    PORT: String(part.port),
    LISTEN_HOST: context.suite.ipVersion === 6 ? "::" : "0.0.0.0",
    ...Object.fromEntries(own),
  };
}
