import { statSync } from "node:fs";
import { toolPath } from "./find-program.ts";

/** A user and group id, neither of them root's. */
export interface OrdinaryId {
  uid: number;
  gid: number;
}

const nobody: OrdinaryId = { uid: 65_534, gid: 65_534 };

/**
 * Who parts and generators are: the user behind sudo, else the owner of the suite's folder, else nobody; without root the user that started
 * us. A group of root's is nobody's.
 */
export function ordinaryId(suiteFolder: string, rootless: boolean, env: NodeJS.ProcessEnv = process.env): OrdinaryId {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const behindSudo = { uid: Number(env.SUDO_UID ?? 0), gid: Number(env.SUDO_GID ?? 0) };
  const candidates = [...(rootless ? [own] : []), behindSudo, statSync(suiteFolder)];
  const { uid, gid } = candidates.find((id) => id.uid > 0) ?? nobody;
  return { uid, gid: gid > 0 ? gid : nobody.gid };
}

/**
 * argv in front of a program that makes it an ordinary user: no capability in any set, none to be had again by a program with the set-user-id
 * bit. uid 0 without capabilities would not do: root's files are its own. Rootless only one id is mapped: another one takes a user namespace
 * of its own, and its bounding set is full anew (create_user_ns, kernel/user_namespace.c), so it is emptied inside.
 */
export function becomeArgv({ uid, gid }: OrdinaryId, rootless: boolean): string[] {
  const drop = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"];
  if (!rootless) return [toolPath("setpriv"), `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...drop];
  const mapped = ["--user", `--map-user=${uid}`, `--map-group=${gid}`, "--keep-caps", "--"];
  return [toolPath("unshare"), ...mapped, toolPath("setpriv"), ...drop];
}
