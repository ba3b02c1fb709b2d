import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import { temporaryFolder } from "./cli.ts";
import { truthServices } from "./truth-services.ts";

/** An engine of a test's own: its images, its containers and, of docker, its daemon end with the test. */
export interface TestEngine {
  name: "docker" | "podman";
  /** By which its client, and tunebench, find it and not the machine's. */
  env: Record<string, string>;
  /** Names of all containers and volumes that there are. */
  left(): Promise<string[]>;
}

const absent = "unix:///nonexistent/docker.sock";

/** A docker daemon without systemd and without a bridge, with the test's image in it. */
export async function openDocker(t: ExecutionContext): Promise<TestEngine> {
  const folder = await temporaryFolder(t);
  const socket = `unix://${join(folder, "d.sock")}`;
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "-p", join(folder, "pid")];
  const daemon = execa("dockerd", ["--iptables=false", "--bridge=none", "-H", socket, ...places], { reject: false });
  t.teardown(async () => {
    daemon.kill("SIGTERM");
    await daemon;
  });
  const engine = engineOf("docker", { DOCKER_HOST: socket, CONTAINERS_STORAGE_CONF: await emptyStorage(t) });
  const answers = async () => !(await execa("docker", ["version"], { reject: false, env: engine.env })).failed;
  while (!(await answers())) {
    if (daemon.exitCode !== null) throw new Error((await daemon).stderr);
    await wait(50);
  }
  await importImage(engine, folder);
  return engine;
}

/** podman with a storage of its own. */
export async function openPodman(t: ExecutionContext): Promise<TestEngine> {
  const engine = engineOf("podman", { DOCKER_HOST: absent, CONTAINERS_STORAGE_CONF: await emptyStorage(t) });
  await importImage(engine, await temporaryFolder(t));
  return engine;
}

function engineOf(name: TestEngine["name"], env: Record<string, string>): TestEngine {
  const lines = async (args: string[]) => {
    const { stdout } = await execa(name, args, { env });
    return stdout.split("\n").filter((line) => line !== "");
  };
  return {
    name,
    env,
    left: async () => [
      ...(await lines(["ps", "--all", "--format={{.Names}}"])),
      ...(await lines(["volume", "ls", "--quiet"])),
    ],
  };
}

/** podman's images lie where this file says. */
async function emptyStorage(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const file = join(folder, "storage.conf");
  const [run, graph] = ["run", "graph"].map((name) => JSON.stringify(join(folder, name)));
  writeFileSync(file, `[storage]\ndriver = "vfs"\nrunroot = ${run}\ngraphroot = ${graph}\n`);
  return file;
}

/** The services of test/truth, a static program, as an image without anything else, with a user of its own. */
async function importImage({ name, env }: TestEngine, folder: string): Promise<void> {
  const root = join(folder, "image");
  mkdirSync(root);
  const program = await truthServices({ env: process.env, onProgress: () => {} });
  copyFileSync(program, join(root, "service"));
  const tar = join(folder, "image.tar");
  await execa("tar", ["--create", "--file", tar, "--directory", root, "service"]);
  const changes = ['ENTRYPOINT ["/service"]', "USER 1234", "EXPOSE 8080"].flatMap((line) => ["--change", line]);
  await execa(name, ["import", ...changes, tar, "tunebench-test:1"], { env });
}
