import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { findRun } from "../../harness/results/read.ts";
import { mainFile } from "../helpers/cli.ts";
import type { Benchmark } from "./figures.ts";
import { smallSuite } from "./small-run.ts";

const cure = { "net.ipv4.tcp_tw_reuse": "1" };

/** How long a find takes to name the one setting that cures, with nothing said beforehand. */
export const findBenchmark: Benchmark = {
  name: "find",
  about: "a find on a service that runs out of ports, without a profile",
  async run() {
    const out = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
    try {
      const began = performance.now();
      const args = [mainFile(), "find", smallSuite, "--budget", "10m", "--seed", "7", "--results", out];
      await execa(process.execPath, args, { env: { NO_COLOR: "1" }, timeout: 900_000 });
      const seconds = (performance.now() - began) / 1000;
      const analysis = await readFile(join(findRun("latest", out), "analysis.json"), "utf8");
      const { settings }: { settings: object } = JSON.parse(analysis).found;
      const right = JSON.stringify(settings) === JSON.stringify(cure) ? 1 : 0;
      return [
        { what: "names what cures, and no more", unit: "ratio", values: [right], goal: { atLeast: 1 } },
        { what: "until its report", unit: "s", values: [seconds], goal: { atMost: 180 } },
      ];
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
};
