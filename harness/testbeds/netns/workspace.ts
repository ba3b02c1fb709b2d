import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, relative } from "node:path";
import { isOpenToAll } from "../../core/open-to-all.ts";
import { programFile } from "../../core/package-root.ts";
import type { Scope } from "../../core/scope.ts";
import type { FoundProgram } from "../../engines/engine.ts";
import { isAbandonedPartial, partialName, partialPrefix, writing } from "../../results/write.ts";
import type { Generator } from "./generator.ts";
import type { OrdinaryId } from "./identity.ts";

/**
 * What a trial has of its own on this machine's disk, in the folder for temporary files: an ordinary user reaches it wherever the results
 * lie. It holds the parts' data, and the places where programs are mounted that may lie in folders closed to that user (/root).
 */
export interface Workspace {
  /** The folder's name can be seen, what is in it can't be listed. */
  folder: string;
  /** `${data}`: the user's, and nothing in it at first. */
  dataOf(copy: string | null): string;
  /** As whoever is inside a part's mounts finds them. */
  node: string;
  become: string;
  generator: string;
  /** The engine's folder of our own; "" where it has none. */
  beside: string;
  /** Place in the folder -> the machine's file or folder that is to be mounted there (view.ts). */
  mounts: Record<string, string>;
}

/** What a workspace is made for. */
export interface WorkspaceRequest {
  /** Copies of the target that have data of their own. */
  copies: string[];
  nodePath: string;
  /** null = no load is made. */
  generator: Generator | null;
  /** Whose the data are; null = ours: without root parts are the same user to the disk. */
  owner: OrdinaryId | null;
}

/** Makes a workspace that is removed with the scope. Throws IncompleteError where the disk refuses it. */
export function makeWorkspace(request: WorkspaceRequest, scope: Scope): Workspace {
  const folder = temporaryName();
  scope.defer("remove the parts' data", () => removeWorkspace(folder));
  return writing(tmpdir(), () => furnished(folder, request));
}

function furnished(folder: string, { copies, nodePath, generator, owner }: WorkspaceRequest): Workspace {
  const give = (path: string) => {
    if (owner !== null) chownSync(path, owner.uid, owner.gid);
  };
  const dataOf = (copy: string | null) => join(folder, copy === null ? "data" : `data-${copy}`);
  const becomeFile = programFile("testbeds/netns/become-child");
  const programs = join(folder, "programs");
  for (const open of [folder, programs]) {
    mkdirSync(open);
    chmodSync(open, 0o711);
  }
  for (const copy of [null, ...copies]) {
    mkdirSync(dataOf(copy), { mode: 0o700 });
    give(dataOf(copy));
  }
  const mounts: Workspace["mounts"] = {};
  const reachable = (file: string, name: string) => {
    if (isOpenToAll(file)) return file;
    const place = join(programs, name);
    if (statSync(file).isDirectory()) mkdirSync(place);
    else writeFileSync(place, "", { flag: "wx" });
    mounts[place] = file;
    return place;
  };
  return {
    folder,
    dataOf,
    node: reachable(nodePath, "node"),
    // By its ending a module, whatever a package.json above says.
    become: reachable(becomeFile, `become.m${extname(becomeFile).slice(1)}`),
    generator: generator === null ? "" : programIn(generator.found, reachable),
    beside: generator === null || generator.engine.beside === null ? "" : reachable(generator.engine.beside, "beside"),
    mounts,
  };
}

/** Where a program is found, by a name that ends with its own, if need be in the folder that it has to be reached with. */
function programIn({ path, folder }: FoundProgram, reachable: (path: string, name: string) => string): string {
  const name = `generator-${basename(path)}`;
  return folder === undefined ? reachable(path, name) : join(reachable(folder, name), relative(folder, path));
}

/** A path as the suite writes it: `${data}/app.sock`. The folder's own name says nothing beyond this trial. */
export function pathAsWritten({ folder }: Pick<Workspace, "folder">, path: string): string {
  const rest = path.startsWith(folder) ? /^\/data(?:-[^/]+)?(\/.*)?$/.exec(path.slice(folder.length)) : null;
  return rest === null ? path : `\${data}${rest[1] ?? ""}`;
}

/** Closed first: what is in it is another user's, who could lead the removal elsewhere through a link put into its way. */
export function removeWorkspace(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
}

/** A path for what is removed with this process's work: where that was killed, the next run and `clean` find it. */
export function temporaryName(): string {
  return partialName(ownName());
}

/** With the pid namespace in it: the process that a name is of is looked for in our own. */
function ownName(): string {
  return join(tmpdir(), `tunebench-${/\d+/.exec(readlinkSync("/proc/self/ns/pid"))}`);
}

/** Whether the name at the end of a path by temporaryName() is of a process that is gone. */
export function isAbandonedName(name: string): boolean {
  return name.startsWith(basename(ownName()) + partialPrefix) && isAbandonedPartial(name);
}

/** Workspaces of ours whose processes are gone: they were killed. */
export function abandonedWorkspaces(): string[] {
  return readdirSync(tmpdir())
    .filter(isAbandonedName)
    .map((name) => join(tmpdir(), name))
    .filter((path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat?.isDirectory() === true && stat.uid === process.geteuid?.();
    });
}
