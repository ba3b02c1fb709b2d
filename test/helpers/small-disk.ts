import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { World } from "./whole-run.ts";

/** A file system of its own, small enough to fill, where a world's results go. Nobody else sees the mount. */
export interface SmallDisk {
  /** argv in front of a program that is to see the disk. */
  through: string[];
  /** A path below the disk as this process reaches it. */
  seen(...path: string[]): string;
  /** Takes all room but so many bytes (whole pages of 4 KiB). */
  fill(leftBytes: number): void;
  /** Gives the room back. */
  empty(): void;
  readOnly(): Promise<void>;
}

const page = 4096;

/**
 * Mounts a tmpfs on `world.out`, in a mount namespace that ends with the test: the machine's own is never touched. As an
 * ordinary user in a user namespace too, where the harness then is root.
 */
export async function openSmallDisk(t: ExecutionContext, world: World, bytes: number): Promise<SmallDisk> {
  mkdirSync(world.out, { recursive: true });
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const holder = spawn("unshare", [...user, "--mount", "--propagation", "private", "cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.teardown(() => void holder.stdin.destroy());
  holder.stdin.write("\n");
  await once(holder.stdout, "data");
  const enter = ["nsenter", ...(user.length === 0 ? [] : ["--user", "--preserve-credentials"]), "--mount"];
  const inside = [...enter, "--target", String(holder.pid), "--"];
  const mount = async (options: string) => {
    const [program = "", ...args] = [...inside, "mount", "-t", "tmpfs", "-o", options, "tunebench-test", world.out];
    await execa(program, args);
  };
  await mount(`size=${bytes}`);
  const seen = (...path: string[]) => join(`/proc/${holder.pid}/root`, world.out, ...path);
  // In the way of nothing: a hidden file beside the runs.
  const filler = seen(".filler");
  return {
    // A folder is entered anew: the old one is not on the new mount.
    through: [...inside, "unshare", `--wd=${world.folder}`, "--"],
    seen,
    fill(leftBytes) {
      writeFileSync(filler, "");
      const { bavail } = statfsSync(seen());
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * page - leftBytes)));
    },
    empty: () => writeFileSync(filler, ""),
    readOnly: () => mount("remount,ro"),
  };
}
