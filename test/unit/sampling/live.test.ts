import test from "ava";
import { build } from "esbuild";
import type { LiveSample } from "../../../harness/results/live-samples.ts";
import { startLive } from "../../../harness/sampling/live/start-live.ts";
import { treeFile } from "../../helpers/cli.ts";

test("what looks inside a pod is one file of node's built-ins alone, below 100 KB", async (t) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [treeFile("harness/sampling/live/start-live.ts")],
    ...{
      write: false,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node22",
      metafile: true,
      logLevel: "silent",
    },
  });
  const text = outputFiles[0]?.text ?? "";
  t.true(text.length > 1000 && text.length < 100_000, `${text.length} bytes`);
  t.deepEqual(
    Object.keys(metafile.inputs).filter((path) => path.includes("node_modules")),
    [],
  );
});

test("a look at this very process has a sample of each kind that it can have", async (t) => {
  const samples: LiveSample[] = [];
  const observer = startLive({
    target: {
      ...{ role: "target", namespacePid: process.pid, partPids: () => [process.pid] },
      ...{ portRange: { low: 32768, high: 60999 }, usablePorts: 28_232 },
    },
    node: { proc: "/proc", conntrack: null, runRoots: null },
    windowMs: 1000,
    now: () => performance.now(),
    onSample: (sample) => void samples.push(sample),
  });
  await observer.stop();
  const kinds = new Set(samples.map(({ kind }) => kind));
  for (const kind of ["sockets", "counters", "roleCpu", "process", "group", "datagrams", "node", "table"] as const)
    t.true(kinds.has(kind), kind);
  const own = samples.find((sample) => sample.kind === "process");
  t.true((own?.openFiles ?? 0) > 0);
});
