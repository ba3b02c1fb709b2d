import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { type OwnScope, openScope } from "../../harness/core/scope.ts";
import { bundleScript } from "../../harness/engines/k6/bundle-script.ts";
import { k6 } from "../../harness/engines/k6/k6.ts";
import { beyondStopMs, k6Program } from "../../harness/engines/k6/k6-program.ts";
import { podProgramTexts } from "../../harness/pods/bundle.ts";
import type { Cluster } from "../../harness/suite/cluster.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import { untilRunning } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import type { ClusterApi } from "../../harness/testbeds/kubernetes/api/cluster-api.ts";
import { connect } from "../../harness/testbeds/kubernetes/api/connect.ts";
import { openLog, readLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import { type OpenRun, openRun } from "../../harness/testbeds/kubernetes/api/own-run.ts";
import {
  ownPodSpec,
  programContainer,
  programsConfigMap,
  programsVolume,
  restrictedPod,
  samplerContainer,
} from "../../harness/testbeds/kubernetes/objects/containers.ts";
import { relayName, relayObjects, relayPort } from "../../harness/testbeds/kubernetes/objects/relay.ts";
import { metadataOf } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import type { OpenLog } from "../../harness/testbeds/kubernetes/runners/follow-lines.ts";
import { followRelay, type RelayFollow } from "../../harness/testbeds/kubernetes/runners/relay-follow.ts";
import type { RemoteRunners } from "../../harness/testbeds/kubernetes/runners/runners-end.ts";
import { type RunnersRequest, startRunners } from "../../harness/testbeds/kubernetes/runners/start-runners.ts";

/** A run's relay and a target that counts what it answers, in a cluster; what tests of the distributed load stand on. */
export interface DistributedRig {
  api: ClusterApi;
  run: OpenRun;
  relay: RelayFollow;
  /** host:port */
  relayEndpoint: string;
  openLog: OpenLog;
  target: { pod: string; url: string };
  scope: OwnScope;
  /** Requests that the target has answered, once it answers no more. */
  counted(): Promise<number>;
  start(request: RigLoad): Promise<RemoteRunners>;
}

export interface RigLoad {
  sequence: number;
  count: number;
  perSecond: number;
  afterMs: number;
  logFile: string;
  onExport: RunnersRequest["onExport"];
}

export const patience = { timeouts: { scheduleMs: 300_000, startMs: 120_000 }, ownMs: 60_000 };

/** Answers after 2 ms, and tells how often it has, whenever that has changed. */
const targetProgram = `
let answered = 0, told = -1;
require("node:http").createServer((message, response) => setTimeout(() => {
  answered += 1;
  response.end("ok");
}, 2)).listen(8080);
setInterval(() => { if (told !== answered) console.log(told = answered); }, 50);
`;

export async function openRig(cluster: Cluster, folder: string, runName: string): Promise<DistributedRig> {
  const scope = openScope();
  const api = await connect(cluster);
  const run = await openRun({ api, cluster, runName, data: { suite: "test" }, scope });
  await api.create(programsConfigMap(run.objects, await podProgramTexts()));
  const { pod, others } = relayObjects({
    run: run.objects,
    deadlineSeconds: 900,
    settings: { namespace: cluster.namespace, run: runName, silenceMs: 30_000 },
    secret: randomBytes(32).toString("hex"),
  });
  for (const object of [...others, pod]) await api.create(object);
  await api.create(targetPod(run));
  const [relayPod, target] = await Promise.all([
    untilRunning(api, relayName(run.objects), patience),
    untilRunning(api, `${runName}-target`, patience),
  ]);
  const open: OpenLog = (request) => openLog(api, request);
  const relay = followRelay(open, relayPod.name);
  const relayEndpoint = `${relayPod.address}:${relayPort}`;
  scope.defer("the relay's log", relay.stop);
  return {
    api,
    run,
    relay,
    relayEndpoint,
    openLog: open,
    scope,
    target: { pod: target.name, url: `http://${target.address}:8080` },
    counted: () => settled(api, target.name),
    start: async (load) =>
      await startRunners(
        {
          api,
          openLog: open,
          relay,
          relayEndpoint,
          trial: { ...run.objects, sequence: load.sequence },
          timeouts: patience.timeouts,
          sysctls: {},
          sampler: { role: "generator", keys: [], listenPort: null, looks: "pod" },
          say: run.say,
          lost: new AbortController().signal,
          scope,
        },
        await runnersRequest(load, `http://${target.address}:8080`, folder),
      ),
  };
}

function targetPod(run: OpenRun): V1Pod {
  const pod = nodePod(run, `${run.objects.runName}-target`, targetProgram);
  const sampler = samplerContainer(run.objects, {
    role: "target",
    keys: ["net.ipv4.ip_local_port_range"],
    listenPort: 8080,
    looks: "pod-and-node",
  });
  pod.spec?.containers.push(sampler);
  return pod;
}

/** A pod of one container, `main`, that runs a program of one file with the cluster's Node. */
export function nodePod({ objects }: OpenRun, name: string, program: string): V1Pod {
  const container = programContainer(objects, {
    name: "main",
    program: "",
    env: {},
    cpu: "50m",
    memory: ["64Mi", "256Mi"],
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(objects, { name, component: "target", role: "target" }),
    spec: {
      ...ownPodSpec(900),
      shareProcessNamespace: true,
      securityContext: restrictedPod(),
      containers: [{ ...container, command: ["node", "--eval", program] }],
      volumes: [programsVolume(objects)],
    },
  };
}

async function settled(api: ClusterApi, pod: string): Promise<number> {
  let last = Number.NaN;
  for (;;) {
    const [line] = await readLog(api, { pod, container: "main", tailLines: 1 });
    if (Number(line) === last) return last;
    last = Number(line);
    await wait(500);
  }
}

async function runnersRequest(load: RigLoad, targetUrl: string, folder: string): Promise<RunnersRequest> {
  const scriptFile = join(folder, "load.ts");
  await writeFile(scriptFile, 'export { options, request as default } from "tunebench/k6";\n');
  return {
    count: load.count,
    form: k6.pod,
    script: { name: "load.js", text: await bundleScript(scriptFile) },
    files: {},
    beside: {},
    command: (place) =>
      k6Program({
        ...place,
        targetUrls: [targetUrl],
        load: {
          engine: "k6",
          script: "load.ts",
          pace: false,
          rate: constantRate(load.perSecond),
          virtualUsers: 10 * load.count,
          keepConnections: true,
          scenarios: null,
          env: {},
          runners: load.count,
        },
        script: null,
        stop: {
          fault: null,
          requests: null,
          afterMs: load.afterMs - beyondStopMs,
          latency: null,
          cliff: null,
          saturated: null,
        },
        bodySignatures: [],
      }),
    deadlineMs: load.afterMs + 60_000,
    logFile: load.logFile,
    onExport: load.onExport,
  };
}
