import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { treeFile } from "./cli.ts";
import { nft } from "./machine-parts.ts";
import { truthServices } from "./truth-services.ts";

/** Addresses of the namespace: outside 127/8, where TIME_WAITs are reused. */
export const address = "198.18.7.1";

const asRoot = process.getuid?.() === 0;

export type Load = "ask" | "open" | "hold" | "dial" | "bind" | "send" | "flows" | "cast";

export interface LiveService {
  /** Of the service itself. */
  pid: number;
  /**
   * A load as of test/fixtures/observe/load.ts on a port or a URL, from within the namespace, until the test ends or it is stopped. `through`: what starts it,
   * such as taskset.
   */
  load(what: Load, amount: number, to?: number | string, through?: string[]): { ready: Promise<unknown>; stop(): void };
  /** One more service in the same namespace. */
  start(mode: string, env: Record<string, string>, limits?: Limits): Promise<number>;
  /** What a program says inside. */
  inside(argv: string[]): Promise<string>;
  /** Adds tables of nftables, as a file of it has them. */
  filter(tables: string): Promise<string>;
  /** Any process of the namespace but the service and its load. */
  holderPid: number;
}

export interface Limits {
  /** RLIMIT_NOFILE. */
  files?: number;
  /** Folder of a control group that it is put into. */
  group?: string;
}

/** A namespace with settings, and test/truth's service in one of its modes in it, listening on port 8080. */
export async function openService(
  t: ExecutionContext,
  {
    mode,
    env = {},
    sysctls = {},
    limits = {},
  }: { mode: string; env?: Record<string, string>; sysctls?: Record<string, string>; limits?: Limits },
): Promise<LiveService> {
  const program = await builtServices();
  const flags = asRoot ? [] : ["--user", "--map-root-user"];
  const holder = spawn("unshare", [...flags, "--net", "sh", "-c", "echo ready; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.teardown(() => holder.kill("SIGKILL"));
  await once(holder.stdout as NonNullable<typeof holder.stdout>, "data");
  const enter = ["-t", String(holder.pid), ...(asRoot ? [] : ["--user", "--preserve-credentials"]), "--net"];
  const inside = async (argv: string[]) => (await execa("nsenter", [...enter, ...argv])).stdout;
  await inside(["ip", "link", "set", "lo", "up"]);
  await inside(["ip", "address", "add", `${address}/32`, "dev", "lo"]);
  for (const [key, value] of Object.entries(sysctls))
    await execa("nsenter", [...enter, "tee", `/proc/sys/${key.replaceAll(".", "/")}`], { input: value });
  const start = async (mode: string, env: Record<string, string>, { files, group }: Limits = {}) => {
    const argv = [...(files === undefined ? [] : ["prlimit", `--nofile=${files}:${files}`]), program, mode];
    const child = spawn("nsenter", [...enter, ...argv], { env: { ...process.env, ...env }, stdio: "ignore" });
    // Its control group goes only once it has ended.
    t.teardown(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    const pid = child.pid ?? 0;
    if (group !== undefined) writeFileSync(join(group, "cgroup.procs"), String(pid));
    await untilListening(inside, Number(env.PORT));
    return pid;
  };
  return {
    pid: await start(mode, { PORT: "8080", ...env }, limits),
    start,
    inside,
    filter: (tables) => inside([nft, tables]),
    holderPid: holder.pid ?? 0,
    load: (what, amount, to = 8080, through = []) => {
      const url = typeof to === "string" ? to : `http://${address}:${to}/`;
      const fixture = treeFile("test/fixtures/observe/load.ts");
      const argv = [...enter, ...through, process.execPath, fixture, what, String(amount), url];
      const child = spawn("nsenter", argv, { stdio: ["pipe", "pipe", "inherit"] });
      t.teardown(() => child.kill("SIGKILL"));
      return {
        ready: once(child.stdout as NonNullable<typeof child.stdout>, "data"),
        stop: () => void child.kill("SIGKILL"),
      };
    },
  };
}

let built: Promise<string> | null = null;

async function builtServices(): Promise<string> {
  built ??= truthServices({ env: process.env, onProgress: () => undefined });
  return built;
}

async function untilListening(inside: LiveService["inside"], port: number): Promise<void> {
  while ((await inside(["ss", "-Hlntu", `sport = :${port}`])) === "") await new Promise(setImmediate);
}
