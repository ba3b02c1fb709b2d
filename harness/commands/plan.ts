import { randomInt } from "node:crypto";
import { release, totalmem } from "node:os";
import { InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { jsonText, printable } from "../core/text.ts";
import type { FindableOf } from "../plan/findable.ts";
import { makePlan, type Plan } from "../plan/make-plan.ts";
import { describePlan } from "../report/plan/describe-plan.ts";
import type { Cluster } from "../suite/cluster.ts";
import { composeWarnings, loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import type { FindOptions } from "./find-choice.ts";
import type { TextFormat } from "./formats.ts";
import { resultsFolderOf } from "./results-folder.ts";
import { withScript } from "./with-script.ts";

/** What the user chose of a suite. */
export interface SuiteChoices {
  profiles?: string[];
  blocks?: number;
  seed?: number;
  /** What is said of what the plan can find. */
  findable?: FindableOf;
}

interface PlanOptions extends SuiteChoices, FindOptions {
  /** What `tunebench find` would do, in place of run. */
  find?: boolean;
  cluster?: string;
  format: TextFormat;
}

/** `tunebench plan`: prints the plan; touches nothing. What run, or find, would refuse of the suite and its script, it refuses. */
export async function plan(path: string, options: PlanOptions): Promise<number> {
  checkOptions(options);
  const suite = await withScript(await loadSuite(path));
  const cluster = await chosenCluster(suite, options.cluster);
  if (cluster === null) sayWarnings(composeWarnings(suite));
  const { width } = screenOf(process.stdout);
  const text =
    options.find === true
      ? await planOfFind(suite, cluster, options, width)
      : await planText(suite, cluster, options, width);
  if (cluster !== null) await readManifests(suite);
  process.stdout.write(text);
  return 0;
}

/** What only one of the two takes. */
function checkOptions({ find, keys, budget, profiles, blocks }: PlanOptions): void {
  const others = Object.entries(find === true ? { profiles, blocks } : { keys, budget });
  const [given] = others.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (given === undefined) return;
  throw new InputError(find === true ? `--find and ${given}: a find has its own trials` : `${given} is of a find`, {
    hint: find === true ? "--keys, --budget and --seed are those of a find" : "plan --find shows what find would do",
  });
}

/** Only where it is asked for: run makes a plan, too. */
async function planOfFind(suite: Suite, cluster: Cluster | null, options: PlanOptions, width: number): Promise<string> {
  const { findPlanText } = await import("./plan-find.ts");
  return findPlanText(suite, cluster, options, width);
}

async function planText(suite: Suite, cluster: Cluster | null, options: PlanOptions, width: number): Promise<string> {
  const made = planOf(suite, { ...options, ...(await findableBy(suite)) }, cluster);
  return options.format === "json" ? jsonText(recordOf(suite, made)) : describePlan(suite, made, { width });
}

/** Of a suite of whose plan it is told what it can find. */
async function findableBy(suite: Suite): Promise<{ findable?: FindableOf }> {
  if (suite.design !== "duet" && suite.boundMs === null) return {};
  const { newestNoise } = await import("./stored-noise.ts");
  const { findableOf } = await import("../plan/findable.ts");
  const calibration = newestNoise(suite, resultsFolderOf(suite, {}));
  return { findable: (planned) => findableOf({ ...planned, calibration }) };
}

/** As a run would begin: a manifest that can't be used is refused with its place, and what is worth knowing of one is said. */
async function readManifests(suite: Suite): Promise<void> {
  const { manifestWarnings } = await import("../testbeds/kubernetes/manifest-warnings.ts");
  const { readPartSources } = await import("../testbeds/kubernetes/part-sources.ts");
  sayWarnings(manifestWarnings(readPartSources(suite)));
}

function sayWarnings(warnings: string[]): void {
  const screen = screenOf(process.stderr);
  for (const warning of warnings) screen.write(`${printable(warning)}\n`);
}

/** A plan as data; what each profile is stands in the suite. */
function recordOf({ name }: Suite, { profiles, ...plan }: Plan): object {
  return { suite: name, profiles: profiles.map((profile) => profile.name), ...plan };
}

/** The plan of a suite with the user's choices; without a seed anywhere one is drawn, and recorded. */
export function planOf(suite: Suite, options: SuiteChoices, cluster: Cluster | null = null): Plan {
  const seed = options.seed ?? suite.seed ?? randomInt(2 ** 32);
  const chosen = {
    ...(options.profiles === undefined ? {} : { profiles: options.profiles }),
    ...(options.blocks === undefined ? {} : { blocks: options.blocks }),
    ...(options.findable === undefined ? {} : { findable: options.findable }),
  };
  const made = makePlan(suite, { ...chosen, seed, memoryBytes: totalmem(), kernel: release(), cluster });
  if (suite.script !== null || suite.load.engine !== "k6") return made;
  return { ...made, caveats: [{ code: "script-not-read", script: suite.load.script }, ...made.caveats] };
}
