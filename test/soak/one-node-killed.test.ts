/** `cluster up` killed at one moment after the other: whatever it came to, down leaves nothing. */
import test from "ava";
import { killedUp } from "../helpers/killed-up.ts";
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
