/** A log that grows past the size at which kubelets rotate it, while it is followed. */

import { openScope } from "../../harness/core/scope.ts";
import { podProgramTexts } from "../../harness/pods/bundle.ts";
import { untilRunning } from "../../harness/testbeds/kubernetes/api/await-pod.ts";
import { openLog } from "../../harness/testbeds/kubernetes/api/log.ts";
import { openRun } from "../../harness/testbeds/kubernetes/api/own-run.ts";
import { programsConfigMap } from "../../harness/testbeds/kubernetes/objects/containers.ts";
import { followLines, type OpenLog } from "../../harness/testbeds/kubernetes/runners/follow-lines.ts";
import { worldFor } from "../helpers/api-world.ts";
import { nodePod, patience } from "../helpers/distributed-rig.ts";
import { testNeeding } from "../helpers/parts.ts";
import { closed } from "../helpers/suites.ts";

/**
 * Writes numbered lines of 2 KB: 10.5 MiB within some 9 s, past the 10 MiB at which kubelets rotate a log; goes on slowly for
 * 12 s, in which a kubelet looks once at least, as it does every 10 s; then beats.
 */
const longProgram = `
const { crc32 } = require("node:zlib");
let number = 0;
const write = (message) => {
  const json = JSON.stringify({ ms: performance.now(), unixMs: Date.now(), ...message });
  number += 1;
  console.log(number + " " + crc32(number + " " + json).toString(16).padStart(8, "0") + " " + json);
};
const pad = "x".repeat(2000);
const timer = setInterval(() => {
  for (let line = 0; line < (number < 5400 ? 60 : 5); line += 1) write({ pad });
  if (number < 6000) return;
  clearInterval(timer);
  setInterval(() => write({ last: true }), 500);
}, 100);
`;
const atLeast = 6000;

testNeeding(
  ["root", "one-node"],
  "a log that is rotated while it is followed: nothing is repeated, and a gap is told",
  async (t) => {
    const { api, cluster } = await worldFor(t);
    const scope = openScope();
    t.teardown(() => closed(scope));
    const run = await openRun({ api, cluster, runName: "tb-rotation", data: {}, scope });
    await api.create(programsConfigMap(run.objects, await podProgramTexts()));
    const pod = "tb-rotation-long";
    await api.create(nodePod(run, pod, longProgram));
    await untilRunning(api, pod, patience);
    const numbers: number[] = [];
    let begun = 0;
    const isLast = Promise.withResolvers<void>();
    const counting: OpenLog = (request) => {
      begun += 1;
      return openLog(api, request);
    };
    const follow = followLines<{ ms: number; unixMs: number; last?: boolean }>({
      openLog: counting,
      pod,
      container: "main",
      whose: "the log",
      onMessage(message) {
        numbers.push(message.ms);
        if (message.last === true) isLast.resolve();
      },
    });
    t.teardown(() => follow.stop());
    await isLast.promise;
    follow.stop();
    const lost = follow.losses();
    t.log(`${numbers.length} lines by ${begun} follows; ${lost.length === 0 ? "nothing lost" : lost.join("; ")}`);
    t.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    t.is(new Set(numbers).size, numbers.length);
    if (lost.length === 0) t.true(numbers.length >= atLeast);
  },
);
