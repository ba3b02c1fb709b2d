import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IncompleteError } from "../../core/errors.ts";
import { insistedFolders } from "../../knowledge/insisting-programs.ts";
import { writing } from "../../results/write.ts";
import type { Part } from "../../suite/suite.ts";
import { enterArgv, runInside } from "./enter.ts";
import type { Holder } from "./holder.ts";
import type { OrdinaryId } from "./identity.ts";
import type { Workspace } from "./workspace.ts";

/** What the programs of one role see of the machine's files otherwise than the machine does. */
export interface View {
  workspace: Workspace;
  /** A folder that is empty to them; null = none. */
  hidden: string | null;
  /** Folders that are empty to them and theirs, in memory, for as long as the trial. */
  writable: string[];
  /** Whose those are; null = of what looks like root. */
  owner: OrdinaryId | null;
  /** Whether they may change settings of their namespace where the kernel's own checks let them. */
  changesSettings: boolean;
}

/** What a part asks to see; null = the generator. */
export function viewOf(
  part: Pick<Part, "command" | "privileged" | "writable"> | null,
  { user, rootless }: { user: OrdinaryId; rootless: boolean },
): Omit<View, "workspace" | "hidden"> {
  const { command = [], privileged = false } = part ?? {};
  const insisted = privileged ? [] : insistedFolders(command).filter((folder) => existsSync(folder));
  const writable = [...new Set([...(part?.writable ?? []), ...insisted])];
  return { writable, owner: privileged || rootless ? null : user, changesSettings: privileged };
}

/**
 * Mounts a role's view in its namespace, for whatever is started there from now on. Its settings are written before: /proc/sys and /sys are
 * read-only afterwards. Throws IncompleteError with the words of mount(8).
 */
export async function mountView(holder: Holder, view: View): Promise<void> {
  const { workspace, changesSettings } = view;
  // mount(8) takes a table from a regular file only.
  const table = join(workspace.folder, `mounts-${holder.role}`);
  writing(workspace.folder, () => writeFileSync(table, rowsOf(view).join(""), { flag: "wx", mode: 0o600 }));
  await mount(holder, ["--all", "--fstab", table]);
  // Mounted afresh already (steering.ts), which a table would take for done.
  if (!changesSettings) await mount(holder, ["-o", `remount,bind,ro,${harmless}`, "/sys"]);
}

/** Rootless the kernel wants them kept where they were set: they are locked. */
const harmless = "nosuid,nodev,noexec";

/** Rows of fstab(5). A source of a name of its own, since what is mounted twice from one source is passed over. */
function rowsOf({ workspace, hidden, writable, owner, changesSettings }: View): string[] {
  const whose = owner === null ? "" : `,uid=${owner.uid},gid=${owner.gid}`;
  return [
    ...Object.entries(workspace.mounts).map(([place, file]) => row(file, place, "none", "bind")),
    ...(changesSettings ? [] : [row("/proc/sys", "/proc/sys", "none", `bind,ro,${harmless}`)]),
    ...writable.map((folder) => row("tunebench", folder, "tmpfs", `nosuid,nodev,mode=0700${whose}`)),
    ...(hidden === null ? [] : [row("tunebench", hidden, "tmpfs", `ro,${harmless},mode=0555,size=4k`)]),
  ];
}

function row(...fields: string[]): string {
  return `${fields.map(escaped).join(" ")} 0 0\n`;
}

/** Blanks, ends of lines and backslashes as octal numbers, as fstab(5) wants them. */
function escaped(field: string): string {
  return field.replace(/[ \t\n\r\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

async function mount(holder: Holder, argv: string[]): Promise<void> {
  const { exitCode, stderr } = await runInside(holder, enterArgv(holder), ["mount", ...argv]);
  if (exitCode === 0) return;
  throw new IncompleteError(`what ${holder.role} is to see can't be mounted: ${stderr.trim()}`);
}
