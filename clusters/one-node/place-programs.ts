import { chmod, copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";

/** Shared libraries of programs, or of other libraries, the loader included, as ldd finds them; each once. */
export async function librariesOf(...programs: string[]): Promise<string[]> {
  const { stdout } = await execa(toolPath("ldd"), programs, { env: { LC_ALL: "C" } });
  return [...new Set([...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map((match) => match[1] ?? ""))];
}

/** A copy that everyone may run. */
export async function placeProgram(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, 0o755);
}
