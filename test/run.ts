/**
 * `npm test`: brings the parts that tests need (Debian, root), runs each kind of test, and ends with
 * `N passed, N failed, N skipped`. Arguments choose kinds: node test/run.ts unit cli. `npm run test:soak` is the long ones,
 * `npm run test:kubernetes` those on a real cluster: one-node, which they bring up, or the user's own with
 * `npm run test:kubernetes -- --context NAME`.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { leftovers } from "../harness/clusters/one-node/down.ts";
import { debianPackages } from "./helpers/machine-parts.ts";
import { mayTakeDown } from "./helpers/one-node.ts";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** In the order they run. Kinds that load the machine run one file at a time; what takes longer than a CI should wait runs only when it is asked for. */
const kinds: Record<string, { parallel: boolean; asked?: true }> = {
  unit: { parallel: true },
  cli: { parallel: false },
  integration: { parallel: false },
  browser: { parallel: false },
  soak: { parallel: false, asked: true },
  kubernetes: { parallel: false, asked: true },
};

process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals: asked, values } = parseArgs({
    allowPositionals: true,
    options: { context: { type: "string" } },
  });
  if (values.context !== undefined) process.env.TUNEBENCH_TEST_CONTEXT = values.context;
  const chosen = asked.length > 0 ? asked : Object.keys(kinds).filter((name) => kinds[name]?.asked !== true);
  await installMissing(chosen);
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const kind of chosen) {
    const count = kind === "kubernetes" ? await runOnCluster() : await runKind(kind);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** Files share the cluster one-node that the first of them brings up, unless one was up before: at the end it goes. */
async function runOnCluster(): Promise<Count> {
  const wasUp = leftovers().length > 0;
  if (!wasUp) process.env[mayTakeDown] = "1";
  const count = await runKind("kubernetes");
  if (!wasUp && leftovers().length > 0) {
    await execa(process.execPath, ["harness/main.ts", "cluster", "down", "one-node"], { stdio: "inherit" });
  }
  return count;
}

/** Runs ava on one folder. Its own summary is counted; a crash without one counts as a failure. */
async function runKind(kind: string): Promise<Count> {
  const setting = kinds[kind];
  if (setting === undefined) throw new Error(`no kind of test named ${kind}: ${Object.keys(kinds).join(", ")}`);
  console.log(`\n== ${kind}`);
  const args = [`test/${kind}/**/*.test.ts`, ...(setting.parallel ? [] : ["--serial", "--concurrency=1"])];
  const child = execa("ava", args, {
    preferLocal: true,
    reject: false,
    all: true,
    buffer: true,
    env: { NO_COLOR: "1" },
  });
  child.all.pipe(process.stdout);
  const { all, exitCode } = await child;
  const count = countFrom(all);
  if (exitCode !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

/** ava's summary leaves out what passed where something failed: those are counted by their lines. */
function countFrom(output: string): Count {
  const lines = (pattern: RegExp) => [...output.matchAll(pattern)].length;
  const sum = (pattern: RegExp) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  return {
    passed: lines(/^ {2}✔ /gm),
    failed: sum(/^ {2}(\d+) (?:tests? failed|uncaught exceptions?|unhandled rejections?|tests? remained pending)/gm),
    skipped: lines(/^ {2}- \[skip\] /gm),
  };
}

/** Debian's packages for missing parts, where this may install: root, apt-get there, not refused. Says so in one line. */
async function installMissing(chosen: string[]): Promise<void> {
  const missing = Object.entries(debianPackages(chosen)).filter(([, present]) => !present());
  const names = missing.map(([name]) => name);
  if (names.length === 0) return;
  if (process.env.TUNEBENCH_NO_APT === "1" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`installing for the tests: ${names.join(" ")} (TUNEBENCH_NO_APT=1 to refuse)`);
  const quiet = { env: { DEBIAN_FRONTEND: "noninteractive" }, stdin: "ignore", reject: false, all: true } as const;
  await execa("apt-get", ["update", "-q"], quiet);
  const install = await execa("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names], quiet);
  if (install.exitCode !== 0) console.log(install.all.split("\n").slice(-5).join("\n"));
}
