import { usualBuildSeconds } from "../cache/build-progress.ts";
import { ExpectedError, InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { cachedK6 } from "../engines/k6/build-k6.ts";
import { digestsOf } from "../experiment/copy-suite.ts";
import { openNewRun } from "../experiment/open-run.ts";
import { gatherProvenance } from "../experiment/provenance.ts";
import { newRunRecord } from "../experiment/run-record.ts";
import { scriptCaveats } from "../plan/caveats-script.ts";
import type { Plan } from "../plan/make-plan.ts";
import { forecastText } from "../report/plan/run-forecast.ts";
import type { RunRecord } from "../results/run.ts";
import type { Cluster } from "../suite/cluster.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import type { Testbed, TestbedFacts } from "../testbeds/testbed.ts";
import { carryOut } from "./carry-out.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import { testbedOf } from "./chosen-testbed.ts";
import { interruptible } from "./interrupt.ts";
import { planOf, type SuiteChoices } from "./plan.ts";
import type { ReportOptions } from "./report.ts";
import { resultsFolderOf } from "./results-folder.ts";
import type { ResultsOptions } from "./results-option.ts";
import { storedNoise } from "./stored-noise.ts";
import { withScript } from "./with-script.ts";

/** Where and with what a run is made. */
export interface RunOptions extends ReportOptions, ResultsOptions {
  /** Over the suite's own. */
  cluster?: string;
  k6?: string;
  allowNodeChanges?: boolean;
}

/** `tunebench run`: a suite's experiment. */
export async function run(path: string, options: SuiteChoices & RunOptions): Promise<number> {
  const suite = await withScript(await loadSuite(path, process.env), options);
  const cluster = await chosenCluster(suite, options.cluster);
  return startRun("experiment", { suite, plan: planOf(suite, options, cluster), cluster }, options);
}

/** What is run, and where; `cluster` null = this machine. */
export interface Chosen {
  suite: Suite;
  plan: Plan;
  cluster: Cluster | null;
}

/** Checks everything first (exit 2 or 3 with nothing run), carries the plan out, writes the reports. */
export async function startRun(kind: RunRecord["kind"], chosen: Chosen, options: RunOptions): Promise<number> {
  const screen = screenOf(process.stderr);
  screen.write(await forecast(chosen, screen));
  const testbed = await readyTestbed(chosen, options, screen);
  return runOnTestbed(kind, { ...(await readAgain(chosen, options, screen)), testbed }, screen, options);
}

/** A script that was not read had no k6 to read it: at home it is built. */
async function forecast({ suite, plan, cluster }: Chosen, { width }: Screen): Promise<string> {
  const builds = cluster === null && suite.script === null;
  const buildSeconds = builds ? usualBuildSeconds((await cachedK6(process.env)).programs) : 0;
  return forecastText(suite, plan, { buildSeconds, now: new Date(), width });
}

/** The same on a testbed that is ready. `then` is done with the run's folder once all of it was carried out. */
export async function runOnTestbed(
  kind: RunRecord["kind"],
  { suite, plan, cluster, testbed }: Chosen & { testbed: Testbed },
  screen: Screen,
  options: RunOptions,
  then?: (folder: string) => void,
): Promise<number> {
  const results = resultsFolderOf(suite, options);
  const facts = testbed.describe();
  const provenance = gatherProvenance(facts, cluster);
  const copy = digestsOf(suite, results);
  const noise = kind === "calibration" ? unknownNoise : await storedNoise({ suite, provenance, results });
  const record = newRunRecord({ suite, plan, kind, provenance, copy, route: facts.route, noise });
  const open = () => openNewRun(results, suite, record);
  return carryOut({ suite, plan, testbed, open, ...(then === undefined ? {} : { then }) }, screen, options);
}

/** The preflight may have built the k6 that the script could not be read with before; in a cluster it has not, and one is built now. */
export async function readAgain(
  chosen: Chosen,
  options: Pick<RunOptions, "k6" | "results">,
  screen: Screen,
): Promise<Chosen> {
  const { suite, plan, cluster } = chosen;
  const onBuild = (line: string) => screen.write(`${line}\n`);
  const read = suite.script === null ? await withScript(suite, { ...options, onBuild }) : suite;
  if (read.script === suite.script) return chosen;
  const others = plan.caveats.filter(({ code }) => code !== "script-not-read");
  return { suite: read, plan: { ...plan, caveats: [...scriptCaveats(read), ...others] }, cluster };
}

/** What the plan runs on, once it is known to take the plan's settings and to have what makes the load. */
export async function readyTestbed(
  { suite, plan, cluster }: Chosen,
  { k6 = null, allowNodeChanges = false }: { k6?: string | null; allowNodeChanges?: boolean },
  screen: Screen,
): Promise<Testbed> {
  const log = (line: string) => screen.write(`${line}\n`);
  const testbed = await testbedOf(cluster, { engine: suite.load.engine, k6, allowNodeChanges, log });
  refuseDuet(suite, testbed.describe());
  await interruptiblePreflight((signal) => testbed.preflight(suite, plan.profiles, signal), log);
  return testbed;
}

/** The suite says it of its own cluster; another may be named beside it. */
function refuseDuet({ design }: Suite, { kind }: TestbedFacts): void {
  if (design !== "duet" || kind === "netns") return;
  throw new InputError("a duet needs both parts on one machine's CPUs, in namespaces: it can't run there", {
    hint: "leave --cluster out, or design: duet",
  });
}

/** What the preflight, or a part of it, has made goes before the process does. */
export async function interruptiblePreflight<T>(
  act: (signal: AbortSignal) => Promise<T>,
  log: (line: string) => void,
): Promise<T> {
  const interrupt = interruptible((text) => log(text), "ending the preflight");
  let code: number | null = null;
  try {
    const result = await act(interrupt.signal);
    code = interrupt.exitCode();
    if (code === null) return result;
  } catch (error) {
    code = interrupt.exitCode();
    if (code === null) throw error;
  } finally {
    interrupt.release();
  }
  throw new ExpectedError(code, "interrupted before anything was run");
}

const unknownNoise = { calibration: null, caveats: [] };
