/**
 * `cluster up` killed at one moment after the other, ended, or refused by its kubelet: whatever it came to, down leaves nothing; and a cluster that lost its
 * API server.
 */
import test from "ava";
import { daemonPid } from "../../clusters/one-node/daemons.ts";
import { findNode } from "../../clusters/one-node/node-namespaces.ts";
import { endedUp, killedUp, nothingLeft } from "../helpers/killed-up.ts";
import { machineSnapshot } from "../helpers/machine-snapshot.ts";
import { cluster, takeDownOwn } from "../helpers/one-node.ts";
import { testNeeding } from "../helpers/parts.ts";

let before: string[];

test.before(async () => {
  await takeDownOwn();
  before = machineSnapshot();
});

test.after.always(async () => {
  await cluster("down", "one-node");
});

/** Words of its progress, and how long after them it is killed. */
const moments = [
  ["making the node", 0],
  ["making the node", 100],
  ["starting etcd", 300],
  ["making the images", 1500],
  ["starting the controllers", 500],
] as const;

for (const [words, laterMs] of moments) {
  testNeeding(
    ["root", "one-node", "k6"],
    `up killed ${laterMs} ms after "${words}": down leaves nothing`,
    async (t) => {
      t.timeout(20 * 60_000, "Kubernetes is built the first time");
      await killedUp(t, { words, laterMs, before });
    },
  );
}

testNeeding(
  ["root", "one-node", "k6"],
  "a kubelet that refuses at the first start: its words, and nothing left",
  async (t) => {
    const up = await cluster("up", "one-node", "--protect-kernel-defaults");
    if (up.exitCode !== 0) {
      t.is(up.exitCode, 3, up.stderr);
      t.regex(up.stderr, /invalid kernel flag/);
    } else await cluster("down", "one-node");
    nothingLeft(t, before, []);
  },
);

testNeeding(["root", "one-node", "k6"], "up ended by SIGTERM takes down what it made, exit 143", async (t) => {
  await endedUp(t, { signal: "SIGTERM", code: 143, before });
});

testNeeding(
  ["root", "one-node", "k6"],
  "an API server that died: status says so, up makes the cluster anew",
  async (t) => {
    t.is((await cluster("up", "one-node")).exitCode, 0);
    const node = findNode() ?? 0;
    process.kill(daemonPid(node, "kube-apiserver") ?? 0, "SIGKILL");
    const status = await cluster("status", "one-node");
    t.is(status.exitCode, 3);
    t.regex(status.stdout, /not running: kube-apiserver/);
    const up = await cluster("up", "one-node");
    t.is(up.exitCode, 0, up.stderr);
    t.not(findNode(), node);
  },
);
