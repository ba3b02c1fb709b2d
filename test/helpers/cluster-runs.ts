import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { type Document, parseDocument } from "yaml";
import type { RelayMessage } from "../../harness/pods/messages.ts";
import { readRun, type StoredRun } from "../../harness/results/read.ts";
import { isRunId } from "../../harness/results/run-id.ts";
import type { ClusterApi } from "../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { openLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import { labelKeys } from "../../harness/testbeds/kubernetes/names.ts";
import type { ApiWorld } from "./api-world.ts";
import { mainFile, treeFile } from "./cli.ts";

/** Whole runs on a real cluster through the command line, each with a folder of results of its own. */

export interface ClusterRun {
  process: ReturnType<typeof startCommand>;
  out: string;
}

export interface RunEnd {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  out: string;
}

/** What a test changes of a fixture's suite. */
export interface FixtureChanges {
  /** A folder of test/fixtures/kubernetes. */
  fixture: string;
  edit?: (suite: Document) => void;
}

/** A copy of a fixture whose manifests name the cluster's own image; its folder. */
export async function copyFixture(world: ApiWorld, { fixture, edit = () => {} }: FixtureChanges): Promise<string> {
  const folder = await mkdtemp(join(world.folder, `${fixture}-`));
  cpSync(treeFile("test/fixtures/kubernetes", fixture), folder, { recursive: true });
  for (const name of readdirSync(folder).filter((file) => file.startsWith("k8s"))) {
    const text = readFileSync(join(folder, name), "utf8")
      .replaceAll("tunebench.local/node:own", world.cluster.images.node)
      .replaceAll("imagePullPolicy: Never", `imagePullPolicy: ${world.cluster.imagePullPolicy}`);
    writeFileSync(join(folder, name), text);
  }
  const document = parseDocument(readFileSync(join(folder, "suite.yaml"), "utf8"));
  edit(document);
  writeFileSync(join(folder, "suite.yaml"), String(document));
  return folder;
}

/** Starts `tunebench run` on the world's cluster, or on another cluster file. */
export async function startOnCluster(
  world: ApiWorld,
  suite: string,
  args: string[] = [],
  file = world.own.file,
): Promise<ClusterRun> {
  const out = await mkdtemp(join(world.folder, "results-"));
  return { out, process: startCommand(world, ["run", suite, "--cluster", file, "--results", out, ...args]) };
}

/** Starts any command; never throws for its exit code. */
export function startCommand(world: ApiWorld, args: string[]) {
  return execa(process.execPath, [mainFile(), ...args], { reject: false, cwd: world.folder, env: { NO_COLOR: "1" } });
}

/** Runs `tunebench run` to its end. */
export async function runOnCluster(...request: Parameters<typeof startOnCluster>): Promise<RunEnd> {
  const { out, process } = await startOnCluster(...request);
  const { exitCode, stdout, stderr } = await process;
  return { out, exitCode, stdout, stderr };
}

/** The one run below a folder of results; beside it may lie the parts' data of one that goes on or was killed. */
export function storedIn(out: string): StoredRun {
  const [id, ...more] = readdirSync(out).filter(isRunId);
  if (id === undefined || more.length > 0) throw new Error(`one run was expected in ${out}`);
  return readRun(join(out, id));
}

const ours = [
  ...[
    "v1/pods",
    "batch/v1/jobs",
    "v1/configmaps",
    "coordination.k8s.io/v1/leases",
    "v1/services",
    "v1/serviceaccounts",
  ],
  ...["rbac.authorization.k8s.io/v1/roles", "rbac.authorization.k8s.io/v1/rolebindings"],
];

/** What runs have in a namespace, as "v1/pods NAME"; pods that are going count, too. */
export async function objectsOfRuns(world: ApiWorld, namespace = world.own.namespace): Promise<string[]> {
  const api = await apiIn(world, namespace);
  const lists = ours.map(async (resource) => {
    const names = await api.names(resource, { labels: labelKeys.run });
    return names.map((name) => `${resource} ${name}`);
  });
  return (await Promise.all(lists)).flat();
}

async function apiIn(world: ApiWorld, namespace: string): Promise<ClusterApi> {
  return namespace === world.own.namespace ? world.api : await connect({ ...world.cluster, namespace });
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Waits until a trial's first windows have come over the relay; rejects where the run ends before. */
export async function underLoad(world: ApiWorld, run: ClusterRun, trial: number, namespace = world.own.namespace) {
  const over = new AbortController();
  const ended = run.process.then(({ stderr }) => Promise.reject(new Error(`ended without a load:\n${stderr}`)));
  ended.catch(() => {});
  const api = await apiIn(world, namespace);
  try {
    await Promise.race([ended, seesExports(api, String(trial).padStart(3, "0"), over.signal)]);
  } finally {
    over.abort();
  }
}

/** More than one export of the load itself, so that requests are under way. */
async function seesExports(api: ClusterApi, trial: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const [relay] = await api.list("Pod", { labels: `${labelKeys.component}=relay` });
    // There may be no relay yet, or it has not started.
    if (relay !== undefined && (await toldOfLoad(api, relay.metadata?.name ?? "", trial, signal).catch(() => false)))
      return;
    await wait(500);
  }
}

/** Whether a relay's log came to it; false at the log's end. */
async function toldOfLoad(api: ClusterApi, pod: string, trial: string, signal: AbortSignal): Promise<boolean> {
  let startUnixMs = Number.POSITIVE_INFINITY;
  let exports = 0;
  for await (const line of openLog(api, { pod, container: "relay", signal })) {
    const message = JSON.parse(line.slice(line.indexOf("{"))) as RelayMessage;
    if (!("trial" in message) || message.trial !== trial) continue;
    if (message.kind === "start") startUnixMs = message.startUnixMs;
    if (message.kind === "export" && message.unixMs > startUnixMs) exports += 1;
    if (exports > 1) return true;
  }
  return false;
}

/** As if the harness had been silent for two minutes. */
export async function makeStale(api: ClusterApi, runName: string): Promise<void> {
  const renewTime = new Date(Date.now() - 120_000).toISOString().replace("Z", "000Z");
  await api.patch("Lease", runName, { spec: { renewTime } });
}
